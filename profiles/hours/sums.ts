import type { Classify } from '../mapping/classify.ts'
import { countDay, type DayEntries } from './day.ts'

/** Minutes by what they are sorted by; '' is what no table names. */
export interface Sums {
  minutes: Record<string, number>
  topic: Record<string, number>
  kind: Record<string, number>
  h: Record<string, number>
  level: Record<string, number>
  /** By reason; `estimated` are among those that count. */
  aside: Record<string, number>
}

export const EMPTY: Sums = { minutes: {}, topic: {}, kind: {}, h: {}, level: {}, aside: {} }

/** What a day adds to its year. `month` is that of the day, 1 to 12. */
export function sumDay(entries: DayEntries, month: number, classify: Classify): Sums {
  const sums: Sums = structuredClone(EMPTY)
  const more = (of: Record<string, number>, key: string | null, minutes: number) => {
    if (minutes > 0) of[key ?? ''] = (of[key ?? ''] ?? 0) + minutes
  }
  for (const { of: told, counted, levels, estimated, uncounted } of countDay(entries).values()) {
    const { activity, courses, type, lead } = told
    const of = classify({ activity, courses, type: type?.iri ?? null, verb: lead.verb })
    more(sums.minutes, String(month), counted)
    more(sums.topic, of.topic, counted)
    more(sums.kind, of.kind, counted)
    more(sums.h, of.h, counted)
    for (const [level, minutes] of Object.entries(levels)) more(sums.level, level, minutes)
    if (estimated) more(sums.aside, 'estimated', counted)
    for (const [reason, minutes] of Object.entries(uncounted)) more(sums.aside, reason, minutes)
  }
  return sums
}

/** `a` and `sign` times `b`, without what comes to nothing; so that what is taken out leaves no trace. */
export function addSums(a: Sums, b: Sums, sign: 1 | -1): Sums {
  const names = Object.keys(EMPTY) as (keyof Sums)[]
  return Object.fromEntries(
    names.map((name) => {
      const all = { ...a[name] }
      for (const [key, minutes] of Object.entries(b[name])) all[key] = (all[key] ?? 0) + sign * minutes
      const kept = Object.entries(all).filter(([, minutes]) => minutes !== 0)
      return [name, Object.fromEntries(kept.sort(([x], [y]) => (x < y ? -1 : 1)))]
    }),
  ) as unknown as Sums
}
