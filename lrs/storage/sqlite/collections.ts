import type { Collections } from '../collections.ts'
import { collectionsOf } from '../text-collections.ts'
import type { Declaration } from '../text-operation.ts'
import type { Database } from './database.ts'
import type { Undeclared } from './operations/read-collections.ts'

/** The collections of one database. Values cross to the threads as JSON text. */
export function createCollections(database: Database): Collections {
  /** Asks again after a declared index was made. */
  async function declared<T>(collection: Declaration, ask: () => Promise<T | Undeclared>): Promise<T> {
    const answer = await ask()
    if (answer !== 'undeclared') return answer as T
    await database.write('collections.declare', collection)
    return (await ask()) as T
  }

  return collectionsOf({
    get: (collection, key) => database.read('collections.get', { collection, key }),
    getMany: (collection, keys) => database.read('collections.getMany', { collection, keys }),
    batch: (operations) => database.write('collections.batch', operations),
    find: (collection, find) =>
      declared(collection, () => database.read('collections.find', { collection, find })),
    scan: (collection, { prefix = '', after = null, limit }) =>
      database.read('collections.scan', { collection, prefix, after, limit }),
    count: (collection, find) =>
      declared(collection, () => database.read('collections.count', { collection, find: find ?? null })),
  })
}
