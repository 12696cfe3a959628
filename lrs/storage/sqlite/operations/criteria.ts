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

/** Whether more statements of the span than that are under a term: quicker than counting them. */
function isUnderMore(db: Connection, term: number, span: Span, than: number): boolean {
  const from = term === TARGETS ? 'target WHERE' : 'entry WHERE term = ? AND'
  const row = db.row(
    `SELECT 1 FROM ${from} seq >= ? AND seq <= ? LIMIT 1 OFFSET ?`,
    ...(term === TARGETS ? [] : [term]),
    span.low,
    span.high,
    than,
  )
  return row !== undefined
}

/** So many are counted of each term at first: most pages have a rare one. */
const AT_ONCE = 64

/** The rarest first, as far as there are fewer than `cap` under it; `least` is their number, `cap` for all others. */
export function rarestFirst(
  db: Connection,
  terms: readonly number[],
  span: Span,
  cap: number,
): { terms: readonly number[]; least: number } {
  const few = Math.min(AT_ONCE, cap)
  const sorted = (count: (term: number) => number) => {
    const counts = new Map(terms.map((term) => [term, count(term)]))
    const byCount = terms.toSorted((a, b) => counts.get(a)! - counts.get(b)!)
    return { terms: byCount, least: counts.get(byCount[0]!)! }
  }
  const first = sorted((term) => countWithin(db, term, span, few))
  if (first.least < few || few === cap) return first
  return sorted((term) => (isUnderMore(db, term, span, cap - 1) ? cap : countWithin(db, term, span, cap)))
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
