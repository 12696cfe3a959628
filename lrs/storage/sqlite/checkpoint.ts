import type { Connection } from './connection.ts'
import type { ReadContext } from './operations/context.ts'

/**
 * What was committed lies in the log until it is moved into the database file. SQLite does that within a commit, and
 * the writer would stand still for it: longer than for the commit itself. So a reader's thread moves the bulk while the
 * writer goes on, and the writer the little that came meanwhile, after which SQLite writes the log from its beginning
 * again. Should nobody come to it, SQLite does it after all, at `wal_autocheckpoint` (connection.ts).
 */

/** The log is moved when it has so many pages, 16 MB. */
const DUE = 4_000
/** So many the writer moves itself, in a few ms; more where so much is written that the log becomes longer and longer. */
const FEW = 400
const FEW_SHARE = 1 / 8

interface Log {
  /** Pages in the log, and how many of them are in the database file too. */
  log: number
  checkpointed: number
}

/** For the writer, after a commit. True when a reader should `moveLog`. */
export function tendLog(db: Connection): boolean {
  const { log, checkpointed } = db.row<Log>('PRAGMA wal_checkpoint(NOOP)')!
  const left = log - checkpointed
  if (log < DUE || left === 0) return false
  if (left > Math.max(FEW, log * FEW_SHARE)) return true
  db.row('PRAGMA wal_checkpoint(PASSIVE)')
  return false
}

/**
 * Waits for nobody, and nobody waits for it. False when a reader on an older state kept some from being moved. A
 * transaction that has not read anything yet is none for SQLite.
 */
export function moveLog({ db }: ReadContext): boolean {
  const { log, checkpointed } = db.row<Log>('PRAGMA wal_checkpoint(PASSIVE)')!
  return checkpointed === log
}
