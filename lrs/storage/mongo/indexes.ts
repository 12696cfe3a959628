import type { Db, IndexDescription, IndexDescriptionInfo } from 'mongodb'
import { INDEXES } from './schema.ts'

/** What the database has of the declared indexes. */
export interface IndexState {
  collection: string
  index: string
  /** `other`: one of its name that indexes something else. */
  state: 'there' | 'missing' | 'other'
}

/**
 * Makes collections and indexes that are not there. Where documents are already, the server builds an index while others
 * read and write, and nothing waits for it here; a page that needs it is unavailable until then.
 */
export async function makeIndexes(db: Db): Promise<void> {
  const there = new Set((await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name))
  await Promise.all(
    Object.entries(INDEXES).map(async ([name, declared]) => {
      // A transaction on a sharded cluster may not make a collection.
      if (!there.has(name)) await db.createCollection(name).catch(unless(NAMESPACE_EXISTS))
      const states = await stateOf(db, name)
      const missing = declared.filter((_, i) => states[i]!.state === 'missing')
      if (missing.length === 0) return
      const made = db.collection(name).createIndexes([...missing])
      if (await db.collection(name).findOne({}, { projection: { _id: 1 } })) made.catch(() => {})
      else await made
    }),
  )
}

/** Every declared index, for who looks after the store. */
export async function indexStates(db: Db): Promise<IndexState[]> {
  return (await Promise.all(Object.keys(INDEXES).map((name) => stateOf(db, name)))).flat()
}

async function stateOf(db: Db, collection: string): Promise<IndexState[]> {
  const known = await db
    .collection(collection)
    .indexes()
    .catch((error: unknown): IndexDescriptionInfo[] => {
      unless(NAMESPACE_NOT_FOUND)(error as { code?: unknown })
      return []
    })
  return INDEXES[collection as keyof typeof INDEXES].map((declared) => {
    const found = known.find(({ name }) => name === declared.name)
    const same = found && shapeOf(found) === shapeOf(declared)
    return { collection, index: declared.name, state: !found ? 'missing' : same ? 'there' : 'other' }
  })
}

/** What an index indexes, and how, as text. */
const shapeOf = ({ key, unique, sparse, partialFilterExpression, expireAfterSeconds }: IndexDescription) =>
  JSON.stringify([
    key,
    unique === true,
    sparse === true,
    partialFilterExpression ?? null,
    expireAfterSeconds ?? null,
  ])

const NAMESPACE_EXISTS = 48
const NAMESPACE_NOT_FOUND = 26

const unless = (code: number) => (error: { code?: unknown }) => {
  if (error.code !== code) throw error
}
