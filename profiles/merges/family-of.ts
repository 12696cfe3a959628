import type { Collections } from '../../lrs/index.ts'
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

interface Page<T> {
  items: readonly T[]
  next: string | null
}

/** One list of what is kept under several persons: of one after the other, the list of each in its order. */
export async function pageOver<T>(
  persons: readonly PersonId[],
  { after, limit }: { after?: string | undefined; limit: number },
  read: (person: PersonId, options: { after?: string; limit: number }) => Promise<Page<T>>,
): Promise<{ items: T[]; next: string | null }> {
  const [, first = '0', begun = ''] = after?.match(/^(\d+) (.*)$/s) ?? []
  const items: T[] = []
  let from = begun
  for (let at = Number(first); at < persons.length; at++) {
    const page = await read(persons[at]!, { limit: limit - items.length, ...(from && { after: from }) })
    items.push(...page.items)
    if (page.next !== null) return { items, next: `${at} ${page.next}` }
    if (items.length >= limit) return { items, next: at + 1 < persons.length ? `${at + 1} ` : null }
    from = ''
  }
  return { items, next: null }
}
