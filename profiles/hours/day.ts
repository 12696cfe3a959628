import type { LineDocument } from '../projection/documents.ts'
import { type Fact, MAX_COURSES } from '../projection/fact.ts'
import { byStrength, byTime, greater, type Mark, type Strength } from '../projection/order.ts'
import type { Level, PersonId } from '../types.ts'
import { HOURS, type Uncounted } from './rules.ts'
import { bridged, minutesOf, type Runs, union, without } from './runs.ts'
import { type Sitting, sittingsOf } from './sitting.ts'

/** What one line tells of one day: a union, or a maximum under a total order, in every member. */
export interface DayEntry {
  activity: string
  source: string
  courses: string[]
  type: (Mark & { iri: string }) | null
  /** The strongest verb of that day; null while there is only noise, and then nothing counts. */
  lead: (Strength & { verb: string; level: Level }) | null
  /** Minutes that durations tell of. */
  told: Runs
  /** Minutes in which something was told at all. */
  seen: Runs
  /** The line that is shown in the place of this one, for which its time counts; absent: it is shown itself. */
  twin?: string
  /** It is a course, and a part of it tells how long it took: its own time does not count. */
  hasParts?: true
}

/** A day of a person, by lines: at most HOURS.linesPerDay of them, the first by id. */
export type DayEntries = Record<string, DayEntry>

/** What a fact tells of one of its days. */
export function entryOf(fact: Fact, { told, seen }: Sitting): DayEntry {
  const mark = { at: fact.at, id: fact.id }
  const { id, type } = fact.activity
  return {
    activity: id,
    source: fact.source,
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
    source: a.source,
    courses: [...new Set([...a.courses, ...b.courses])].sort().slice(0, MAX_COURSES),
    type: greater(a.type, b.type, byTime),
    lead: greater(a.lead, b.lead, byStrength),
    told: union(a.told, b.told),
    seen: union(a.seen, b.seen),
    ...((a.twin ?? b.twin) !== undefined && { twin: (a.twin ?? b.twin)! }),
    ...((a.hasParts || b.hasParts) && { hasParts: true as const }),
  }
}

/** What a line is among others, which no fact of the day tells. */
export type DayMarks = Pick<DayEntry, 'twin' | 'hasParts'>

/** The day with these marks and no others. */
export function withMarks(entries: DayEntries, marksOf: (line: string) => DayMarks | undefined): DayEntries {
  return Object.fromEntries(
    Object.entries(entries).map(([line, entry]) => [line, marked(entry, marksOf(line) ?? {})]),
  )
}

export function marked({ twin: _, hasParts: __, ...entry }: DayEntry, marks: DayMarks): DayEntry {
  return {
    ...entry,
    ...(marks.twin !== undefined && { twin: marks.twin }),
    ...(marks.hasParts && { hasParts: true }),
  }
}

export const marksOf = ({ twins, hasParts }: Pick<LineDocument, 'twins' | 'hasParts'>): DayMarks => ({
  ...(twins?.shownAs !== undefined && { twin: twins.shownAs }),
  ...(hasParts && { hasParts }),
})

/** What is counted of a line on a day, minutes; `estimated` when no duration was told. */
export interface Counted {
  /** By what it is sorted; of several that are one line, that of the line that is shown. */
  of: Shown['of']
  counted: number
  /** The same, by the level of who told of the minute. */
  levels: Partial<Record<Level, number>>
  estimated: boolean
  uncounted: Partial<Record<Uncounted, number>>
}

/** The highest last. */
const LEVELS: readonly Level[] = ['tu-khai', 'he-thong', 'xac-nhan', 'van-bang']

/**
 * What counts of each line; time of one that is not shown counts for the one that is. Of two in the same minutes it is
 * the one whose time was told and not estimated, then the one of the higher level, then the first by id.
 */
