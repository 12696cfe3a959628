import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Doc } from '../../lrs/index.ts'
import type { TenantStorage } from '../../lrs/storage/port.ts'
import { openWorlds, PAPER, type World } from '../../tests/support/profiles-world.ts'
import { activity, keyOf, type Told } from '../../tests/support/told.ts'
import { PERSONS } from '../accounts/documents.ts'
import { dayDocument } from '../hours/changes.ts'
import { addFacts } from '../hours/day.ts'
import { DAYS, dayKey, YEARS, type YearDocument, yearKey } from '../hours/documents.ts'
import { addSums, EMPTY } from '../hours/sums.ts'
import { LINK_JOBS, LINKS } from '../links/documents.ts'
import { classifierOf } from '../mapping/classify.ts'
import { DEFAULTS } from '../mapping/defaults.ts'
import type { Classifier } from '../mapping/read-mapping.ts'
import { FACTS, isFact, isTelling, LINES, type LineDocument, WAITING } from './documents.ts'
import { type Fact, factOf, type Telling, tellingOf } from './fact.ts'
import { lineDocument } from './line-document.ts'
import { add, tallyOf } from './tally.ts'
import { localDay, monthOf } from './time.ts'

const WHO = ['a', 'b', 'c', 'd']
const PEOPLE = ['p0', 'p1', 'p2']
const REGISTRATIONS = ['0b7d3f2e-5d0e-4a43-9d0c-1f6a4f6f1a11', '5a2f8a56-53b8-4f0a-8d0b-6a4f1b6e2c22']

type Place = Omit<World, 'close'>

type Action =
  | { do: 'tell'; all: Told[] }
  | { do: 'void' | 'purge'; id: string }
  | { do: 'rekey'; id: string; who: string }
  | { do: 'link'; who: string; person: number; sources?: string[] }
  | { do: 'unlink' | 'contest'; who: string }
  | { do: 'decide'; who: string; source: string; mine: boolean }
  | { do: 'merge'; from: number; into: number }
  | { do: 'undo-merge'; from: number }
  | { do: 'step'; entries: number }
  | { do: 'rebuild' }
  | { do: 'map'; activity: string; topic: number }
  | { do: 'retell' }

