import type { Connection } from '../connection.ts'
import { collections } from './0001-collections.ts'
import { record } from './0002-record.ts'
import { postings } from './0003-postings.ts'
import { postingsByTerm } from './0004-postings-by-term.ts'
import { takingIn } from './0005-taking-in.ts'

export interface Migration {
  number: number
  /** Not for `system.db`. */
  tenantOnly: boolean
  sql: string
}

const MIGRATIONS: readonly Migration[] = [collections, record, postings, postingsByTerm, takingIn]

/** The number of the newest schema. */
export const NEWEST = MIGRATIONS.at(-1)!.number

/**
 * Brings a database to the newest schema. Each migration is a transaction of its own together with its number, so a
 * killed one is as if never begun and the next open goes on there. Throws when the file is newer than this program.
 */
export function migrate(db: Connection, kind: 'system' | 'tenant', migrations = MIGRATIONS): void {
  const version = () => db.row<{ user_version: number }>('PRAGMA user_version')!.user_version
  const newest = migrations.at(-1)!.number
  if (version() > newest) {
    throw new Error(
      `The data folder was written by a newer version (schema ${version()}, this one knows ${newest}). Start that version, or restore a backup.`,
    )
  }
  for (const migration of migrations) {
    if (migration.number <= version()) continue
    db.exec('BEGIN IMMEDIATE')
    try {
      if (kind === 'tenant' || !migration.tenantOnly) db.exec(migration.sql)
      db.exec(`PRAGMA user_version = ${migration.number}`)
      db.exec('COMMIT')
    } catch (error) {
      if (db.inTransaction()) db.exec('ROLLBACK')
      throw error
    }
  }
}
