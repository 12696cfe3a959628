import type { Connection, Value } from '../connection.ts'
import { type Criteria, clipped, countWithin, firstOf, rarestFirst, type Span } from './criteria.ts'
import {
  createBitmap,
  createPostingReader,
  fewest,
  readSealing,
  type Sealing,
  TARGETS,
  unionOf,
  VOIDED,
} from './postings.ts'
import { findTerm, sourceTerm } from './terms.ts'

/** A term that is under fewer statements than it has rows there, in so many segments at least, is gone through itself. */
const LEAST_SEGMENTS = 16
/** No further is it counted which of the terms is the rarest in one segment. */
const MOST_COUNTED = 2_048
/** Of more sources, each match is asked for its own instead. */
const MANY_SOURCES = 32

/** Positions of the first statements in the span that match by themselves. */
export function findPositions(db: Connection, criteria: Criteria, span: Span): number[] {
  if (span.low > span.high) return []
  const sealing = readSealing(db)
  const segments = Math.max(LEAST_SEGMENTS, Math.ceil((span.high - span.low) / sealing.size))
  const cap = segments * fewest(sealing.size)

  const sources = criteria.sources && [...new Set(criteria.sources)]
  const sourceTerms = sources?.flatMap((source) => findTerm(db, sourceTerm(source)) ?? [])
  if (sourceTerms?.length === 0) return []
  // One source is a term like any other, so that what it sent is found without reading the others'.
  const one = sourceTerms?.length === 1
  const all = one ? [...criteria.terms, sourceTerms[0]!] : criteria.terms
  const { terms, least } = all.length === 0 ? { terms: all, least: cap } : rarestFirst(db, all, span, cap)
  const sought: Sought = {
    terms,
    sources: one || !sources ? null : JSON.stringify(sources),
    sourceTerms: one || !sourceTerms || sourceTerms.length > MANY_SOURCES ? null : sourceTerms,
    includeVoided: criteria.includeVoided,
  }
  if (least < cap) return probe(db, sought, span)
  if (sought.sourceTerms) {
    const counts = sought.sourceTerms.map((term) => countWithin(db, term, span, cap))
    if (counts.reduce((sum, count) => sum + count, 0) < cap) {
      const found = sought.sourceTerms.flatMap((term) =>
        probe(db, { ...sought, sources: null, terms: [term, ...terms] }, span),
      )
      return firstOf(found, span)
    }
  }
  return throughSegments(db, sought, span, sealing)
}

export function lastPosition(db: Connection): number {
  return db.row<{ last: number | null }>('SELECT max(seq) AS last FROM statement')!.last ?? 0
}

interface Sought {
  /** Where one statement after the other is looked at, from those under the first term. */
  terms: readonly number[]
  /** When there are several: as JSON. */
  sources: string | null
  /** The same as terms, where that helps. */
  sourceTerms: readonly number[] | null
  includeVoided: boolean
}

/** What only the statement's own row can tell. */
const needsRow = ({ terms, sources, includeVoided }: Sought) =>
  !includeVoided || sources !== null || terms.length === 0

/** Goes through the statements under the first term and looks for each under the others. */
function probe(db: Connection, sought: Sought, span: Span): number[] {
  const { terms, sources, includeVoided } = sought
  const tables: string[] = []
  const where: string[] = []
  const values: Value[] = []
  const seq = terms.length === 0 ? 's.seq' : 'e0.seq'
  terms.forEach((term, i) => {
    tables.push(`${term === TARGETS ? 'target' : 'entry'} e${i}`)
    if (i > 0) where.push(`e${i}.seq = e0.seq`)
    if (term === TARGETS) return
    where.push(`e${i}.term = ?`)
    values.push(term)
  })
  if (needsRow(sought)) {
    tables.push('statement s')
    if (terms.length > 0) where.push('s.seq = e0.seq')
    if (!includeVoided) where.push('s.voided = 0')
    if (sources !== null) {
      where.push('s.source IN (SELECT value FROM json_each(?))')
      values.push(sources)
    }
  }
  where.push(`${seq} >= ?`, `${seq} <= ?`)
  // CROSS JOIN keeps the order of the tables.
  const sql = `SELECT ${seq} AS seq FROM ${tables.join(' CROSS JOIN ')} WHERE ${where.join(' AND ')}
    ORDER BY ${seq} ${span.ascending ? 'ASC' : 'DESC'} LIMIT ?`
  return db.rows<{ seq: number }>(sql, ...values, span.low, span.high, span.limit).map((row) => row.seq)
}

