import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
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
