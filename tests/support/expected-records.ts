import { isDeepStrictEqual } from 'node:util'
import { expect } from 'vitest'
import type { Doc } from '../../lrs/index.ts'
import { PERSONS } from '../../profiles/accounts/documents.ts'
import { agreed } from '../../profiles/consents/agreed.ts'
import { COURSES, courseKey } from '../../profiles/courses/documents.ts'
import { isTimed, keysOf, withinOf } from '../../profiles/courses/names.ts'
import { dayDocument } from '../../profiles/hours/changes.ts'
import { addFacts, marksOf, withMarks } from '../../profiles/hours/day.ts'
import { DAYS, dayKey, YEARS, type YearDocument, yearKey } from '../../profiles/hours/documents.ts'
import { addSums, EMPTY } from '../../profiles/hours/sums.ts'
import { LINK_JOBS, LINKS } from '../../profiles/links/documents.ts'
import { aliasesOf } from '../../profiles/mapping/aliases.ts'
import { classifierOf } from '../../profiles/mapping/classify.ts'
import type { Classifier } from '../../profiles/mapping/read-mapping.ts'
import { MERGE_JOBS } from '../../profiles/merges/documents.ts'
import {
  FACTS,
  isFact,
  isTelling,
  LINES,
  type LineDocument,
  WAITING,
} from '../../profiles/projection/documents.ts'
import { type Fact, factOf, type Telling, tellingOf } from '../../profiles/projection/fact.ts'
import { lineDocument } from '../../profiles/projection/line-document.ts'
import { add, type Tally, tallyOf } from '../../profiles/projection/tally.ts'
import { localDay, monthOf } from '../../profiles/projection/time.ts'
import { clustersOf, mayBeTwins } from '../../profiles/twins/clusters.ts'
import { SPLITS, TIES, tieKey } from '../../profiles/twins/documents.ts'
import { type LineTwins, tellerOf } from '../../profiles/twins/tellers.ts'
import type { Person } from '../../profiles/types.ts'
import type { World } from './profiles-world.ts'

export type Place = Omit<World, 'close'>

/** Whose record an account feeds: the person it is linked to, or who that one was found to be. */
async function ownerOf(world: Place, linked: string): Promise<Person> {
  for (let id = linked; ; ) {
    const person = (await world.store.collections.get(PERSONS, id))!.value
    if (person.mergedInto === undefined) return person
    id = person.mergedInto
  }
}

/** What the records must be, from nothing but the statements that are there, the links that hold, merges and consents. */
async function expected(world: Place): Promise<{ lines: Map<string, Fact[]>; waiting: string[] }> {
  const lines = new Map<string, Fact[]>()
  const waiting: string[] = []
  const page = await world.store.statements.query({ keys: [], ascending: true, limit: 1000, maxBytes: 1e8 })
  for (const stored of page.statements) {
    const telling = tellingOf(stored, stored.source === 'centre' ? 'xac-nhan' : 'he-thong')
    const link = telling && (await world.store.collections.get(LINKS, telling.agent))?.value
    if (!telling || !link) continue
    const owner = await ownerOf(world, link.person)
    if (!agreed(owner)) continue
    if (link.sources && !link.sources.includes(telling.source)) waiting.push(telling.id)
    else {
      const fact = factOf(telling, owner.id)
      lines.set(fact.line, [...(lines.get(fact.line) ?? []), fact])
    }
  }
  return { lines, waiting: waiting.sort() }
}

export interface Records {
  facts: Fact[]
  waiting: string[]
  lines: Doc<LineDocument>[]
}

export async function records(world: Place): Promise<Records> {
  const facts = (await world.store.collections.scan(FACTS, { limit: 1000 })).docs.map((doc) => doc.value)
  const lines = (await world.store.collections.scan(LINES, { limit: 1000 })).docs
  const waiting = facts.filter((value) => isTelling(value) && !isFact(value)).map((value) => value as Telling)
  return { facts: facts.filter(isFact), waiting: waiting.map(({ id }) => id).sort(), lines }
}

/** The lines that these facts make, with which of them are one: all pairs looked at, nothing taken from before. */
function expectedLines(
  facts: ReadonlyMap<string, Fact[]>,
  splits: ReadonlyMap<string, readonly string[]>,
  classifier: Classifier,
): Record<string, LineDocument> {
  const tallies = new Map([...facts].map(([key, some]) => [key, some.map(tallyOf).reduce(add)]))
  const near = (a: Tally, b: Tally) => a.person === b.person && mayBeTwins(a, b, classifier.sameAs)
  const nearOf = (a: Tally) =>
    [...tallies.values()]
      .filter((b) => near(a, b))
      .map(({ line }) => line)
      .sort()
  const twins = new Map<string, LineTwins>()
  const persons = Map.groupBy(tallies.values(), ({ person }) => person)
  for (const all of persons.values()) {
    const clusters = clustersOf(all, {
      isNear: (a, b) => near(tallies.get(a)!, tallies.get(b)!),
      isApart: (a, b) => splits.get(a)?.includes(b) === true,
    })
    for (const [first, ...others] of clusters) {
      const tellers = others.map((tally) => tellerOf(tally)!)
      const of = (tally: Tally, more: Partial<LineTwins>) =>
        twins.set(tally.line, { near: nearOf(tally), ...more })
      of(first!, tellers.length > 0 ? { tellers } : {})
      for (const other of others) of(other, { shownAs: first!.line })
    }
  }
  return Object.fromEntries(
    [...tallies].map(([key, tally]) => {
      const own = twins.get(key)
      const among = own && own.near.length > 0 ? own : undefined
      return [key, lineDocument(tally, classifier, among, expectedPlacing(tally, tallies.values()))]
    }),
  )
}

