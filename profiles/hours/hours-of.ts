import type { Collections } from '../../lrs/index.ts'
import { FACTS, isFact } from '../projection/documents.ts'
import type { LineHours, RecordLine } from '../types.ts'
import { countDay } from './day.ts'
import { DAYS, dayKey } from './documents.ts'
import { UNCOUNTED } from './rules.ts'

/** Days of one line that are looked at. */
const MOST_DAYS = 40
/** Of one question to the store. */
const MOST_FACTS = 1_000

/** What of a line's time counts, and why the rest does not: from the days of its newest statements. */
export async function hoursOf(
  collections: Collections,
  {
    id,
    person,
    statements,
    statementCount,
    tellers = [],
  }: Pick<RecordLine, 'id' | 'person' | 'statements' | 'statementCount' | 'tellers'>,
): Promise<LineHours> {
  const others = tellers.filter(({ line }) => line !== id)
  const told = [...statements, ...others.flatMap((teller) => teller.statements)].slice(-MOST_FACTS)
  const facts = [...(await collections.getMany(FACTS, told)).values()].map(({ value }) => value)
  const all = [...new Set(facts.filter(isFact).flatMap(({ days }) => days ?? []))].sort((a, b) => b - a)
  const days = all.slice(0, MOST_DAYS)
  const docs = await collections.getMany(
    DAYS,
    days.map((day) => dayKey(person, day)),
  )
  const hours: LineHours = {
    counted: 0,
    estimated: 0,
    uncounted: {},
    more:
      all.length > days.length ||
      [{ statements, statementCount }, ...others].some((of) => of.statementCount > of.statements.length),
  }
  for (const { value } of docs.values()) {
    const of = countDay(value.entries).get(id)
    if (!of) continue
    hours.counted += of.counted
    if (of.estimated) hours.estimated += of.counted
    for (const reason of UNCOUNTED) {
      const minutes = of.uncounted[reason]
      if (minutes) hours.uncounted[reason] = (hours.uncounted[reason] ?? 0) + minutes
    }
  }
  return hours
}
