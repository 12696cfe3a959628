import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CUT_OFF } from '../holding.ts'
import { type Commit, type Storage, StorageUnavailable, type TenantId, type TenantStorage } from '../port.ts'
import { createBackup } from './backup.ts'
import { checkAll, mendAll } from './check/check.ts'
import { createCollections } from './collections.ts'
import { connect } from './connect.ts'
import { type Calls, countCalls } from './count-calls.ts'
import { createFigures } from './figures.ts'
import { takeFormat } from './format.ts'
import { holdingsOf } from './holdings/holdings.ts'
import { isTakingIn, takeIn } from './holdings/take-in.ts'
import { makeIndexes } from './indexes.ts'
import { namesOf, SYSTEM } from './names.ts'
import { schemaOf } from './schema.ts'
import { COLLECTION_READS, createTenant, type Tenant } from './tenant.ts'

export interface MongoOptions {
  /** `mongodb://…` or `mongodb+srv://…`; the database is the one in its path, `suotdoi` without. */
  url: string
  /** Where batches wait while they come in; a folder of its own in the system's temporary one. */
  spool?: string
  /** How long a call waits for a server that does not answer, ms. */
  patience?: number
  /** So long a batch may take to be written in its one transaction, ms. */
  longestWrite?: number
  /** Milliseconds since 1970; for tests. */
  clock?: () => number
  /** For tests: runs before each commit, which does not happen when it throws. */
  beforeCommit?: () => void | Promise<void>
}

const LONGEST_WRITE = 20_000

/**
 * The store on MongoDB, for any number of processes at once. Rejects with StorageUnavailable, in words, when there is no
 * server or none that keeps transactions.
 */
export async function openMongo(options: MongoOptions): Promise<Storage> {
  const { clock = Date.now, spool = join(tmpdir(), `suotdoi-${randomUUID()}`) } = options
  const { longestWrite = LONGEST_WRITE } = options
  const connection = await connect(options)
  const schema = schemaOf(connection.db)
  try {
    await connection.ask(() => takeFormat(schema))
    await connection.ask(() => makeIndexes(connection.db))
  } catch (error) {
    await connection.close()
    throw error
  }
  const listeners = new Set<(commit: Commit) => void>()
  const tell = (commit: Commit) => {
    for (const listener of listeners) listener(commit)
  }
  const calls: Calls = { reading: 0, waiting: 0 }
  const system = countCalls(
    createCollections(connection, schema, namesOf(SYSTEM), clock),
    COLLECTION_READS,
    calls,
  )
  const backups = createBackup(connection)
  const figures = createFigures(connection, schema)
  const tenants = new Map<TenantId, Tenant>()

  function tenant(id: TenantId): TenantStorage {
    let found = tenants.get(id)
    if (!found) {
      found = createTenant({
        connection,
        schema,
        names: namesOf(id),
        clock,
        tell,
        spool: join(spool, id),
        longestWrite,
      })
      tenants.set(id, found)
    }
    return found.storage
  }

  return {
    shared: true,
    system,
    tenant,
    async migrate() {
      if (await isTakingIn(connection, schema)) throw new StorageUnavailable(CUT_OFF)
    },
    onCommit(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    figures: () => figures(calls, tenants),
    backup: backups.backup,
    check: (options = {}) => checkAll({ connection, schema, clock }, options),
    mend: (options = {}) => mendAll({ connection, schema, clock }, options),
    holdings: ({ still = false } = {}) => holdingsOf(connection, still),
    takeIn: (origin) => takeIn(connection, schema, origin),
    async close() {
      await backups.end(new StorageUnavailable('The store is closed'))
      await Promise.all([system, ...tenants.values()].map((one) => one.end()))
      await connection.close()
    },
  }
}
