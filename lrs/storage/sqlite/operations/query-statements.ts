import type { StatementPage, StatementQuery } from '../../port.ts'
import type { Connection, Value } from '../connection.ts'
import type { ReadContext } from './context.ts'
import { type Criteria, firstOf, joinTerms, rarestFirst, type Span } from './criteria.ts'
import { findReferrers } from './query-referrers.ts'
import { STATEMENT_COLUMNS, type StatementRow, storedStatement } from './statement-row.ts'
import { findTerm, sourceTerm } from './terms.ts'

/**
 * A page of statements. A statement is listed when all keys hold on itself, or on one of those it refers to, directly
 * or over others (xAPI 1.0.3 Data 2.4.4, Communication 2.1.4). Both kinds are found apart and merged by position.
 */
export function queryStatements({ db }: ReadContext, query: StatementQuery): StatementPage {
  const span = spanOf(db, query)
  const criteria = criteriaOf(db, query)
  if (!criteria || span.low > span.high) return { statements: [], more: false }
  const own = findOwn(db, criteria, span)
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
  let high = query.until === undefined ? Number.MAX_SAFE_INTEGER : lastAt(query.until)
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
  return {
    terms: rarestFirst(db, terms),
    sources: query.sources,
    includeVoided: query.includeVoided ?? false,
  }
}

/** Positions of the first statements in the span that match by themselves. */
function findOwn(db: Connection, { terms, sources, includeVoided }: Criteria, span: Span): number[] {
  if (!sources) return findUnder(db, terms, includeVoided, span)
  // A source is a term like any other, so that what one source sent is found without reading the others'.
  const found = [...new Set(sources)].flatMap((source) => {
    const term = findTerm(db, sourceTerm(source))
    return term === null ? [] : findUnder(db, rarestFirst(db, [...terms, term]), includeVoided, span)
  })
  return firstOf(found, span)
}

function findUnder(db: Connection, terms: readonly number[], includeVoided: boolean, span: Span): number[] {
  const [first, ...others] = terms
  const from =
    first === undefined ? 'statement s' : `${joinTerms(others)} CROSS JOIN statement s ON s.seq = e.seq`
  const seq = first === undefined ? 's.seq' : 'e.seq'
  const values: Value[] = [...others]
  if (first !== undefined) values.push(first)
  const sql = `SELECT ${seq} AS seq FROM ${from}
    WHERE ${first === undefined ? '' : 'e.term = ? AND '}${seq} >= ? AND ${seq} <= ?
    ${includeVoided ? '' : 'AND s.voided = 0'}
    ORDER BY ${seq} ${span.ascending ? 'ASC' : 'DESC'} LIMIT ?`
  return db.rows<{ seq: number }>(sql, ...values, span.low, span.high, span.limit).map((row) => row.seq)
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
