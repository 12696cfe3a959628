import type { Collections } from '../collections.ts'
import type { Commit, StatementStore, TenantStorage } from '../port.ts'
import { createActivities, createAgents } from './activities.ts'
import { createBlobs } from './blobs.ts'
import { createCollections } from './collections.ts'
import type { Connection } from './connect.ts'
import { type Calls, countCalls } from './count-calls.ts'
import { createDocuments } from './documents.ts'
import { createErasure } from './erase.ts'
import { createFeed } from './feed.ts'
import { createGate } from './gate.ts'
import type { Names } from './names.ts'
import { createQueries } from './query.ts'
import type { Schema } from './schema.ts'
import { createSpooledWrite } from './spooled-write.ts'
import { createWriter } from './write.ts'

export interface TenantParts {
  connection: Connection
  schema: Schema
  names: Names
  clock: () => number
  tell: (commit: Commit) => void
  /** Folder in which batches wait while they come in. */
  spool: string
  /** So long a batch may take to be written in its one transaction, ms. */
  longestWrite: number
}

export interface Tenant {
  storage: TenantStorage
  readonly calls: Calls
  end(): Promise<void>
}

const MOST_AT_ONCE = 500
const STATEMENT_READS = [
  'get',
  'getText',
  'query',
  'queryTexts',
  'relations',
  'watermark',
  'count',
  'inspect',
] as const
export const COLLECTION_READS = ['get', 'getMany', 'find', 'scan', 'count'] as const

/** The port over what one tenant has in the database. */
export function createTenant(parts: TenantParts): Tenant {
  const { connection, schema, names, clock } = parts
  const gate = createGate(connection, schema, names, clock)
  const writer = createWriter(parts, gate)
  const writeSpooled = createSpooledWrite(parts, writer)
  const queries = createQueries(parts, gate)
  const erasure = createErasure(parts, gate)
  const feed = createFeed(parts, gate)
  const collections = createCollections(connection, schema, names, clock)
  const calls: Calls = { reading: 0, waiting: 0 }
  const counted = <T extends object>(part: T, reads: readonly (keyof T & string)[]) =>
    countCalls(part, reads, calls)
  return {
    storage: {
      statements: counted<StatementStore>(
        {
          write: (records) =>
            Symbol.asyncIterator in records ? writeSpooled(records) : writer.write(records),
          ...queries,
          watermark: async () => (await gate.view()).watermark,
          async rewrite(changes, reason) {
            if (changes.length > MOST_AT_ONCE) throw new Error(`At most ${MOST_AT_ONCE} statements at a time`)
            return erasure.rewrite(changes, reason)
          },
          async purge(ids, reason) {
            let purged = 0
            for (let at = 0; at < ids.length; at += MOST_AT_ONCE)
              purged += await erasure.purge(ids.slice(at, at + MOST_AT_ONCE), reason)
            return purged
          },
          count: async () => (await gate.view()).statements,
        },
        STATEMENT_READS,
      ),
      documents: counted(createDocuments(connection, schema, names, clock), ['get', 'list']),
      activities: counted(createActivities(connection, schema, names), ['get']),
      agents: counted(createAgents(connection, schema, names), ['names']),
      blobs: counted(createBlobs(connection, schema, names, clock), ['size', 'open']),
      feed: counted(feed.store, ['read', 'end']),
      collections: counted<Collections>(collections, COLLECTION_READS),
    },
    calls,
    async end() {
      await writer.end()
      await feed.end()
      await collections.end()
      await gate.end()
    },
  }
}
