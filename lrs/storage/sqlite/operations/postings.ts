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

/** Of segments, more than will ever be: 10¹⁰ statements. */
const SEGMENTS = 2 ** 20
/** Key of a row. By term first, so that a page finds the rows of its terms side by side, on few pages of the disk. */
export const placeOf = (term: number, segment: number) => term * SEGMENTS + segment
export const partsOf = (place: number) => ({ term: Math.floor(place / SEGMENTS), segment: place % SEGMENTS })

/** A term under fewer statements of a segment has no row there: they are looked at one by one. */
export const fewest = (size: number) => Math.ceil(size / 1024)

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

/** The rows of one term in the direction of travel, read ahead: a call costs more than a row. */
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
        'SELECT place, bits FROM posting WHERE place >= ? AND place <= ?',
        placeOf(term, low),
        placeOf(term, high),
      )
      for (const { place, bits } of found) rows.set(partsOf(place).segment, bits)
    }
    return rows.get(segment)
  }
}

/** The positions of one segment as bits. One is used for all segments of a walk: making it costs more than using it. */
export interface Bitmap {
  /** Begins anew, with all positions of a segment. */
  fill(segment: number): void
  /** With a row of a term. False when nothing is left. */
  intersect(bits: Uint8Array): boolean
  remove(bits: Uint8Array): void
  /** In order, both ends inclusive. */
  positions(low: number, high: number, ascending: boolean): Iterable<number>
}

export function createBitmap(size: number): Bitmap {
  const words = new Int32Array(size / 32)
  const bytes = new Uint8Array(words.buffer)
  const otherWords = new Int32Array(size / 32)
  const otherBytes = new Uint8Array(otherWords.buffer)
  let first = 0
  /** Nothing has narrowed it down yet. */
  let whole = true
  /** A row of either form, to be combined word by word. */
  const wordsOf = (bits: Uint8Array): Int32Array => {
    if (bits.length === bytes.length && bits.byteOffset % 4 === 0)
      return new Int32Array(bits.buffer, bits.byteOffset, words.length)
    otherWords.fill(0)
    addTo(otherBytes, bits)
    return otherWords
  }
  return {
    fill(segment) {
      first = segment * size
      words.fill(-1)
      whole = true
    },
    intersect(bits) {
      const other = wordsOf(bits)
      if (whole) {
        words.set(other)
        whole = false
        return true
      }
      let left = 0
      for (let i = 0; i < words.length; i++) left |= words[i]! &= other[i]!
      return left !== 0
    },
    remove(bits) {
      whole = false
      const other = wordsOf(bits)
      for (let i = 0; i < words.length; i++) words[i]! &= ~other[i]!
    },
    *positions(low, high, ascending) {
      const step = ascending ? 1 : -1
      for (let i = ascending ? 0 : words.length - 1; i >= 0 && i < words.length; i += step) {
        if (words[i] === 0) continue
        for (let at = ascending ? 0 : 31; at >= 0 && at < 32; at += step) {
          const offset = i * 32 + at
          if ((bytes[offset >> 3]! & (1 << (offset & 7))) === 0) continue
          const position = first + offset
          if (position >= low && position <= high) yield position
        }
      }
    },
  }
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
  if (term !== VOIDED) db.run('DELETE FROM posting WHERE place = ?', placeOf(term, segment))
  db.run('INSERT OR IGNORE INTO outdated_posting (segment, term) VALUES (?, ?)', segment, term)
}
