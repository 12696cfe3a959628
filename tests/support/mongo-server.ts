import { spawn } from 'node:child_process'
import { mkdtemp } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { MongoClient } from 'mongodb'
import { findMongo, type MongoProgram, ownMongoLacks } from './mongo-program.ts'

/** A MongoDB server for tests: the one at MONGODB_URI, or a program started in a folder of its own (mongo-program.ts). */
export interface MongoServer {
  /** With the path and the options still to come: `mongodb://127.0.0.1:4711/`. */
  urlOf(database: string): string
  /** What it is: `mongod`, `secantusd-rs`, … */
  readonly kind: string
  /** Kills it where it was started here. */
  stop(): Promise<void>
}

/** Where a server keeps its data when it stops, so that it can be started again as if nobody had noticed. */
export interface MongoPlace {
  folder: string
  port: number
}

const GUARD = fileURLToPath(new URL('mongo-guard.ts', import.meta.url))
const PATIENCE_MS = 30_000
/** Of what it said at most so many characters are repeated. */
const MOST_SAID = 4_000

/**
 * Starts one, or takes the one that is there. It ends with this process at the latest, and its folder goes with it. `alone`:
 * one is always started, outside of any replica set. At a `place` one is always started, and the folder stays; else it is
 * made in `within`.
 */
export async function startMongo({
  alone = false,
  place,
  within = tmpdir(),
}: {
  alone?: boolean
  within?: string
  place?: MongoPlace
} = {}): Promise<MongoServer> {
  const given = process.env.MONGODB_URI
  if (given && !place && !alone)
    return { urlOf: (database) => withDatabase(given, database), kind: 'MONGODB_URI', stop: async () => {} }
  const program = findMongo()
  if (!program) throw new Error(`There is no program to start: for want of ${ownMongoLacks()}`)
  const folder = place?.folder ?? (await mkdtemp(join(within, 'mongo-')))
  const port = place?.port ?? (await freePort())
  const guard = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      GUARD,
      place ? '' : folder,
      program.path,
      ...argumentsOf(program, folder, port, alone),
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

function argumentsOf(
  { kind, isMongod }: MongoProgram,
  folder: string,
  port: number,
  alone: boolean,
): string[] {
  const at = ['--port', String(port)]
  if (isMongod)
    return [
      '--dbpath',
      folder,
      ...at,
      '--bind_ip',
      '127.0.0.1',
      '--quiet',
      ...(alone ? [] : ['--replSet', 'tests']),
    ]
  const own = [
    ...(kind.endsWith('-py') ? [] : ['--log-file-max', '16MB']),
    ...(alone ? ['--standalone'] : []),
  ]
  return ['--storage-path', folder, ...at, '--sync-on-commit', '--log-level', 'ERROR', ...own]
}

async function isReady(url: string, { isMongod }: MongoProgram): Promise<boolean> {
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

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}
