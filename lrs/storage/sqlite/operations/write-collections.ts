import type { TextBatchOutcome } from '../../text-collections.ts'
import { type Declaration, mayHappen, type TextOperation } from '../../text-operation.ts'
import type { Connection } from '../connection.ts'
import { truncateLog } from '../truncate-log.ts'
import type { WriteContext } from './context.ts'
import { ensureIndexes, moveEntries, removeEntries } from './declared-indexes.ts'

interface There {
  no: number
  revision: number
  expires: number | null
  value: string
}

/** All or none. Keys are distinct, so every precondition can be judged before anything is changed. */
export function batchDocs(context: WriteContext, operations: readonly TextOperation[]): TextBatchOutcome {
  const there = operations.map(({ collection, key }) => findDoc(context.db, collection.name, key))
  const alive = there.map((doc) => doc !== undefined && (doc.expires === null || doc.expires > context.now))
  const failed = operations.findIndex(
    (operation, i) => !mayHappen(operation, alive[i] ? there[i]!.revision : null),
  )
  if (failed >= 0) return { ok: false, failed }
  operations.forEach((operation, i) => {
    apply(context, operation, there[i])
  })
  return { ok: true, present: alive }
}

function findDoc(db: Connection, collection: string, key: string): There | undefined {
  return db.row<There>(
    'SELECT no, revision, expires, value FROM doc WHERE collection = ? AND key = ?',
    collection,
    key,
  )
}

function apply(context: WriteContext, operation: TextOperation, there: There | undefined): void {
  if (operation.op === 'check') return
  const { db } = context
  const indexes = ensureIndexes(context, operation.collection)
  const old: unknown = there && indexes.length > 0 ? JSON.parse(there.value) : undefined
  if (operation.op === 'delete') {
    for (const index of indexes) moveEntries(db, index, operation.key, old, undefined)
    if (there) db.run('DELETE FROM doc WHERE no = ?', there.no)
    return
  }
  const { collection, key, text, expires } = operation
  const revision = context.nextRevision()
  if (there) {
    db.run(
      'UPDATE doc SET revision = ?, expires = ?, value = ? WHERE no = ?',
      revision,
      expires,
      text,
      there.no,
    )
  } else {
    db.run(
      'INSERT INTO doc (collection, key, revision, expires, value) VALUES (?, ?, ?, ?, ?)',
      collection.name,
      key,
      revision,
      expires,
      text,
    )
  }
  const value: unknown = indexes.length > 0 ? JSON.parse(text) : undefined
  for (const index of indexes) moveEntries(db, index, key, old, value)
}

/** Makes the indexes that a `find` needs; see read-collections.ts. */
export function declareCollection(context: WriteContext, declaration: Declaration): void {
  ensureIndexes(context, declaration)
}

/**
 * Removes some of the documents whose time is over; true when there may be more. Being called now and then, it also sees
 * to it that what was deleted leaves the files.
 */
export function sweepExpired(context: WriteContext, { limit }: { limit: number }): boolean {
  const { db } = context
  const due = db.rows<{ no: number; collection: string; key: string; value: string }>(
    'SELECT no, collection, key, value FROM doc WHERE expires <= ? ORDER BY expires LIMIT ?',
    context.now,
    limit,
  )
  for (const doc of due) {
    const indexes = db.rows<{ no: number; name: string; fields: string }>(
      'SELECT no, name, fields FROM declared_index WHERE collection = ?',
      doc.collection,
    )
    for (const index of indexes) {
      removeEntries(
        db,
        { ...index, fields: JSON.parse(index.fields) as string[] },
        doc.key,
        JSON.parse(doc.value),
      )
    }
    db.run('DELETE FROM doc WHERE no = ?', doc.no)
  }
  context.afterCommit(() => truncateLog(db))
  return due.length === limit
}
