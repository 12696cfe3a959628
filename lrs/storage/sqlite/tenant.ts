import { join } from 'node:path'
import type { StoredStatement, TenantStorage } from '../port.ts'
import { createBlobs } from './blobs.ts'
import { createCollections } from './collections.ts'
import type { Database } from './database.ts'
import { createSpooledWrite } from './spooled-write.ts'
import type { Turns } from './turns.ts'

const MOST_REWRITTEN = 500

/** The port over one tenant's database. */
export function createTenant(database: Database, blobFolder: string, takeTurns: Turns): TenantStorage {
  const show = (statements: readonly Pick<StoredStatement, 'stored'>[]) => {
    for (const { stored } of statements) database.shown(stored)
  }
  const writeSpooled = createSpooledWrite(database, join(blobFolder, 'batches'))
  return {
    statements: {
      write: (records) =>
        Symbol.asyncIterator in records ? writeSpooled(records) : database.write('statements.write', records),
      async get(id) {
        const found = await database.read('statements.get', id)
        if (found) show([found])
        return found
      },
      async getText(id) {
        const found = await database.read('statements.getText', id)
        if (found) database.shown(found.stored)
        return found
      },
      async query(query) {
        const page = await database.read('statements.query', query)
        show(page.statements)
        return page
      },
      async queryTexts(query) {
        const page = await database.read('statements.queryTexts', query)
        show(page.statements)
        return page
      },
      relations: (id) => database.read('statements.relations', id),
      watermark: () => database.watermark(),
      async rewrite(changes, reason) {
        if (changes.length > MOST_REWRITTEN) throw new Error(`At most ${MOST_REWRITTEN} statements at a time`)
        return database.write('statements.rewrite', { changes, reason })
      },
      async purge(ids, reason) {
        let purged = 0
        for (let at = 0; at < ids.length; at += MOST_REWRITTEN) {
          const step = ids.slice(at, at + MOST_REWRITTEN)
          purged += await database.write('statements.purge', { ids: step, reason })
        }
        return purged
      },
      count: () => database.read('statements.count'),
      inspect: (after, limit) => database.read('check.inspect', { after, limit }),
    },
    documents: {
      get: (key) => database.read('documents.get', key),
      put: (key, document, precondition) => database.write('documents.put', { key, document, precondition }),
      delete: (key, precondition) => database.write('documents.delete', { key, precondition }),
      list: (scope, since) => database.read('documents.list', { scope, since: since ?? null }),
      keysOf: (agent) => database.read('documents.keys-of', agent),
      clear: (scope) => database.write('documents.clear', scope),
      rekeyAgent: (from, to) => database.write('documents.rekey', { from, to }),
    },
    activities: {
      get: (id) => database.read('activities.get', id),
      choose: (id, source) => database.write('activities.choose', { id, source }),
    },
    agents: {
      names: (agent, sources) => database.read('agents.names', { agent, sources: sources ?? null }),
    },
    blobs: createBlobs(database, blobFolder, takeTurns),
    feed: {
      async read(after, limit, which = 'all') {
        const entries = await database.read('feed.read', { after, limit, which })
        show(entries.flatMap((entry) => (entry.kind === 'stored' ? [entry.statement] : [])))
        return entries
      },
      end: () => database.read('feed.end'),
      onChange: (wake) => database.onChange(wake),
    },
    collections: createCollections(database),
  }
}
