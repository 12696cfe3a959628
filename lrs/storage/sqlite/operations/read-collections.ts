import type { Find } from '../../collections.ts'
import { isFirst, mayRepeat, readCursor, writeCursor } from '../../find-cursor.ts'
import type { TextDoc, TextPage } from '../../text-collections.ts'
import { type Declaration, fieldsOf } from '../../text-operation.ts'
import { indexEntries, indexRange } from '../../tuple.ts'
import type { Value } from '../connection.ts'
import type { ReadContext } from './context.ts'
import { findIndex } from './declared-indexes.ts'

/** The index is declared and not kept yet: the caller has it made (`collections.declare`) and asks again. */
export type Undeclared = 'undeclared'

const ALIVE = '(d.expires IS NULL OR d.expires > ?)'

export function getDoc(
  { db, now }: ReadContext,
  { collection, key }: { collection: string; key: string },
): TextDoc | null {
  return (
    db.row<TextDoc>(
      `SELECT d.key, d.value AS text, d.revision FROM doc d WHERE d.collection = ? AND d.key = ? AND ${ALIVE}`,
      collection,
      key,
      now,
    ) ?? null
  )
}

export function getDocs(
  context: ReadContext,
  { collection, keys }: { collection: string; keys: readonly string[] },
): TextDoc[] {
  return keys.flatMap((key) => getDoc(context, { collection, key }) ?? [])
}

export function scanDocs(
  { db, now }: ReadContext,
  {
    collection,
    prefix,
    after,
    limit,
  }: { collection: string; prefix: string; after: string | null; limit: number },
): TextPage {
  const docs: TextDoc[] = []
  // By code point, as the keys are ordered.
  const behind = after !== null && Buffer.compare(Buffer.from(after), Buffer.from(prefix)) >= 0
  for (const doc of db.scan<TextDoc>(
    `SELECT d.key, d.value AS text, d.revision FROM doc d
     WHERE d.collection = ? AND d.key ${behind ? '>' : '>='} ? AND ${ALIVE} ORDER BY d.key`,
    collection,
    behind ? after : prefix,
    now,
  )) {
    if (!doc.key.startsWith(prefix)) break
    if (docs.length === limit) return { docs, next: docs.at(-1)?.key ?? null }
    docs.push(doc)
  }
  return { docs, next: null }
}

interface EntryRow extends TextDoc {
  tuple: Uint8Array
}

/**
 * A page in index order. A document with several entries in the range (an array field) is listed at its first one in
 * the direction of travel only, which each entry can tell by itself, so it holds over pages.
 */
export function findDocs(
  { db, now }: ReadContext,
  { collection, find }: { collection: Declaration; find: Find },
): TextPage | Undeclared {
  const fields = fieldsOf(collection, find.index)
  const range = indexRange(fields, find)
  const no = findIndex(db, collection, find.index)
  if (no === null) return 'undeclared'
  const several = mayRepeat(fields, find)
  const order = find.descending ? 'DESC' : 'ASC'
  const bounds = boundsOf(range.low, range.high, find)
  const docs: TextDoc[] = []
  let last: EntryRow | null = null
  for (const row of db.scan<EntryRow>(
    `SELECT i.tuple, d.key, d.value AS text, d.revision
     FROM doc_index i CROSS JOIN doc d ON d.collection = ? AND d.key = i.key AND ${ALIVE}
     WHERE i.index_no = ? AND ${bounds.sql}
     ORDER BY i.tuple ${order}, i.key ${order}`,
    collection.name,
    now,
    no,
    ...bounds.values,
  )) {
    const entries = () => indexEntries(JSON.parse(row.text), fields)
    if (several && !isFirst(row.tuple, entries(), range, find.descending ?? false)) continue
    if (docs.length === find.limit) return { docs, next: last && writeCursor(last) }
    docs.push({ key: row.key, text: row.text, revision: row.revision })
    last = row
  }
  return { docs, next: null }
}

/** The range, of which only what lies behind the cursor is left. A cursor from elsewhere never widens it. */
function boundsOf(low: Buffer, high: Buffer, find: Find): { sql: string; values: Value[] } {
  const whole = { sql: 'i.tuple >= ? AND i.tuple < ?', values: [low, high] }
  if (find.after === undefined) return whole
  const { tuple, key } = readCursor(find.after)
  if (find.descending) {
    if (Buffer.compare(tuple, high) >= 0) return whole
    return { sql: 'i.tuple >= ? AND (i.tuple, i.key) < (?, ?)', values: [low, tuple, key] }
  }
  if (Buffer.compare(tuple, low) < 0) return whole
  return { sql: '(i.tuple, i.key) > (?, ?) AND i.tuple < ?', values: [tuple, key, high] }
}

export function countDocs(
  { db, now }: ReadContext,
  { collection, find }: { collection: Declaration; find: Pick<Find, 'index' | 'equals' | 'range'> | null },
): number | Undeclared {
  if (!find) {
    return db.row<{ n: number }>(
      `SELECT count(*) AS n FROM doc d WHERE d.collection = ? AND ${ALIVE}`,
      collection.name,
      now,
    )!.n
  }
  const fields = fieldsOf(collection, find.index)
  const { low, high } = indexRange(fields, find)
  const no = findIndex(db, collection, find.index)
  if (no === null) return 'undeclared'
  return db.row<{ n: number }>(
    `SELECT count(DISTINCT i.key) AS n
     FROM doc_index i CROSS JOIN doc d ON d.collection = ? AND d.key = i.key AND ${ALIVE}
     WHERE i.index_no = ? AND i.tuple >= ? AND i.tuple < ?`,
    collection.name,
    now,
    no,
    low,
    high,
  )!.n
}
