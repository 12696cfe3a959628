import { type StatementRecord, stamp, type WriteOutcome, type WriteRefusal } from '../../port.ts'
import { sha2Bytes, uuidBytes } from '../bytes.ts'
import { rollBackWith, type WriteContext } from './context.ts'
import { createStated } from './define.ts'
import { outdatePosting, VOIDED } from './postings.ts'
import { internTarget, link } from './references.ts'
import { enter, internTerm, nameTerm, sourceTerm } from './terms.ts'

/** All or none of the records; see StatementStore.write. */
export function writeStatements(context: WriteContext, records: Iterable<StatementRecord>): WriteOutcome {
  let fresh = 0
  let last = 0
  const stated = createStated()
  for (const record of records) {
    const result = writeOne(context, record)
    if (typeof result === 'object') return rollBackWith({ ok: false, refusal: result })
    if (result > 0) {
      fresh++
      last = result
      for (const { activity, text } of record.definitions) stated.add(record.source, activity, text)
    }
  }
  stated.define(context)
  if (fresh > 0) {
    context.countStatements(fresh)
    context.db.run(
      `INSERT INTO moment (stored, last_seq) VALUES (?, ?)
       ON CONFLICT (stored) DO UPDATE SET last_seq = excluded.last_seq`,
      context.stamp,
      last,
    )
  }
  return { ok: true, stored: context.stamp, fresh }
}

/** The new position, 0 when the same statement is there already, or why not. */
function writeOne(context: WriteContext, record: StatementRecord): number | WriteRefusal {
  const { db } = context
  const id = mustBeUuid(record.id)
  const there = db.row<{ fingerprint: string }>('SELECT fingerprint FROM statement WHERE id = ?', id)
  if (there) return there.fingerprint === record.fingerprint ? 0 : { kind: 'conflict', id: record.id }

  for (const sha2 of record.attachments) {
    const bytes = sha2Bytes(sha2)
    if (!bytes || !db.row('SELECT 1 FROM blob WHERE sha2 = ?', bytes)) {
      return { kind: 'blob-missing', id: record.id, sha2 }
    }
  }

  const terms = termsOf(context, record)
  const seq = context.nextPosition()
  const refersTo = record.refersTo === null ? null : mustBeUuid(record.refersTo)
  db.run(
    `INSERT INTO statement (seq, id, stored, source, fingerprint, refers_to, voiding, voided, attachments, terms, text)
     VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?)`,
    seq,
    id,
    context.stamp,
    record.source,
    record.fingerprint,
    refersTo,
    record.voiding ? 1 : 0,
    record.attachments.length > 0 ? JSON.stringify(record.attachments) : null,
    JSON.stringify(terms),
    stamp(record, context.stamp),
  )
  for (const term of terms) enter(context, seq, term)
  for (const sha2 of record.attachments) holdAttachment(context, seq, sha2)
  link(context, { seq, id, source: record.source, refersTo })
  return voidTarget(context, record, seq, refersTo) ?? takeWaitingVoid(context, record, seq, id) ?? seq
}

/** Numbers of all terms that a statement is entered under: its keys, its source, and the names it states. */
export function termsOf(
  context: WriteContext,
  { keys, names, source }: Pick<StatementRecord, 'keys' | 'names' | 'source'>,
): number[] {
  const terms = new Set<number>()
  for (const key of keys) terms.add(internTerm(context, key))
  for (const { agent, name } of names) terms.add(internTerm(context, nameTerm(agent, source, name)))
  terms.add(internTerm(context, sourceTerm(source)))
  return [...terms]
}

export function holdAttachment({ db }: WriteContext, seq: number, sha2: string): void {
  db.run('INSERT OR IGNORE INTO attachment (sha2, seq) VALUES (?, ?)', sha2Bytes(sha2), seq)
}

/** A voiding statement voids its target when that is there, and waits for it when it is not. */
function voidTarget(
  { db, nextPosition }: WriteContext,
  record: StatementRecord,
  seq: number,
  refersTo: Uint8Array | null,
): WriteRefusal | undefined {
  if (!record.voiding || refersTo === null) return
  db.run(
    'INSERT INTO void (target, seq, source, foreign_too) VALUES (?, ?, ?, ?)',
    internTarget(db, refersTo),
    seq,
    record.source,
    record.mayVoidForeign ? 1 : 0,
  )
  const target = db.row<{ seq: number; source: string; voiding: number; voided: number }>(
    'SELECT seq, source, voiding, voided FROM statement WHERE id = ?',
    refersTo,
  )
  if (!target) return
  const about = { id: record.id, target: record.refersTo! }
  if (target.voiding) return { kind: 'void-voiding', ...about }
  if (target.source !== record.source && !record.mayVoidForeign) return { kind: 'void-foreign', ...about }
  if (!target.voided) markVoided(db, target.seq, about.target, nextPosition())
}

/** A statement that comes after what voids it is voided at once, by the same rule. A voiding one never is. */
function takeWaitingVoid(
  { db, nextPosition }: WriteContext,
  record: StatementRecord,
  seq: number,
  id: Uint8Array,
): undefined {
  if (record.voiding) return
  const effective = db.row(
    `SELECT 1 FROM target t CROSS JOIN void v ON v.target = t.no
     WHERE t.id = ? AND (v.source = ? OR v.foreign_too = 1) LIMIT 1`,
    id,
    record.source,
  )
  if (effective) markVoided(db, seq, record.id, nextPosition())
}

function markVoided(db: WriteContext['db'], seq: number, id: string, position: number): void {
  db.run('UPDATE statement SET voided = 1 WHERE seq = ?', seq)
  outdatePosting(db, VOIDED, seq)
  db.run("INSERT INTO event (seq, kind, content) VALUES (?, 'voided', ?)", position, JSON.stringify({ id }))
}

function mustBeUuid(id: string): Uint8Array {
  const bytes = uuidBytes(id)
  if (!bytes) throw new Error(`Not a UUID in lower case: ${id}`)
  return bytes
}
