import { type Collections, cursorAt, type Doc } from '../../lrs/index.ts'
import type { PersonId } from '../types.ts'
import { LINES, type LineDocument } from './documents.ts'

export interface Days {
  gte: number
  lt: number
}

/** Where a page of several terms ended: behind this line of this day. */
interface Place {
  day: number
  key: string
}

/**
 * The lines of a person that have one of several terms, by day and then by id, the latest first, or the oldest: each term is read from
 * where the page before ended, so a page costs the same however many lines a day has.
 */
export async function mergedLines(
  collections: Collections,
  person: PersonId,
  terms: readonly string[],
  {
    days,
    after,
    limit,
    oldest = false,
  }: { days: Days | null; after: string | undefined; limit: number; oldest?: boolean },
): Promise<{ docs: Doc<LineDocument>[]; next: string | null }> {
  const place = placeOf(after)
  const found = new Map<string, Doc<LineDocument>>()
  for (const docs of await Promise.all(terms.map((term) => behind(term)))) {
    for (const doc of docs) found.set(doc.key, doc)
  }
  const sign = oldest ? -1 : 1
  const inOrder = [...found.values()].sort((a, b) => sign * byPlace(placeIn(a), placeIn(b)))
  const docs = inOrder.slice(0, limit)
  const last = docs.at(-1)
  return { docs, next: last && inOrder.length > limit ? nameOf(placeIn(last)) : null }

  /** One more than a page holds of the lines of one term that lie behind the place. */
  async function behind(term: string): Promise<Doc<LineDocument>[]> {
    const page = await collections.find(LINES, {
      index: 'term',
      equals: { visibleTo: person, terms: term },
      ...(days && { range: days }),
      descending: !oldest,
      limit: limit + 1,
      ...(place && { after: cursorAt([person, term, place.day], place.key) }),
    })
    return page.docs
  }
}

const placeIn = ({ key, value }: Doc<LineDocument>): Place => ({ day: value.day ?? 0, key })

/** The later day first, then the greater id. */
const byPlace = (a: Place, b: Place) => b.day - a.day || (a.key > b.key ? -1 : a.key < b.key ? 1 : 0)

const nameOf = ({ day, key }: Place) => `${day}.${key}`

/** Null for the start, and for what is no `next` of an earlier page. */
function placeOf(after: string | undefined): Place | null {
  const [, day, key] = /^(-?\d{1,7})\.([\w-]{22})$/.exec(after ?? '') ?? []
  return day === undefined || key === undefined ? null : { day: Number(day), key }
}
