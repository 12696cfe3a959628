import type { Collections } from '../../lrs/index.ts'
import type { MappingReader } from '../mapping/read-mapping.ts'
import { FACTS, isFact, type Known, LINES } from '../projection/documents.ts'
import { pages } from '../projection/pages.ts'
import { localDay, monthOf } from '../projection/time.ts'
import { dayDocument, isNothing } from './changes.ts'
import { addFacts, type DayEntries, marksOf, withMarks } from './day.ts'
import { DAYS, type DayDocument, type YearDocument } from './documents.ts'
import { addSums, EMPTY, type Sums } from './sums.ts'

export interface HoursDeps {
  collections: Collections
  mapping: MappingReader
}

/** What the facts of a day make it. */
export async function wantedDay(
  { collections, mapping }: HoursDeps,
  { person, day, mapping: version }: Pick<DayDocument, 'person' | 'day' | 'mapping'>,
): Promise<DayDocument | null> {
  // What a change of the tables has not come to yet is right by the version before.
  const classifier = (await mapping.at(version)) ?? (await mapping.now())
  let entries: DayEntries = {}
  const find = (options: { after?: string; limit: number }) =>
    collections.find(FACTS, { index: 'day', equals: { person, days: day }, ...options })
  for await (const docs of pages<Known>(find))
    entries = addFacts(entries, day, docs.map(({ value }) => value).filter(isFact))
  const lines = await collections.getMany(LINES, Object.keys(entries))
  const named = withMarks(entries, (line) => {
    const doc = lines.get(line)
    return doc && marksOf(doc.value)
  })
  return dayDocument({ person, day, entries: named }, classifier)
}

/** What its days and lines make a year. */
export async function wantedYear(
  { collections }: HoursDeps,
  { person, year }: Pick<YearDocument, 'person' | 'year'>,
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
