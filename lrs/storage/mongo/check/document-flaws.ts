import type { ClientSession } from 'mongodb'
import { collectionName, docKeyOf, docName, placeOfEntry, tupleOf } from '../doc-names.ts'
import { changeEntries, entriesOf, indexedAs, readEntries, writeEntries } from '../entries.ts'
import { keyOf } from '../names.ts'
import type { DocDocument, EntryDocument, IndexState } from '../schema.ts'
import type { Flaw, Look } from './flaw.ts'
import { pagesOf } from './pages.ts'
import type { Place } from './place.ts'

/** So many entries are asked for at once: a document may have thousands. */
const MOST_ENTRIES = 5_000

type Indexes = ReadonlyMap<string, readonly IndexState[]>

/** Documents that lack entries of an index that is complete. */
export function documentLook(place: Place): Look {
  const { connection, schema, names, clock } = place

  /** By collection. */
  async function declaredFor(ids: readonly string[], session?: ClientSession): Promise<Indexes> {
    const wanted = new Set(ids.map((_id) => collectionName(names, collectionOf(_id))))
    const found = await schema.declaration
      .find({ _id: { $in: [...wanted] } }, session ? { session } : {})
      .toArray()
    return new Map(
      found.map(({ _id, indexes }) => [keyOf(_id), indexes.filter(({ stage }) => stage === 'settled')]),
    )
  }

  async function lacking(expected: readonly Expected[], session?: ClientSession): Promise<Flaw[]> {
    const found = await schema.entry
      .find({ _id: { $in: expected.map(({ entry }) => entry._id) } }, session ? { session } : {})
      .toArray()
    const there = new Map(found.map((one) => [one._id, one]))
    return expected
      .filter(({ entry, isSaid }) => !isSaid || !isSame(entry, there.get(entry._id)))
      .map(({ doc, index }) => ({
        kind: 'document-index-missing',
        what: `A document of ${collectionOf(doc)} is missing from its index ${index.name}: pages that use it leave it out.`,
        at: doc,
        fix: (session) => enterAnew(place, doc, session),
      }))
  }

  return {
    counts: true,
    again: 'at one moment',
    pages: () => pagesOf(connection, schema.doc, names),
    async flaws(ids, session) {
      const declared = await declaredFor(ids, session)
      const docs = schema.doc.find(
        { _id: { $in: [...ids] } },
        { ...(session && { session }), hint: { _id: 1 } },
      )
      const flaws: Flaw[] = []
      let expected: Expected[] = []
      for await (const doc of docs) {
        if (isOver(doc, clock())) continue
        expected.push(...expectedOf(place, doc, declared.get(collectionOf(doc._id)) ?? []))
        if (expected.length < MOST_ENTRIES) continue
        flaws.push(...(await lacking(expected, session)))
        expected = []
      }
      return [...flaws, ...(await lacking(expected, session))]
    },
  }
}

interface Expected {
  entry: EntryDocument
  doc: string
  index: IndexState
  /** The document itself says that there is this entry. */
  isSaid: boolean
}

function expectedOf({ names }: Place, doc: DocDocument, indexes: readonly IndexState[]): Expected[] {
  const said = readEntries(doc.entries)
  const place = { collection: collectionOf(doc._id), key: docKeyOf(doc._id) }
  return indexes.flatMap((index) => {
    const entries = entriesOf(doc.value, [index])
    const tuples = entries.get(index.no)!
    const known = new Set((said.get(index.no) ?? []).map((tuple) => tuple.toString('latin1')))
    return changeEntries(names, null, { ...place, expires: doc.expires, entries }).map((operation, i) => {
      const { filter, replacement } = (
        operation as { replaceOne: { filter: { _id: string }; replacement: object } }
      ).replaceOne
      return {
        entry: { _id: filter._id, ...replacement } as EntryDocument,
        doc: doc._id,
        index,
        isSaid: known.has(tuples[i]!.toString('latin1')),
      }
    })
  })
}

/** Makes all entries of a document anew, but those of indexes that are being filled. */
async function enterAnew({ schema, names }: Place, _id: string, session?: ClientSession): Promise<void> {
  const options = session ? { session } : {}
  const place = { collection: collectionOf(_id), key: docKeyOf(_id) }
  const doc = await schema.doc.findOne({ _id }, options)
  const declared = await schema.declaration.findOne({ _id: collectionName(names, place.collection) }, options)
  if (!doc || !declared) return
  const old = readEntries(doc.entries)
  const kept = declared.indexes.filter(({ stage }) => stage !== 'gone')
  const entries = writeEntries(
    new Map(
      kept.flatMap((index): [number, readonly Buffer[]][] => {
        const tuples =
          index.stage === 'filling' ? old.get(index.no) : entriesOf(doc.value, [index]).get(index.no)
        return tuples ? [[index.no, tuples]] : []
      }),
    ),
  )
  const { entries: _, ...bare } = doc
  const fresh = indexedAs(entries === undefined ? bare : { ...bare, entries }, place)
  const changes = [
    ...changeEntries(names, indexedAs(doc, place), fresh),
    ...changeEntries(names, null, fresh),
  ]
  if (changes.length > 0) await schema.entry.bulkWrite(changes, options)
  // Whoever changes the document meanwhile comes into conflict with this.
  const touched = Math.random()
  await schema.doc.updateOne(
    { _id },
    entries === undefined ? { $set: { touched }, $unset: { entries: true } } : { $set: { touched, entries } },
    options,
  )
}

/** Entries whose document is another by now, or not there. */
export function entryLook({ connection, schema, names, clock }: Place): Look {
  return {
    again: 'at one moment',
    pages: () => pagesOf(connection, schema.entry, names),
    async flaws(ids, session) {
      const options = session ? { session } : {}
      const found = await schema.entry.find({ _id: { $in: [...ids] } }, options).toArray()
      const entries = found
        .filter((one) => !isOver(one, clock()))
        .map((one) => {
          const { collection, no } = placeOfEntry(one._id)
          return { ...one, collection, no, doc: docName(names, collection, one.key) }
        })
      const docs = await schema.doc
        .find({ _id: { $in: entries.map(({ doc }) => doc) } }, { ...options, projection: { value: 0 } })
        .toArray()
      const there = new Map(docs.map((one) => [one._id, readEntries(one.entries)]))
      return entries
        .filter(({ _id, key, no, doc }) => {
          const tuple = tupleOf(_id, key)
          return !there
            .get(doc)
            ?.get(no)
            ?.some((one) => one.equals(tuple))
        })
        .map(
          ({ _id, collection, no }): Flaw => ({
            kind: 'document-index-extra',
            what: `The index number ${no} of ${collection} has an entry that its document does not have.`,
            at: _id,
            fix: (session) => schema.entry.deleteOne({ _id }, session ? { session } : {}),
          }),
        )
    },
  }
}

const collectionOf = (_id: string) => placeOfEntry(_id).collection

const isOver = ({ expires }: { expires?: Date }, now: number) =>
  expires !== undefined && expires.getTime() <= now

const isSame = (one: EntryDocument, other: EntryDocument | undefined) =>
  other !== undefined &&
  one.key === other.key &&
  one.several === other.several &&
  one.expires?.getTime() === other.expires?.getTime()
