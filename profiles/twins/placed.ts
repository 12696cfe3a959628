import type { DayEntries } from '../hours/day.ts'
import type { SameAs } from '../mapping/aliases.ts'
import { TWINS } from './rules.ts'

/** Lines of a day that are looked at for others that tell the same: the first of each activity. */
export function placedOn(entries: DayEntries, sameAs: SameAs): Set<string> {
  const counts = new Map<string, number>()
  const placed = new Set<string>()
  for (const [line, { activity, lead }] of Object.entries(entries)) {
    if (lead === null) continue
    const [group] = sameAs(activity)
    const count = (counts.get(group ?? activity) ?? 0) + 1
    counts.set(group ?? activity, count)
    if (count <= TWINS.linesPerDay) placed.add(line)
  }
  return placed
}

/** Lines that are looked at on only one of two states of a day. */
export function displaced(before: DayEntries, after: DayEntries, sameAs: SameAs): string[] {
  const few = (entries: DayEntries) => Object.keys(entries).length <= TWINS.linesPerDay
  if (few(before) && few(after)) return []
  const [was, is] = [placedOn(before, sameAs), placedOn(after, sameAs)]
  return [...was.symmetricDifference(is)]
}
