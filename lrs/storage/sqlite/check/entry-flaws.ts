import type { Connection } from '../connection.ts'
import type { Flaw } from './flaw.ts'

export interface EntryPlace {
  term: number
  seq: number
}

/** Whether there are as many entries as all statements together ask for, on one state of the database. */
export function entriesAdd(db: Connection): boolean {
  const { asked, there } = db.row<{ asked: number; there: number }>(
    `SELECT (SELECT coalesce(sum(json_array_length(terms)), 0) FROM statement) AS asked,
            (SELECT count(*) FROM entry) AS there`,
  )!
  return asked === there
}

/** Entries behind a place under which nothing is. Tells where it ended; null: there are no more. */
export function entryFlaws(
  db: Connection,
  after: EntryPlace,
  limit: number,
): { flaws: Flaw[]; next: EntryPlace | null } {
  const rows = db.rows<EntryPlace & { asked: number }>(
    `SELECT e.term, e.seq, EXISTS (
       SELECT 1 FROM statement s, json_each(s.terms) t WHERE s.seq = e.seq AND t.value = e.term
     ) AS asked
     FROM entry e WHERE (e.term, e.seq) > (?, ?) ORDER BY e.term, e.seq LIMIT ?`,
    after.term,
    after.seq,
    limit,
  )
  const flaws = rows
    .filter(({ asked }) => asked === 0)
    .map(
      ({ term, seq }): Flaw => ({
        kind: 'entry-extra',
        what: `The index has position ${seq} under a key that no statement there has: a list by it may show what does not belong.`,
        fix: ({ db }) => db.run('DELETE FROM entry WHERE term = ? AND seq = ?', term, seq),
      }),
    )
  const last = rows.at(-1)
  return { flaws, next: last && rows.length === limit ? { term: last.term, seq: last.seq } : null }
}
