import { type Fact, MAX_COURSES } from '../projection/fact.ts'
import { byStrength, byTime, greater, type Mark, type Strength } from '../projection/order.ts'
import type { Level, PersonId } from '../types.ts'
import { HOURS, type Uncounted } from './rules.ts'
import { bridged, minutesOf, type Runs, union, without } from './runs.ts'
import { type Sitting, sittingsOf } from './sitting.ts'

/** What one line tells of one day: a union, or a maximum under a total order, in every member. */
export interface DayEntry {
  activity: string
  courses: string[]
  type: (Mark & { iri: string }) | null
  /** The strongest verb of that day; null while there is only noise, and then nothing counts. */
  lead: (Strength & { verb: string; level: Level }) | null
  /** Minutes that durations tell of. */
  told: Runs
  /** Minutes in which something was told at all. */
  seen: Runs
}

/** A day of a person, by lines: at most HOURS.linesPerDay of them, the first by id. */
export type DayEntries = Record<string, DayEntry>

/** What a fact tells of one of its days. */
export function entryOf(fact: Fact, { told, seen }: Sitting): DayEntry {
  const mark = { at: fact.at, id: fact.id }
  const { id, type } = fact.activity
  return {
    activity: id,
    courses: fact.courses ?? [],
    type: type === null ? null : { ...mark, iri: type },
    lead:
      fact.tier === 'noise'
        ? null
        : { ...mark, part: fact.part, tier: fact.tier, verb: fact.verb.id, level: fact.level },
    told,
    seen,
  }
}

/** The day with what some facts tell of it, in any order. */
export function addFacts(entries: DayEntries, day: number, facts: Iterable<Fact>): DayEntries {
  const all = new Map(Object.entries(entries))
  for (const fact of facts)
    for (const sitting of sittingsOf(fact)) {
      if (sitting.day !== day) continue
      const [held, entry] = [all.get(fact.line), entryOf(fact, sitting)]
      all.set(fact.line, held ? addEntries(held, entry) : entry)
    }
  const inOrder = [...all].sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(inOrder.slice(0, HOURS.linesPerDay))
}

function addEntries(a: DayEntry, b: DayEntry): DayEntry {
  return {
    activity: a.activity,
    courses: [...new Set([...a.courses, ...b.courses])].sort().slice(0, MAX_COURSES),
    type: greater(a.type, b.type, byTime),
    lead: greater(a.lead, b.lead, byStrength),
    told: union(a.told, b.told),
    seen: union(a.seen, b.seen),
  }
}

/** What is counted of a line on a day, minutes; `estimated` when no duration was told. */
export interface Counted {
  counted: number
  estimated: boolean
  uncounted: Partial<Record<Uncounted, number>>
}

const LEVELS: readonly Level[] = ['tu-khai', 'he-thong', 'xac-nhan', 'van-bang']

/**
 * What counts of each line. Of two lines in the same minutes it is the one whose time was told and not estimated, then
 * the one of the higher level, then the first by id.
 */
export function countDay(entries: DayEntries): Map<string, Counted> {
  const all = Object.entries(entries).flatMap(([line, entry]) => {
    if (entry.lead === null) return []
    const estimated = entry.told.length === 0
    // One minute in which something was said, alone, is no time spent.
    const runs = estimated ? bridged(entry.seen, HOURS.longestPause) : entry.told
    return estimated && minutesOf(runs) <= 1 ? [] : [{ line, entry, lead: entry.lead, estimated, runs }]
  })
  const parents = new Set(
    all.flatMap(({ entry }) => entry.courses.filter((course) => course !== entry.activity)),
  )
  all.sort(
    (a, b) =>
      Number(a.estimated) - Number(b.estimated) ||
      LEVELS.indexOf(b.lead.level) - LEVELS.indexOf(a.lead.level) ||
      (a.line < b.line ? -1 : 1),
  )
  const counts = new Map<string, Counted>()
  let taken: Runs = []
  let left: number = HOURS.perDay
  for (const { line, entry, estimated, runs } of all) {
    const told = minutesOf(runs)
    if (parents.has(entry.activity)) {
      counts.set(line, { counted: 0, estimated, uncounted: { parts: told } })
      continue
    }
    const free = minutesOf(without(runs, taken))
    const counted = Math.min(free, left)
    taken = union(taken, runs)
    left -= counted
    const uncounted = {
      ...(free < told && { overlap: told - free }),
      ...(counted < free && { limit: free - counted }),
    }
    counts.set(line, { counted, estimated, uncounted })
  }
  return counts
}

export interface Day {
  person: PersonId
  /** Local days since 1970. */
  day: number
  entries: DayEntries
}
