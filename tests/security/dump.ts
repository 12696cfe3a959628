import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/**
 * What a request leaves behind whoever makes it, or that goes on by itself: sessions and what guards sign-in, the audit,
 * figures, and where the followers of the feed stand.
 */
const BESIDE =
  /^(web-sessions|audit|audit-seals|history|history-minutes|feed-cursors|leases|h5p-refusals|profiles\.sign-in-failures)$/

/** Everything that a store in `dataDir` holds, as it is now: what it is called, and which state of it that is. */
export function openDump(dataDir: string): { take(): Map<string, string>; close(): void } {
  const files = ['system.db', ...readdirSync(join(dataDir, 'tenants')).map((file) => join('tenants', file))]
  const databases = files
    .filter((file) => file.endsWith('.db'))
    .map((file) => ({ file, database: new DatabaseSync(join(dataDir, file), { readOnly: true }) }))
  return {
    take() {
      const all = new Map<string, string>()
      for (const { file, database } of databases) {
        for (const doc of database.prepare('SELECT collection, key, revision FROM doc').iterate()) {
          const { collection, key, revision } = doc as { collection: string; key: string; revision: number }
          if (!BESIDE.test(collection)) all.set(`${file} ${collection} ${key}`, String(revision))
        }
        // Of statements and documents: a change of any moves the counters.
        const { position, statements } = database.prepare('SELECT position, statements FROM meta').get() as {
          position: number
          statements: number
        }
        all.set(`${file} counters`, `${position} ${statements}`)
      }
      return all
    },
    close() {
      for (const { database } of databases) database.close()
    },
  }
}

/** The names of what is not the same in both. */
export function changed(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  const names = new Set([...before.keys(), ...after.keys()])
  return [...names].filter((name) => before.get(name) !== after.get(name))
}
