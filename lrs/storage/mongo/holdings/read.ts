import type { HeldParts, Part } from '../../holding.ts'
import type { DocumentKey } from '../../port.ts'
import { docKeyOf, placeOfEntry } from '../doc-names.ts'
import type { DocumentPath } from '../documents.ts'
import { keyOf } from '../names.ts'
import type { DefinitionDocument, DocDocument, StateDocument } from '../schema.ts'
import { definitionPrefix } from '../statement-unit.ts'
import type { Reading } from './reading.ts'

type Page<P extends Part> = Promise<{ items: HeldParts[P][]; next: unknown }>

const MOST = 500
const MOST_LETTERS = 4_000_000

/** Pages of each part of one tenant but the record (read-record.ts), for `portionsOf`. */
export const READERS: {
  [P in Exclude<Part, 'record'>]: (reading: Reading, after: never, counters: HeldParts['counters']) => Page<P>
} = {
  async blobs({ schema, names, session }, after: string | null) {
    const found = await schema.blob.find(behind(names, after), session).sort({ _id: 1 }).limit(MOST).toArray()
    return {
      items: found.map(({ _id, size }) => ({ sha2: keyOf(_id), size })),
      next: found.length === MOST ? found.at(-1)!._id : null,
    }
  },
  async holds({ schema, names, session }, after: string | null) {
    const found = await schema.hold.find(behind(names, after), session).sort({ _id: 1 }).limit(MOST).toArray()
    return {
      items: found.map(({ _id, blobs }) => ({ owner: keyOf(_id), sha2s: blobs.map(keyOf).sort() })),
      next: found.length === MOST ? found.at(-1)!._id : null,
    }
  },
  activities: readActivities,
  async documents({ schema, names, session }, after: string | null) {
    const { items, next } = await cutAt(
      schema.document.find(behind(names, after), session).sort({ _id: 1 }).limit(MOST),
      ({ content }: StateDocument) => content.length(),
    )
    return { items: items.map(heldDocument), next }
  },
  async indexes({ schema, names, session }) {
    const found = await schema.declaration.find({ _id: names.within() }, session).sort({ _id: 1 }).toArray()
    const items = found.map(({ _id, indexes }) => ({
      collection: keyOf(_id),
      indexes: Object.fromEntries(
        indexes
          .filter(({ stage, until }) => stage !== 'gone' && until === undefined)
          .map(({ name, fields }) => [name, fields]),
      ),
    }))
    return { items: items.filter(({ indexes }) => Object.keys(indexes).length > 0), next: null }
  },
  async docs({ schema, names, session }, after: string | null) {
    const { items, next } = await cutAt(
      schema.doc.find(behind(names, after), session).sort({ _id: 1 }).limit(MOST),
      ({ value }: DocDocument) => value.length,
    )
    return {
      items: items.map(({ _id, revision, expires, value }) => ({
        collection: placeOfEntry(_id).collection,
        key: docKeyOf(_id),
        revision,
        expires: expires?.getTime() ?? null,
        text: value,
      })),
      next,
    }
  },
  counters: async (_, __, counters) => ({ items: [counters], next: null }),
}

const behind = (names: Reading['names'], after: string | null) => ({
  _id: { ...names.within(), ...(after !== null && { $gt: after }) },
})

async function cutAt<D extends { _id: string }>(
  found: AsyncIterable<D>,
  lengthOf: (one: D) => number,
): Promise<{ items: D[]; next: string | null }> {
  const items: D[] = []
  let letters = 0
  for await (const one of found) {
    items.push(one)
    letters += lengthOf(one)
    if (letters > MOST_LETTERS || items.length === MOST) return { items, next: one._id }
  }
  return { items, next: null }
}

function heldDocument({ _id, content, contentType, etag, updated }: StateDocument): HeldParts['documents'] {
  const [kind, source, activity, agent, registration, id] = JSON.parse(keyOf(_id)) as DocumentPath
  const key = {
    kind: kind as DocumentKey['kind'],
    source,
    ...(activity !== '' && { activity }),
    ...(agent !== '' && { agent }),
    ...(registration !== '' && { registration }),
    id,
  }
  return { key, content: content.value(), contentType, etag, updated }
}

/** Those with definitions first, then those for which a source was chosen and none has defined them. */
async function readActivities(
  { schema, names, session }: Reading,
  after: { of: 'definition' | 'choice'; _id: string } | null,
): Page<'activities'> {
  const activityOf = ({ _id }: { _id: string }) => (JSON.parse(keyOf(_id)) as [string])[0]
  const definitionsOf = (activity: string) =>
    schema.definition.find({ _id: names.within(definitionPrefix(activity)) }, session).toArray()
  if (after?.of !== 'choice') {
    const found = await schema.definition
      .find(behind(names, after?._id ?? null), session)
      .sort({ _id: 1 })
      .limit(MOST)
      .toArray()
    const groups = Map.groupBy(found, activityOf)
    const last = found.at(-1)
    if (found.length === MOST) {
      const activity = activityOf(last!)
      groups.set(activity, await definitionsOf(activity))
    }
    const chosen = await schema.choice
      .find({ _id: { $in: [...groups.keys()].map(names.of) } }, session)
      .toArray()
    const choices = new Map(chosen.map(({ _id, source }) => [keyOf(_id), source]))
    const items = [...groups].map(([activity, definitions]) => ({
      activity,
      definitions: inOrder(definitions),
      chosen: choices.get(activity) ?? null,
    }))
    const end =
      found.length === MOST
        ? groups
            .get(activityOf(last!))!
            .map(({ _id }) => _id)
            .sort()
            .at(-1)!
        : null
    return {
      items,
      next: end === null ? { of: 'choice', _id: names.within().$gte } : { of: 'definition', _id: end },
    }
  }
  const found = await schema.choice
    .find(behind(names, after._id), session)
    .sort({ _id: 1 })
    .limit(MOST)
    .toArray()
  const items: HeldParts['activities'][] = []
  for (const { _id, source } of found)
    if ((await definitionsOf(keyOf(_id))).length === 0)
      items.push({ activity: keyOf(_id), definitions: [], chosen: source })
  return { items, next: found.length === MOST ? { of: 'choice', _id: found.at(-1)!._id } : null }
}

const inOrder = (definitions: readonly DefinitionDocument[]) =>
  definitions.toSorted((a, b) => a.first - b.first).map(({ source, text }) => ({ source, text }))
