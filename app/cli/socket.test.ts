import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type CommandCall, callServer, serveCommands, socketPath } from './socket.ts'

const CALL: CommandCall = { command: 'source list', words: {}, options: {}, by: 'an' }
let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'suotdoi-socket-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('the command socket', () => {
  test('carries a call and its result', async () => {
    const path = socketPath(folder) ?? ''
    const server = await serveCommands(path, async (call) => ({ heard: call }))
    expect(await callServer(path, CALL)).toEqual({ result: { heard: CALL } })
    await server.close()
  })

  test.skipIf(process.platform === 'win32')('only its owner may open it', async () => {
    const path = socketPath(folder) ?? ''
    const server = await serveCommands(path, async () => null)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    await server.close()
  })

  test('a failure arrives as an error', async () => {
    const path = socketPath(folder) ?? ''
    const server = await serveCommands(path, () => Promise.reject(new Error('disk full')))
    await expect(callServer(path, CALL)).rejects.toThrow('disk full')
    await server.close()
  })

  test('tells how far a long command is, and takes as long as it takes', async () => {
    const path = socketPath(folder) ?? ''
    const server = await serveCommands(path, async (_call, { tell }) => {
      for (let done = 1; done <= 3; done++) {
        tell({ what: 'Copied', done, total: 3 })
        await new Promise((resolve) => setTimeout(resolve, 150))
      }
      return 'all'
    })
    const seen: number[] = []
    expect(await callServer(path, CALL, ({ done }) => seen.push(done))).toEqual({ result: 'all' })
    expect(seen).toEqual([1, 2, 3])
    await server.close()
  })

  test('an error after progress arrives as an error', async () => {
    const path = socketPath(folder) ?? ''
    const server = await serveCommands(path, async (_call, { tell }) => {
      tell({ what: 'Copied', done: 1, total: 3 })
      throw new Error('disk full')
    })
    await expect(callServer(path, CALL)).rejects.toThrow('disk full')
    await server.close()
  })

  test('a long command is told to end when the server stops, and what does not listen is cut off', async () => {
    const path = socketPath(folder) ?? ''
    const server = await serveCommands(path, (call, { signal }) =>
      call.command === 'deaf'
        ? new Promise(() => {})
        : new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    )
    const asked = [callServer(path, CALL), callServer(path, { ...CALL, command: 'deaf' })].map((call) =>
      call.catch((error: Error) => error.message),
    )
    await new Promise((resolve) => setTimeout(resolve, 100))
    await server.close(200)
    expect(await Promise.all(asked)).toEqual([
      'The server stops. Give the command again.',
      expect.stringMatching(/hang up|aborted|ended/),
    ])
  })

  test('a command ends when who gave it goes away', async () => {
    const path = socketPath(folder) ?? ''
    const { promise, resolve } = Promise.withResolvers<string>()
    const server = await serveCommands(path, (_call, { signal }) => {
      signal.addEventListener('abort', () => resolve((signal.reason as Error).message))
      return promise
    })
    const outgoing = request({ socketPath: path, method: 'POST', path: '/' }).on('error', () => {})
    outgoing.end(JSON.stringify(CALL))
    await new Promise((resolve) => setTimeout(resolve, 100))
    outgoing.destroy()
    expect(await promise).toBe('Who gave the command went away.')
    await server.close()
  })

  test('where no server listens the answer is null, also beside what a killed one left behind', async () => {
    const path = socketPath(folder) ?? ''
    expect(await callServer(path, CALL)).toBeNull()
    writeFileSync(path, '')
    expect(await callServer(path, CALL)).toBeNull()
    const server = await serveCommands(path, async () => 'new')
    expect(await callServer(path, CALL)).toEqual({ result: 'new' })
    await server.close()
  })

  test('a folder whose path is too long for a socket has none', () => {
    expect(socketPath(`/${'long/'.repeat(40)}`)).toBeNull()
  })
})
