import {
  type DocumentKey,
  type DocumentOutcome,
  type DocumentScope,
  holds,
  type Precondition,
  type StoredDocument,
} from '../../port.ts'
import type { Value } from '../connection.ts'
import type { ReadContext, WriteContext } from './context.ts'

const AT = 'kind = ? AND source = ? AND activity = ? AND agent = ? AND registration = ? AND id = ?'

function place(key: DocumentKey): Value[] {
  return [...outer(key), key.registration ?? '', key.id]
}
function outer(scope: DocumentScope): Value[] {
  return [scope.kind, scope.source, scope.activity ?? '', scope.agent ?? '']
}

/** A scope's condition: any registration when none is named, only those without one for null. */
function within(scope: DocumentScope): { sql: string; values: Value[] } {
  const sql = 'kind = ? AND source = ? AND activity = ? AND agent = ?'
  if (scope.registration === undefined) return { sql, values: outer(scope) }
  return { sql: `${sql} AND registration = ?`, values: [...outer(scope), scope.registration ?? ''] }
}

export function getDocument({ db }: ReadContext, key: DocumentKey): StoredDocument | null {
  const row = db.row<{ content: Uint8Array; content_type: string; etag: string; updated: number }>(
    `SELECT content, content_type, etag, updated FROM document WHERE ${AT}`,
    ...place(key),
  )
  if (!row) return null
  return { content: row.content, contentType: row.content_type, etag: row.etag, updated: row.updated }
}

function currentEtag({ db }: WriteContext, key: DocumentKey): string | null {
  return db.row<{ etag: string }>(`SELECT etag FROM document WHERE ${AT}`, ...place(key))?.etag ?? null
}

export function putDocument(
  context: WriteContext,
  args: {
    key: DocumentKey
    document: Pick<StoredDocument, 'content' | 'contentType' | 'etag'>
    precondition: Precondition
  },
): DocumentOutcome {
  const current = currentEtag(context, args.key)
  if (!holds(args.precondition, current)) return { ok: false, current }
  context.db.run(
    `INSERT INTO document (kind, source, activity, agent, registration, id, content_type, etag, updated, content)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (kind, source, activity, agent, registration, id) DO UPDATE SET
       content_type = excluded.content_type, etag = excluded.etag,
       updated = excluded.updated, content = excluded.content`,
    ...place(args.key),
    args.document.contentType,
    args.document.etag,
    context.stamp,
    args.document.content,
  )
  return { ok: true }
}

export function deleteDocument(
  context: WriteContext,
  { key, precondition }: { key: DocumentKey; precondition: Precondition },
): DocumentOutcome {
  const current = currentEtag(context, key)
  if (!holds(precondition, current)) return { ok: false, current }
  context.db.run(`DELETE FROM document WHERE ${AT}`, ...place(key))
  return { ok: true }
}

export function listDocuments(
  { db }: ReadContext,
  { scope, since }: { scope: DocumentScope; since: number | null },
): { id: string; updated: number; etag: string }[] {
  const { sql, values } = within(scope)
  return db.rows(
    `SELECT id, updated, etag FROM document WHERE ${sql} AND updated > ? ORDER BY registration, id`,
    ...values,
    since ?? -1,
  )
}

/** The planner takes the partial index of agents only when told that none is empty. */
export function documentKeysOf({ db }: ReadContext, agent: string): DocumentKey[] {
  return db
    .rows<Record<'kind' | 'source' | 'activity' | 'agent' | 'registration' | 'id', string>>(
      "SELECT kind, source, activity, agent, registration, id FROM document WHERE agent = ? AND agent <> ''",
      agent,
    )
    .map(({ kind, source, activity, registration, id, ...key }) => ({
      kind: kind as DocumentKey['kind'],
      source,
      ...(activity !== '' && { activity }),
      ...key,
      ...(registration !== '' && { registration }),
      id,
    }))
}

export function clearDocuments({ db }: WriteContext, scope: DocumentScope): number {
  const { sql, values } = within(scope)
  return db.run(`DELETE FROM document WHERE ${sql}`, ...values)
}

/** What is there already under the new key stays, and the one under the old key goes: the old key must not remain. */
export function rekeyDocuments({ db }: WriteContext, { from, to }: { from: string; to: string }): number {
  if (from === to) return 0
  const moved = db.run("UPDATE OR IGNORE document SET agent = ? WHERE agent = ? AND agent <> ''", to, from)
  db.run("DELETE FROM document WHERE agent = ? AND agent <> ''", from)
  return moved
}
