import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { describeOnMongo } from './left-out.ts'
import { mongoLacks } from './mongo-program.ts'
import { startMongo } from './mongo-server.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'programs-'))
})
afterEach(() => vi.unstubAllEnvs())
afterAll(() => rmSync(folder, { recursive: true }))

function program(name: string, script: string): string {
  const path = join(folder, name)
  writeFileSync(path, `#!/bin/sh\n${script}\n`)
  chmodSync(path, 0o755)
  return path
}
/** Nothing is there but what the test puts there. */
function alone(env: Record<string, string>): void {
  for (const name of ['MONGODB_URI', 'MONGOD_BIN', 'SECANTUSD_BIN']) vi.stubEnv(name, '')
  for (const [name, value] of Object.entries({ PATH: '', ...env })) vi.stubEnv(name, value)
}

describe('a MongoDB server for tests', () => {
  test('that ends at once is told with its path, where that comes from, and what it said', async () => {
    const path = program('mongod', 'echo "wrong flag" >&2; exit 9')
    alone({ MONGOD_BIN: path })
    expect(mongoLacks()).toBeNull()
    await expect(startMongo()).rejects.toThrow(`${path} (MONGOD_BIN) ended with 9. It said:\nwrong flag`)
  })

  test('whose program is not there is told', async () => {
    alone({ SECANTUSD_BIN: '/nowhere/secantusd-rs' })
    await expect(startMongo()).rejects.toThrow(
      /\/nowhere\/secantusd-rs \(SECANTUSD_BIN\) ended with 127[\s\S]*ENOENT/,
    )
  })

  test('is taken as it is where MONGODB_URI names one, with its options', async () => {
    alone({ MONGODB_URI: 'mongodb://u:p@a:1,b:2/other?replicaSet=rs0' })
    const server = await startMongo()
    expect(server.urlOf('mine')).toBe('mongodb://u:p@a:1,b:2/mine?replicaSet=rs0')
    await server.stop()
  })

  describeOnMongo('that was started', { own: true }, () => {
    test('ends with its folder when the tests are killed', async () => {
      const script = `import { startMongo } from ${JSON.stringify(new URL('mongo-server.ts', import.meta.url).href)}
const server = await startMongo()
process.send(server.urlOf('x'))
setInterval(() => {}, 1_000)`
      const child: ChildProcess = spawn(
        process.execPath,
        ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', script],
        {
          stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
          env: { ...process.env, MONGODB_URI: '', TMPDIR: folder },
        },
      )
      const url = await new Promise<string>((told) =>
        child.once('message', (message) => told(String(message))),
      )
      const port = Number(/:(\d+)\//.exec(url)?.[1])
      expect(await listens(port)).toBe(true)
      expect(mongoFolders()).toBe(true)
      child.kill('SIGKILL')
      await expect.poll(() => listens(port), { timeout: 10_000 }).toBe(false)
      await expect.poll(mongoFolders, { timeout: 10_000 }).toBe(false)
    }, 60_000)
  })
})

const mongoFolders = () => readdirSync(folder).some((name) => name.startsWith('mongo-'))

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
