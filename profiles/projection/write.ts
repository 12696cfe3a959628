import type { Doc, Operation } from '../../lrs/index.ts'

/** The guarded operation that makes `value` of what was read as `doc`. */
export function write<T>(
  collection: Operation['collection'],
  key: string,
  doc: Doc<T> | null,
  value: T | null,
  options: { expires?: number } = {},
): Operation[] {
  if (value === null) return doc ? [{ op: 'delete', collection, key, revision: doc.revision }] : []
  return doc
    ? [{ op: 'replace', collection, key, value, revision: doc.revision, ...options }]
    : [{ op: 'insert', collection, key, value, ...options }]
}
