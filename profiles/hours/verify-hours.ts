import { isDeepStrictEqual } from 'node:util'
import type { Collection, Collections } from '../../lrs/index.ts'
import type { MappingReader } from '../mapping/read-mapping.ts'
import { FACTS, isFact, type Known, LINES } from '../projection/documents.ts'
import { pages } from '../projection/pages.ts'
import { localDay, monthOf } from '../projection/time.ts'
import { write } from '../projection/write.ts'
import { dayDocument, isNothing } from './changes.ts'
import { addFacts, type DayEntries, withTwins } from './day.ts'
import { DAYS, type DayDocument, YEARS, type YearDocument, yearKey } from './documents.ts'
import { addSums, EMPTY, type Sums } from './sums.ts'

interface Deps {
  collections: Collections
  mapping: MappingReader
}

/**
 * Compares days with their facts, and years with their days and lines. A day's document is written with each of its
 * facts, and a year's with each of its sums: what differs while that stays the same is wrong. Safe while everything
 * goes on.
 */
export async function* verifyHours(
  deps: Deps,
): AsyncGenerator<{ kind: 'record-day' | 'record-year'; key: string }> {
  const { collections } = deps
  for await (const docs of pages<DayDocument>((options) => collections.scan(DAYS, options)))
    for (const { key, value } of docs) {
      if (await differs(collections, DAYS, key, (day) => wantedDay(deps, day)))
        yield { kind: 'record-day', key }
      const year = yearKey(value.person, monthOf(value.day).year)
      const isCounted = !isDeepStrictEqual(value.sums, EMPTY)
      if (isCounted && !(await collections.get(YEARS, year)) && (await collections.get(DAYS, key)))
        yield { kind: 'record-year', key: year }
    }
  for await (const docs of pages<YearDocument>((options) => collections.scan(YEARS, options)))
    for (const { key } of docs)
      if (await differs(collections, YEARS, key, (year) => wantedYear(deps, year)))
        yield { kind: 'record-year', key }
}

/** Makes days and years what their facts and lines say, where they are not: the store was damaged. */
export async function mendHours(deps: Deps): Promise<void> {
  const { collections } = deps
  for await (const docs of pages<DayDocument>((options) => collections.scan(DAYS, options)))
    for (const { key } of docs) await mend(collections, DAYS, key, (day) => wantedDay(deps, day))
  for await (const docs of pages<YearDocument>((options) => collections.scan(YEARS, options)))
    for (const { key } of docs) await mend(collections, YEARS, key, (year) => wantedYear(deps, year))
}

type Wanted<T> = (value: T) => Promise<T | null>

async function differs<T>(collections: Collections, of: Collection<T>, key: string, wanted: Wanted<T>) {
  for (;;) {
    const doc = await collections.get(of, key)
    if (!doc || isDeepStrictEqual(asKept(await wanted(doc.value)), doc.value)) return false
    if ((await collections.get(of, key))?.revision === doc.revision) return true
  }
}

async function mend<T>(collections: Collections, of: Collection<T>, key: string, wanted: Wanted<T>) {
  for (;;) {
    const doc = await collections.get(of, key)
    if (!doc) return
    const value = await wanted(doc.value)
    if (isDeepStrictEqual(asKept(value), doc.value)) return
    if ((await collections.batch(write(of, key, doc, value))).ok) return
  }
}

const asKept = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

async function wantedDay(
  { collections, mapping }: Deps,
  { person, day, mapping: version }: DayDocument,
): Promise<DayDocument | null> {
  // What a change of the tables has not come to yet is right by the version before.
  const classifier = await mapping.at(version)
  let entries: DayEntries = {}
  const find = (options: { after?: string; limit: number }) =>
    collections.find(FACTS, { index: 'day', equals: { person, days: day }, ...options })
  for await (const docs of pages<Known>(find))
    entries = addFacts(entries, day, docs.map(({ value }) => value).filter(isFact))
  const lines = await collections.getMany(LINES, Object.keys(entries))
  const named = withTwins(entries, (line) => lines.get(line)?.value.twins?.shownAs)
  return classifier && dayDocument({ person, day, entries: named }, classifier)
}

async function wantedYear(
  { collections }: Deps,
  { person, year }: YearDocument,
): Promise<YearDocument | null> {
  let sums: Sums = EMPTY
  const scan = (options: { after?: string; limit: number }) =>
    collections.scan(DAYS, { prefix: `${person}/`, ...options })
  for await (const docs of pages<DayDocument>(scan))
    for (const { value } of docs) if (monthOf(value.day).year === year) sums = addSums(sums, value.sums, 1)
  const lines: Record<string, number> = {}
  const find = (options: { after?: string; limit: number }) =>
    collections.find(LINES, { index: 'person', equals: { visibleTo: person }, ...options })
  for await (const docs of pages(find))
    for (const { value } of docs) {
      const at = monthOf(localDay(value.at ?? 0))
      if (at.year === year) lines[at.month] = (lines[at.month] ?? 0) + 1
    }
  return isNothing({ sums, lines }) ? null : { person, year, sums, lines }
}
