import { Binary } from 'mongodb'
import type { HeldCounters, HeldParts, Part, TakeInOutcome } from '../../holding.ts'
import { takeInto } from '../../take-in.ts'
import type { Connection } from '../connect.ts'
import { collectionName, dateOf, docName } from '../doc-names.ts'
import { pathOf } from '../documents.ts'
import { changeEntries, entriesOf, writeEntries } from '../entries.ts'
import { type Names, namesOf, SYSTEM } from '../names.ts'
import type { DocDocument, IndexState, Schema } from '../schema.ts'
import { definitionKey } from '../statement-unit.ts'
import { insertNew, takeRecord } from './take-record.ts'

/** See Storage.takeIn. */
export function takeIn({ ask }: Connection, schema: Schema, origin: string): Promise<TakeInOutcome> {
  return takeInto(
    {
      begun: () => ask(() => schema.taking.findOne({ _id: SYSTEM })),
      isEmpty: () => ask(() => isEmpty(schema)),
      begin: () => ask(() => schema.taking.insertOne({ _id: SYSTEM, origin, mark: null })),
      take({ tenant, part, items }) {
        const take = TAKERS[part] as Taker<Part> | undefined
        return ask(async () => take?.(schema, namesOf(tenant ?? SYSTEM), items as never))
      },
      setMark: (mark) => ask(() => schema.taking.updateOne({ _id: SYSTEM }, { $set: { mark } })),
      finish: () => ask(() => schema.taking.deleteOne({ _id: SYSTEM })),
    },
    origin,
  )
}

/** Whether something is being taken in, or that was cut off. */
export const isTakingIn = async ({ ask }: Connection, schema: Schema): Promise<boolean> =>
  (await ask(() => schema.taking.findOne({ _id: SYSTEM }))) !== null

async function isEmpty(schema: Schema): Promise<boolean> {
  for (const [name, collection] of Object.entries(schema)) {
    // What a program makes that only opens it, and looks.
    if (name === 'format' || name === 'taking' || name === 'gate') continue
    if (await (collection as Schema['event']).findOne({}, { projection: { _id: 1 } })) return false
  }
  return (await schema.gate.findOne({ position: { $gt: 0 } })) === null
}

type Taker<P extends Part> = (schema: Schema, names: Names, items: HeldParts[P][]) => Promise<unknown>

/** Blobs and holds are put. */
const TAKERS: { [P in Part]?: Taker<P> } = {
  record: takeRecord,
  async activities(schema, names, items) {
    const definitions = items.flatMap(({ activity, definitions }) =>
      definitions.map(({ source, text }, i) => ({
        _id: names.of(definitionKey(activity, source)),
        source,
        text,
        // Whoever defines it later does so at a later position: each of these came with a statement of its own.
        first: i + 1,
      })),
    )
    const choices = items.flatMap(({ activity, chosen }) =>
      chosen === null ? [] : [{ _id: names.of(activity), source: chosen }],
    )
    await insertNew(schema.definition, definitions)
    await insertNew(schema.choice, choices)
  },
  documents: (schema, names, items) =>
    insertNew(
      schema.document,
      items.map(({ key, content, ...rest }) => ({
        _id: names.of(JSON.stringify(pathOf(key))),
        ...(key.agent && { agent: names.of(key.agent) }),
        ...rest,
        content: new Binary(content),
      })),
    ),
  indexes: (schema, names, items) =>
    insertNew(
      schema.declaration,
      items.map(({ collection, indexes }) => {
        const all = Object.entries(indexes).map(
          ([name, fields], i): IndexState => ({ no: i + 1, name, fields, stage: 'settled', due: new Date() }),
        )
        return { _id: collectionName(names, collection), version: 1, last: all.length, indexes: all }
      }),
    ),
  docs: takeDocs,
  counters: (schema, names, [counters]) => takeCounters(schema, names, counters!),
}

async function takeDocs(schema: Schema, names: Names, docs: readonly HeldParts['docs'][]): Promise<void> {
  const collections = [...new Set(docs.map(({ collection }) => collection))]
  // It is there before the first document, also where nothing is indexed.
  await insertNew(
    schema.declaration,
    collections.map((collection) => ({
      _id: collectionName(names, collection),
      version: 1,
      last: 0,
      indexes: [],
    })),
  )
  const declared = await schema.declaration
    .find({ _id: { $in: collections.map((collection) => collectionName(names, collection)) } })
    .toArray()
  const indexes = new Map(declared.map((one) => [one._id, one.indexes]))
  const taken = docs.map(({ collection, key, revision, expires, text }) => {
    const entries = entriesOf(text, indexes.get(collectionName(names, collection))!)
    const written = writeEntries(entries)
    const date = expires === null ? undefined : dateOf(expires)
    const document: DocDocument = {
      _id: docName(names, collection, key),
      revision,
      value: text,
      ...(date && { expires: date }),
      ...(written !== undefined && { entries: written }),
    }
    return { document, changes: changeEntries(names, null, { collection, key, expires: date, entries }) }
  })
  const changes = taken.flatMap((one) => one.changes)
  if (changes.length > 0) await schema.entry.bulkWrite(changes, { ordered: false })
  await insertNew(
    schema.doc,
    taken.map(({ document }) => document),
  )
}

async function takeCounters(
  schema: Schema,
  names: Names,
  { position, stored, statements }: HeldCounters,
): Promise<void> {
  if (names.tenant === SYSTEM) return
  const refers = await schema.statement.findOne(
    { referrer: { ...names.within() } },
    { projection: { _id: 1 }, hint: 'referrers' },
  )
  await schema.gate.replaceOne(
    { _id: names.tenant },
    { position, last: stored, statements, ...(refers && { references: true as const }), open: [] },
    { upsert: true },
  )
}
