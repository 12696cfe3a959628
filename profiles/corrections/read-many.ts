import type { Collection, Collections, Doc } from '../../lrs/index.ts'

const AT_ONCE = 1_000

/** Those of the keys that are there, however many keys. */
export async function readMany<T>(
  collections: Collections,
  collection: Collection<T>,
  keys: readonly string[],
): Promise<ReadonlyMap<string, Doc<T>>> {
  const wanted = [...new Set(keys)]
  const all = new Map<string, Doc<T>>()
  for (let from = 0; from < wanted.length; from += AT_ONCE)
    for (const [key, doc] of await collections.getMany(collection, wanted.slice(from, from + AT_ONCE)))
      all.set(key, doc)
  return all
}
