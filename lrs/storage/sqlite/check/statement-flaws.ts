import { hexText, sha2Bytes, uuidText } from '../bytes.ts'
import type { Connection } from '../connection.ts'
import { internTarget, link } from '../operations/references.ts'
import { enter } from '../operations/terms.ts'
import { holdAttachment } from '../operations/write-statements.ts'
import type { Flaw } from './flaw.ts'

interface Row {
  seq: number
  id: Uint8Array
  stored: number
  source: string
  refers_to: Uint8Array | null
  voiding: number
  voided: number
  attachments: string | null
  terms: string
}
interface Target {
  no: number
  seq: number | null
  source: string | null
  parent: number | null
}

/** What hangs on these statements and is not as they say. */
export function* statementFlaws(
  db: Connection,
  after: number,
  limit: number,
): Generator<Flaw & { seq: number }> {
  const rows = db.rows<Row>(
    `SELECT seq, id, stored, source, refers_to, voiding, voided, attachments, terms FROM statement
     WHERE seq > ? ORDER BY seq LIMIT ?`,
    after,
    limit,
  )
  for (const row of rows) {
    for (const flaws of [entries, references, voids, attachments, moment])
      for (const flaw of flaws(db, row)) yield { ...flaw, seq: row.seq }
  }
}

const named = (row: Row) => `statement ${uuidText(row.id)} (position ${row.seq})`

function* entries(db: Connection, row: Row): Generator<Flaw> {
  for (const term of JSON.parse(row.terms) as number[]) {
    if (!db.row('SELECT 1 FROM term WHERE no = ?', term))
      yield {
        kind: 'term-missing',
        what: `The key number ${term} of ${named(row)} is not in the list of keys.`,
        fix: ({ db }) =>
          db.run(
            `UPDATE statement SET terms = (SELECT json_group_array(value) FROM json_each(terms) WHERE value <> ?)
             WHERE seq = ?`,
            term,
            row.seq,
          ),
      }
    else if (!db.row('SELECT 1 FROM entry WHERE term = ? AND seq = ?', term, row.seq))
      yield {
        kind: 'entry-missing',
        what: `${named(row)} is missing from the index under one of its keys: lists by it leave the statement out.`,
        fix: (context) => enter(context, row.seq, term),
      }
  }
}

function* references(db: Connection, row: Row): Generator<Flaw> {
  const relink = (context: { db: Connection }) => {
    context.db.run('DELETE FROM reference WHERE seq = ?', row.seq)
    link(context as never, { seq: row.seq, id: row.id, source: row.source, refersTo: row.refers_to })
  }
  const reference = db.row<{ target: number; id: Uint8Array | null }>(
    'SELECT r.target, t.id FROM reference r LEFT JOIN target t ON t.no = r.target WHERE r.seq = ?',
    row.seq,
  )
  const isSame =
    row.refers_to === null
      ? reference === undefined
      : reference?.id != null && Buffer.compare(reference.id, row.refers_to) === 0
  if (!isSame) {
    yield {
      kind: 'reference-wrong',
      what: `What ${named(row)} refers to is not in the index of references.`,
      fix: relink,
    }
    return
  }
  const own = db.row<Target>('SELECT no, seq, source, parent FROM target WHERE id = ?', row.id)
  if (own && (own.seq !== row.seq || own.source !== row.source || own.parent !== (reference?.target ?? null)))
    yield {
      kind: 'reference-wrong',
      what: `Those that refer to ${named(row)} are not linked with it.`,
      fix: relink,
    }
}

function* voids(db: Connection, row: Row): Generator<Flaw> {
  if (row.voiding && row.refers_to) {
    const there = db.row(
      'SELECT 1 FROM target t JOIN void v ON v.target = t.no WHERE t.id = ? AND v.seq = ? AND v.source = ?',
      row.refers_to,
      row.seq,
      row.source,
    )
    if (!there)
      yield {
        kind: 'void-wrong',
        what: `${named(row)} voids another, and that is not in the index of voids.`,
        // Whether it may void another source's is not in its text; what it did void tells.
        fix: ({ db }) =>
          db.run(
            `INSERT OR REPLACE INTO void (target, seq, source, foreign_too)
             VALUES (?1, ?2, ?3, EXISTS (SELECT 1 FROM statement WHERE id = ?4 AND voided = 1 AND source <> ?3))`,
            internTarget(db, row.refers_to!),
            row.seq,
            row.source,
            row.refers_to,
          ),
      }
  }
  const effective =
    !row.voiding &&
    db.row(
      `SELECT 1 FROM target t CROSS JOIN void v ON v.target = t.no
       WHERE t.id = ? AND (v.source = ? OR v.foreign_too = 1) LIMIT 1`,
      row.id,
      row.source,
    ) !== undefined
  if (effective && row.voided !== 1)
    yield {
      kind: 'void-wrong',
      what: `${named(row)} was voided, and is not marked so.`,
      fix: ({ db }) => db.run('UPDATE statement SET voided = 1 WHERE seq = ?', row.seq),
    }
}

function* attachments(db: Connection, row: Row): Generator<Flaw> {
  for (const sha2 of JSON.parse(row.attachments ?? '[]') as string[]) {
    const bytes = sha2Bytes(sha2)
    if (!bytes) continue
    if (!db.row('SELECT 1 FROM attachment WHERE sha2 = ? AND seq = ?', bytes, row.seq))
      yield {
        kind: 'attachment-wrong',
        what: `The attachment ${sha2} of ${named(row)} is not kept for it: it could be collected.`,
        fix: (context) => holdAttachment(context, row.seq, sha2),
      }
    if (!db.row('SELECT 1 FROM blob WHERE sha2 = ?', bytes))
      yield {
        kind: 'blob-unknown',
        what: `The attachment ${hexText(bytes)} of ${named(row)} is not in the store.`,
      }
  }
}

function* moment(db: Connection, row: Row): Generator<Flaw> {
  const known = db.row<{ last_seq: number }>('SELECT last_seq FROM moment WHERE stored = ?', row.stored)
  if (!known || known.last_seq < row.seq)
    yield {
      kind: 'moment-missing',
      what: `The time at which ${named(row)} was stored is not in the index of times: since and until may be wrong.`,
      fix: ({ db }) =>
        db.run(
          `INSERT INTO moment (stored, last_seq) SELECT ?1, max(seq) FROM statement WHERE stored = ?1 AND seq >= ?2
           ON CONFLICT (stored) DO UPDATE SET last_seq = max(last_seq, excluded.last_seq)`,
          row.stored,
          row.seq,
        ),
    }
}
