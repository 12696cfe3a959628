import { type CheckOptions, type Finding, StorageUnavailable, type TenantId } from '../../port.ts'
import type { Database } from '../database.ts'
import type { Look, Looked } from '../operations/check.ts'
import type { Place } from '../threads/messages.ts'
import { FIRST_PLACE } from './document-flaws.ts'
import { REMEDIES } from './flaw.ts'

/** What one step looks at: short enough that the log is not kept from being emptied, nor a commit from the one disk. */
export const STEP = { statements: 500, entries: 20_000, postings: 100, documents: 500, blobs: 200 } as const

interface Checked {
  tenant: TenantId | null
  place: Place
  database: Pick<Database, 'read'>
}

/** Looks through databases and blobs in bounded steps, on a thread of its own. See Storage.check. */
export async function* checkDatabases(
  databases: readonly Checked[],
  { quick = false, progress }: CheckOptions,
): AsyncGenerator<Finding> {
  let done = 0
  let total = 0
  for (const { database } of databases) {
    const extent = await database.read('check.extent').catch(() => NOTHING)
    total += extent.statements + extent.documents + extent.blobs
  }
  for (const { tenant, place, database } of databases) {
    for (const first of looks(tenant !== null, place.blobs, quick)) {
      for (let look: Look | null = first; look !== null; ) {
        const { found, next, looked }: Looked = await database.read('check.look', look).catch(unreadable)
        for (const { kind, what } of found) yield { kind, tenant, what, mend: REMEDIES[kind] }
        done = Math.min(total, done + looked)
        if (looked > 0) progress?.(done, total)
        look = next === null ? null : ({ ...look, after: next } as Look)
      }
    }
  }
}

/** A way that cannot be gone on is itself what is wrong; the others are still gone. */
function unreadable(error: unknown): Looked {
  if (!(error instanceof StorageUnavailable)) throw error
  return {
    found: [{ kind: 'database-damaged', what: `SQLite cannot read on (${error.message}).` }],
    next: null,
    looked: 0,
  }
}

const NOTHING = { statements: 0, documents: 0, blobs: 0 }

/** The first step of each way through a database. */
function looks(isTenant: boolean, folder: string, quick: boolean): Look[] {
  return [
    ...(quick ? [] : [{ at: 'pages' as const }]),
    ...(isTenant ? [...RECORD, { at: 'blobs' as const, folder, after: '', limit: STEP.blobs, quick }] : []),
    ...(isTenant ? Array.from({ length: 256 }, (_, first): Look => ({ at: 'files', folder, first })) : []),
    ...DOCUMENTS,
  ]
}

export const RECORD: readonly Look[] = [
  { at: 'counts' },
  { at: 'statements', after: 0, limit: STEP.statements },
  { at: 'entries', after: null, limit: STEP.entries },
  { at: 'postings', after: -1, limit: STEP.postings },
]
export const DOCUMENTS: readonly Look[] = [
  { at: 'documents', after: 0, limit: STEP.documents },
  { at: 'document-indexes', after: FIRST_PLACE, limit: STEP.documents },
]
