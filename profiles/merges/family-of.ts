import { type Collection, type Collections, type Doc, type Found, findPage } from '../../lrs/index.ts'
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
 * A page of what is kept under a person and everybody whose record is shown as theirs: of one after the other, the newest of each
 * first.
 */
export async function findOfFamily<T>(
  collections: Collections,
  collection: Collection<T>,
  person: PersonId,
  { after, limit, ...where }: OfFamily,
): Promise<Found<T>> {
  const persons = await familyOf(collections, person)
  const [, first = '0', begun = ''] = after?.match(/^(\d+) (.*)$/s) ?? []
  const docs: Doc<T>[] = []
  let from = begun
  for (let at = Number(first); at < persons.length; at++) {
    const page = await findPage(collections, collection, {
      index: where.index ?? 'person',
      equals: { ...where.equals, person: persons[at]! },
      descending: true,
      limit: limit - docs.length,
      after: from === '' ? undefined : from,
    })
    docs.push(...page.docs)
    if (page.next !== null) return { docs, next: `${at} ${page.next}` }
    if (docs.length >= limit) return { docs, next: at + 1 < persons.length ? `${at + 1} ` : null }
    from = ''
  }
  return { docs, next: null }
}
