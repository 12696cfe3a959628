import type { Connection } from './connection.ts'

/** A reader that is still on an older state prevents emptying the log; so long it is left to read before the next try. */
const AGAIN_MS = 1_000

/** After what changed something, and when a database is opened: the log may hold what is deleted since. */
export function noteLogUsed(db: Connection): void {
  db.memory.set('log-used', true)
}

/**
 * Moves the write-ahead log into the database file and empties it, so that deleted text is in neither. Not while a
 * reader is on an older state: then it is for a later call.
 */
export function truncateLog(db: Connection): void {
  if (!db.memory.has('log-used')) return
  db.memory.set('log-tried', Date.now())
  db.exec('PRAGMA busy_timeout = 50')
  try {
    if (db.row<{ busy: number }>('PRAGMA wal_checkpoint(TRUNCATE)')?.busy !== 0) return
    db.memory.delete('log-used')
    db.memory.delete('log-due')
  } finally {
    db.exec('PRAGMA busy_timeout = 5000')
  }
}

/** The same for the law's erasure: what does not succeed now stays due, and is tried again after later commits. */
export function truncateLogSoon(db: Connection): void {
  db.memory.set('log-due', true)
  truncateLog(db)
}

export function isLogDue(db: Connection): boolean {
  return db.memory.has('log-due') && Date.now() - Number(db.memory.get('log-tried')) >= AGAIN_MS
}
