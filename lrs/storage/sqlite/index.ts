import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Commit, Storage, TenantId, TenantStorage } from '../port.ts'
import { createCollections } from './collections.ts'
import { createDatabase, type Database } from './database.ts'
import { createTenant } from './tenant.ts'
import { createPool } from './threads/pool.ts'
import { createThread } from './threads/thread.ts'

export { lockDirectory } from './lock-directory.ts'

const TENANT_ID = /^[a-z0-9-]{1,63}$/
const SWEEP_EVERY = 60_000

export interface SqliteOptions {
  /** The data folder: `system.db`, `tenants/<id>.db`, `blobs/<tenant>/`. One process at a time (`lockDirectory`). */
  directory: string
  /** Milliseconds since 1970; for tests. */
  clock?: () => number
  /** How often expired documents are removed and deleted text leaves the files, ms. */
  sweepEvery?: number
  /** For tests: so many commits fail as on a disk error, counted down in shared memory. */
  failingCommits?: Int32Array<SharedArrayBuffer>
}

/**
 * The embedded store. One database per tenant, so that none can reach another's; one thread writes all of them and a
 * few read, so that nothing that waits for a disk runs on the thread that answers requests.
 */
export async function openSqlite(options: SqliteOptions): Promise<Storage> {
  const { directory, clock = Date.now, sweepEvery = SWEEP_EVERY, failingCommits } = options
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
  const tenants = new Map<string, { database: Database; storage: TenantStorage }>()

  const system = createDatabase(
    { path: join(directory, 'system.db'), kind: 'system', blobs: '' },
    writer,
    readers,
    clock,
    tell(null),
  )
  await system.open()

  function tenant(id: string): { database: Database; storage: TenantStorage } {
    if (!TENANT_ID.test(id)) throw new Error(`Not the id of a tenant: ${id}`)
    let found = tenants.get(id)
    if (!found) {
      const blobs = join(directory, 'blobs', id)
      const path = join(directory, 'tenants', `${id}.db`)
      const database = createDatabase({ path, kind: 'tenant', blobs }, writer, readers, clock, tell(id))
      found = { database, storage: createTenant(database, blobs) }
      tenants.set(id, found)
    }
    return found
  }

  const databases = () => [system, ...[...tenants.values()].map(({ database }) => database)]
  const sweeper = setInterval(() => {
    for (const database of databases()) void sweep(database)
  }, sweepEvery).unref()

  return {
    system: createCollections(system),
    tenant: (id) => tenant(id).storage,
    async migrate() {
      for (const file of await readdir(join(directory, 'tenants')).catch(() => [])) {
        if (file.endsWith('.db')) await tenant(file.slice(0, -3)).database.open()
      }
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
    async close() {
      clearInterval(sweeper)
      await Promise.all(databases().map((database) => database.end()))
      await readers.close()
      await writer.close()
    },
  }
}

/** Expired documents are invisible at once; this frees their place. An outage leaves it to the next time. */
async function sweep(database: Database): Promise<void> {
  try {
    while (await database.write('collections.sweep', { limit: 200 }));
  } catch {}
}
