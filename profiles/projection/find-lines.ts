import { type Collections, type Doc, findPage, foldedWords } from '../../lrs/index.ts'
import type { LineFilter, PersonId } from '../types.ts'
import { LINES, type LineDocument } from './documents.ts'
import { term, wordTerm } from './terms.ts'
import { firstDayOf, startOfDay } from './time.ts'

/** Words of a query that are looked at. */
const MOST_WORDS = 6
/** Lines read for one page at most, where several filters meet; the rest follows behind `next`. */
const MOST_READ = 1_000
const READ_AT_ONCE = 100

export interface FoundLines {
  docs: Doc<LineDocument>[]
  next: string | null
}

/**
 * The lines of a person, the newest first, that fit all of a filter. One filter is an index of its own; where several
 * meet the rarest of them is read, and the others are looked at. So a page may be shorter than its limit and still have
 * a `next`. With a filter lines of one day stand in no order of time.
 */
export async function findLines(
  collections: Collections,
  person: PersonId,
  filter: LineFilter,
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<FoundLines> {
  const terms = wantedTerms(filter)
  const days = daysOf(filter)
  const [rarest] = await byRarity(collections, person, terms, days)
  if (rarest === undefined) {
    const range = days && { gte: startOfDay(days.gte), lt: startOfDay(days.lt) }
    const of = { index: 'person', equals: { visibleTo: person }, descending: true, limit, after }
    return findPage(collections, LINES, { ...of, ...(range && { range }) })
  }
  const others = terms.filter((each) => each !== rarest)
  const find = {
    index: 'term',
    equals: { visibleTo: person, terms: rarest },
    ...(days && { range: days }),
    descending: true,
  }
  const docs: Doc<LineDocument>[] = []
  let next = after
  for (let read = 0; ; ) {
    // Not more at a time than is still wanted: what is read beyond would have to be read again.
    const size = others.length === 0 ? limit : Math.min(READ_AT_ONCE, limit - docs.length)
    const page = await findPage(collections, LINES, { ...find, limit: size, after: next })
    docs.push(...page.docs.filter(({ value }) => others.every((each) => value.terms.includes(each))))
    read += page.docs.length
    if (page.next === null || docs.length >= limit || read >= MOST_READ) return { docs, next: page.next }
    next = page.next
  }
}

function wantedTerms({ words, ...named }: LineFilter): string[] {
  const terms = (['topic', 'kind', 'h', 'source', 'level'] as const).flatMap((name) => {
    const value = named[name]
    return value === undefined ? [] : [term(name, value)]
  })
  return [
    ...terms,
    ...new Set(
      foldedWords(words ?? '')
        .slice(0, MOST_WORDS)
        .map(wordTerm),
    ),
  ]
}

/** Local days of the year or month. */
function daysOf({ year, month }: LineFilter): { gte: number; lt: number } | null {
  if (year === undefined) return null
  return month === undefined
    ? { gte: firstDayOf(year, 1), lt: firstDayOf(year + 1, 1) }
    : { gte: firstDayOf(year, month), lt: firstDayOf(year, month + 1) }
}

async function byRarity(
  collections: Collections,
  person: PersonId,
  terms: readonly string[],
  days: { gte: number; lt: number } | null,
): Promise<string[]> {
  if (terms.length < 2) return [...terms]
  const counts = await Promise.all(
    terms.map((each) =>
      collections.count(LINES, {
        index: 'term',
        equals: { visibleTo: person, terms: each },
        ...(days && { range: days }),
      }),
    ),
  )
  return terms.toSorted((a, b) => counts[terms.indexOf(a)]! - counts[terms.indexOf(b)]!)
}
