import { indexEntries } from '../../tuple.ts'
import type { Connection } from '../connection.ts'
import type { Flaw } from './flaw.ts'

interface Index {
  no: number
  collection: string
  name: string
  fields: string
}
export interface IndexPlace {
  index: number
  tuple: Uint8Array
  key: string
}
export const FIRST_PLACE: IndexPlace = { index: 0, tuple: new Uint8Array(), key: '' }

const indexesOf = (db: Connection) =>
  db.rows<Index>('SELECT no, collection, name, fields FROM declared_index')

/** Documents that are missing from a declared index. */
export function documentFlaws(
  db: Connection,
  after: number,
  limit: number,
): { flaws: Flaw[]; next: number | null } {
  const indexes = Map.groupBy(indexesOf(db), ({ collection }) => collection)
  const docs = db.rows<{ no: number; collection: string; key: string; value: string }>(
    'SELECT no, collection, key, value FROM doc WHERE no > ? ORDER BY no LIMIT ?',
    after,
    limit,
  )
  const flaws: Flaw[] = []
  for (const { collection, key, value } of docs) {
    const declared = indexes.get(collection)
    if (!declared) continue
    const parsed: unknown = JSON.parse(value)
    for (const index of declared) {
      for (const tuple of indexEntries(parsed, JSON.parse(index.fields) as string[])) {
        if (
          db.row('SELECT 1 FROM doc_index WHERE index_no = ? AND tuple = ? AND key = ?', index.no, tuple, key)
        )
          continue
        flaws.push({
          kind: 'document-index-missing',
          what: `A document of ${collection} is missing from its index ${index.name}: pages that use it leave it out.`,
          fix: ({ db }) =>
            db.run(
              'INSERT OR IGNORE INTO doc_index (index_no, tuple, key) VALUES (?, ?, ?)',
              index.no,
              tuple,
              key,
            ),
        })
      }
    }
  }
  return { flaws, next: docs.length === limit ? docs.at(-1)!.no : null }
}

/** Entries of declared indexes whose document is another by now, or not there. */
export function documentIndexFlaws(
  db: Connection,
  after: IndexPlace,
  limit: number,
): { flaws: Flaw[]; next: IndexPlace | null } {
  const indexes = new Map(indexesOf(db).map((index) => [index.no, index]))
  const rows = db.rows<{ index_no: number; tuple: Uint8Array; key: string }>(
    `SELECT index_no, tuple, key FROM doc_index WHERE (index_no, tuple, key) > (?, ?, ?)
     ORDER BY index_no, tuple, key LIMIT ?`,
    after.index,
    after.tuple,
    after.key,
    limit,
  )
  const flaws: Flaw[] = []
  for (const { index_no, tuple, key } of rows) {
    const index = indexes.get(index_no)
    const doc =
      index &&
      db.row<{ value: string }>(
        'SELECT value FROM doc WHERE collection = ? AND key = ?',
        index.collection,
        key,
      )
    const tuples = doc ? indexEntries(JSON.parse(doc.value), JSON.parse(index.fields) as string[]) : []
    if (tuples.some((one) => Buffer.compare(one, tuple) === 0)) continue
    flaws.push({
      kind: 'document-index-extra',
      what: `The index ${index?.name ?? index_no} of ${index?.collection ?? 'no collection'} has an entry that its document does not have.`,
      fix: ({ db }) =>
        db.run('DELETE FROM doc_index WHERE index_no = ? AND tuple = ? AND key = ?', index_no, tuple, key),
    })
  }
  const last = rows.at(-1)
  const next =
    last && rows.length === limit ? { index: last.index_no, tuple: last.tuple, key: last.key } : null
  return { flaws, next }
}
