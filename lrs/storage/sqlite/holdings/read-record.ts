import { mergeRecord, RECORD_BEGIN, type RecordPlace } from '../../held-record.ts'
import type { HeldEntry, HeldEvent, HeldStatement } from '../../holding.ts'
import type { Connection } from '../connection.ts'
import { STATEMENT_COLUMNS, type StatementRow, storedStatement } from '../operations/statement-row.ts'
import { parseNameTerm } from '../operations/terms.ts'

/** One page: so many statements or events, or characters of their texts, whatever comes first. */
const MOST = 1_000
const MOST_CHARACTERS = 4_000_000

/** Statements, events and moments behind a place, in order. */
export function readRecord(
  db: Connection,
  from: RecordPlace | null,
): { items: HeldEntry[]; next: RecordPlace | null } {
  const after = from ?? RECORD_BEGIN
  const { position: end } = db.row<{ position: number }>('SELECT position FROM meta')!
  const rows = db.rows<{ seq: number; kind: string; content: string }>(
    'SELECT seq, kind, content FROM event WHERE seq > ? ORDER BY seq LIMIT ?',
    after.position,
    MOST,
  )
  const { statements, cut } = readStatements(db, after.position)
  let to = end
  if (rows.length === MOST) to = Math.min(to, rows.at(-1)!.seq)
  if (cut) to = Math.min(to, statements.at(-1)!.position)
  const events = rows.map(
    ({ seq, kind, content }) => ({ kind, position: seq, ...JSON.parse(content) }) as HeldEvent,
  )
  const { items, place } = mergeRecord(after, to, statements, events, momentsBehind(db, after.stored, to))
  return { items, next: to < end ? place : null }
}

function momentsBehind(db: Connection, stored: number, to: number): { stored: number; last: number }[] {
  const moments: { stored: number; last: number }[] = []
  for (const moment of db.scan<{ stored: number; last: number }>(
    'SELECT stored, last_seq AS last FROM moment WHERE stored > ? ORDER BY stored',
    stored,
  )) {
    if (moment.last > to) break
    moments.push(moment)
  }
  return moments
}

function readStatements(db: Connection, after: number): { statements: HeldStatement[]; cut: boolean } {
  const statements: HeldStatement[] = []
  let characters = 0
  for (const row of db.scan<StatementRow & { terms: string; is_target: number }>(
    `SELECT ${STATEMENT_COLUMNS}, terms, EXISTS (SELECT 1 FROM target t WHERE t.id = statement.id) AS is_target
     FROM statement WHERE seq > ? ORDER BY seq LIMIT ?`,
    after,
    MOST,
  )) {
    characters += row.text.length
    if (characters > MOST_CHARACTERS && statements.length > 0) return { statements, cut: true }
    statements.push(heldStatement(db, row))
  }
  return { statements, cut: statements.length === MOST }
}

function heldStatement(
  db: Connection,
  row: StatementRow & { terms: string; is_target: number },
): HeldStatement {
  const keys: string[] = []
  const names: HeldStatement['names'] = []
  for (const term of JSON.parse(row.terms) as number[]) {
    const key = keyOf(db, term)
    if (key === undefined || key.startsWith('#source:')) continue
    if (!key.startsWith('#name:')) keys.push(key)
    else {
      const [agent] = JSON.parse(key.slice('#name:'.length)) as [string]
      names.push({ agent, name: parseNameTerm(key).name })
    }
  }
  return {
    kind: 'statement',
    ...storedStatement(row),
    attachments: row.attachments === null ? [] : (JSON.parse(row.attachments) as string[]),
    mayVoidForeign: row.voiding === 1 && voidsForeign(db, row),
    isTarget: row.is_target === 1,
    keys: keys.sort(),
    names: names.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
  }
}

const REMEMBERED = 50_000

function keyOf(db: Connection, term: number): string | undefined {
  let keys = db.memory.get('keys') as Map<number, string> | undefined
  if (!keys || keys.size > REMEMBERED) {
    keys = new Map()
    db.memory.set('keys', keys)
  }
  const known = keys.get(term)
  if (known !== undefined) return known
  const key = db.row<{ key: string }>('SELECT key FROM term WHERE no = ?', term)?.key
  if (key !== undefined) keys.set(term, key)
  return key
}

const voidsForeign = (db: Connection, { seq, refers_to }: StatementRow): boolean =>
  db.row(
    `SELECT 1 FROM target t CROSS JOIN void v ON v.target = t.no
     WHERE t.id = ? AND v.seq = ? AND v.foreign_too = 1`,
    refers_to,
    seq,
  ) !== undefined
