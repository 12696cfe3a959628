import { type Declaration, fieldsOf } from '../text-operation.ts'
import { type Connection, isDuplicateKey } from './connect.ts'
import { collectionName } from './doc-names.ts'
import { createIndexWork, STRAGGLERS } from './index-work.ts'
import type { Names } from './names.ts'
import type { DeclarationDocument, IndexState, Schema } from './schema.ts'

/**
 * The indexes of collections, kept where every process sees them, so that each writes the entries of all. A process looks
 * again after a second at the latest; what was written without an index's entries meanwhile is gone through once more.
 */
export interface DeclaredIndexes {
  /** All that writes must keep the entries of; the collection's own declaration is made known first. */
  kept(collection: Declaration): Promise<Kept>
  /** The number of an index that is complete; it is filled first where it is not. */
  complete(collection: Declaration, index: string): Promise<number>
  /** After a write of these keys, which may have taken long: gives them what others have declared meanwhile. */
  wrote(kept: Kept, keys: readonly string[]): Promise<void>
  end(): Promise<void>
}

export interface Kept {
  collection: Declaration
  indexes: readonly IndexState[]
  version: number
  /** When this was read, ms of this process. */
  read: number
}

/** So long a process goes by what it read, ms. */
const FRESH = 1_000
/** A write that took longer since then looks whether others have declared meanwhile, ms. */
const SLOW = STRAGGLERS / 2
/** So long an index is kept beside a newer one of its name: processes of an older version find by it, ms. */
export const BESIDE = 86_400_000

export function createDeclaredIndexes(
  connection: Connection,
  schema: Schema,
  names: Names,
  clock: () => number,
): DeclaredIndexes {
  const { ask } = connection
  const { declaration } = schema
  const remembered = new Map<string, Kept>()
  const looking = new Map<string, Promise<Kept>>()
  const work = createIndexWork(connection, schema, names, { change, now })

  /** The server's clock: one for all processes. Tests shift it. */
  async function now(): Promise<number> {
    const { localTime } = (await ask(() => connection.db.command({ hello: 1 }))) as { localTime: Date }
    return localTime.getTime() + Math.round(clock() - Date.now())
  }

  /** Changes what is declared, whoever else does so; null when there is nothing to change. */
  async function change(
    collection: string,
    next: (indexes: IndexState[], declared: DeclarationDocument) => IndexState[] | null,
  ): Promise<DeclarationDocument> {
    const _id = collectionName(names, collection)
    for (;;) {
      const found = await ask(() => declaration.findOne({ _id }))
      const old = found ?? { _id, version: 0, last: 0, indexes: [] }
      const indexes = next(structuredClone(old.indexes), old)
      if (indexes === null) return old
      const fresh: DeclarationDocument = {
        _id,
        version: old.version + 1,
        last: Math.max(old.last, ...indexes.map(({ no }) => no)),
        indexes,
      }
      if (await ask(() => put(fresh, found !== null))) return fresh
    }
  }

  async function put(fresh: DeclarationDocument, there: boolean): Promise<boolean> {
    const { _id, version } = fresh
    if (there) return (await declaration.replaceOne({ _id, version: version - 1 }, fresh)).matchedCount === 1
    try {
      await declaration.insertOne(fresh)
      return true
    } catch (error) {
      if (isDuplicateKey(error)) return false
      throw error
    }
  }

  async function declare(collection: Declaration): Promise<DeclarationDocument> {
    const at = await now()
    return change(collection.name, (indexes, { last, version }) => {
      let no = last
      const missing = Object.entries(collection.indexes).filter(
        ([name, fields]) => !isIn(indexes, name, fields),
      )
      if (missing.length === 0) return version === 0 ? [] : null
      for (const [name, fields] of missing) {
        for (const one of indexes) if (one.name === name) supersede(one, new Date(at + BESIDE))
        // Nothing was written before its collection was declared.
        const stage = version === 0 ? 'settled' : 'filling'
        indexes.push({ no: ++no, name, fields: [...fields], stage, due: new Date(at) })
      }
      return indexes
    })
  }

  async function look(collection: Declaration): Promise<Kept> {
    const read = performance.now()
    const _id = collectionName(names, collection.name)
    let found = await ask(() => declaration.findOne({ _id }))
    if (!found || !covers(found.indexes, collection)) found = await declare(collection)
    work.tend(collection.name, found.indexes, clock())
    const indexes = found.indexes.filter(({ stage }) => stage !== 'gone')
    const kept = { collection, indexes, version: found.version, read }
    remembered.set(collection.name, kept)
    return kept
  }

  async function kept(collection: Declaration, fresh = FRESH): Promise<Kept> {
    const known = remembered.get(collection.name)
    if (known && performance.now() - known.read < fresh && covers(known.indexes, collection)) return known
    const place = JSON.stringify([collection.name, collection.indexes])
    const under = looking.get(place)
    if (under) return under
    const looked = look(collection).finally(() => looking.delete(place))
    looking.set(place, looked)
    return looked
  }

  return {
    kept,
    async complete(collection, name) {
      const fields = fieldsOf(collection, name)
      let fresh = FRESH
      for (;;) {
        const { indexes } = await kept(collection, fresh)
        const index = indexes.find((one) => isIndex(one, name, fields))
        if (index && index.stage !== 'filling') return index.no
        if (index) await work.fill(collection.name, index.no)
        fresh = 0
      }
    },
    async wrote({ collection, version, read }, keys) {
      if (performance.now() - read < SLOW) return
      const newest = await kept(collection)
      if (newest.version !== version) await work.complete(collection.name, newest.indexes, keys)
    },
    end: work.end,
  }
}

function supersede(index: IndexState, until: Date): void {
  if (index.until || index.stage === 'gone') return
  index.until = until
  if (index.stage === 'settled') index.due = until
}

const isIndex = (one: IndexState, name: string, fields: readonly string[]) =>
  one.stage !== 'gone' && one.name === name && JSON.stringify(one.fields) === JSON.stringify(fields)

const isIn = (indexes: readonly IndexState[], name: string, fields: readonly string[]) =>
  indexes.some((one) => isIndex(one, name, fields))

const covers = (indexes: readonly IndexState[], { indexes: declared }: Declaration) =>
  Object.entries(declared).every(([name, fields]) => isIn(indexes, name, fields))
