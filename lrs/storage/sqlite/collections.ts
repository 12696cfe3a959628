import type { Collection, Collections, Doc, Operation } from '../port.ts'
import { type Declaration, declarationOf, mustBeBatch, textOperation } from '../text-operation.ts'
import type { Database } from './database.ts'
import type { TextDoc, Undeclared } from './operations/read-collections.ts'

const MOST_KEYS = 1_000

/** The collections of one database. Values cross to the threads as JSON text. */
export function createCollections(database: Database): Collections {
  const batch = (operations: readonly Operation[]) =>
    database.write('collections.batch', operations.map(textOperation))
  const one = async (operation: Operation) => (await batch([operation])).ok

  /** Asks again after a declared index was made. */
  async function declared<T>(collection: Declaration, ask: () => Promise<T | Undeclared>): Promise<T> {
    const answer = await ask()
    if (answer !== 'undeclared') return answer as T
    await database.write('collections.declare', collection)
    return (await ask()) as T
  }

  return {
    async get<T>(collection: Collection<T>, key: string) {
      if (!key.isWellFormed()) return null
      const doc = await database.read('collections.get', { collection: collection.name, key })
      return doc && parse<T>(doc)
    },
    async getMany<T>(collection: Collection<T>, keys: readonly string[]) {
      if (keys.length > MOST_KEYS) throw new Error(`At most ${MOST_KEYS} keys at a time`)
      const wanted = keys.filter((key) => key.isWellFormed())
      if (wanted.length === 0) return new Map<string, Doc<T>>()
      const docs = await database.read('collections.getMany', { collection: collection.name, keys: wanted })
      return new Map(docs.map((doc) => [doc.key, parse<T>(doc)]))
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
    async find<T>(collection: Collection<T>, find: Parameters<Collections['find']>[1]) {
      const declaration = declarationOf(collection)
      const page = await declared(declaration, () =>
        database.read('collections.find', { collection: declaration, find }),
      )
      return { docs: page.docs.map((doc) => parse<T>(doc)), next: page.next }
    },
    async scan<T>(collection: Collection<T>, options: Parameters<Collections['scan']>[1]) {
      const page = await database.read('collections.scan', {
        collection: collection.name,
        prefix: options.prefix ?? '',
        after: options.after ?? null,
        limit: options.limit,
      })
      return { docs: page.docs.map((doc) => parse<T>(doc)), next: page.next }
    },
    count(collection, find) {
      const declaration = declarationOf(collection)
      return declared(declaration, () =>
        database.read('collections.count', { collection: declaration, find: find ?? null }),
      )
    },
  }
}

function parse<T>({ key, text, revision }: TextDoc): Doc<T> {
  return { key, value: JSON.parse(text) as T, revision }
}
