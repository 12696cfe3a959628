import { type Collections, type Doc, findPage, foldedWords } from '../../lrs/index.ts'
import type { LineFilter, PersonId } from '../types.ts'
import { LINES, type LineDocument } from './documents.ts'
import { type Days, mergedLines } from './merged-lines.ts'
import { term, wordTerm } from './terms.ts'
import { firstDayOf, startOfDay } from './time.ts'
import { termsBeginning } from './word-prefix.ts'

/** Words of a query that are looked at. */
const MOST_WORDS = 6
/** Lines read for one page at most, where several filters meet; the rest follows behind `next`. */
const MOST_READ = 300
const READ_AT_ONCE = 100
/** Lines of each filter that are looked at to tell which is the rarest. */
const SAMPLE = 20
/** Days, longer than a record. */
const LIFE = 36_500

export interface FoundLines {
  docs: Doc<LineDocument>[]
  next: string | null
}

/** What a line is to have: one of these terms, or, where these are too many, any that begins so. */
type Want = { terms: readonly string[] } | { beginning: string }

type Page = (options: { after: string | undefined; limit: number; days: Days | null }) => Promise<FoundLines>

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
  const wants = await wantsOf(collections, person, filter)
  const days = daysOf(filter)
  const named = wants.filter((want) => 'terms' in want)
  if (named.some(({ terms }) => terms.length === 0)) return { docs: [], next: null }
  if (wants.length < 2 && named.length === wants.length) {
    const page = named[0] ? pagesOf(collections, person, named[0].terms) : allPages(collections, person)
    return page({ after, limit, days })
  }
  // The pages that follow read the same filter.
  const [, at, from] = /^(\d)~(.*)$/s.exec(after ?? '') ?? []
  const chosen = named[Number(at ?? -1)] ?? (await rarestOf(collections, person, named, days))
  const others = wants.filter((want) => want !== chosen)
  const page = chosen ? pagesOf(collections, person, chosen.terms) : allPages(collections, person)
  const nextOf = (next: string | null) => next && `${chosen ? named.indexOf(chosen) : 9}~${next}`

  const docs: Doc<LineDocument>[] = []
  let next = from
  for (let read = 0; ; ) {
    // Not more at a time than is still wanted: what is read beyond would have to be read again.
    const found = await page({ after: next, days, limit: Math.min(READ_AT_ONCE, limit - docs.length) })
    docs.push(...found.docs.filter(({ value }) => others.every((want) => fits(value.terms, want))))
    read += found.docs.length
    if (found.next === null || docs.length >= limit || read >= MOST_READ)
      return { docs, next: nextOf(found.next) }
    next = found.next
  }
}

const fits = (terms: readonly string[], want: Want) =>
  'terms' in want
    ? want.terms.some((each) => terms.includes(each))
    : terms.some((each) => each.startsWith(want.beginning))

/** All lines, by time. */
function allPages(collections: Collections, person: PersonId): Page {
  return ({ days, ...of }) => {
    const range = days && { gte: startOfDay(days.gte), lt: startOfDay(days.lt) }
    const find = { index: 'person', equals: { visibleTo: person }, descending: true, ...of }
    return findPage(collections, LINES, { ...find, ...(range && { range }) })
  }
}

/** The lines that have one of these terms, by day. */
function pagesOf(collections: Collections, person: PersonId, terms: readonly string[]): Page {
  const [only, ...others] = terms
  if (only === undefined || others.length > 0) return (of) => mergedLines(collections, person, terms, of)
  return ({ days, ...of }) => {
    const find = { index: 'term', equals: { visibleTo: person, terms: only }, descending: true, ...of }
    return findPage(collections, LINES, { ...find, ...(days && { range: days }) })
  }
}

/** The last word may be the beginning of one: it may still be being written. */
async function wantsOf(
  collections: Collections,
  person: PersonId,
  { words, sources, topics, ...named }: LineFilter,
): Promise<Want[]> {
  const wants = (['topic', 'kind', 'h', 'source', 'level'] as const).flatMap((name): Want[] => {
    const value = named[name]
    return value === undefined ? [] : [{ terms: [term(name, value)] }]
  })
  if (sources) wants.push({ terms: [...new Set(sources)].sort().map((source) => term('source', source)) })
  if (topics) wants.push({ terms: [...new Set(topics)].map((topic) => term('topic', topic)).sort() })
  const all = foldedWords(words ?? '').slice(0, MOST_WORDS)
  const last = all.pop()
  wants.push(...all.map((word): Want => ({ terms: [wordTerm(word)] })))
  if (last !== undefined) {
    const terms = await termsBeginning(collections, person, last)
    wants.push(terms ? { terms } : { beginning: wordTerm(last) })
  }
  return wants
}

/** Local days of the year or month. */
function daysOf({ year, month }: LineFilter): Days | null {
  if (year === undefined) return null
  return month === undefined
    ? { gte: firstDayOf(year, 1), lt: firstDayOf(year + 1, 1) }
    : { gte: firstDayOf(year, month), lt: firstDayOf(year, month + 1) }
}

/** The one with the fewest lines a day by a look at the newest: counting all would take longer than reading a page. */
async function rarestOf<T extends { terms: readonly string[] }>(
  collections: Collections,
  person: PersonId,
  wants: readonly T[],
  days: Days | null,
): Promise<T | undefined> {
  if (wants.length < 2) return wants[0]
  const looks = await Promise.all(
    wants.map(({ terms }) =>
      Promise.all(
        terms.map((each) =>
          pagesOf(collections, person, [each])({
            after: undefined,
            limit: Math.ceil(SAMPLE / terms.length),
            days,
          }),
        ),
      ),
    ),
  )
  const newest = Math.max(...looks.flat().map(({ docs }) => docs[0]?.value.day ?? 0))
  const perDay = looks.map((pages) =>
    pages.reduce((sum, { docs, next }) => {
      const oldest = next === null ? newest - LIFE : (docs.at(-1)?.value.day ?? newest)
      return sum + docs.length / Math.max(1, newest - oldest)
    }, 0),
  )
  return wants.toSorted((a, b) => perDay[wants.indexOf(a)]! - perDay[wants.indexOf(b)]!)[0]
}
