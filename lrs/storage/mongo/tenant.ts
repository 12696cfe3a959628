import type { Commit, TenantStorage } from '../port.ts'
import { createActivities, createAgents } from './activities.ts'
import { createBlobs } from './blobs.ts'
import { createCollections } from './collections.ts'
import type { Connection } from './connect.ts'
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
}

export interface Tenant {
  storage: TenantStorage
  /** What was sent and is not answered. */
  waiting(): number
  end(): Promise<void>
}

const MOST_AT_ONCE = 500

/** The port over what one tenant has in the database. */
export function createTenant(parts: TenantParts): Tenant {
  const { connection, schema, names, clock } = parts
  const gate = createGate(connection, schema, names, clock)
  const writer = createWriter(parts, gate)
  const writeSpooled = createSpooledWrite(parts, writer)
  const queries = createQueries(parts, gate)
  const erasure = createErasure(parts, gate)
  const feed = createFeed(parts, gate)
  return {
    storage: {
      statements: {
        write: (records) => (Symbol.asyncIterator in records ? writeSpooled(records) : writer.write(records)),
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
      documents: createDocuments(connection, schema, names, clock),
      activities: createActivities(connection, schema, names),
      agents: createAgents(connection, schema, names),
      blobs: createBlobs(connection, schema, names, clock),
      feed: feed.store,
      collections: createCollections(connection, schema, names, clock),
    },
    waiting: writer.waiting,
    async end() {
      await writer.end()
      await feed.end()
      await gate.end()
    },
  }
}
