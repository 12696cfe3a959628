import type { Connection } from '../connection.ts'
import type { ReadContext, WriteContext } from './context.ts'
import { encode, entriesWithin, fewest, placeOf, readSealing, TARGETS, VOIDED } from './postings.ts'

/**
 * How the postings of a segment are made (sealing.ts calls these in turn): begun, so that changes from then on leave
 * their mark; computed by a reader; put there piece by piece, but for what has changed meanwhile; done. Each step is a
 * commit of its own, and after a kill the segment is begun anew.
 */

/** Rows of one segment, packed: they pass through the thread that answers requests. */
export interface PostingRows {
  terms: number[]
  /** Where each term's bits end. */
  ends: number[]
  bits: Uint8Array
}

/** So many rows, or bytes of them, are written at a time; a few ms. */
const ROWS = 400
const BYTES = 128_000
/** So many entries are gone through at a time, to make outdated postings again. */
const ENTRIES = 4_096
const OUTDATED = 200

/** What is to do next: a segment to seal, or outdated postings. */
export function nextToSeal({ db }: ReadContext): { segment: number | null; outdated: boolean } {
  const { size, done } = readSealing(db)
  const { position } = db.row<{ position: number }>('SELECT position FROM meta')!
  const outdated = db.row('SELECT 1 FROM outdated_posting WHERE segment < ? LIMIT 1', done)
  return {
    segment: position >= (done + 1) * size - 1 ? done : null,
    outdated: outdated !== undefined,
  }
}

export function beginSegment({ db }: WriteContext, segment: number): void {
  db.run('UPDATE sealing SET begun = max(begun, ?)', segment + 1)
}

export function computePostings({ db }: ReadContext, segment: number): PostingRows[] {
  const { size } = readSealing(db)
  const first = segment * size
  const last = first + size - 1
  const offsets = new Map<number, number[]>()
  const add = (term: number, seq: number) => {
    const known = offsets.get(term)
    if (known) known.push(seq - first)
    else offsets.set(term, [seq - first])
  }
  for (const { seq, terms } of db.scan<{ seq: number; terms: string }>(
    'SELECT seq, terms FROM statement WHERE seq >= ? AND seq <= ? ORDER BY seq',
    first,
    last,
  )) {
    for (const term of JSON.parse(terms) as number[]) add(term, seq)
  }
  for (const term of [TARGETS, VOIDED]) {
    for (const { seq } of entriesWithin(db, term, first, last)) add(term, seq)
  }
  const rows = [...offsets]
    .filter(([, { length }]) => length >= fewest(size))
    .sort(([a], [b]) => a - b)
    .map(([term, list]) => ({ term, bits: encode(list, size) }))
  return pack(rows)
}

function pack(rows: { term: number; bits: Uint8Array }[]): PostingRows[] {
  const packed: PostingRows[] = []
  for (let at = 0; at < rows.length; ) {
    const some: typeof rows = []
    let bytes = 0
    while (at < rows.length && some.length < ROWS && bytes < BYTES) {
      some.push(rows[at]!)
      bytes += rows[at++]!.bits.length
    }
    const bits = new Uint8Array(bytes)
    let end = 0
    const ends = some.map((row) => {
      bits.set(row.bits, end)
      end += row.bits.length
      return end
    })
    packed.push({ terms: some.map(({ term }) => term), ends, bits })
  }
  return packed
}

export function addPostings(
  { db }: WriteContext,
  { segment, rows }: { segment: number; rows: PostingRows },
): void {
  let start = 0
  rows.terms.forEach((term, i) => {
    const end = rows.ends[i]!
    db.run(
      `INSERT OR REPLACE INTO posting (place, bits)
       SELECT ?, ? WHERE NOT EXISTS (SELECT 1 FROM outdated_posting WHERE segment = ? AND term = ?)`,
      placeOf(term, segment),
      rows.bits.subarray(start, end),
      segment,
      term,
    )
    start = end
  })
}

export function endSegment({ db }: WriteContext, segment: number): void {
  db.run('UPDATE sealing SET done = max(done, ?)', segment + 1)
}

/** Makes some outdated postings again. True when there may be more of them. */
export function renewPostings({ db }: WriteContext): boolean {
  const { size, done } = readSealing(db)
  const outdated = db.rows<{ segment: number; term: number }>(
    'SELECT segment, term FROM outdated_posting WHERE segment < ? ORDER BY segment, term LIMIT ?',
    done,
    OUTDATED,
  )
  let entries = 0
  for (const [i, { segment, term }] of outdated.entries()) {
    entries += renew(db, segment, term, size)
    if (entries >= ENTRIES && i + 1 < outdated.length) return true
  }
  return outdated.length === OUTDATED
}

function renew(db: Connection, segment: number, term: number, size: number): number {
  const place = placeOf(term, segment)
  const first = segment * size
  const entries = entriesWithin(db, term, first, first + size - 1)
  if (entries.length >= fewest(size)) {
    const offsets = entries.map(({ seq }) => seq - first)
    db.run('INSERT OR REPLACE INTO posting (place, bits) VALUES (?, ?)', place, encode(offsets, size))
  } else {
    db.run('DELETE FROM posting WHERE place = ?', place)
  }
  db.run('DELETE FROM outdated_posting WHERE segment = ? AND term = ?', segment, term)
  return entries.length
}
