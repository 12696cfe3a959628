import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { MongoClient } from 'mongodb'

/**
 * A MongoDB server for tests: the one at MONGODB_URI; else a `mongod` (MONGOD_BIN, or on PATH), started as a replica set of
 * one in a temporary folder; else what stands in for it (SECANTUSD_BIN, `secantusd-rs` or `secantusd-py` on PATH, or what
 * `npm run test:mongo:install` has put under node_modules/.cache).
 */
export interface MongoServer {
  /** With the path and the options still to come: `mongodb://127.0.0.1:4711/`. */
  urlOf(database: string): string
  /** What it is: `mongod`, `secantusd-rs`, … */
  readonly kind: string
  stop(): Promise<void>
}

const CACHE = fileURLToPath(new URL('../../node_modules/.cache/mongo/bin/', import.meta.url))
const LACK =
  'a MongoDB server: set MONGODB_URI, or put mongod on PATH (or its path in MONGOD_BIN), or run npm run test:mongo:install'

interface Program {
  path: string
  kind: string
  isMongod: boolean
}

function find(): Program | null {
  const onPath = (name: string) =>
    (process.env.PATH ?? '')
      .split(delimiter)
      .map((folder) => join(folder, name))
      .find(existsSync)
  const named = (path: string | undefined, isMongod: boolean): Program | null =>
    path ? { path, kind: path.split('/').at(-1)!, isMongod } : null
  const cached = (name: string) => (existsSync(CACHE + name) ? CACHE + name : undefined)
  return (
    named(process.env.MONGOD_BIN ?? onPath('mongod'), true) ??
    named(process.env.SECANTUSD_BIN ?? onPath('secantusd-rs') ?? onPath('secantusd-py'), false) ??
    named(cached('secantusd-rs') ?? cached('secantusd-py'), false)
  )
}

/** What is missing here for a MongoDB server, in words; null when nothing is. */
export function mongoLacks(): string | null {
  return process.env.MONGODB_URI || find() ? null : LACK
}

/** Starts one, or takes the one that is there. Ends with the process at the latest. */
export async function startMongo(): Promise<MongoServer> {
  const given = process.env.MONGODB_URI
  if (given)
    return { urlOf: (database) => withDatabase(given, database), kind: 'MONGODB_URI', stop: async () => {} }
  const program = find()
  if (!program) throw new Error(LACK)
  const folder = await mkdtemp(join(tmpdir(), 'mongo-'))
  const port = await freePort()
  const args = program.isMongod
    ? ['--dbpath', folder, '--port', String(port), '--bind_ip', '127.0.0.1', '--replSet', 'tests', '--quiet']
    : ['--storage-path', folder, '--port', String(port), '--sync-on-commit', '--log-level', 'ERROR']
  const child = spawn(program.path, args, { stdio: 'ignore' })
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  const urlOf = (database: string) => `mongodb://127.0.0.1:${port}/${database}?directConnection=true`
  await untilReady(urlOf('admin'), child, program)
  return {
    urlOf,
    kind: program.kind,
    async stop() {
      process.removeListener('exit', kill)
      const ended = new Promise((resolve) => child.once('exit', resolve))
      kill()
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function untilReady(url: string, child: ChildProcess, program: Program): Promise<void> {
  const end = Date.now() + 30_000
  while (!(await isReady(url, program))) {
    if (child.exitCode !== null) throw new Error(`${program.path} ended with ${child.exitCode}`)
    if (Date.now() > end) throw new Error(`${program.path} was not ready within 30 s`)
    await pause(50)
  }
}

async function isReady(url: string, { isMongod }: Program): Promise<boolean> {
  // A client that could not connect at first stays closed.
  const client = new MongoClient(url, { serverSelectionTimeoutMS: 500 })
  try {
    const admin = client.db('admin')
    if (isMongod) await admin.command({ replSetInitiate: {} }).catch(() => {})
    return (await admin.command({ hello: 1 })).isWritablePrimary === true
  } catch {
    return false
  } finally {
    await client.close()
  }
}

function withDatabase(url: string, database: string): string {
  const { groups } = /^(?<hosts>mongodb(?:\+srv)?:\/\/[^/?]+)\/?[^?]*(?<options>\?.*)?$/.exec(url)!
  return `${groups!.hosts}/${database}${groups!.options ?? ''}`
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}
