import { keyOf, type Names } from './names.ts'

/**
 * How the documents of `collections` and their index entries are named: the order of the names is that of keys in a
 * collection, and of (tuple, key) in an index. No tuple begins another, so the key may stand right behind it.
 */
const SEPARATOR = '\u0000'

export const collectionName = (names: Names, collection: string) => names.of(collection)

export const docName = (names: Names, collection: string, key: string) =>
  names.of(collection + SEPARATOR + key)

/** The key of a document by its name. */
export function docKeyOf(name: string): string {
  const key = keyOf(name)
  return key.slice(key.indexOf(SEPARATOR) + 1)
}

/** All documents of a collection whose key begins with this. */
export const docsWithin = (names: Names, collection: string, prefix = '') =>
  names.within(collection + SEPARATOR + prefix)

/** MongoDB orders text by its UTF-8 bytes, which is the order of characters; so a byte of a tuple is written as one. */
export const entryName = (names: Names, collection: string, no: number, tuple: Uint8Array, key = '') =>
  names.of(
    [collection, no, Buffer.from(tuple.buffer, tuple.byteOffset, tuple.length).toString('latin1') + key].join(
      SEPARATOR,
    ),
  )

export const entriesWithin = (names: Names, collection: string, no: number) =>
  names.within([collection, no, ''].join(SEPARATOR))

/** The collection in the name of an entry or a document, and the number of an entry's index. */
export function placeOfEntry(name: string): { collection: string; no: number } {
  const [collection, no] = keyOf(name).split(SEPARATOR, 2) as [string, string]
  return { collection, no: Number(no) }
}

/** The tuple in the name of an entry of the document with this key. */
export function tupleOf(name: string, key: string): Buffer {
  const rest = keyOf(name)
  const begin = rest.indexOf(SEPARATOR, rest.indexOf(SEPARATOR) + 1) + 1
  return Buffer.from(rest.slice(begin, rest.length - key.length), 'latin1')
}

/** What has not expired; what never does has no such member. */
export const aliveAt = (now: number) => ({ expires: { $not: { $lte: new Date(now) } } })

const LATEST = 8.64e15
/** The first ms at which it is over. */
export const dateOf = (expires: number) => new Date(Math.min(Math.ceil(expires), LATEST))
