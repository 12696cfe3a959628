import type { AnyBulkWriteOperation } from 'mongodb'
import { indexEntries } from '../tuple.ts'
import { entryName } from './doc-names.ts'
import type { Names } from './names.ts'
import type { DocDocument, EntryDocument, IndexState } from './schema.ts'

/**
 * Each document says which entries there are of it, so that whoever changes it removes just these, also those of an index
 * that only another process knows of. Tuples by the number of their index.
 */
export type Entries = ReadonlyMap<number, readonly Buffer[]>

const NONE: Entries = new Map()
/** Behind every character that a tuple is written in. */
const BETWEEN = '\u0100'

/** The entries of a value. Throws where two fields of one index are arrays. */
export function entriesOf(text: string, indexes: readonly Pick<IndexState, 'no' | 'fields'>[]): Entries {
  if (indexes.length === 0) return NONE
  const value: unknown = JSON.parse(text)
  return new Map(indexes.map(({ no, fields }) => [no, indexEntries(value, fields)]))
}

/** As a document keeps them. */
export function writeEntries(entries: Entries): string | undefined {
  const all = [...entries].flatMap(([no, tuples]) =>
    tuples.map((tuple) => `${no}:${tuple.toString('latin1')}`),
  )
  return all.length > 0 ? all.join(BETWEEN) : undefined
}

export function readEntries(written: string | undefined): Entries {
  if (written === undefined) return NONE
  const entries = new Map<number, Buffer[]>()
  for (const one of written.split(BETWEEN)) {
    const colon = one.indexOf(':')
    const no = Number(one.slice(0, colon))
    const tuple = Buffer.from(one.slice(colon + 1), 'latin1')
    const tuples = entries.get(no)
    if (tuples) tuples.push(tuple)
    else entries.set(no, [tuple])
  }
  return entries
}

/** A document's place and what is there of it. */
export interface Indexed {
  collection: string
  key: string
  expires: Date | undefined
  entries: Entries
}

/** What makes the entries of a document out of those that there were. Either may be nothing. */
export function changeEntries(
  names: Names,
  old: Indexed | null,
  fresh: Indexed | null,
): AnyBulkWriteOperation<EntryDocument>[] {
  const [before, after] = [documentsOf(names, old), documentsOf(names, fresh)]
  const gone = [...before.keys()].filter((_id) => !after.has(_id))
  const changed = [...after.values()].filter((entry) => !isSame(entry, before.get(entry._id)))
  return [
    ...(gone.length > 0 ? [{ deleteMany: { filter: { _id: { $in: gone } } } }] : []),
    // What has expired may be there yet.
    ...changed.map(({ _id, ...rest }) => ({
      replaceOne: { filter: { _id }, replacement: rest, upsert: true },
    })),
  ]
}

function documentsOf(names: Names, indexed: Indexed | null): Map<string, EntryDocument> {
  if (!indexed) return new Map()
  const { collection, key, expires, entries } = indexed
  const all = [...entries].flatMap(([no, tuples]) =>
    tuples.map((tuple): EntryDocument => {
      const _id = entryName(names, collection, no, tuple, key)
      return { _id, key, ...(expires && { expires }), ...(tuples.length > 1 && { several: true }) }
    }),
  )
  return new Map(all.map((entry) => [entry._id, entry]))
}

const isSame = (one: EntryDocument, other: EntryDocument | undefined) =>
  other !== undefined && one.expires?.getTime() === other.expires?.getTime() && one.several === other.several

/** What a document has of entries, as `changeEntries` takes it. */
export const indexedAs = (
  { expires, entries }: Pick<DocDocument, 'expires' | 'entries'>,
  place: { collection: string; key: string },
): Indexed => ({ ...place, expires, entries: readEntries(entries) })
