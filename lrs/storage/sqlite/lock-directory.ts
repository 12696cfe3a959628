import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** A connection that nobody refers to is closed by the garbage collector, and its lock with it. */
const held = new Set<DatabaseSync>()

/**
 * Takes a data folder for this process; null when another one holds it. The lock is the operating system's, on a file
 * of its own (docs/adr/0003-directory-lock.md): it ends with the process, however that ends, and leaves the databases free for
 * our own threads and for tools that read. Call the answer to release it.
 */
export function lockDirectory(directory: string): (() => void) | null {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const db = new DatabaseSync(join(directory, 'lock'))
  try {
    db.exec('PRAGMA busy_timeout = 0; PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE')
  } catch (error) {
    db.close()
    if (((error as { errcode?: number }).errcode ?? 0) === 5) return null
    throw error
  }
  held.add(db)
  return () => {
    held.delete(db)
    db.close()
  }
}
