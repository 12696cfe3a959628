import type { Collections, Doc } from '../../lrs/index.ts'
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
 * The lines of a person that have one of several terms, by day and then by id, the latest first: each term is read from
 * where the page before ended.
 */
export async function mergedLines(
  collections: Collections,
  person: PersonId,
  terms: readonly string[],
  { days, after, limit }: { days: Days | null; after: string | undefined; limit: number },
): Promise<{ docs: Doc<LineDocument>[]; next: string | null }> {
  const place = placeOf(after)
  const found = new Map<string, Doc<LineDocument>>()
  for (const docs of await Promise.all(terms.map((term) => behind(term)))) {
    for (const doc of docs) found.set(doc.key, doc)
  }
  const inOrder = [...found.values()].sort((a, b) => byPlace(placeIn(a), placeIn(b)))
  const docs = inOrder.slice(0, limit)
  const last = docs.at(-1)
  return { docs, next: last && inOrder.length > limit ? nameOf(placeIn(last)) : null }

  /** One more than a page holds of the lines of one term that lie behind the place. */
  async function behind(term: string): Promise<Doc<LineDocument>[]> {
    const lines: Doc<LineDocument>[] = []
    for (let next: string | null = ''; next !== null && lines.length <= limit; ) {
      const range = {
        ...days,
        ...(place && { lt: Math.min(days?.lt ?? Number.MAX_SAFE_INTEGER, place.day + 1) }),
      }
      const page: Awaited<ReturnType<typeof collections.find<LineDocument>>> = await collections.find(LINES, {
        index: 'term',
        equals: { visibleTo: person, terms: term },
        ...(Object.keys(range).length > 0 && { range }),
        descending: true,
        limit: limit + 1,
        ...(next !== '' && { after: next }),
      })
      lines.push(...page.docs.filter((doc) => !place || byPlace(place, placeIn(doc)) < 0))
      next = page.next
    }
    return lines
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
