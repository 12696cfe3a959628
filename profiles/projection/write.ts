import { isDeepStrictEqual } from 'node:util'
import type { Collection, Collections, Doc, Operation } from '../../lrs/index.ts'

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

/** As a store gives it back. */
export const asKept = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T

/**
 * Writes what a document should be until it is that; looks again at what it wrote, for something may have come between.
 * Returns whether it wrote.
 */
export async function makeTo<T>(
  collections: Collections,
  of: Collection<T>,
  key: string,
  wanted: (held: T | null) => Promise<T | null>,
): Promise<boolean> {
  for (let wrote = false; ; wrote = true) {
    const doc = await collections.get(of, key)
    const value = await wanted(doc?.value ?? null)
    if (isDeepStrictEqual(asKept(value), doc?.value ?? null)) return wrote
    await collections.batch(write(of, key, doc, value))
  }
}
