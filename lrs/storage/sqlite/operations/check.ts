import type { Position, StoredStatement } from '../../port.ts'
import { blobFlaws, fileFlaws } from '../check/blob-flaws.ts'
import { countFlaws, danglingFlaws } from '../check/count-flaws.ts'
import { documentFlaws, documentIndexFlaws, type IndexPlace } from '../check/document-flaws.ts'
import { type EntryPlace, entriesAdd, entryFlaws } from '../check/entry-flaws.ts'
import type { Flaw } from '../check/flaw.ts'
import { postingFlaws } from '../check/posting-flaws.ts'
import { statementFlaws } from '../check/statement-flaws.ts'
import type { ReadContext, WriteContext } from './context.ts'
import { STATEMENT_COLUMNS, type StatementRow, storedStatement } from './statement-row.ts'

/** One bounded step of looking, each on one state of the database, so that what is found is so. */
export type Look =
  | { at: 'pages' }
  | { at: 'counts' }
  | { at: 'statements'; after: Position; limit: number }
  | { at: 'entries'; after: EntryPlace | null; limit: number }
  | { at: 'postings'; after: number; limit: number }
  | { at: 'documents'; after: number; limit: number }
  | { at: 'document-indexes'; after: IndexPlace; limit: number }
  | { at: 'blobs'; folder: string; after: string; limit: number; quick: boolean }
  | { at: 'files'; folder: string; first: number }

/** What was found, and where to go on (null: that was all); `looked` counts what was looked at. */
export interface Looked {
  found: Pick<Flaw, 'kind' | 'what'>[]
  next: unknown
  looked: number
}

export function check({ db, now }: ReadContext, look: Look): Looked {
  const { flaws, next, looked } = flawsOf(db, look, now)
  return { found: flaws.map(({ kind, what }) => ({ kind, what })), next, looked }
}

/** The same step, and puts right what it can. Returns how much. */
export function mend(context: WriteContext, look: Look): { mended: number; next: unknown } {
  const { flaws, next } = flawsOf(context.db, look, context.now)
  let mended = 0
  for (const { fix } of flaws) {
    if (!fix) continue
    fix(context)
    mended++
  }
  // What was remembered of the dictionary and the indexes may be what was wrong.
  if (mended > 0) context.afterCommit(() => context.db.memory.clear())
  return { mended, next }
}

function flawsOf(
  db: ReadContext['db'],
  look: Look,
  now: number,
): { flaws: Flaw[]; next: unknown; looked: number } {
  switch (look.at) {
    case 'pages': {
      const rows = db.rows<{ integrity_check: string }>('PRAGMA integrity_check(20)')
      const flaws = rows
        .filter(({ integrity_check: told }) => told !== 'ok')
        .map(
          ({ integrity_check: told }): Flaw => ({ kind: 'database-damaged', what: `SQLite finds: ${told}.` }),
        )
      return { flaws, next: null, looked: 0 }
    }
    case 'counts':
      return { flaws: [...countFlaws(db), ...danglingFlaws(db)], next: null, looked: 0 }
    case 'statements': {
      const flaws = [...statementFlaws(db, look.after, look.limit)]
      const seqs = db.rows<{ seq: number }>(
        'SELECT seq FROM statement WHERE seq > ? ORDER BY seq LIMIT ?',
        look.after,
        look.limit,
      )
      return { flaws, next: seqs.length === look.limit ? seqs.at(-1)!.seq : null, looked: seqs.length }
    }
    case 'entries': {
      if (look.after === null && entriesAdd(db)) return { flaws: [], next: null, looked: 0 }
      return { ...entryFlaws(db, look.after ?? { term: -1, seq: -1 }, look.limit), looked: 0 }
    }
    case 'postings':
      return { ...postingFlaws(db, look.after, look.limit), looked: 0 }
    case 'documents': {
      const page = documentFlaws(db, look.after, look.limit)
      return { ...page, looked: look.limit }
    }
    case 'document-indexes':
      return { ...documentIndexFlaws(db, look.after, look.limit), looked: 0 }
    case 'blobs':
      return blobFlaws(db, look)
    case 'files':
      return { flaws: fileFlaws(db, look.folder, look.first, now), next: null, looked: 0 }
  }
}

/** How much there is to look at. */
export function extent({ db }: ReadContext): { statements: number; documents: number; blobs: number } {
  const isTenant = db.row("SELECT 1 FROM sqlite_schema WHERE name = 'blob'") !== undefined
  return {
    statements: db.row<{ statements: number }>('SELECT statements FROM meta')!.statements,
    documents: db.row<{ n: number }>('SELECT count(*) AS n FROM doc')!.n,
    blobs: isTenant ? db.row<{ n: number }>('SELECT count(*) AS n FROM blob')!.n : 0,
  }
}

export function blobBytes({ db }: ReadContext): number {
  return db.row<{ bytes: number }>('SELECT coalesce(sum(size), 0) AS bytes FROM blob')!.bytes
}

/** An answer ends early, with one statement at least, where its texts would pass this many characters. */
const MOST_INSPECTED = 2_000_000

/** See StatementStore.inspect. */
export function inspectStatements(
  { db }: ReadContext,
  { after, limit }: { after: Position; limit: number },
): { statement: StoredStatement; keys: string[] }[] {
  const inspected: { statement: StoredStatement; keys: string[] }[] = []
  let length = 0
  for (const row of db.scan<StatementRow & { terms: string }>(
    `SELECT ${STATEMENT_COLUMNS}, terms FROM statement WHERE seq > ? ORDER BY seq LIMIT ?`,
    after,
    limit,
  )) {
    length += row.text.length
    if (length > MOST_INSPECTED && inspected.length > 0) break
    const keys: string[] = []
    for (const term of JSON.parse(row.terms) as number[]) {
      const key = db.row<{ key: string }>(
        'SELECT t.key FROM entry e JOIN term t ON t.no = e.term WHERE e.term = ? AND e.seq = ?',
        term,
        row.seq,
      )?.key
      // Keys of the store's own are not the statement's.
      if (key !== undefined && !key.startsWith('#')) keys.push(key)
    }
    inspected.push({ statement: storedStatement(row), keys })
  }
  return inspected
}
