import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** Puts a data folder into states that the product passes through; no server may run on it. */

const NEWEST_SCHEMA = 5
/** The newest one but for what takes no time. */
const OLDER_SCHEMA = 3
const TAKE_BACK_5 = 'DROP TABLE taking_in; ALTER TABLE meta DROP COLUMN unused;'
/** So few positions make a segment of postings, that the sealing has work in each round. */
const SEGMENT = 128

/** As a version before the newest migrations left it. */
export function olderSchema(dataDir: string): void {
  change(dataDir, 'tenants/main.db', (db) => {
    const { user_version } = db.prepare('PRAGMA user_version').get() as { user_version: number }
    if (user_version !== NEWEST_SCHEMA)
      throw new Error(
        `The newest migration is ${user_version}; take that back here, instead of ${NEWEST_SCHEMA}.`,
      )
    db.exec(`
      BEGIN;
      ${TAKE_BACK_5}
      DELETE FROM posting; UPDATE sealing SET size = 16384, begun = 0, done = 0;
      DROP TABLE outdated_posting; CREATE TABLE outdated_posting (place INTEGER PRIMARY KEY) STRICT;
      PRAGMA user_version = ${OLDER_SCHEMA};
      COMMIT;
    `)
  })
  change(dataDir, 'system.db', (db) =>
    db.exec(`BEGIN; ${TAKE_BACK_5} PRAGMA user_version = ${OLDER_SCHEMA}; COMMIT`),
  )
}

/** As right after the newest migration: no posting is made yet, and there is much to make. */
export function nothingSealed(dataDir: string): void {
  change(dataDir, 'tenants/main.db', (db) =>
    db.exec(`
      BEGIN;
      DELETE FROM posting; DELETE FROM outdated_posting;
      UPDATE sealing SET size = ${SEGMENT}, begun = 0, done = 0;
      COMMIT;
    `),
  )
}

function change(dataDir: string, name: string, act: (db: DatabaseSync) => void): void {
  const path = join(dataDir, name)
  if (!existsSync(path)) return
  const db = new DatabaseSync(path)
  try {
    act(db)
  } finally {
    db.close()
  }
}

/** Whether the newest migration was committed; looked at in a copy, as opening it changes what a kill left. */
export function isMigrated(dataDir: string): boolean {
  const copy = mkdtempSync(join(dataDir, '..', 'copy-'))
  try {
    for (const name of ['main.db', 'main.db-wal']) {
      const from = join(dataDir, 'tenants', name)
      if (existsSync(from)) copyFileSync(from, join(copy, name))
    }
    const db = new DatabaseSync(join(copy, 'main.db'))
    const { user_version } = db.prepare('PRAGMA user_version').get() as { user_version: number }
    db.close()
    return user_version === NEWEST_SCHEMA
  } finally {
    rmSync(copy, { recursive: true })
  }
}

/** What the records hold, in order. */
export function recordsOf(dataDir: string): string[] {
  return rows<{ entry: string }>(
    dataDir,
    `SELECT collection || ' ' || key || ' ' || value AS entry FROM doc
     WHERE collection IN ('profiles.facts', 'profiles.lines') ORDER BY collection, key`,
  ).map(({ entry }) => entry)
}

/** Hashes of the blobs that the store knows, and of those that nothing holds. */
export function knownBlobs(dataDir: string): { all: string[]; unheld: string[] } {
  const all = rows<{ sha2: string; held: number }>(
    dataDir,
    `SELECT lower(hex(sha2)) AS sha2,
       sha2 IN (SELECT sha2 FROM attachment) OR sha2 IN (SELECT sha2 FROM hold) AS held
     FROM blob`,
  )
  return { all: all.map(({ sha2 }) => sha2), unheld: all.filter(({ held }) => !held).map(({ sha2 }) => sha2) }
}

function rows<T>(dataDir: string, sql: string): T[] {
  const db = new DatabaseSync(join(dataDir, 'tenants/main.db'), { readOnly: true })
  try {
    return db.prepare(sql).all() as T[]
  } finally {
    db.close()
  }
}
