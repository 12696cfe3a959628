import type { Connection } from '../connection.ts'

/** Positions that a page may come from, both ends inclusive, and how it goes through them. */
export interface Span {
  low: number
  high: number
  ascending: boolean
  /** How many positions are wanted. */
  limit: number
}

export interface Criteria {
  /** Terms that one statement must be under, the rarest first. */
  terms: number[]
  sources: readonly string[] | undefined
  includeVoided: boolean
}

/** Counts no further than it takes to see which term is under the fewest statements. */
export function rarestFirst(db: Connection, terms: number[]): number[] {
  if (terms.length < 2) return terms
  for (const cap of [100, 5_000, 50_000]) {
    const counts = new Map(terms.map((term) => [term, countEntries(db, term, cap)]))
    const sorted = terms.toSorted((a, b) => counts.get(a)! - counts.get(b)!)
    if (counts.get(sorted[0]!)! < cap) return sorted
  }
  return terms
}

export function countEntries(db: Connection, term: number, cap: number): number {
  return db.row<{ n: number }>(
    'SELECT count(*) AS n FROM (SELECT 1 FROM entry WHERE term = ? LIMIT ?)',
    term,
    cap,
  )!.n
}

/** `entry e` for the driving term, and one probe for each of the others; CROSS JOIN keeps that order. */
export function joinTerms(others: readonly number[]): string {
  return `entry e${others.map((_, i) => ` CROSS JOIN entry e${i} ON e${i}.term = ? AND e${i}.seq = e.seq`).join('')}`
}

export function firstOf(positions: number[], span: Span): number[] {
  const sorted = [...new Set(positions)].sort((a, b) => (span.ascending ? a - b : b - a))
  return sorted.slice(0, span.limit)
}
