import type { Connection } from '../connection.ts'
import { entriesWithin, outdatePosting, partsOf, readSealing, VOIDED } from '../operations/postings.ts'
import type { Flaw } from './flaw.ts'

/** Postings behind a place that hold other positions than the index does. */
export function postingFlaws(
  db: Connection,
  after: number,
  limit: number,
): { flaws: Flaw[]; next: number | null } {
  const { size } = readSealing(db)
  const rows = db.rows<{ place: number; bits: Uint8Array }>(
    'SELECT place, bits FROM posting WHERE place > ? ORDER BY place LIMIT ?',
    after,
    limit,
  )
  const flaws: Flaw[] = []
  for (const { place, bits } of rows) {
    const { segment, term } = partsOf(place)
    const first = segment * size
    const there = new Set(entriesWithin(db, term, first, first + size - 1).map(({ seq }) => seq - first))
    const listed = offsetsIn(bits, size)
    // Of the voided ones some may be missing there.
    if (listed.every((offset) => there.has(offset)) && (term === VOIDED || listed.length === there.size))
      continue
    flaws.push({
      kind: 'posting-wrong',
      what: `The bitmap of key number ${term} for positions ${first} to ${first + size - 1} is not what the index has: lists by several keys may be wrong.`,
      fix: ({ db }) => {
        outdatePosting(db, term, first)
        db.run('DELETE FROM posting WHERE place = ?', place)
      },
    })
  }
  return { flaws, next: rows.length === limit ? rows.at(-1)!.place : null }
}

/** The reverse of `encode`. */
function offsetsIn(bits: Uint8Array, size: number): number[] {
  if (bits.length !== size / 8)
    return Array.from({ length: bits.length / 2 }, (_, i) => bits[2 * i]! | (bits[2 * i + 1]! << 8))
  const offsets: number[] = []
  bits.forEach((byte, i) => {
    for (let bit = 0; byte >> bit !== 0; bit++) if ((byte >> bit) & 1) offsets.push(i * 8 + bit)
  })
  return offsets
}