/** Actions on so many statements of so many accounts in so many lines: the fewer, the more they meet. */
function actionOf(statements: number, accounts: number, lines: 'one each' | 'many'): fc.Arbitrary<Action> {
  const id = fc
    .integer({ min: 1, max: statements })
    .map((n) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`)
  const who = fc.constantFrom(...WHO.slice(0, accounts))
  const person = fc.nat(PEOPLE.length - 1)
  const told: fc.Arbitrary<Told> = fc.record(
    {
      id,
      who,
      source: fc.constantFrom('moodle', 'centre'),
      verb: fc.constantFrom('passed', 'failed', 'completed', 'answered', 'attempted', 'interacted'),
      activity: fc.constantFrom('lesson', 'lesson?subContentId=1', 'other'),
      registration: fc.constantFrom(...REGISTRATIONS),
      courses: fc.subarray(['course-1', 'course-2'], { minLength: 1 }),
      // Late arrivals: what happened has no order in common with what arrives.
      at: fc.integer({ min: 0, max: 4 }).map((day) => `2026-10-1${day}T03:00:00Z`),
      result: fc.record({ duration: fc.constantFrom('PT1S', 'PT25M', 'PT11H'), success: fc.boolean() }),
    },
    { requiredKeys: ['id', 'who', 'verb', 'activity', 'at'] },
  )
  const crowded = told.map(
    (one): Told => ({ ...one, source: 'moodle', activity: 'lesson', registration: REGISTRATIONS[0]! }),
  )
  const tell = lines === 'many' ? told : crowded
  return fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ do: fc.constant('tell'), all: fc.array(tell, { minLength: 1, maxLength: 4 }) }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('void', 'purge'), id }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('rekey'), id, who }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('link'), who, person }) },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('link'),
        who,
        person,
        sources: fc.subarray(['moodle', 'centre']),
      }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('unlink', 'contest'), who }) },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant('decide'),
        who,
        source: fc.constantFrom('moodle', 'centre'),
        mine: fc.boolean(),
      }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('merge'), from: person, into: person }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('undo-merge'), from: person }) },
    { weight: 5, arbitrary: fc.record({ do: fc.constant('step'), entries: fc.integer({ min: 1, max: 8 }) }) },
    { weight: 1, arbitrary: fc.constant({ do: 'rebuild' }) },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('map'),
        activity: fc.constantFrom('lesson', 'other', 'course-1', 'course-2'),
        topic: fc.nat(2),
      }),
    },
    { weight: 1, arbitrary: fc.constant({ do: 'retell' }) },
  ) as fc.Arbitrary<Action>
}

async function act(world: Place, action: Action): Promise<unknown> {
  const { profiles, store } = world
  const how = { how: 'operator', proof: PAPER, by: 'op', reason: 'test' } as const
  switch (action.do) {
    case 'tell':
      // An id that is taken is refused by the store, as it should be.
      for (const one of action.all) await world.tell(one).catch(() => [])
      return
    case 'void':
      return world.tell({
        who: 'teacher',
        verb: 'voided',
        object: { objectType: 'StatementRef', id: action.id },
      })
    case 'purge':
      return store.statements.purge([action.id], 'law')
    case 'rekey': {
      const stored = await store.statements.get(action.id)
      if (!stored || stored.voiding) return
      const text = stored.text.replace(/"name":"[a-d]"\}/, `"name":"${action.who}"}`)
      const change = { id: action.id, expected: stored.fingerprint, text, fingerprint: `1:${text}` }
      const keys = [`actor:${keyOf(action.who)}`]
      return store.statements.rewrite([{ ...change, keys, attachments: [], names: [] }], 'law')
    }
    case 'link': {
      const { who, person, sources } = action
      const link = { agent: keyOf(who), person: PEOPLE[person]!, ...how }
      return profiles.links.link(sources ? { ...link, sources } : link)
    }
    case 'unlink':
      return profiles.links.unlink({ agent: keyOf(action.who), ...how })
    case 'contest': {
      const agent = keyOf(action.who)
      return profiles.links.contest({ agent, person: (await profiles.links.personOf(agent)) ?? 'p0' })
    }
    case 'decide': {
      const { who, source, mine } = action
      const person = (await profiles.links.personOf(keyOf(who))) ?? 'p0'
      return profiles.links.decide({ agent: keyOf(who), person, source, mine })
    }
    case 'merge':
      return profiles.merges.merge({ from: PEOPLE[action.from]!, into: PEOPLE[action.into]!, ...how })
    case 'undo-merge':
      return profiles.merges.undo({ from: PEOPLE[action.from]!, ...how })
    case 'step':
      return world.step(action.entries)
    case 'rebuild':
      return profiles.rebuild()
    case 'map': {
      const { version } = await profiles.mapping.now()
      const iri = activity(action.activity)
      const by = action.activity.startsWith('course') ? 'course' : 'activity'
      const is = DEFAULTS.topics[action.topic]!.id
      // Who comes second is refused, as it should be.
      return profiles.mapping.change(
        { do: 'put-rule', rule: { tells: 'topic', by, iri, is, why: 'test' } },
        { by: 'op', expects: version },
      )
    }
    case 'retell':
      return profiles.retell()
  }
}

/** Whose record an account feeds: the person it is linked to, or who that one was found to be. */
async function ownerOf(world: Place, linked: string): Promise<string> {
  let person = linked
  for (;;) {
    const { mergedInto } = (await world.store.collections.get(PERSONS, person))!.value
    if (mergedInto === undefined) return person
    person = mergedInto
  }
}

/** What the records must be, from nothing but the statements that are there, the links that hold and the merges. */
async function expected(world: Place): Promise<{ lines: Map<string, Fact[]>; waiting: string[] }> {
  const lines = new Map<string, Fact[]>()
  const waiting: string[] = []
  const page = await world.store.statements.query({ keys: [], ascending: true, limit: 1000, maxBytes: 1e8 })
  for (const stored of page.statements) {
    const telling = tellingOf(stored, stored.source === 'centre' ? 'xac-nhan' : 'he-thong')
    const link = telling && (await world.store.collections.get(LINKS, telling.agent))?.value
    if (!telling || !link) continue
    if (link.sources && !link.sources.includes(telling.source)) waiting.push(telling.id)
    else {
      const fact = factOf(telling, await ownerOf(world, link.person))
      lines.set(fact.line, [...(lines.get(fact.line) ?? []), fact])
    }
  }
  return { lines, waiting: waiting.sort() }
}

interface Records {
  facts: Fact[]
  waiting: string[]
  lines: Doc<LineDocument>[]
}

async function records(world: Place): Promise<Records> {
  const facts = (await world.store.collections.scan(FACTS, { limit: 1000 })).docs.map((doc) => doc.value)
  const lines = (await world.store.collections.scan(LINES, { limit: 1000 })).docs
  const waiting = facts.filter((value) => isTelling(value) && !isFact(value)).map((value) => value as Telling)
  return { facts: facts.filter(isFact), waiting: waiting.map(({ id }) => id).sort(), lines }
}

/** The hours that these facts make, with the lines that show. */
function expectedHours(wanted: ReadonlyMap<string, Fact[]>, lines: LineDocument[], classifier: Classifier) {
  const facts = [...wanted.values()].flat()
  const touched = new Map(
    facts.flatMap(({ person, days }) => days.map((day) => [dayKey(person, day), { person, day }])),
  )
  const days = [...touched.values()].map(({ person, day }) => {
    const own = facts.filter((fact) => fact.person === person)
    return dayDocument({ person, day, entries: addFacts({}, day, own) }, classifier)!
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

async function verify(world: Place): Promise<void> {
  expect(await world.store.collections.count(LINK_JOBS)).toBe(0)
  const { lines: wanted, waiting: wantedToWait } = await expected(world)
  const { facts, waiting, lines } = await records(world)
  expect(waiting).toEqual(wantedToWait)
  const counts = (await world.store.collections.scan(WAITING, { limit: 1000 })).docs
  expect(counts.reduce((sum, { value }) => sum + value.count, 0)).toBe(waiting.length)
  expect(counts.filter(({ value }) => value.count < 1)).toEqual([])
  const inOrder = (all: Fact[]) => all.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  expect(inOrder(facts)).toEqual(inOrder([...wanted.values()].flat()))
  const tables = await world.profiles.mapping.now()
  const classifier = { version: tables.version, classify: classifierOf(tables) }
  const hours = expectedHours(
    wanted,
    lines.map(({ value }) => value),
    classifier,
  )
  const { collections } = world.store
  expect(byKey((await collections.scan(DAYS, { limit: 1000 })).docs)).toEqual(hours.days)
  expect(byKey((await collections.scan(YEARS, { limit: 1000 })).docs)).toEqual(hours.years)
  expect(byKey(lines)).toEqual(
    Object.fromEntries(
      [...wanted].map(([key, some]) => [key, lineDocument(some.map(tallyOf).reduce(add), classifier)]),
    ),
  )
}

let worlds: Awaited<ReturnType<typeof openWorlds>>
beforeAll(async () => {
  worlds = await openWorlds()
})
afterAll(() => worlds.close())

async function place(view?: (store: TenantStorage) => TenantStorage): Promise<Place> {
  const world = await worlds.next(view)
  for (const id of PEOPLE) {
    const person = { id, name: id, roles: ['citizen' as const], language: 'vi' as const, created: 0 }
    await world.store.collections.insert(PERSONS, id, person)
  }
  return world
}

test('after any sequence of statements, links, unlinks, contests, words about sources, merges and undone ones, voids, late arrivals, re-keyings, erasures and changes of the mapping tables, the records are what a rebuild from zero makes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(actionOf(30, 4, 'many'), { minLength: 5, maxLength: 40 }), async (actions) => {
      const world = await place()
      for (const one of actions) {
        await act(world, one)
        await world.profiles.settled()
      }
      await world.catchUp()
      await world.profiles.retell()
      await verify(world)
      const before = await records(world)
      await world.profiles.rebuild()
      await verify(world)
      const values = ({ facts, waiting, lines }: Records) => [
        facts,
        waiting,
        lines.map(({ key, value }) => [key, value]),
      ]
      expect(values(await records(world))).toEqual(values(before))
    }),
    { numRuns: 40 },
  )
}, 240_000)

test('the same, however the steps of links, merges, rebuilds and the consumer fall between each other and between what is stored', async () => {
  const few = actionOf(4, 2, 'one each')
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(few, { maxLength: 6 }),
      fc.array(fc.array(few, { minLength: 1, maxLength: 4 }), { minLength: 2, maxLength: 3 }),
      async (scheduler, before, hands) => {
        const late = { on: false }
        const world = await place((store) => scheduled(store, scheduler, late))
        for (const one of before) await act(world, one)
        await world.profiles.settled()
        late.on = true
        const follow = Array.from({ length: 4 }, (): Action => ({ do: 'step', entries: 2 }))
        const all = [...hands, follow].map(async (actions) => {
          for (const one of actions) await act(world, one)
        })
        await scheduler.waitFor(Promise.all(all).then(() => world.profiles.settled()))
        late.on = false
        await world.catchUp()
        await world.profiles.retell()
        await verify(world)
      },
    ),
    { numRuns: 150 },
  )
}, 240_000)

/** The store as profiles see it, each call and each answer held up until the scheduler lets it go. */
function scheduled(store: TenantStorage, scheduler: fc.Scheduler, late: { on: boolean }): TenantStorage {
  const hold = <T extends object>(part: T): T =>
    new Proxy(part, {
      get: (target, name) => {
        const method = Reflect.get(target, name) as (...of: unknown[]) => Promise<unknown>
        return async (...of: unknown[]) => {
          if (!late.on) return method(...of)
          await scheduler.schedule(Promise.resolve(), String(name))
          const answer = await method(...of)
          await scheduler.schedule(Promise.resolve(), String(name))
          return answer
        }
      },
    })
  return {
    ...store,
    statements: hold(store.statements),
    feed: hold(store.feed),
    collections: hold(store.collections),
  }
}
