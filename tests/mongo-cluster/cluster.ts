import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { MongoClient } from 'mongodb'
import { findMongo } from '../support/mongo-program.ts'
import { freePort } from '../support/mongo-server.ts'

/** A replica set of three, each a process that can be killed, stood still and started again. */
export interface Cluster {
  urlOf(database: string): string
  /** Waits until there is one. */
  primary(): Promise<Member>
  members: readonly Member[]
  stop(): Promise<void>
}

export interface Member {
  readonly host: string
  /** With SIGKILL. */
  kill(): Promise<void>
  start(): void
  /** It stands still, with all its connections open, until `goOn`. */
  standStill(): void
  goOn(): void
  /** A command to this one alone. */
  command(command: Record<string, unknown>): Promise<Record<string, unknown>>
}

/** What is missing here, in words; null when nothing is. */
export function clusterLacks(): string | null {
  return findMongo()?.isMongod ? null : 'mongod itself, on PATH or in MONGOD_BIN: elections are MongoDB’s own'
}

const SET = 'cluster'
const PATIENCE_MS = 60_000

export async function startCluster(): Promise<Cluster> {
  const folder = mkdtempSync(join(tmpdir(), 'mongo-cluster-'))
  const members: Member[] = []
  for (const at of [0, 1, 2]) members.push(makeMember(join(folder, String(at)), await freePort()))
  const killAll = () => Promise.all(members.map((one) => one.kill()))
  const killAtExit = () => void killAll()
  process.once('exit', killAtExit)
  for (const one of members) one.start()
  const first = members[0]!
  await until('the servers answer', async () => {
    await Promise.all(members.map((one) => one.command({ ping: 1 })))
    return true
  })
  await first.command({
    replSetInitiate: {
      _id: SET,
      members: members.map(({ host }, _id) => ({ _id, host })),
      // An election takes seconds instead of ten of them.
      settings: { electionTimeoutMillis: 2_000, heartbeatIntervalMillis: 500 },
    },
  })
  const cluster: Cluster = {
    members,
    urlOf: (database) =>
      `mongodb://${members.map(({ host }) => host).join(',')}/${database}?replicaSet=${SET}`,
    primary: () =>
      until('there is a primary', async () => {
        for (const one of members) {
          const hello = await one.command({ hello: 1 }).catch(() => null)
          if (hello?.isWritablePrimary === true) return one
        }
        return null
      }),
    async stop() {
      process.removeListener('exit', killAtExit)
      await killAll()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  await cluster.primary()
  return cluster
}

function makeMember(folder: string, port: number): Member {
  mkdirSync(folder)
  const host = `127.0.0.1:${port}`
  let child: ChildProcess | null = null
  return {
    host,
    start() {
      const at = ['--dbpath', folder, '--port', String(port), '--bind_ip', '127.0.0.1']
      child = spawn(findMongo()!.path, [...at, '--replSet', SET, '--quiet'], { stdio: 'ignore' })
    },
    async kill() {
      const killed = child
      child = null
      if (!killed || killed.exitCode !== null) return
      const ended = new Promise((resolve) => killed.once('exit', resolve))
      killed.kill('SIGKILL')
      await ended
    },
    standStill: () => void child?.kill('SIGSTOP'),
    goOn: () => void child?.kill('SIGCONT'),
    async command(command) {
      const client = new MongoClient(`mongodb://${host}/admin?directConnection=true`, {
        serverSelectionTimeoutMS: 1_000,
        socketTimeoutMS: 15_000,
      })
      try {
        return await client.db().command(command)
      } finally {
        await client.close()
      }
    },
  }
}

async function until<T>(what: string, look: () => Promise<T | null>): Promise<T> {
  const end = Date.now() + PATIENCE_MS
  for (;;) {
    const found = await look().catch(() => null)
    if (found !== null) return found
    if (Date.now() > end) throw new Error(`Not within ${PATIENCE_MS / 1_000} s: ${what}`)
    await pause(100)
  }
}