export function countDay(entries: DayEntries): Map<string, Counted> {
  const all = shownEntries(entries).flatMap((shown) => {
    const estimated = shown.all.every(({ told }) => told.length === 0)
    const parts = partsOf(shown, estimated)
    // One minute in which something was said, alone, is no time spent.
    const isNothing = estimated && parts.reduce((sum, { runs }) => sum + minutesOf(runs), 0) <= 1
    const hasParts = isCourseOfOthers(shown)
    return isNothing ? [] : parts.map((part) => ({ ...shown, ...part, estimated, hasParts }))
  })
  const parents = new Set(
    all.flatMap(({ of, activities }) => of.courses.filter((course) => !activities.includes(course))),
  )
  all.sort(
    (a, b) =>
      Number(a.estimated) - Number(b.estimated) ||
      LEVELS.indexOf(b.level) - LEVELS.indexOf(a.level) ||
      (a.line < b.line ? -1 : 1),
  )
  const counts = new Map<string, Counted>()
  let taken: Runs = []
  let left: number = HOURS.perDay
  for (const { line, of, level, activities, hasParts, estimated, runs } of all) {
    const count = counts.get(line) ?? { of, counted: 0, levels: {}, estimated, uncounted: {} }
    counts.set(line, count)
    const leaveOut = (why: Uncounted, minutes: number) => {
      if (minutes > 0) count.uncounted[why] = (count.uncounted[why] ?? 0) + minutes
    }
    const told = minutesOf(runs)
    if (hasParts || activities.some((activity) => parents.has(activity))) {
      leaveOut('parts', told)
      continue
    }
    const free = minutesOf(without(runs, taken))
    const counted = Math.min(free, left)
    taken = union(taken, runs)
    left -= counted
    count.counted += counted
    if (counted > 0) count.levels[level] = counted
    leaveOut('overlap', told - free)
    leaveOut('limit', free - counted)
  }
  return counts
}

/** One that has parts; unless two who tell of it call one the part of the other, and it may have no other part. */
function isCourseOfOthers({ all, activities }: Shown): boolean {
  return (
    all.some(({ hasParts }) => hasParts) &&
    !all.some(({ courses }) => courses.some((course) => activities.includes(course)))
  )
}

type Telling = DayEntry & { lead: NonNullable<DayEntry['lead']> }

interface Shown {
  /** Of the line that is shown; on this day it may have told nothing itself. */
  line: string
  of: Telling
  /** All that are this line, itself among them. */
  all: Telling[]
  activities: string[]
}

/** The lines of a day, several that are one as one. */
function shownEntries(entries: DayEntries): Shown[] {
  const groups = new Map<string, Shown>()
  const add = (line: string, { lead, ...entry }: DayEntry) => {
    // Nothing but noise: nothing counts.
    if (lead === null) return
    const of = { ...entry, lead }
    const held = groups.get(line)
    held?.all.push(of)
    held?.activities.push(of.activity)
    if (!held) groups.set(line, { line, of, all: [of], activities: [of.activity] })
  }
  const all = Object.entries(entries)
  for (const [line, entry] of all) if (entry.twin === undefined) add(line, entry)
  for (const [, entry] of all) if (entry.twin !== undefined) add(entry.twin, entry)
  return [...groups.values()]
}

/** The time of a line by level: each minute under the highest of those who tell of that minute, and under that alone. */
function partsOf({ all }: Shown, estimated: boolean): { level: Level; runs: Runs }[] {
  const runsOf = (some: readonly Telling[]) =>
    estimated
      ? bridged(some.map(({ seen }) => seen).reduce(union, []), HOURS.longestPause)
      : some.map(({ told }) => told).reduce(union, [])
  const levels = LEVELS.filter((level) => all.some(({ lead }) => lead.level === level))
  return levels.map((level, at) => {
    const from = (rank: number) => runsOf(all.filter(({ lead }) => levels.indexOf(lead.level) >= rank))
    return { level, runs: without(from(at), from(at + 1)) }
  })
}

export interface Day {
  person: PersonId
  /** Local days since 1970. */
  day: number
  entries: DayEntries
}
