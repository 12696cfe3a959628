import { type Connection, connect, isOutage } from '../connection.ts'
import { type AnyRead, READS } from '../operations/index.ts'
import type { Place, Read } from './messages.ts'

/** The connections of one thread that reads. */
export interface Reading {
  /** Does the work on one state of the database. Throws what it threw; after an outage the next one connects anew. */
  on<T>(place: Place, work: (db: Connection) => T): T
  close(): void
}

export function createReading(role: 'reader' | 'near'): Reading {
  const open = new Map<string, Connection>()
  return {
    on({ path }, work) {
      let db = open.get(path)
      if (!db) {
        db = connect(path, role)
        open.set(path, db)
      }
      try {
        db.run('BEGIN')
        return work(db)
      } catch (error) {
        if (isOutage(error)) {
          open.delete(path)
          db.close()
        }
        throw error
      } finally {
        if (open.has(path) && db.inTransaction()) db.run('COMMIT')
      }
    },
    close() {
      for (const db of open.values()) db.close()
      open.clear()
    },
  }
}

export const runRead = (db: Connection, { name, args, now }: Read): unknown =>
  (READS[name] as AnyRead)({ db, now }, ...args)
