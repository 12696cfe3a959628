import type { StatementPage, StatementQuery } from '../../port.ts'
import type { Connection } from '../connection.ts'
import type { ReadContext } from './context.ts'
import { type Criteria, firstOf, type Span } from './criteria.ts'
import { findPositions, lastPosition } from './positions.ts'
import { findReferrers } from './query-referrers.ts'
import { STATEMENT_COLUMNS, type StatementRow, storedStatement } from './statement-row.ts'
import { findTerm } from './terms.ts'

/**
 * A page of statements. A statement is listed when all keys hold on itself, or on one of those it refers to, directly
 * or over others (xAPI 1.0.3 Data 2.4.4, Communication 2.1.4). Both kinds are found apart and merged by position.
 */
export function queryStatements({ db }: ReadContext, query: StatementQuery): StatementPage {
  const span = spanOf(db, query)
  const criteria = criteriaOf(db, query)
  if (!criteria || span.low > span.high) return { statements: [], more: false }
  const own = findPositions(db, criteria, span)
  const found = query.keys.length === 0 ? own : withReferrers(db, criteria, span, own)
  return page(db, found, query)
}

function spanOf(db: Connection, query: StatementQuery): Span {
  const lastAt = (time: number) =>
    db.row<{ last_seq: number }>(
      'SELECT last_seq FROM moment WHERE stored <= ? ORDER BY stored DESC LIMIT 1',
      time,
    )?.last_seq ?? 0
  let low = query.since === undefined ? 1 : lastAt(query.since) + 1
  let high = query.until === undefined ? lastPosition(db) : lastAt(query.until)
  if (query.after !== undefined) {
    if (query.ascending) low = Math.max(low, query.after + 1)
    else high = Math.min(high, query.after - 1)
  }
  return { low, high, ascending: query.ascending, limit: Math.max(1, query.limit) + 1 }
}

/** Null when a key was never seen: then nothing matches. */
function criteriaOf(db: Connection, query: StatementQuery): Criteria | null {
  const terms: number[] = []
  for (const key of new Set(query.keys)) {
    const term = findTerm(db, key)
    if (term === null) return null
    terms.push(term)
  }
  return { terms, sources: query.sources, includeVoided: query.includeVoided ?? false }
}

function withReferrers(db: Connection, criteria: Criteria, span: Span, own: number[]): number[] {
  if (!db.row('SELECT 1 FROM reference LIMIT 1')) return own
  // A full page of own matches bounds where referrers could still push in.
  const edge = own.length === span.limit ? own.at(-1)! : undefined
  const within: Span = { ...span }
  if (edge !== undefined && span.ascending) within.high = edge
  if (edge !== undefined && !span.ascending) within.low = edge
  return firstOf([...own, ...findReferrers(db, criteria, within)], span)
}

function page(db: Connection, positions: number[], query: StatementQuery): StatementPage {
  const statements: StatementPage['statements'] = []
  let bytes = 0
  for (const position of positions.slice(0, Math.max(1, query.limit))) {
    const row = db.row<StatementRow>(`SELECT ${STATEMENT_COLUMNS} FROM statement WHERE seq = ?`, position)!
    bytes += Buffer.byteLength(row.text)
    if (statements.length > 0 && bytes > query.maxBytes) break
    statements.push(storedStatement(row))
  }
  return { statements, more: positions.length > statements.length }
}
