import {
  type Collection,
  type Collections,
  cursorAt,
  type Doc,
  type Found,
  findPage,
} from '../../lrs/index.ts'
import type { PersonId } from '../types.ts'
import { MERGES } from './documents.ts'

/** As many as are looked for; nobody is found to be so many. */
const MOST = 100

/** The person, and everybody whose record is shown as theirs now, also by way of another. */
export async function familyOf(collections: Collections, person: PersonId): Promise<PersonId[]> {
  const all = [person]
  for (const into of all) {
    const find = { index: 'into', equals: { into, open: true }, limit: MOST }
    for (const { value } of (await collections.find(MERGES, find)).docs)
      if (!all.includes(value.from) && all.length < MOST) all.push(value.from)
  }
  return all
}

interface OfFamily {
  after?: string | undefined
  limit: number
  /** `person` unless said. */
  index?: string
  equals?: Record<string, string>
}

/**
 * A page of what is kept under a person and everybody whose record is shown as theirs, the newest first whoever's it is:
 * each is read from where the page before ended.
 */
export async function findOfFamily<T>(
  collections: Collections,
  collection: Collection<T>,
  person: PersonId,
  { after, limit, index = 'person', equals = {} }: OfFamily,
): Promise<Found<T>> {
  const fields = collection.indexes[index] ?? []
  const place = placeOf(after)
  const pages = await Promise.all(
    (await familyOf(collections, person)).map(async (each) => {
      const values = fields.map((field) => (field === 'person' ? each : (equals[field] ?? place?.at ?? null)))
      const { docs } = await findPage(collections, collection, {
        index,
        equals: { ...equals, person: each },
        descending: true,
        limit: limit + 1,
        after: place ? cursorAt(values, place.key) : undefined,
      })
      return docs
    }),
  )
  const sorted = fields.find((field) => field !== 'person' && !(field in equals))
  const placeIn = ({ key, value }: Doc<T>): Place => ({ at: sorted ? valueAt(value, sorted) : null, key })
  const inOrder = pages.flat().sort((a, b) => byPlace(placeIn(a), placeIn(b)))
  const docs = inOrder.slice(0, limit)
  const last = docs.at(-1)
  return { docs, next: last && inOrder.length > limit ? JSON.stringify(placeIn(last)) : null }
}

/** Behind which document a page ended, by what its index orders by (null: by nothing but keys). */
interface Place {
  at: string | number | null
  key: string
}

/** The later first, then the greater key, as an index is read backwards. */
function byPlace(a: Place, b: Place): number {
  if (a.at !== b.at) return (a.at ?? 0) < (b.at ?? 0) ? 1 : -1
  return a.key < b.key ? 1 : a.key > b.key ? -1 : 0
}

function valueAt(value: unknown, path: string): Place['at'] {
  const found = path.split('.').reduce((of: unknown, name) => (of as Record<string, unknown>)?.[name], value)
  return typeof found === 'string' || typeof found === 'number' ? found : null
}

/** Null for the start, and for what is no `next` of an earlier page. */
function placeOf(after: string | undefined): Place | null {
  try {
    const { at, key } = JSON.parse(after ?? 'null') as Place
    const isPlace =
      (at === null || typeof at === 'number' || typeof at === 'string') && typeof key === 'string'
    return isPlace ? { at, key } : null
  } catch {
    return null
  }
}
