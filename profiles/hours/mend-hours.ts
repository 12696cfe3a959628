import { makeTo } from '../projection/write.ts'
import type { PersonId } from '../types.ts'
import { DAYS, type DayDocument, dayKey, YEARS, yearKey } from './documents.ts'
import { type HoursDeps, wantedDay, wantedYear } from './wanted-hours.ts'

/** Makes a day what its facts say; whether it was something else: the store was damaged. */
export function mendDay(
  deps: HoursDeps,
  { person, day }: Pick<DayDocument, 'person' | 'day'>,
): Promise<boolean> {
  return makeTo(deps.collections, DAYS, dayKey(person, day), async (held) => {
    const version = held?.mapping ?? (await deps.mapping.now()).version
    return wantedDay(deps, { person, day, mapping: version })
  })
}

/** The same of a year, by its days and lines. */
export function mendYear(
  deps: HoursDeps,
  { person, year }: { person: PersonId; year: number },
): Promise<boolean> {
  return makeTo(deps.collections, YEARS, yearKey(person, year), () => wantedYear(deps, { person, year }))
}
