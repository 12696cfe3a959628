import { Binary, type Document, type Filter } from 'mongodb'
import {
  type DocumentKey,
  type DocumentScope,
  type DocumentStore,
  holds,
  type Precondition,
} from '../port.ts'
import { type Connection, isDuplicateKey } from './connect.ts'
import { keyOf, type Names } from './names.ts'
import { rekeyDocuments } from './rekey-documents.ts'
import type { Schema, StateDocument } from './schema.ts'

/** A document's key as JSON text: its parts from the outside in, so that a scope is a range. */
export type DocumentPath = [
  kind: string,
  source: string,
  activity: string,
  agent: string,
  registration: string,
  id: string,
]

/** The documents of one tenant. A change is one operation, whose filter is its precondition. */
export function createDocuments(
  connection: Connection,
  { document }: Schema,
  names: Names,
  clock: () => number,
): DocumentStore {
  const { ask } = connection
  /** The time of the last change made here: the next one made here is later. */
  let last = 0

  const at = (key: DocumentKey) => names.of(JSON.stringify(pathOf(key)))
  const within = (scope: DocumentScope) => names.within(`${JSON.stringify(outerOf(scope)).slice(0, -1)},`)

  async function currentEtag(_id: string): Promise<string | null> {
    const found = await document.findOne({ _id }, { projection: { etag: 1 } })
    return found?.etag ?? null
  }

  /** The server's clock, one for all processes; later than the document's change before. Tests shift it. */
  const later = () => ({
    $max: [
      { $add: [{ $toLong: '$$NOW' }, Math.round(clock() - Date.now())] },
      { $add: [{ $ifNull: ['$updated', 0] }, 1] },
      last + 1,
    ],
  })

  /** False: what is there is not as the filter has it. */
  async function change(filter: Filter<StateDocument>, members: Document, upsert: boolean): Promise<boolean> {
    try {
      const kept = await document.findOneAndUpdate(filter, [{ $set: { ...members, updated: later() } }], {
        upsert,
        returnDocument: 'after',
        projection: { updated: 1 },
      })
      if (kept) last = Math.max(last, kept.updated)
      return kept !== null
    } catch (error) {
      // The filter left out what is there, or somebody was first.
      if (isDuplicateKey(error)) return false
      throw error
    }
  }

  return {
    get: (key) =>
      ask(async () => {
        const found = await document.findOne({ _id: at(key) })
        if (!found) return null
        const { content, contentType, etag, updated } = found
        return { content: content.value(), contentType, etag, updated }
      }),
    put: (key, { content, contentType, etag }, precondition) =>
      ask(async () => {
        const _id = at(key)
        const members = {
          ...(key.agent && { agent: { $literal: names.of(key.agent) } }),
          contentType: { $literal: contentType },
          etag: { $literal: etag },
          content: { $literal: new Binary(content) },
        }
        const may = { _id, ...etagsOf(precondition) }
        const upsert = holds(precondition, null)
        for (;;) {
          if (await change(may, members, upsert)) return { ok: true }
          const current = await currentEtag(_id)
          if (!holds(precondition, current)) return { ok: false, current }
        }
      }),
    delete: (key, precondition) =>
      ask(async () => {
        const _id = at(key)
        const may = { _id, ...etagsOf(precondition) }
        for (;;) {
          if ((await document.deleteOne(may)).deletedCount === 1) return { ok: true }
          const current = await currentEtag(_id)
          if (!holds(precondition, current)) return { ok: false, current }
          if (current === null) return { ok: true }
        }
      }),
    list: (scope, since) =>
      ask(async () => {
        const found = await document
          .find(
            { _id: within(scope), ...(since !== undefined && { updated: { $gt: since } }) },
            { projection: { updated: 1, etag: 1 }, readConcern: { level: 'snapshot' }, hint: { _id: 1 } },
          )
          .toArray()
        return found
          .map(({ _id, updated, etag }) => ({ path: JSON.parse(keyOf(_id)) as DocumentPath, updated, etag }))
          .sort((a, b) => byText(a.path[4], b.path[4]) || byText(a.path[5], b.path[5]))
          .map(({ path, updated, etag }) => ({ id: path[5], updated, etag }))
      }),
    clear: (scope) =>
      connection.transact(async (session) => {
        const _id = within(scope)
        return (await document.deleteMany({ _id }, { session, hint: { _id: 1 } })).deletedCount
      }),
    keysOf: (agent) =>
      ask(async () => {
        const found = await document
          .find({ agent: names.of(agent) }, { projection: { _id: 1 }, hint: 'by-agent' })
          .toArray()
        return found.map(({ _id }) => keyAt(JSON.parse(keyOf(_id)) as DocumentPath))
      }),
    rekeyAgent: (from, to) => rekeyDocuments(connection, document, names, { from, to }),
  }
}

function outerOf(scope: DocumentScope): string[] {
  const outer = [scope.kind, scope.source, scope.activity ?? '', scope.agent ?? '']
  return scope.registration === undefined ? outer : [...outer, scope.registration ?? '']
}

export const pathOf = (key: DocumentKey): DocumentPath => [
  key.kind,
  key.source,
  key.activity ?? '',
  key.agent ?? '',
  key.registration ?? '',
  key.id,
]

const keyAt = ([kind, source, activity, agent, registration, id]: DocumentPath): DocumentKey => ({
  kind: kind as DocumentKey['kind'],
  source,
  ...(activity !== '' && { activity }),
  ...(agent !== '' && { agent }),
  ...(registration !== '' && { registration }),
  id,
})

function etagsOf(precondition: Precondition): Filter<StateDocument> {
  switch (precondition.kind) {
    case 'any':
    case 'present':
      return {}
    case 'absent':
      return { etag: { $exists: false } }
    case 'etags':
      return { etag: { $in: [...precondition.etags] } }
    case 'not-etags':
      return { etag: { $nin: [...precondition.etags] } }
  }
}

/** JSON text is not ordered as what it says. */
const byText = (one: string, other: string) => Buffer.compare(Buffer.from(one), Buffer.from(other))
