import type { Connection } from '../connection.ts'
import { type Criteria, clipped, firstOf, rarestFirst, type Span } from './criteria.ts'
import { findPositions, lastPosition } from './positions.ts'
import { readSealing, TARGETS } from './postings.ts'

/** This part of a segment's size: no more references than that in the span are gone through, and nothing else is tried. */
const FEW_PART = 1 / 64
/** Of more references so many are gone through before it is asked whether few targets match. */
const FIRST_PART = 1 / 512
/** Then so many times more. */
const GROWTH = 8
/** Following a matching target takes as long as going through so many references. */
const REFERENCES_A_TARGET = 4

/**
 * Positions of the first statements in the span that refer, directly or over others, to one that matches by itself.
 * From both sides in turn, each time further: up from the references in the span, or down from the matching targets,
 * so that it takes as long as the better of both, within a constant.
 */
export function findReferrers(db: Connection, sought: Criteria, span: Span): number[] {
  const found: number[] = []
  const criteria = { ...sought, terms: rareFirst(db, sought.terms) }
  const answers = new Map<number, boolean>()
  const { size } = readSealing(db)
  if (edgeOf(db, span, Math.ceil(size * FEW_PART)) === null)
    return upFromReferrers(db, criteria, span, answers)
  let rest = span
  for (let references = Math.ceil(size * FIRST_PART); rest.low <= rest.high; references *= GROWTH) {
    const edge = edgeOf(db, rest, references)
    const part = edge === null ? rest : rest.ascending ? { ...rest, high: edge } : { ...rest, low: edge }
    found.push(...upFromReferrers(db, criteria, part, answers))
    if (edge === null || found.length >= span.limit) break
    rest = span.ascending ? clipped(rest, edge + 1, rest.high) : clipped(rest, rest.low, edge - 1)
    rest = { ...rest, limit: span.limit - found.length }

    const most = Math.floor(references / REFERENCES_A_TARGET)
    const targets = findMatchingTargets(db, criteria, most + 1)
    if (targets.length <= most) return [...found, ...downFromMatches(db, criteria, targets, rest)]
  }
  return found
}

/** Of a target it is asked first whether it is under the rarest: mostly it is not, and the rarest takes up few pages. */
function rareFirst(db: Connection, terms: readonly number[]): readonly number[] {
  if (terms.length < 2) return terms
  return rarestFirst(db, terms, { low: 1, high: lastPosition(db), ascending: false, limit: 0 }, COUNTED).terms
}
const COUNTED = 1_024

/** Position of the last of so many references from the span's begin; null when there are no more than that. */
function edgeOf(db: Connection, span: Span, references: number): number | null {
  const row = db.row<{ seq: number }>(
    `SELECT seq FROM reference WHERE seq >= ? AND seq <= ?
     ORDER BY seq ${span.ascending ? 'ASC' : 'DESC'} LIMIT 1 OFFSET ?`,
    span.low,
    span.high,
    references,
  )
  return row?.seq ?? null
}

/** Walks the references in order and asks of each whether its way up passes a match; every target is asked once. */
function upFromReferrers(
  db: Connection,
  criteria: Criteria,
  span: Span,
  answers: Map<number, boolean>,
): number[] {
  const allowed = criteria.sources && new Set(criteria.sources)
  const isListed = referrerCheck(db, criteria)
  const found: number[] = []
  const isMatch = criteria.terms.map(() => 'EXISTS (SELECT 1 FROM entry WHERE term = ? AND seq = t.seq)')
  const isAllowed = criteria.sources ? 'AND t.source IN (SELECT value FROM json_each(?))' : ''
  const rows = db.scan<{ seq: number; target: number }>(
    `SELECT r.seq, r.target FROM reference r CROSS JOIN target t ON t.no = r.target
     WHERE r.seq >= ? AND r.seq <= ? AND t.seq IS NOT NULL ${isAllowed} AND (t.parent IS NOT NULL OR (${isMatch.join(' AND ')}))
     ORDER BY r.seq ${span.ascending ? 'ASC' : 'DESC'}`,
    span.low,
    span.high,
    ...(criteria.sources ? [JSON.stringify(criteria.sources)] : []),
    ...criteria.terms,
  )
  for (const { seq, target } of rows) {
    if (!leadsToMatch(db, criteria, allowed, target, answers) || !isListed(seq)) continue
    found.push(seq)
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

/** Whether a referrer itself may be shown. */
function referrerCheck(db: Connection, { sources, includeVoided }: Criteria): (seq: number) => boolean {
  const allowed = sources && new Set(sources)
  return (seq) => {
    const row = db.row<{ source: string; voided: number }>(
      'SELECT source, voided FROM statement WHERE seq = ?',
      seq,
    )!
    return (row.voided === 0 || includeVoided) && (!allowed || allowed.has(row.source))
  }
}

/** Positions of statements that match and are referred to, from whichever time: those that are voided lead on too. */
function findMatchingTargets(db: Connection, { terms, sources }: Criteria, limit: number): number[] {
  return findPositions(
    db,
    { terms: [TARGETS, ...terms], sources, includeVoided: true },
    { low: 1, high: lastPosition(db), ascending: false, limit },
  )
}

/** From matching targets, over the targets that lead to them, to the referrers of all these. */
function downFromMatches(db: Connection, criteria: Criteria, positions: number[], span: Span): number[] {
  const allowed = criteria.sources && new Set(criteria.sources)
  const isListed = referrerCheck(db, criteria)
  const reached = new Set<number>()
  const targets: number[] = []
  const reach = (rows: { no: number; source: string | null }[]) => {
    for (const { no, source } of rows) {
      if (reached.has(no) || (allowed && !allowed.has(source!))) continue
      reached.add(no)
      targets.push(no)
    }
  }
  for (const seq of positions) reach(db.rows('SELECT no, source FROM target WHERE seq = ?', seq))
  let found: number[] = []
  let within = span
  for (let no = targets.pop(); no !== undefined; no = targets.pop()) {
    reach(db.rows('SELECT no, source FROM target WHERE parent = ? AND seq IS NOT NULL', no))
    let left = span.limit
    for (const { seq } of db.scan<{ seq: number }>(
      `SELECT seq FROM reference WHERE target = ? AND seq >= ? AND seq <= ?
       ORDER BY seq ${span.ascending ? 'ASC' : 'DESC'}`,
      no,
      within.low,
      within.high,
    )) {
      if (!isListed(seq)) continue
      found.push(seq)
      if (--left === 0) break
    }
    if (found.length < 4 * span.limit) continue
    // What lies beyond the last one that is wanted need not be looked at any more.
    found = firstOf(found, span)
    const last = found.at(-1)!
    within = span.ascending ? { ...within, high: last } : { ...within, low: last }
  }
  return firstOf(found, span)
}
