import { backup, DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { setTimeout } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'

export type Value = SQLInputValue

/** One open database with its prepared statements, kept by their text. */
export interface Connection {
  row<T>(sql: string, ...values: Value[]): T | undefined
  rows<T>(sql: string, ...values: Value[]): T[]
  /** Rows one by one; leave the loop early at will, but do not start the same text again within it. */
  scan<T>(sql: string, ...values: Value[]): Iterable<T>
  /** Number of rows changed. */
  run(sql: string, ...values: Value[]): number
  exec(sql: string): void
  inTransaction(): boolean
  /** What operations remember between calls (dictionaries). Thrown away when a transaction that made it fails. */
  readonly memory: Map<string, unknown>
  /**
   * Copies the database into a new file, in steps between the calls of this connection; the copy is as the database is
   * at the last step. Before each step it asks whether to go on, and rejects with `CopyStopped` when not.
   */
  copyTo(path: string, goOn: (pages: { done: number; total: number }) => boolean): Promise<void>
  /** Also ends a copy under way. */
  close(): void
}

const SHARED = `
  PRAGMA busy_timeout = 5000;
  PRAGMA foreign_keys = OFF;
  PRAGMA temp_store = MEMORY;
`
const WRITER = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA secure_delete = ON;
  PRAGMA wal_autocheckpoint = 20000;
  PRAGMA journal_size_limit = 67108864;
  PRAGMA cache_size = -32768;
`
const READER = `
  PRAGMA query_only = ON;
  PRAGMA cache_size = -16384;
`
/** On the thread that answers requests: it looks up single rows, and waits for nobody. */
const NEAR = `
  PRAGMA busy_timeout = 0;
  PRAGMA query_only = ON;
  PRAGMA cache_size = -8192;
`
const ROLES = { writer: WRITER, reader: READER, near: NEAR, copy: READER }

export class CopyStopped extends Error {
  override name = 'CopyStopped'
}

/** Pages of one step of a copy, 2 MB: what a writer waits for at most. */
const COPIED_AT_ONCE = 512

/** Opens one database file for the writer (creating it) or to read (it must be there); a copy leaves no file beside it. */
export function connect(path: string, role: keyof typeof ROLES): Connection {
  const db =
    role === 'copy'
      ? new DatabaseSync(new URL(`${pathToFileURL(path)}?immutable=1`), { readOnly: true })
      : new DatabaseSync(path)
  try {
    db.exec(SHARED)
    db.exec(ROLES[role])
  } catch (error) {
    db.close()
    throw error
  }
  const prepared = new Map<string, StatementSync>()
  const prepare = (sql: string): StatementSync => {
    let statement = prepared.get(sql)
    if (!statement) {
      statement = db.prepare(sql)
      prepared.set(sql, statement)
    }
    return statement
  }
  let copying: Promise<void> | null = null
  let closing = false

  async function copy(path: string, goOn: (pages: { done: number; total: number }) => boolean) {
    const step = (done: number, total: number) => {
      if (closing || !goOn({ done, total })) throw new CopyStopped('The copy was stopped')
    }
    for (;;) {
      step(0, 0)
      try {
        await backup(db, path, {
          rate: COPIED_AT_ONCE,
          progress: ({ totalPages, remainingPages }) => step(totalPages - remainingPages, totalPages),
        })
        return
      } catch (error) {
        // The very first step came while a transaction was open: Node tells it as an error without a code.
        if ((error as { errcode?: number }).errcode !== 0) throw error
        await setTimeout(5)
      }
    }
  }
  return {
    row: <T>(sql: string, ...values: Value[]) => prepare(sql).get(...values) as T | undefined,
    rows: <T>(sql: string, ...values: Value[]) => prepare(sql).all(...values) as T[],
    scan: <T>(sql: string, ...values: Value[]) => prepare(sql).iterate(...values) as Iterable<T>,
    run: (sql, ...values) => Number(prepare(sql).run(...values).changes),
    exec: (sql) => db.exec(sql),
    inTransaction: () => db.isTransaction,
    memory: new Map(),
    copyTo(path, goOn) {
      copying = copy(path, goOn).finally(() => {
        copying = null
      })
      return copying
    },
    close() {
      prepared.clear()
      if (!copying) return db.close()
      // A step may be running on another thread: the file is closed when it has ended.
      closing = true
      if (db.isTransaction) db.exec('ROLLBACK')
      copying.catch(() => {}).finally(() => db.close())
    },
  }
}

// Primary result codes of SQLite that speak of the machine and not of the statement:
// BUSY, LOCKED, NOMEM, READONLY, INTERRUPT, IOERR, CORRUPT, FULL, CANTOPEN, PROTOCOL, NOTADB.
const OUTAGES = new Set([5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 26])
const FILE_OUTAGES = new Set([
  'ENOSPC',
  'EIO',
  'EDQUOT',
  'EROFS',
  'EMFILE',
  'ENFILE',
  'EACCES',
  'EPERM',
  'EFBIG',
  'ESTALE',
])

/** Whether an error says that the store cannot answer now, rather than that the call was wrong. */
export function isOutage(error: unknown): boolean {
  const { errcode, code, syscall } = error as { errcode?: number; code?: string; syscall?: string }
  if (typeof errcode === 'number') return OUTAGES.has(errcode & 0xff)
  // So Node calls it when a folder with those above it cannot be made because the file system is read-only.
  if (code === 'ENOENT' && syscall === 'mkdir') return true
  return typeof code === 'string' && FILE_OUTAGES.has(code)
}

/** Whether the database is held by another connection (SQLITE_BUSY). */
export const isBusy = (error: unknown): boolean => ((error as { errcode?: number }).errcode ?? 0) % 256 === 5
