import type { Connection } from '../connection.ts'
import type { WriteContext } from './context.ts'
import { outdatePosting, TARGETS } from './postings.ts'

/** The number of a target, made when it is new: with its statement's place when that is there already. */
export function internTarget(db: Connection, id: Uint8Array): number {
  const known = db.row<{ no: number }>('SELECT no FROM target WHERE id = ?', id)
  if (known) return known.no
  const made = db.row<{ no: number; seq: number | null }>(
    `INSERT INTO target (id, seq, source, parent)
     SELECT want.id, s.seq, s.source, r.target
     FROM (SELECT ? AS id) want LEFT JOIN statement s ON s.id = want.id LEFT JOIN reference r ON r.seq = s.seq
     RETURNING no, seq`,
    id,
  )!
  if (made.seq !== null) outdatePosting(db, TARGETS, made.seq)
  return made.no
}

/** Links a new statement with what it refers to, and with all that referred to it before it came. False: nothing did. */
export function link(
  { db }: WriteContext,
  statement: { seq: number; id: Uint8Array; source: string; refersTo: Uint8Array | null },
): boolean {
  let parent: number | null = null
  if (statement.refersTo) {
    parent = internTarget(db, statement.refersTo)
    db.run('INSERT INTO reference (seq, target) VALUES (?, ?)', statement.seq, parent)
  }
  // Nearly none is referred to, and an update that finds nothing costs more than looking.
  const own = db.row<{ no: number }>('SELECT no FROM target WHERE id = ?', statement.id)
  if (!own) return false
  db.run(
    'UPDATE target SET seq = ?, source = ?, parent = ? WHERE no = ?',
    statement.seq,
    statement.source,
    parent,
    own.no,
  )
  return true
}

/** The reverse of `link`, for a statement that goes. Referrers keep their reference, as to one that never came. */
export function unlink({ db }: WriteContext, statement: { seq: number; id: Uint8Array }): void {
  const reference = db.row<{ target: number }>(
    'DELETE FROM reference WHERE seq = ? RETURNING target',
    statement.seq,
  )
  if (reference) {
    db.run('DELETE FROM void WHERE target = ? AND seq = ?', reference.target, statement.seq)
    dropUnused(db, reference.target)
  }
  const own = db.row<{ no: number }>(
    'UPDATE target SET seq = NULL, source = NULL, parent = NULL WHERE id = ? RETURNING no',
    statement.id,
  )
  if (!own) return
  outdatePosting(db, TARGETS, statement.seq)
  dropUnused(db, own.no)
}

function dropUnused(db: Connection, target: number): void {
  const gone = db.row<{ seq: number | null }>(
    'DELETE FROM target WHERE no = ?1 AND NOT EXISTS (SELECT 1 FROM reference WHERE target = ?1) RETURNING seq',
    target,
  )
  if (gone && gone.seq !== null) outdatePosting(db, TARGETS, gone.seq)
}
