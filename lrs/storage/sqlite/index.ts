import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { CUT_OFF } from '../holding.ts'
import {
  type Commit,
  type Finding,
  type Storage,
  StorageUnavailable,
  type TenantId,
  type TenantStorage,
} from '../port.ts'
import { backUp } from './backup/backup.ts'
import { checkDatabases } from './check/check.ts'
import { mendDatabase } from './check/mend.ts'
import { createCollections } from './collections.ts'
import { createDatabase, type Database } from './database.ts'
import { holdingsOf } from './holdings/holdings.ts'
import { takeIn } from './holdings/take-in.ts'
import { createSealing, type Sealing } from './sealing.ts'
import { createTenant } from './tenant.ts'
import type { Place } from './threads/messages.ts'
import { createPool } from './threads/pool.ts'
import { createThread } from './threads/thread.ts'
import { createTurns } from './turns.ts'

export { finishRestore, type RestoreOutcome, restore } from './backup/restore.ts'
export { holdingsOf } from './holdings/holdings.ts'
export { lockDirectory } from './lock-directory.ts'

const TENANT_ID = /^[a-z0-9-]{1,63}$/
const SWEEP_EVERY = 60_000
const SEAL_EVERY = 1_000

export interface SqliteOptions {
  /** The data folder: `system.db`, `tenants/<id>.db`, `blobs/<tenant>/`. One process at a time (`lockDirectory`). */
  directory: string
  /** Milliseconds since 1970; for tests. */
  clock?: () => number
  /** How often expired documents are removed and deleted text leaves the files, ms. */
  sweepEvery?: number
  /** How often it is looked for postings to be made, ms. */
  sealEvery?: number
  /** For tests, in shared memory: so many commits fail as on a disk error, counted down; below zero they stand still. */
  failingCommits?: Int32Array<SharedArrayBuffer>
}

/**
 * The embedded store. One database per tenant, so that none can reach another's; one thread writes all of them and a
 * few read, so that nothing that waits for a disk runs on the thread that answers requests.
 */
export async function openSqlite(options: SqliteOptions): Promise<Storage> {
  const { directory, clock = Date.now, failingCommits } = options
  const { sweepEvery = SWEEP_EVERY, sealEvery = SEAL_EVERY } = options
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const writer = createThread(
    new URL('./threads/writer.ts', import.meta.url),
    failingCommits ? { failingCommits } : {},
  )
  const readers = createPool(new URL('./threads/reader.ts', import.meta.url))
  const listeners = new Set<(commit: Commit) => void>()
  const tell = (tenant: TenantId | null) => (commit: Omit<Commit, 'tenant'>) => {
    for (const listener of listeners) listener({ tenant, ...commit })
  }
  const tenants = new Map<string, Tenant>()
  /** Blobs are not collected while a backup copies them. */
  const takeTurns = createTurns()
  let backingUp: { stop: AbortController; ended: Promise<unknown> } | null = null

  const systemPlace: Place = { path: join(directory, 'system.db'), kind: 'system', blobs: '' }
  const system = createDatabase(systemPlace, writer, readers, clock, tell(null))
  await system.open()

  function tenant(id: string): Tenant {
    if (!TENANT_ID.test(id)) throw new Error(`Not the id of a tenant: ${id}`)
    let found = tenants.get(id)
    if (!found) {
      const blobs = join(directory, 'blobs', id)
      const path = join(directory, 'tenants', `${id}.db`)
      const place: Place = { path, kind: 'tenant', blobs }
      const database = createDatabase(place, writer, readers, clock, tell(id))
      const storage = createTenant(database, blobs, takeTurns)
      found = { place, database, storage, sealing: createSealing(database) }
      tenants.set(id, found)
    }
    return found
  }

  /** Every tenant of the folder, opened. */
  async function openAll(): Promise<(Tenant & { id: string })[]> {
    const files = await readdir(join(directory, 'tenants')).catch(() => [])
    const ids = files.filter((file) => file.endsWith('.db')).map((file) => file.slice(0, -3))
    for (const id of ids) await tenant(id).database.open()
    return ids.map((id) => ({ id, ...tenant(id) }))
  }

  const databases = () => [system, ...[...tenants.values()].map(({ database }) => database)]
  const sweeper = setInterval(() => {
    for (const database of databases()) void sweep(database)
  }, sweepEvery).unref()
  const sealer = setInterval(() => {
    for (const { sealing } of tenants.values()) void sealing.wake()
  }, sealEvery).unref()

  return {
    shared: false,
    system: createCollections(system),
    tenant: (id) => tenant(id).storage,
    async migrate() {
      if (await system.read('holdings.mark')) throw new StorageUnavailable(CUT_OFF)
      await openAll()
    },
    onCommit(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async figures() {
      const all = [
        { tenant: null, database: system },
        ...[...tenants].map(([tenant, { database }]) => ({ tenant, database })),
      ]
      const figures = await Promise.all(
        all.map(async ({ tenant, database }) => {
          const known = await database.figures()
          return known && { tenant, ...known }
        }),
      )
      return figures.filter((known) => known !== null)
    },
    async backup(folder, options = {}) {
      if (backingUp) return { ok: false, refusal: 'running' }
      const stop = new AbortController()
      const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal
      const running = takeTurns(async () => {
        const databases = [...(await openAll()), { id: null, place: systemPlace, database: system }]
        const source = {
          directory,
          databases: databases.map(({ id, ...one }) => ({ tenant: id, ...one })),
          writer,
        }
        return backUp(source, folder, { ...options, signal })
      })
      backingUp = { stop, ended: running.catch(() => {}) }
      try {
        return await running
      } finally {
        backingUp = null
      }
    },
    async *check(options = {}): AsyncGenerator<Finding> {
      const all = [...(await openAll()), { id: null, place: systemPlace, database: system }]
      yield* checkDatabases(
        all.map(({ id, ...one }) => ({ tenant: id, ...one })),
        options,
      )
    },
    async mend(options = {}) {
      let mended = 0
      for (const { id, database } of [...(await openAll()), { id: null, database: system }])
        mended += await mendDatabase(database, id !== null, options)
      return mended
    },
    holdings: async () => {
      await openAll()
      return holdingsOf(directory)
    },
    takeIn: (origin) =>
      takeIn(
        origin,
        system,
        (id) => tenant(id).database,
        async () => (await openAll()).map(({ database }) => database),
      ),
    async close() {
      clearInterval(sweeper)
      clearInterval(sealer)
      backingUp?.stop.abort(new StorageUnavailable('The store is closed'))
      await backingUp?.ended
      await Promise.all(databases().map((database) => database.end()))
      await readers.close()
      await writer.close()
    },
  }
}

interface Tenant {
  place: Place
  database: Database
  storage: TenantStorage
  sealing: Sealing
}

/** Expired documents are invisible at once; this frees their place. An outage leaves it to the next time. */
async function sweep(database: Database): Promise<void> {
  try {
    while (await database.write('collections.sweep', { limit: 200 }));
  } catch {}
}
