import type { Collection, Collections, Doc, Operation } from '../port.ts'
import { declarationOf, mustBeBatch, textOperation } from '../text-operation.ts'
import { createBatch } from './batch.ts'
import type { Connection } from './connect.ts'
import { createDeclaredIndexes } from './declared-indexes.ts'
import { aliveAt, docKeyOf, docName } from './doc-names.ts'
import { AS_OF_ONE_MOMENT, createFindDocs, type DocPage } from './find-docs.ts'
import type { Names } from './names.ts'
import type { DocDocument, Schema } from './schema.ts'

const MOST_KEYS = 1_000

/** The collections of one tenant, or of the system. `end` waits for what was begun apart from calls. */
export function createCollections(
  connection: Connection,
  schema: Schema,
  names: Names,
  clock: () => number,
): Collections & { end(): Promise<void> } {
  const { ask } = connection
  const declared = createDeclaredIndexes(connection, schema, names, clock)
  const write = createBatch(connection, schema, names, clock, declared)
  const read = createFindDocs(connection, schema, names, clock, declared)
  const batch = (operations: readonly Operation[]) => write(operations.map(textOperation))
  const one = async (operation: Operation) => (await batch([operation])).ok

  return {
    async get<T>(collection: Collection<T>, key: string) {
      if (!key.isWellFormed()) return null
      const _id = docName(names, collection.name, key)
      const found = await ask(() => schema.doc.findOne({ _id, ...aliveAt(clock()) }))
      return found && parse<T>(found)
    },
    async getMany<T>(collection: Collection<T>, keys: readonly string[]) {
      if (keys.length > MOST_KEYS) throw new Error(`At most ${MOST_KEYS} keys at a time`)
      const wanted = new Set(keys.filter((key) => key.isWellFormed()))
      if (wanted.size === 0) return new Map<string, Doc<T>>()
      const _id = { $in: [...wanted].map((key) => docName(names, collection.name, key)) }
      const found = await ask(() =>
        schema.doc.find({ _id, ...aliveAt(clock()) }, { ...AS_OF_ONE_MOMENT, hint: { _id: 1 } }).toArray(),
      )
      return new Map(found.map(parse<T>).map((doc) => [doc.key, doc]))
    },
    async put(collection, key, value, options) {
      await one({ op: 'put', collection, key, value, ...options })
    },
    insert: (collection, key, value, options) => one({ op: 'insert', collection, key, value, ...options }),
    replace: (collection, key, value, revision, options) =>
      one({ op: 'replace', collection, key, value, revision, ...options }),
    async delete(collection, key) {
      const outcome = await batch([{ op: 'delete', collection, key }])
      return outcome.ok && outcome.present[0] === true
    },
    async batch(operations) {
      mustBeBatch(operations)
      const outcome = await batch(operations)
      return outcome.ok ? { ok: true } : outcome
    },
    find: async <T>(collection: Collection<T>, find: Parameters<Collections['find']>[1]) =>
      parsePage<T>(await read.find(declarationOf(collection), find)),
    scan: async <T>(collection: Collection<T>, options: Parameters<Collections['scan']>[1]) =>
      parsePage<T>(await read.scan(collection.name, options)),
    count: (collection, find) => read.count(declarationOf(collection), find),
    end: declared.end,
  }
}

function parse<T>({ _id, value, revision }: DocDocument): Doc<T> {
  return { key: docKeyOf(_id), value: JSON.parse(value) as T, revision }
}

const parsePage = <T>({ docs, next }: DocPage) => ({ docs: docs.map(parse<T>), next })
