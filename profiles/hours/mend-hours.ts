import { LINES, type LineDocument } from '../projection/documents.ts'
import { pages } from '../projection/pages.ts'
import { localDay, monthOf } from '../projection/time.ts'
import { makeTo } from '../projection/write.ts'
import type { PersonId } from '../types.ts'
import { DAYS, type DayDocument, dayKey, YEARS, type YearDocument, yearKey } from './documents.ts'
import { type HoursDeps, wantedDay, wantedYear } from './wanted-hours.ts'

interface OfYear {
  person: PersonId
  year: number
}

/** Makes days what their facts and lines say, where they are not: the store was damaged. Returns how many. */
export async function mendDays(deps: HoursDeps): Promise<number> {
  let mended = 0
  for await (const docs of pages<DayDocument>((options) => deps.collections.scan(DAYS, options)))
    for (const { value } of docs) if (await mendDay(deps, value)) mended++
  return mended
}

/** Makes years what their days and lines say, where they are not or are missing. */
export async function mendYears(deps: HoursDeps): Promise<void> {
  const { collections } = deps
  for await (const docs of pages<DayDocument>((options) => collections.scan(DAYS, options)))
    await mendMissing(
      deps,
      docs.map(({ value: { person, day } }) => ({ person, year: monthOf(day).year })),
    )
  for await (const docs of pages<LineDocument>((options) => collections.scan(LINES, options)))
    await mendMissing(
      deps,
      docs.flatMap(({ value: { visibleTo, at } }) =>
        visibleTo === null || at === null ? [] : [{ person: visibleTo, year: monthOf(localDay(at)).year }],
      ),
    )
  for await (const docs of pages<YearDocument>((options) => collections.scan(YEARS, options)))
    for (const { value } of docs) await mendYear(deps, value)
}

/** Makes one day what its facts say; whether it was something else. */
export function mendDay(
  deps: HoursDeps,
  { person, day }: Pick<DayDocument, 'person' | 'day'>,
): Promise<boolean> {
  return makeTo(deps.collections, DAYS, dayKey(person, day), async (held) => {
    const version = held?.mapping ?? (await deps.mapping.now()).version
    return wantedDay(deps, { person, day, mapping: version })
  })
}

async function mendMissing(deps: HoursDeps, all: readonly OfYear[]): Promise<void> {
  const years = new Map(all.map((of) => [yearKey(of.person, of.year), of]))
  const known = await deps.collections.getMany(YEARS, [...years.keys()])
  for (const [key, of] of years) if (!known.has(key)) await mendYear(deps, of)
}

function mendYear(deps: HoursDeps, { person, year }: OfYear): Promise<boolean> {
  return makeTo(deps.collections, YEARS, yearKey(person, year), () => wantedYear(deps, { person, year }))
}