/** Segment after segment in the direction of travel: by bitmaps where there are some, else by looking at each. */
function throughSegments(db: Connection, sought: Sought, span: Span, { size, done }: Sealing): number[] {
  const found: number[] = []
  const step = span.ascending ? 1 : -1
  const inSegment = createSegmentSearch(db, sought, size, span.ascending)
  let segment = Math.floor((span.ascending ? span.low : span.high) / size)
  for (;;) {
    const part = clipped(span, segment * size, (segment + 1) * size - 1, span.limit - found.length)
    if (part.low > part.high || part.limit <= 0) return found
    if (segment >= done) {
      const terms =
        sought.terms.length < 2 ? sought.terms : rarestFirst(db, sought.terms, part, MOST_COUNTED).terms
      found.push(...probe(db, { ...sought, terms }, part))
      segment += step
      continue
    }
    const without = inSegment(segment, part, found)
    if (without === null) {
      segment += step
      continue
    }
    const rest = sought.terms.filter((term) => term !== without)
    found.push(...probe(db, { ...sought, terms: [without, ...rest] }, part))
    const next = nextUnder(db, without, span, part)
    if (next === null) return found
    segment = Math.floor(next / size)
  }
}

/** Adds what matches in a sealed segment, or answers with a term that few of its statements are under. */
function createSegmentSearch(db: Connection, sought: Sought, size: number, ascending: boolean) {
  const reader = (term: number) => ({ term, bitsOf: createPostingReader(db, term, ascending) })
  const terms = sought.terms.map(reader)
  const sources = sought.sourceTerms?.map(reader)
  const voided = reader(VOIDED)
  const isRight = needsRow(sought) ? rowCheck(db, sought) : () => true
  const matching = createBitmap(size)
  return (segment: number, part: Span, found: number[]): number | null => {
    matching.fill(segment)
    for (const { term, bitsOf } of terms) {
      const bits = bitsOf(segment)
      if (!bits) return term
      if (!matching.intersect(bits)) return null
    }
    if (sources && !matching.intersect(unionOf(db, sources, size, segment))) return null
    const gone = sought.includeVoided ? undefined : voided.bitsOf(segment)
    if (gone) matching.remove(gone)
    let left = part.limit
    for (const position of matching.positions(part.low, part.high, part.ascending)) {
      if (!isRight(position)) continue
      found.push(position)
      if (--left === 0) break
    }
    return null
  }
}

function rowCheck(db: Connection, { sources, includeVoided }: Sought): (position: number) => boolean {
  const allowed = sources === null ? null : new Set(JSON.parse(sources) as string[])
  return (position) => {
    const row = db.row<{ source: string; voided: number }>(
      'SELECT source, voided FROM statement WHERE seq = ?',
      position,
    )
    if (!row || (row.voided === 1 && !includeVoided)) return false
    return allowed === null || allowed.has(row.source)
  }
}

/** Where the next statement under a term is, beyond a part of the span. */
function nextUnder(db: Connection, term: number, span: Span, part: Span): number | null {
  const from = term === TARGETS ? 'target WHERE' : 'entry WHERE term = ? AND'
  const { low, high } = span.ascending
    ? { low: part.high + 1, high: span.high }
    : { low: span.low, high: part.low - 1 }
  const next = db.row<{ seq: number }>(
    `SELECT seq FROM ${from} seq >= ? AND seq <= ? ORDER BY seq ${span.ascending ? 'ASC' : 'DESC'} LIMIT 1`,
    ...(term === TARGETS ? [] : [term]),
    low,
    high,
  )
  return next?.seq ?? null
}
