import type { StatementPage, StatementQuery, StatementTexts } from '../../port.ts'
import type { Connection } from '../connection.ts'
import type { ReadContext } from './context.ts'
import { type Criteria, firstOf, type Span } from './criteria.ts'
import { findPositions, lastPosition } from './positions.ts'
import { findReferrers } from './query-referrers.ts'
import {
  joinTexts,
  STATEMENT_COLUMNS,
  type StatementRow,
  storedStatement,
  TEXT_COLUMNS,
  type TextRow,
} from './statement-row.ts'
import { findTerm } from './terms.ts'

/** A page of statements. */
export function queryStatements({ db }: ReadContext, query: StatementQuery): StatementPage {
  const found = findListed(db, query)
  const rows = onePage(db.scan<StatementRow & Sized>(rowsOf(STATEMENT_COLUMNS), wanted(found, query)), query)
  return { statements: rows.map(storedStatement), more: found.length > rows.length }
}

/** The same page as text. It never becomes a string here, which costs more than to find it. */
export function queryTexts({ db }: ReadContext, query: StatementQuery): StatementTexts {
  const found = findListed(db, query)
  const rows = onePage(db.scan<TextRow & Sized>(rowsOf(TEXT_COLUMNS), wanted(found, query)), query)
  return { ...joinTexts(rows), more: found.length > rows.length }
}

/**
 * Positions of what a page lists, and of one more when there is more. A statement is listed when all keys hold on itself,
 * or on one of those it refers to, directly or over others (xAPI 1.0.3 Data 2.4.4, Communication 2.1.4). Both kinds are
 * found apart and merged by position.
 */
function findListed(db: Connection, query: StatementQuery): number[] {
  const span = spanOf(db, query)
  const criteria = criteriaOf(db, query)
  if (!criteria || span.low > span.high) return []
  const own = findPositions(db, criteria, span)
  return query.keys.length === 0 ? own : withReferrers(db, criteria, span, own)
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

interface Sized {
  bytes: number
}

/** Rows in the order of their positions, all in one call: the outer table of a CROSS JOIN gives the order. */
const rowsOf = (columns: string) =>
  `SELECT ${columns}, octet_length(text) AS bytes
   FROM (SELECT value AS wanted FROM json_each(?)) CROSS JOIN statement ON seq = wanted`

const wanted = (found: readonly number[], query: StatementQuery) =>
  JSON.stringify(found.slice(0, Math.max(1, query.limit)))

function onePage<R extends Sized>(rows: Iterable<R>, { maxBytes }: StatementQuery): R[] {
  const page: R[] = []
  let bytes = 0
  for (const row of rows) {
    bytes += row.bytes
    if (page.length > 0 && bytes > maxBytes) break
    page.push(row)
  }
  return page
}
