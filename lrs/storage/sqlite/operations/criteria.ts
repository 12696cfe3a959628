import type { Connection } from '../connection.ts'
import { TARGETS } from './postings.ts'

/** Positions that a page may come from, both ends inclusive, and how it goes through them. */
export interface Span {
  low: number
  high: number
  ascending: boolean
  /** How many positions are wanted. */
  limit: number
}

export interface Criteria {
  /** Terms that one statement must be under. */
  terms: readonly number[]
  sources: readonly string[] | undefined
  includeVoided: boolean
}

/** How many statements of the span are under a term, counted up to `cap`. */
export function countWithin(db: Connection, term: number, span: Span, cap: number): number {
  const from = term === TARGETS ? 'target WHERE' : 'entry WHERE term = ? AND'
  return db.row<{ n: number }>(
    `SELECT count(*) AS n FROM (SELECT 1 FROM ${from} seq >= ? AND seq <= ? LIMIT ?)`,
    ...(term === TARGETS ? [] : [term]),
    span.low,
    span.high,
    cap,
  )!.n
}

/** The rarest first: counted no further than it takes to see which that is, and not beyond `cap`. */
export function rarestFirst(
  db: Connection,
  terms: readonly number[],
  span: Span,
  cap: number,
): { terms: readonly number[]; least: number } {
  let counts = new Map<number, number>()
  let sorted = terms
  for (let upTo = Math.min(64, cap); ; upTo = cap) {
    counts = new Map(terms.map((term) => [term, countWithin(db, term, span, upTo)]))
    sorted = terms.toSorted((a, b) => counts.get(a)! - counts.get(b)!)
    const least = counts.get(sorted[0]!)!
    if (least < upTo || upTo === cap) return { terms: sorted, least }
  }
}

export const clipped = (span: Span, low: number, high: number, limit = span.limit): Span => ({
  ...span,
  low: Math.max(span.low, low),
  high: Math.min(span.high, high),
  limit,
})

export function firstOf(positions: number[], span: Span): number[] {
  const sorted = [...new Set(positions)].sort((a, b) => (span.ascending ? a - b : b - a))
  return sorted.slice(0, span.limit)
}
