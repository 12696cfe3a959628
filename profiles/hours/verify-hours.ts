import { isDeepStrictEqual } from 'node:util'
import type { Collection, Collections } from '../../lrs/index.ts'
import { pages } from '../projection/pages.ts'
import { monthOf } from '../projection/time.ts'
import { asKept } from '../projection/write.ts'
import { DAYS, type DayDocument, YEARS, type YearDocument, yearKey } from './documents.ts'
import { EMPTY } from './sums.ts'
import { type HoursDeps, wantedDay, wantedYear } from './wanted-hours.ts'

/**
 * Compares days with their facts, and years with their days and lines. A day's document is written with each of its
 * facts, and a year's with each of its sums: what differs while that stays the same is wrong. Safe while everything
 * goes on.
 */
export async function* verifyHours(
  deps: HoursDeps,
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

async function differs<T>(
  collections: Collections,
  of: Collection<T>,
  key: string,
  wanted: (value: T) => Promise<T | null>,
) {
  for (;;) {
    const doc = await collections.get(of, key)
    if (!doc || isDeepStrictEqual(asKept(await wanted(doc.value)), doc.value)) return false
    if ((await collections.get(of, key))?.revision === doc.revision) return true
  }
}