/** What it belongs to, and whether any other line that tells how long it took belongs to it. */
function expectedPlacing(tally: Tally, all: Iterable<Tally>) {
  const belongs = ({ person, courses, longest, parts, at }: Tally) =>
    person === tally.person &&
    at !== null &&
    (longest ?? parts ?? 0) > 0 &&
    courses.some((course) => keysOf(tally).includes(courseKey(person, course)))
  return { within: withinOf(tally), hasParts: isTimed(tally) && [...all].some(belongs) }
}

function expectedCourses(lines: Iterable<LineDocument>) {
  const courses: Record<string, { person: string; timed: number; late: boolean }> = {}
  for (const { within, tally } of lines)
    for (const key of within ?? [])
      courses[key] = { person: tally.person, timed: (courses[key]?.timed ?? 0) + 1, late: false }
  return courses
}

/** Sources that told of one activity under one registration. */
function expectedTies(facts: ReadonlyMap<string, Fact[]>) {
  const ties = new Map<
    string,
    { person: string; registration: string; activity: string; sources: string[] }
  >()
  for (const some of facts.values()) {
    const { person, registration, activity: of, source, at } = some.map(tallyOf).reduce(add)
    if (registration === null || at === null) continue
    const key = tieKey(person, registration, of)
    const sources = [...(ties.get(key)?.sources ?? []), source].sort()
    ties.set(key, { person, registration, activity: of, sources })
  }
  return Object.fromEntries(ties)
}

/** The hours that these facts make, with the lines that show. */
function expectedHours(
  wanted: ReadonlyMap<string, Fact[]>,
  documents: Record<string, LineDocument>,
  classifier: Classifier,
) {
  const lines = Object.values(documents)
  const facts = [...wanted.values()].flat()
  const touched = new Map(
    facts.flatMap(({ person, days }) => days.map((day) => [dayKey(person, day), { person, day }])),
  )
  const days = [...touched.values()].map(({ person, day }) => {
    const own = facts.filter((fact) => fact.person === person)
    const entries = withMarks(addFacts({}, day, own), (line) => documents[line] && marksOf(documents[line]))
    return dayDocument({ person, day, entries }, classifier)!
  })
  const years = new Map<string, YearDocument>()
  const yearOf = (person: string, year: number) => {
    const key = yearKey(person, year)
    const of = years.get(key) ?? { person, year, sums: EMPTY, lines: {} }
    years.set(key, of)
    return of
  }
  for (const { person, day, sums } of days) {
    const of = yearOf(person, monthOf(day).year)
    of.sums = addSums(of.sums, sums, 1)
  }
  for (const { visibleTo, at } of lines) {
    if (visibleTo === null || at === null) continue
    const { year, month } = monthOf(localDay(at))
    const of = yearOf(visibleTo, year)
    of.lines[month] = (of.lines[month] ?? 0) + 1
  }
  const kept = [...years].filter(
    ([, { sums, lines: some }]) => Object.keys(some).length > 0 || !isDeepStrictEqual(sums, EMPTY),
  )
  return {
    days: Object.fromEntries(days.map((of) => [dayKey(of.person, of.day), of])),
    years: Object.fromEntries(kept),
  }
}

const byKey = <T>(docs: Doc<T>[]) => Object.fromEntries(docs.map(({ key, value }) => [key, value]))

/** Compares what is kept with what the statements, links, splits and tables make. */
export async function verifyRecords(world: Place): Promise<void> {
  for (const jobs of [LINK_JOBS, MERGE_JOBS]) expect(await world.store.collections.count(jobs)).toBe(0)
  const { lines: wanted, waiting: wantedToWait } = await expected(world)
  const { facts, waiting, lines } = await records(world)
  expect(waiting).toEqual(wantedToWait)
  const counts = (await world.store.collections.scan(WAITING, { limit: 1000 })).docs
  expect(counts.reduce((sum, { value }) => sum + value.count, 0)).toBe(waiting.length)
  expect(counts.filter(({ value }) => value.count < 1)).toEqual([])
  const inOrder = (all: Fact[]) => all.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  expect(inOrder(facts)).toEqual(inOrder([...wanted.values()].flat()))
  const tables = await world.profiles.mapping.now()
  const classifier = {
    version: tables.version,
    classify: classifierOf(tables),
    sameAs: aliasesOf(tables.rules),
  }
  const { collections } = world.store
  const said = (await collections.scan(SPLITS, { limit: 1000 })).docs
  const splits = new Map(said.map(({ key, value }) => [key, value.from]))
  for (const [line, from] of splits) for (const other of from) expect(splits.get(other)).toContain(line)
  const documents = expectedLines(wanted, splits, classifier)
  expect(byKey(lines)).toEqual(documents)
  expect(byKey((await collections.scan(TIES, { limit: 1000 })).docs)).toEqual(expectedTies(wanted))
  expect(byKey((await collections.scan(COURSES, { limit: 1000 })).docs)).toEqual(
    expectedCourses(Object.values(documents)),
  )
  const hours = expectedHours(wanted, documents, classifier)
  expect(byKey((await collections.scan(DAYS, { limit: 1000 })).docs)).toEqual(hours.days)
  expect(byKey((await collections.scan(YEARS, { limit: 1000 })).docs)).toEqual(hours.years)
}
