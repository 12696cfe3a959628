import type { StatementRecord, WriteOutcome, WriteRefusal } from '../../port.ts'
import { stamp } from '../../stamp.ts'
import { sha2Bytes, uuidBytes } from '../bytes.ts'
import { rollBackWith, type WriteContext } from './context.ts'
import { createStated } from './define.ts'
import { outdatePosting, VOIDED } from './postings.ts'
import { internTarget, link } from './references.ts'
import { internTerm, termKeysOf } from './terms.ts'

/** What is looked at of every record, wherever it comes from. */
type Incoming = Pick<
  StatementRecord,
  'id' | 'source' | 'fingerprint' | 'refersTo' | 'voiding' | 'mayVoidForeign' | 'attachments'
>

/** The rest of a record, asked for when its statement is not there yet. */
interface Contents<R> {
  /** Numbers of all terms that it is entered under. */
  terms(record: R): number[]
  /** With the server's times. */
  text(record: R): string | Uint8Array
  definitions(record: R): StatementRecord['definitions']
}

/** All or none of the records; see StatementStore.write. */
export function writeStatements(context: WriteContext, records: readonly StatementRecord[]): WriteOutcome {
  const writing = beginWriting<StatementRecord>(context, {
    terms: (record) => termsOf(context, record),
    text: (record) => stamp(record, context.stamp),
    definitions: (record) => record.definitions,
  })
  for (const record of records) {
    const refusal = writing.take(record)
    if (refusal) return rollBackWith({ ok: false, refusal })
  }
  return writing.end()
}

/** Statements that are written together, one after another. */
export interface Writing<R> {
  /** Why not; then all is to be rolled back. */
  take(record: R): WriteRefusal | undefined
  end(): WriteOutcome
}

export function beginWriting<R extends Incoming>(context: WriteContext, contents: Contents<R>): Writing<R> {
  let fresh = 0
  const stated = createStated()
  return {
    take(record) {
      const result = writeOne(context, record, contents)
      if (typeof result === 'object') return result
      if (result === 0) return
      fresh++
      for (const { activity, text } of contents.definitions(record)) stated.add(record.source, activity, text)
    },
    end() {
      stated.define(context)
      context.countStatements(fresh)
      return { ok: true, stored: context.stamp, fresh }
    },
  }
}

/** The new position, 0 when the same statement is there already, or why not. */
function writeOne<R extends Incoming>(
  context: WriteContext,
  record: R,
  contents: Contents<R>,
): number | WriteRefusal {
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

  const terms = contents.terms(record)
  const seq = context.nextPosition()
  const refersTo = record.refersTo === null ? null : mustBeUuid(record.refersTo)
  db.run(
    `INSERT INTO statement (seq, id, stored, source, fingerprint, refers_to, voiding, voided, attachments, terms, text)
     VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, ?, CAST(? AS TEXT))`,
    seq,
    id,
    context.stamp,
    record.source,
    record.fingerprint,
    refersTo,
    record.voiding ? 1 : 0,
    record.attachments.length > 0 ? JSON.stringify(record.attachments) : null,
    `[${terms.join()}]`,
    contents.text(record),
  )
  context.arrivals.add(seq, terms)
  for (const sha2 of record.attachments) holdAttachment(context, seq, sha2)
  const isTarget = link(context, { seq, id, source: record.source, refersTo })
  const refusal = voidTarget(context, record, seq, refersTo)
  if (refusal) return refusal
  if (isTarget) takeWaitingVoid(context, record, seq, id)
  return seq
}

/** Numbers of all terms that a statement is entered under: its keys, its source, and the names it states. */
export function termsOf(
  context: WriteContext,
  record: Pick<StatementRecord, 'keys' | 'names' | 'source'>,
): number[] {
  return termKeysOf(record).map((key) => internTerm(context, key))
}

export function holdAttachment({ db }: WriteContext, seq: number, sha2: string): void {
  db.run('INSERT OR IGNORE INTO attachment (sha2, seq) VALUES (?, ?)', sha2Bytes(sha2), seq)
}

/** A voiding statement voids its target when that is there, and waits for it when it is not. */
function voidTarget(
  { db, nextPosition }: WriteContext,
  record: Incoming,
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
  record: Incoming,
  seq: number,
  id: Uint8Array,
): void {
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
