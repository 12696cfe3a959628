import type { Connection, Value } from '../connection.ts'
import { type Criteria, countEntries, firstOf, joinTerms, type Span } from './criteria.ts'

/** Up to this many references it is not worth counting what else could be done. */
const FEW = 1_000
const MANY = 250_000

/**
 * Positions of the first statements in the span that refer, directly or over others, to one that matches by itself.
 * From the side where there is less: up from the references in the span, or down from the matching statements.
 */
export function findReferrers(db: Connection, criteria: Criteria, span: Span): number[] {
  const references = countReferences(db, span, FEW) < FEW ? FEW : countReferences(db, span, MANY)
  if (references <= FEW) return upFromReferrers(db, criteria, span)
  const matches = countEntries(db, criteria.terms[0]!, MANY)
  return matches <= references ? downFromMatches(db, criteria, span) : upFromReferrers(db, criteria, span)
}

function countReferences(db: Connection, span: Span, cap: number): number {
  return db.row<{ n: number }>(
    'SELECT count(*) AS n FROM (SELECT 1 FROM reference WHERE seq >= ? AND seq <= ? LIMIT ?)',
    span.low,
    span.high,
    cap,
  )!.n
}

/** Walks the references in order and asks of each whether its way up passes a match; every target is asked once. */
function upFromReferrers(db: Connection, criteria: Criteria, span: Span): number[] {
  const allowed = criteria.sources && new Set(criteria.sources)
  const answers = new Map<number, boolean>()
  const found: number[] = []
  const rows = db.scan<{ seq: number; target: number; source: string; voided: number }>(
    `SELECT r.seq, r.target, s.source, s.voided FROM reference r CROSS JOIN statement s ON s.seq = r.seq
     WHERE r.seq >= ? AND r.seq <= ? ORDER BY r.seq ${span.ascending ? 'ASC' : 'DESC'}`,
    span.low,
    span.high,
  )
  for (const row of rows) {
    if (row.voided === 1 && !criteria.includeVoided) continue
    if (allowed && !allowed.has(row.source)) continue
    if (!leadsToMatch(db, criteria, allowed, row.target, answers)) continue
    found.push(row.seq)
    if (found.length === span.limit) break
  }
  return found
}

/** Whether a target, or what it refers to over any number of steps, matches. A cycle without a match does not. */
function leadsToMatch(
  db: Connection,
  criteria: Criteria,
  allowed: ReadonlySet<string> | undefined,
  start: number,
  answers: Map<number, boolean>,
): boolean {
  const way: number[] = []
  const passed = new Set<number>()
  let answer = false
  let here: number | null = start
  while (here !== null && !passed.has(here)) {
    const known = answers.get(here)
    if (known !== undefined) {
      answer = known
      break
    }
    passed.add(here)
    way.push(here)
    const target: { seq: number | null; source: string | null; parent: number | null } | undefined = db.row(
      'SELECT seq, source, parent FROM target WHERE no = ?',
      here,
    )
    if (!target || target.seq === null) break
    if (allowed && !allowed.has(target.source!)) break
    if (isUnder(db, target.seq, criteria.terms)) {
      answer = true
      break
    }
    here = target.parent
  }
  for (const target of way) answers.set(target, answer)
  return answer
}

function isUnder(db: Connection, seq: number, terms: readonly number[]): boolean {
  return terms.every((term) => db.row('SELECT 1 FROM entry WHERE term = ? AND seq = ?', term, seq))
}

/** From the matching statements that are referred to, over the targets that lead to them, to the referrers of all these. */
function downFromMatches(db: Connection, criteria: Criteria, span: Span): number[] {
  const [first, ...others] = criteria.terms
  const sources = criteria.sources ? JSON.stringify(criteria.sources) : null
  const isAllowed = (column: string) =>
    sources === null ? '' : `AND ${column} IN (SELECT value FROM json_each(?))`
  const filter: Value[] = sources === null ? [] : [sources]
  const targets = db.rows<{ no: number }>(
    `WITH RECURSIVE hit (no) AS (
       SELECT t.no FROM ${joinTerms(others)} CROSS JOIN target t ON t.seq = e.seq
       WHERE e.term = ? ${isAllowed('t.source')}
       UNION
       SELECT t.no FROM hit CROSS JOIN target t ON t.parent = hit.no WHERE t.seq IS NOT NULL ${isAllowed('t.source')}
     ) SELECT no FROM hit`,
    ...others,
    first!,
    ...filter,
    ...filter,
  )
  const found: number[] = []
  for (const { no } of targets) {
    const rows = db.rows<{ seq: number }>(
      `SELECT r.seq FROM reference r CROSS JOIN statement s ON s.seq = r.seq
       WHERE r.target = ? AND r.seq >= ? AND r.seq <= ? ${criteria.includeVoided ? '' : 'AND s.voided = 0'}
       ${isAllowed('s.source')} ORDER BY r.seq ${span.ascending ? 'ASC' : 'DESC'} LIMIT ?`,
      no,
      span.low,
      span.high,
      ...filter,
      span.limit,
    )
    for (const row of rows) found.push(row.seq)
  }
  return firstOf(found, span)
}
