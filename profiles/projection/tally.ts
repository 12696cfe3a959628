import type { Class } from '../mapping/classify.ts'
import { TWINS } from '../twins/rules.ts'
import type { Level, PersonId, RecordLine } from '../types.ts'
import { addResults, attemptsOf, type Best, bestOf, better, type Result, resultOf } from './attempts.ts'
import { byLanguage, type Fact, type LanguageMap, lineKey, MAX_COURSES, MAX_LANGUAGES } from './fact.ts'
import { byStrength, byTime, greater, type Mark, type Strength } from './order.ts'
import type { Taken } from './taken.ts'
import { localDay, type Misdated } from './time.ts'

/**
 * The sum of a line's facts. Adding is commutative and associative (each member is a sum, a maximum under a total
 * order, or a union), so a line is the same in whatever order its statements arrive, and grows without being read anew.
 */
export interface Tally {
  person: PersonId
  line: string
  source: string
  activity: string
  registration: string | null
  /** What it was said to belong to, the first in order. */
  courses: string[]
  count: number
  /** The newest, oldest first. */
  statements: Mark[]
  /** Local days of which it tells, the first in order: one more than those of what may be told twice. */
  days: number[]
  /** The strongest verb that makes a line; null while there is only noise. */
  lead: (Strength & { verb: { id: string; display: LanguageMap }; level: Level; taken?: Taken }) | null
  /** Latest event that makes a line. */
  at: number | null
  /** The latest event that was told without a time to be believed. */
  misdated: (Mark & { why: Misdated }) | null
  /** Of the strongest statement about the whole activity that states one. */
  score: (Strength & { value: NonNullable<RecordLine['score']> }) | null
  success: (Strength & { value: boolean }) | null
  completed: boolean
  /** What came of each go at it, the newest, oldest first; and the best there ever was. */
  results: Result[]
  best: Best | null
  /** Longest duration stated for the whole activity, and the sum of those stated for its parts; ms. */
  longest: number | null
  parts: number | null
  /** The latest name in each language, and the latest type. */
  name: Record<string, Mark & { words: string }>
  type: (Mark & { iri: string }) | null
}

const MAX_STATEMENTS = 200

export function tallyOf(fact: Fact): Tally {
  const mark: Mark = { at: fact.at, id: fact.id }
  const strength: Strength = { ...mark, part: fact.part, tier: fact.tier }
  const makesLine = fact.tier !== 'noise'
  const { name, type } = fact.activity
  return {
    person: fact.person,
    line: fact.line,
    source: fact.source,
    activity: fact.activity.id,
    registration: fact.registration ?? null,
    // A fact of an earlier version of the product has none.
    courses: fact.courses ?? [],
    count: 1,
    statements: [mark],
    days: (fact.days ?? []).toSorted((a, b) => a - b),
    lead: makesLine
      ? { ...strength, verb: fact.verb, level: fact.level, ...(fact.taken && { taken: fact.taken }) }
      : null,
    at: makesLine ? fact.at : null,
    misdated: makesLine && fact.misdated ? { ...mark, why: fact.misdated } : null,
    score: fact.part || fact.score === null ? null : { ...strength, value: fact.score },
    success: fact.part || fact.success === null ? null : { ...strength, value: fact.success },
    completed: !fact.part && fact.completed,
    results: resultOf(fact),
    best: bestOf(fact),
    longest: fact.part ? null : fact.duration,
    parts: fact.part ? fact.duration : null,
    name: Object.fromEntries(Object.entries(name).map(([tag, words]) => [tag, { ...mark, words }])),
    type: type === null ? null : { ...mark, iri: type },
  }
}

/** Both of the same line. */
export function add(a: Tally, b: Tally): Tally {
  return {
    person: a.person,
    line: a.line,
    source: a.source,
    activity: a.activity,
    registration: a.registration ?? b.registration,
    courses: [...new Set([...(a.courses ?? []), ...(b.courses ?? [])])].sort().slice(0, MAX_COURSES),
    count: a.count + b.count,
    statements: [...a.statements, ...b.statements].sort(byTime).slice(-MAX_STATEMENTS),
    days: addDays(a.days ?? [], b.days ?? []),
    lead: greater(a.lead, b.lead, byStrength),
    at: maximum(a.at, b.at),
    misdated: greater(a.misdated ?? null, b.misdated ?? null, byTime),
    score: greater(a.score, b.score, byStrength),
    success: greater(a.success, b.success, byStrength),
    completed: a.completed || b.completed,
    results: addResults(a.results ?? [], b.results ?? []),
    best: greater(a.best ?? null, b.best ?? null, better),
    longest: maximum(a.longest, b.longest),
    parts: sum(a.parts, b.parts),
    name: addNames(a.name, b.name),
    type: greater(a.type, b.type, byTime),
  }
}

/** What is the same for all statements of this line, by which it is found on the record of another person. */
export function lineKeyOf({ source, registration, activity, at }: Tally): string | null {
  return at === null ? null : lineKey(source, registration ?? localDay(at), activity)
}

/** The line as people see it; null while nothing but noise is known of it. */
export function lineOf(tally: Tally): Omit<RecordLine, keyof Class> | null {
  const { lead, at } = tally
  if (lead === null || at === null) return null
  const name = Object.entries(tally.name).map(([tag, { words }]): [string, string] => [tag, words])
  return {
    id: tally.line,
    person: tally.person,
    at,
    activity: { id: tally.activity, name: Object.fromEntries(name), type: tally.type?.iri ?? null },
    verb: lead.verb,
    score: tally.score?.value ?? null,
    success: tally.success?.value ?? null,
    completed: tally.completed,
    attempts: attemptsOf(tally),
    // What is said of the whole counts its parts already; sums of repeated totals would overstate.
    duration: tally.longest ?? tally.parts,
    source: tally.source,
    level: lead.level,
    ...(lead.taken && { taken: lead.taken }),
    ...(tally.misdated && { misdated: tally.misdated.why }),
    statements: tally.statements.map(({ id }) => id),
    statementCount: tally.count,
  }
}

/** The line that these facts make together, in any order. */
export function fold(facts: readonly Fact[]): ReturnType<typeof lineOf> {
  const [first, ...others] = facts.map(tallyOf)
  return first ? lineOf(others.reduce(add, first)) : null
}

function addDays(a: readonly number[], b: readonly number[]): number[] {
  return [...new Set([...a, ...b])].sort((x, y) => x - y).slice(0, TWINS.days + 1)
}

function maximum(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b)
}

function sum(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : a + b
}

function addNames(a: Tally['name'], b: Tally['name']): Tally['name'] {
  const all = { ...a }
  for (const [tag, entry] of Object.entries(b)) all[tag] = greater(all[tag] ?? null, entry, byTime) ?? entry
  return Object.fromEntries(Object.entries(all).sort(byLanguage).slice(0, MAX_LANGUAGES))
}
