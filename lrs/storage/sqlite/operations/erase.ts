import type { Rewrite } from '../../port.ts'
import { sha2Bytes, uuidBytes } from '../bytes.ts'
import type { Connection } from '../connection.ts'
import { truncateLogSoon } from '../truncate-log.ts'
import type { WriteContext } from './context.ts'
import { outdatePosting } from './postings.ts'
import { unlink } from './references.ts'
import { enter, withdraw } from './terms.ts'
import { holdAttachment, termsOf } from './write-statements.ts'

interface Held {
  seq: number
  id: Uint8Array
  source: string
  fingerprint: string
  terms: string
  attachments: string | null
}

function find(db: Connection, id: string): Held | undefined {
  const bytes = uuidBytes(id)
  if (!bytes) return undefined
  return db.row<Held>(
    'SELECT seq, id, source, fingerprint, terms, attachments FROM statement WHERE id = ?',
    bytes,
  )
}

/** Replaces text and keys of statements whose fingerprints are as expected: all or none. See StatementStore.rewrite. */
export function rewriteStatements(
  context: WriteContext,
  { changes, reason }: { changes: readonly Rewrite[]; reason: string },
): boolean {
  const { db } = context
  const held = changes.map((change) => find(db, change.id))
  if (!held.every((row, i) => row?.fingerprint === changes[i]!.expected)) return false
  changes.forEach((change, i) => {
    const { seq, source, terms } = held[i]!
    const before = new Set(JSON.parse(terms) as number[])
    const after = new Set(termsOf(context, { keys: change.keys, names: change.names, source }))
    for (const term of after.difference(before)) {
      outdatePosting(db, term, seq)
      enter(context, seq, term)
    }
    withdraw(context, seq, [...before.difference(after)])
    releaseAttachments(db, held[i]!)
    for (const sha2 of change.attachments) holdAttachment(context, seq, sha2)
    db.run(
      'UPDATE statement SET text = ?, fingerprint = ?, attachments = ?, terms = ? WHERE seq = ?',
      change.text,
      change.fingerprint,
      change.attachments.length > 0 ? JSON.stringify(change.attachments) : null,
      JSON.stringify([...after]),
      seq,
    )
  })
  if (changes.length > 0)
    tell(
      context,
      'rewritten',
      changes.map((change) => change.id),
      reason,
    )
  return true
}

/** Removes statements and all that hangs on them. Ids that are not there are passed over. */
export function purgeStatements(
  context: WriteContext,
  { ids, reason }: { ids: readonly string[]; reason: string },
): number {
  const { db } = context
  const purged: string[] = []
  for (const id of new Set(ids)) {
    const row = find(db, id)
    if (!row) continue
    withdraw(context, row.seq, JSON.parse(row.terms) as number[])
    unlink(context, row)
    releaseAttachments(db, row)
    db.run('DELETE FROM statement WHERE seq = ?', row.seq)
    purged.push(id)
  }
  context.countStatements(-purged.length)
  if (purged.length > 0) tell(context, 'purged', purged, reason)
  return purged.length
}

function releaseAttachments(db: Connection, { seq, attachments }: Held): void {
  for (const sha2 of JSON.parse(attachments ?? '[]') as string[]) {
    db.run('DELETE FROM attachment WHERE sha2 = ? AND seq = ?', sha2Bytes(sha2), seq)
  }
}

function tell(context: WriteContext, kind: 'rewritten' | 'purged', ids: string[], reason: string): void {
  const { db } = context
  db.run(
    'INSERT INTO event (seq, kind, content) VALUES (?, ?, ?)',
    context.nextPosition(),
    kind,
    JSON.stringify({ ids, reason }),
  )
  // The pages are overwritten (secure_delete), but the log still holds what was there.
  context.afterCommit(() => truncateLogSoon(db))
}
