import { COLLECTION_LIMITS, type Collection, type Collections, type Doc, type Operation } from '../port.ts'
import type { Database } from './database.ts'
import type { Declaration } from './operations/declared-indexes.ts'
import type { TextDoc, Undeclared } from './operations/read-collections.ts'
import type { TextOperation } from './operations/write-collections.ts'

const MOST_OPERATIONS = 1_000
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
      if (operations.length > MOST_OPERATIONS)
        throw new Error(`A batch has at most ${MOST_OPERATIONS} operations`)
      const keys = new Set(operations.map(({ collection, key }) => JSON.stringify([collection.name, key])))
      if (keys.size < operations.length) throw new Error('The keys of a batch must be distinct')
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

const declarationOf = ({ name, indexes }: Collection<unknown>): Declaration => ({ name, indexes })

function parse<T>({ key, text, revision }: TextDoc): Doc<T> {
  return { key, value: JSON.parse(text) as T, revision }
}

function textOperation(operation: Operation): TextOperation {
  const { op, key } = operation
  if (!key.isWellFormed()) throw new Error('A key must be well-formed Unicode')
  const collection = declarationOf(operation.collection)
  switch (op) {
    case 'put':
    case 'insert':
      return { op, collection, key, text: textOf(operation.value), expires: operation.expires ?? null }
    case 'replace': {
      const { revision, value, expires } = operation
      return { op, collection, key, text: textOf(value), revision, expires: expires ?? null }
    }
    case 'delete':
      return { op, collection, key, revision: operation.revision ?? null }
    case 'check':
      return { op, collection, key, revision: operation.revision }
  }
}

function textOf(value: unknown): string {
  if (depth(value) > COLLECTION_LIMITS.depth)
    throw new Error(`A value is nested deeper than ${COLLECTION_LIMITS.depth}`)
  const text = JSON.stringify(value) as string | undefined
  if (text === undefined) throw new Error('A value must be JSON')
  if (Buffer.byteLength(text) > COLLECTION_LIMITS.bytes) {
    throw new Error(`A value has more than ${COLLECTION_LIMITS.bytes} bytes as JSON`)
  }
  return text
}

function depth(value: unknown, above = 0): number {
  if (value === null || typeof value !== 'object' || above > COLLECTION_LIMITS.depth) return above
  let deepest = above + 1
  for (const member of Object.values(value)) deepest = Math.max(deepest, depth(member, above + 1))
  return deepest
}
