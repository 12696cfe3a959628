import type { Connection } from './connection.ts'

/**
 * Moves the write-ahead log into the database file and empties it, so that erased text is in neither. A reader that is
 * still on an older state prevents it; then it stays due, and the writer tries again after later commits.
 */
export function truncateLog(db: Connection): void {
  db.memory.set('log-due', true)
  db.exec('PRAGMA busy_timeout = 50')
  try {
    const result = db.row<{ busy: number }>('PRAGMA wal_checkpoint(TRUNCATE)')
    if (result?.busy === 0) db.memory.delete('log-due')
  } finally {
    db.exec('PRAGMA busy_timeout = 5000')
  }
}

export function isLogDue(db: Connection): boolean {
  return db.memory.has('log-due')
}
