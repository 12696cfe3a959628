import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, delimiter, join } from 'node:path'
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

const GUARD = fileURLToPath(new URL('mongo-guard.ts', import.meta.url))
const PATIENCE_MS = 30_000
/** Of what it said at most so many characters are repeated. */
const MOST_SAID = 4_000

interface Program {
  path: string
  /** Where the path comes from. */
  from: string
  kind: string
  isMongod: boolean
}

function find(): Program | null {
  const { PATH = '', MONGOD_BIN, SECANTUSD_BIN } = process.env
  const named = (path: string | undefined, from: string) => (path ? { path, from } : null)
  const onPath = (name: string) =>
    named(
      PATH.split(delimiter)
        .map((folder) => join(folder, name))
        .find(existsSync),
      'on PATH',
    )
  const cached = (name: string) => named([CACHE + name].find(existsSync), 'npm run test:mongo:install')
  const program = (isMongod: boolean, found: { path: string; from: string } | null) =>
    found && { ...found, kind: basename(found.path), isMongod }
  return (
    program(true, named(MONGOD_BIN, 'MONGOD_BIN') ?? onPath('mongod')) ??
    program(
      false,
      named(SECANTUSD_BIN, 'SECANTUSD_BIN') ?? onPath('secantusd-rs') ?? onPath('secantusd-py'),
    ) ??
    program(false, cached('secantusd-rs') ?? cached('secantusd-py'))
  )
}

/** What is missing here for a MongoDB server, in words; null when nothing is. */
export function mongoLacks(): string | null {
  return process.env.MONGODB_URI || find() ? null : LACK
}

/** Starts one, or takes the one that is there. It ends with this process at the latest, and its folder goes with it. */
export async function startMongo(): Promise<MongoServer> {
  const given = process.env.MONGODB_URI
  if (given)
    return { urlOf: (database) => withDatabase(given, database), kind: 'MONGODB_URI', stop: async () => {} }
  const program = find()
  if (!program) throw new Error(LACK)
  const folder = await mkdtemp(join(tmpdir(), 'mongo-'))
  const port = await freePort()
  const guard = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      GUARD,
      folder,
      program.path,
      ...argumentsOf(program, folder, port),
    ],
    { stdio: ['pipe', 'pipe', 'pipe'] },
  )
  let said = ''
  for (const stream of [guard.stdout, guard.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-MOST_SAID)
    })
  const ended = new Promise<void>((resolve) => guard.once('close', () => resolve()))
  const stop = async () => {
    guard.stdin.end()
    await ended
  }
  const urlOf = (database: string) => `mongodb://127.0.0.1:${port}/${database}?directConnection=true`
  const until = Date.now() + PATIENCE_MS
  while (!(await isReady(urlOf('admin'), program))) {
    const why =
      guard.exitCode !== null
        ? `ended with ${guard.exitCode}`
        : Date.now() > until
          ? `was not ready within ${PATIENCE_MS / 1_000} s`
          : null
    if (why === null) {
      await pause(50)
      continue
    }
    await stop()
    throw new Error(`${program.path} (${program.from}) ${why}. It said:\n${said || 'nothing'}`)
  }
  return { urlOf, kind: program.kind, stop }
}

function argumentsOf({ kind, isMongod }: Program, folder: string, port: number): string[] {
  const at = ['--port', String(port)]
  if (isMongod) return ['--dbpath', folder, ...at, '--bind_ip', '127.0.0.1', '--replSet', 'tests', '--quiet']
  const small = kind.endsWith('-py') ? [] : ['--log-file-max', '16MB']
  return ['--storage-path', folder, ...at, '--sync-on-commit', '--log-level', 'ERROR', ...small]
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
