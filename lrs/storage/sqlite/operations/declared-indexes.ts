import { type Declaration, fieldsOf } from '../../text-operation.ts'
import { indexEntries } from '../../tuple.ts'
import type { Connection } from '../connection.ts'
import type { WriteContext } from './context.ts'

export interface DeclaredIndex {
  no: number
  name: string
  fields: readonly string[]
}

export function indexesOf(db: Connection, collection: string): DeclaredIndex[] {
  return db
    .rows<{ no: number; name: string; fields: string }>(
      'SELECT no, name, fields FROM declared_index WHERE collection = ? ORDER BY name',
      collection,
    )
    .map((row) => ({ ...row, fields: JSON.parse(row.fields) as string[] }))
}

/** Number of an index as declared; null when it is not kept (yet) with these fields. */
export function findIndex(db: Connection, { name, indexes }: Declaration, index: string): number | null {
  const fields = fieldsOf({ name, indexes }, index)
  const row = db.row<{ no: number; fields: string }>(
    'SELECT no, fields FROM declared_index WHERE collection = ? AND name = ?',
    name,
    index,
  )
  return row && row.fields === JSON.stringify(fields) ? row.no : null
}

/** All indexes kept for a collection, after making those that are declared and not kept, and filling them. */
export function ensureIndexes(context: WriteContext, declaration: Declaration): DeclaredIndex[] {
  const { db } = context
  const place = `indexes:${declaration.name}`
  const signature = JSON.stringify(declaration.indexes)
  const known = db.memory.get(place) as { signature: string; indexes: DeclaredIndex[] } | undefined
  if (known?.signature === signature) return known.indexes
  declareIndexes(context, declaration)
  const indexes = indexesOf(db, declaration.name)
  db.memory.set(place, { signature, indexes })
  context.onRollback(() => db.memory.delete(place))
  return indexes
}

/** Makes those that are not kept, and fills them. */
export function declareIndexes({ db }: Pick<WriteContext, 'db'>, declaration: Declaration): void {
  for (const [name, fields] of Object.entries(declaration.indexes)) {
    if (findIndex(db, declaration, name) === null) declareIndex(db, declaration.name, name, fields)
  }
}

function declareIndex(db: Connection, collection: string, name: string, fields: readonly string[]): void {
  const old = db.row<{ no: number }>(
    'DELETE FROM declared_index WHERE collection = ? AND name = ? RETURNING no',
    collection,
    name,
  )
  if (old) db.run('DELETE FROM doc_index WHERE index_no = ?', old.no)
  const { no } = db.row<{ no: number }>(
    'INSERT INTO declared_index (collection, name, fields) VALUES (?, ?, ?) RETURNING no',
    collection,
    name,
    JSON.stringify(fields),
  )!
  for (const doc of db.scan<{ key: string; value: string }>(
    'SELECT key, value FROM doc WHERE collection = ?',
    collection,
  )) {
    addEntries(db, { no, name, fields }, doc.key, JSON.parse(doc.value))
  }
}

export function addEntries(db: Connection, index: DeclaredIndex, key: string, value: unknown): void {
  for (const tuple of indexEntries(value, index.fields)) {
    db.run('INSERT INTO doc_index (index_no, tuple, key) VALUES (?, ?, ?)', index.no, tuple, key)
  }
}

/** Leaves the entries of a document that is `before` as those of `after`, and touches none that stay; undefined: none. */
export function moveEntries(
  db: Connection,
  index: DeclaredIndex,
  key: string,
  before: unknown,
  after: unknown,
): void {
  const tuplesOf = (value: unknown) => (value === undefined ? [] : indexEntries(value, index.fields))
  const stays = (tuple: Buffer, all: readonly Buffer[]) => all.some((each) => each.equals(tuple))
  const [old, now] = [tuplesOf(before), tuplesOf(after)]
  for (const tuple of old)
    if (!stays(tuple, now))
      db.run('DELETE FROM doc_index WHERE index_no = ? AND tuple = ? AND key = ?', index.no, tuple, key)
  for (const tuple of now)
    if (!stays(tuple, old))
      db.run('INSERT INTO doc_index (index_no, tuple, key) VALUES (?, ?, ?)', index.no, tuple, key)
}

export function removeEntries(db: Connection, index: DeclaredIndex, key: string, value: unknown): void {
  for (const tuple of indexEntries(value, index.fields)) {
    db.run('DELETE FROM doc_index WHERE index_no = ? AND tuple = ? AND key = ?', index.no, tuple, key)
  }
}
