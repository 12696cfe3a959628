import type { Connection } from '../connection.ts'

/**
 * Terms as bitmaps. The positions are cut into segments of the same size; once a segment is complete, each term that
 * many of its statements are under gets one row with the positions as bits (seal.ts). Two large terms with little in
 * common are then intersected segment by segment (positions.ts), and not statement by statement.
 *
 * A row that is there is right: what changes an old statement takes away the rows concerned, in the same commit.
 */

/** Statements that are there and are referred to. Beside the terms of the table `term`, and like one of them. */
export const TARGETS = 2 ** 32 - 1
/** Voided statements; some may be missing, so that a void need not take the row away. */
export const VOIDED = 2 ** 32 - 2

export interface Sealing {
  /** Positions in a segment. */
  size: number
  /** Number of segments, from the first on, whose rows must follow what changes. */
  begun: number
  /** Number of segments that have all their rows. */
  done: number
}

export function readSealing(db: Connection): Sealing {
  return db.row<Sealing>('SELECT size, begun, done FROM sealing')!
}

/** Key of a row. By segment first, so that a new segment is appended. */
export const placeOf = (segment: number, term: number) => segment * 2 ** 32 + term
export const partsOf = (place: number) => ({ segment: Math.floor(place / 2 ** 32), term: place % 2 ** 32 })

/** A term under fewer statements of a segment has no row there: they are looked at one by one. */
export const fewest = (size: number) => Math.max(1, size / 1024)

/** Offsets as a bitmap, or as a list of 16-bit numbers where that is shorter; the length tells which. */
export function encode(offsets: readonly number[], size: number): Uint8Array {
  if (offsets.length * 2 < size / 8) {
    const list = new Uint8Array(offsets.length * 2)
    offsets.forEach((offset, i) => {
      list[2 * i] = offset & 0xff
      list[2 * i + 1] = offset >> 8
    })
    return list
  }
  const bitmap = new Uint8Array(size / 8)
  for (const offset of offsets) bitmap[offset >> 3]! |= 1 << (offset & 7)
  return bitmap
}

/** The rows of one term, read ahead: a call costs more than a row. */
export type PostingReader = (segment: number) => Uint8Array | undefined

const MOST_AHEAD = 64

export function createPostingReader(db: Connection, term: number, ascending: boolean): PostingReader {
  const rows = new Map<number, Uint8Array>()
  let low = 0
  let high = -1
  let ahead = 1
  return (segment) => {
    if (segment < low || segment > high) {
      low = ascending ? segment : Math.max(0, segment - ahead + 1)
      high = ascending ? segment + ahead - 1 : segment
      ahead = Math.min(ahead * 4, MOST_AHEAD)
      rows.clear()
      const found = db.rows<{ place: number; bits: Uint8Array }>(
        `WITH RECURSIVE wanted (place) AS (
           SELECT ? UNION ALL SELECT place + 4294967296 FROM wanted WHERE place < ?
         ) SELECT p.place, p.bits FROM wanted w CROSS JOIN posting p ON p.place = w.place`,
        placeOf(low, term),
        placeOf(high, term),
      )
      for (const { place, bits } of found) rows.set(partsOf(place).segment, bits)
    }
    return rows.get(segment)
  }
}

/** The positions of one segment as bits: all of them, to be narrowed down. */
export interface Bitmap {
  /** False when nothing is left. */
  intersect(bits: Uint8Array): boolean
  remove(bits: Uint8Array): void
  /** In order, both ends inclusive. */
  positions(low: number, high: number, ascending: boolean): Iterable<number>
}

export function wholeSegment(size: number, segment: number): Bitmap {
  const bytes = new Uint8Array(size / 8).fill(0xff)
  const words = new Uint32Array(bytes.buffer)
  const first = segment * size
  return {
    intersect(bits) {
      const other = wordsOf(bits, size)
      let left = 0
      for (let i = 0; i < words.length; i++) left |= words[i]! &= other[i]!
      return left !== 0
    },
    remove(bits) {
      const other = wordsOf(bits, size)
      for (let i = 0; i < words.length; i++) words[i]! &= ~other[i]!
    },
    *positions(low, high, ascending) {
      const step = ascending ? 1 : -1
      for (let i = ascending ? 0 : bytes.length - 1; i >= 0 && i < bytes.length; i += step) {
        if (bytes[i] === 0) continue
        for (let bit = ascending ? 0 : 7; bit >= 0 && bit < 8; bit += step) {
          if ((bytes[i]! & (1 << bit)) === 0) continue
          const position = first + i * 8 + bit
          if (position >= low && position <= high) yield position
        }
      }
    },
  }
}

/** A row of either form as a bitmap, to be combined word by word. */
function wordsOf(bits: Uint8Array, size: number): Uint32Array {
  if (bits.length === size / 8 && bits.byteOffset % 4 === 0) {
    return new Uint32Array(bits.buffer, bits.byteOffset, size / 32)
  }
  const bitmap = new Uint8Array(size / 8)
  addTo(bitmap, bits)
  return new Uint32Array(bitmap.buffer)
}

function addTo(bitmap: Uint8Array, bits: Uint8Array): void {
  if (bits.length === bitmap.length) {
    for (let i = 0; i < bitmap.length; i++) bitmap[i]! |= bits[i]!
    return
  }
  for (let i = 0; i < bits.length; i += 2) {
    const offset = bits[i]! | (bits[i + 1]! << 8)
    bitmap[offset >> 3]! |= 1 << (offset & 7)
  }
}

/** What is under one of the terms in a segment, as a bitmap. */
export function unionOf(
  db: Connection,
  terms: readonly { term: number; bitsOf: PostingReader }[],
  size: number,
  segment: number,
): Uint8Array {
  const bitmap = new Uint8Array(size / 8)
  const first = segment * size
  for (const { term, bitsOf } of terms) {
    const bits = bitsOf(segment)
    if (bits) addTo(bitmap, bits)
    else {
      for (const { seq } of entriesWithin(db, term, first, first + size - 1)) {
        const offset = seq - first
        bitmap[offset >> 3]! |= 1 << (offset & 7)
      }
    }
  }
  return bitmap
}

/** The statements under a term at some positions, both ends inclusive. */
export function entriesWithin(db: Connection, term: number, low: number, high: number): { seq: number }[] {
  if (term === TARGETS) {
    return db.rows('SELECT seq FROM target WHERE seq >= ? AND seq <= ? ORDER BY seq', low, high)
  }
  if (term === VOIDED) {
    // What voids refers to what it voids, so the voided ones are among the targets.
    return db.rows(
      `SELECT t.seq FROM target t CROSS JOIN statement s ON s.seq = t.seq
       WHERE t.seq >= ? AND t.seq <= ? AND s.voided = 1 ORDER BY t.seq`,
      low,
      high,
    )
  }
  return db.rows(
    'SELECT seq FROM entry WHERE term = ? AND seq >= ? AND seq <= ? ORDER BY seq',
    term,
    low,
    high,
  )
}

/** To be called by everything that puts an old statement under a term or takes it out. */
export function outdatePosting(db: Connection, term: number, seq: number): void {
  const { size, begun } = readSealing(db)
  const segment = Math.floor(seq / size)
  if (segment >= begun) return
  const place = placeOf(segment, term)
  if (term !== VOIDED) db.run('DELETE FROM posting WHERE place = ?', place)
  db.run('INSERT OR IGNORE INTO outdated_posting (place) VALUES (?)', place)
}
