import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { TenantStorage } from '../../lrs/storage/port.ts'
import { type Place, type Records, records, verifyRecords } from '../../tests/support/expected-records.ts'
import { openWorlds, PAPER } from '../../tests/support/profiles-world.ts'
import { scheduled } from '../../tests/support/scheduled-store.ts'
import { activity, keyOf, type Told } from '../../tests/support/told.ts'
import { PERSONS } from '../accounts/documents.ts'
import { DEFAULTS } from '../mapping/defaults.ts'
import { ruleName } from '../mapping/tables.ts'
import { SPLITS } from '../twins/documents.ts'
import type { Person } from '../types.ts'
import { LINES } from './documents.ts'

const WHO = ['a', 'b', 'c', 'd']
const PEOPLE = ['p0', 'p1', 'p2']
/** Two within a quarter of an hour of midnight in Vietnam on either side, and one far from it. */
const TIMES = ['16:52:00', '16:57:30', '17:01:00', '17:08:00', '03:00:00']
const REGISTRATIONS = ['0b7d3f2e-5d0e-4a43-9d0c-1f6a4f6f1a11', '5a2f8a56-53b8-4f0a-8d0b-6a4f1b6e2c22']

type Action =
  | { do: 'tell'; all: Told[] }
  | { do: 'void' | 'purge'; id: string }
  | { do: 'rekey'; id: string; who: string }
  | { do: 'link'; who: string; person: number; sources?: string[] }
  | { do: 'unlink' | 'contest'; who: string }
  | { do: 'decide'; who: string; source: string; mine: boolean }
  | { do: 'merge'; from: number; into: number }
  | { do: 'undo-merge'; from: number }
  | { do: 'consent'; person: number; answer: 'yes' | 'no' }
  | { do: 'step'; entries: number }
  | { do: 'rebuild' }
  | { do: 'map'; activity: string; topic: number }
  | { do: 'retell' }
  | { do: 'alias'; same: boolean }
  | { do: 'split' | 'join'; which: number }

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
      source: fc.constantFrom('moodle', 'centre', 'tool'),
      verb: fc.constantFrom('passed', 'failed', 'completed', 'answered', 'attempted', 'interacted'),
      activity: fc.constantFrom('lesson', 'lesson?subContentId=1', 'other', 'course-1'),
      registration: fc.constantFrom(...REGISTRATIONS),
      courses: fc.subarray(['course-1', 'course-2'], { minLength: 1 }),
      // Late arrivals: what happened has no order in common with what arrives.
      at: fc
        .tuple(fc.integer({ min: 0, max: 3 }), fc.constantFrom(...TIMES))
        .map(([day, time]) => `2026-10-1${day}T${time}Z`),
      result: fc.record(
        { duration: fc.constantFrom('PT1S', 'PT25M', 'PT11H'), success: fc.boolean() },
        { requiredKeys: ['duration'] },
      ),
    },
    { requiredKeys: ['id', 'who', 'verb', 'activity', 'at'] },
  )
  const crowded = told.map(
    ({ registration, ...one }): Told => ({
      ...one,
      source: one.source === 'centre' ? 'centre' : 'moodle',
      activity: one.activity === 'course-1' ? 'course-1' : 'lesson',
      ...(registration !== undefined && { registration: REGISTRATIONS[0]! }),
    }),
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
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant('consent'),
        person,
        answer: fc.constantFrom('yes', 'yes', 'no'),
      }),
    },
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
    { weight: 1, arbitrary: fc.record({ do: fc.constant('alias'), same: fc.boolean() }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('split', 'join'), which: fc.nat(5) }) },
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
    case 'consent': {
      const asked = { purpose: 'learning-record', version: 1, language: 'vi', where: 'page' } as const
      return profiles.consents.answer(PEOPLE[action.person]!, { ...asked, answer: action.answer })
    }
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
    case 'alias': {
      const { version } = await profiles.mapping.now()
      const rule = { tells: 'same', by: 'activity', iri: activity('lesson') } as const
      // It may be there already, or not.
      return profiles.mapping.change(
        action.same
          ? { do: 'put-rule', rule: { ...rule, is: activity('other'), why: 'test' } }
          : { do: 'remove-rule', name: ruleName(rule) },
        { by: 'op', expects: version },
      )
    }
    case 'split': {
      const { docs } = await store.collections.scan(LINES, { limit: 1000 })
      const told = docs.flatMap(({ value }) => value.twins?.tellers ?? [])
      const line = told[action.which % Math.max(1, told.length)]?.line
      const person = docs.find(({ key }) => key === line)?.value.tally.person
      return line && person && profiles.twins.split(person, line)
    }
    case 'join': {
      const { docs } = await store.collections.scan(SPLITS, { limit: 1000 })
      const said = docs[action.which % Math.max(1, docs.length)]
      return said && profiles.twins.join(said.value.person, said.key)
    }
  }
}

let worlds: Awaited<ReturnType<typeof openWorlds>>
beforeAll(async () => {
  worlds = await openWorlds()
})
afterAll(() => worlds.close())

async function place(view?: (store: TenantStorage) => TenantStorage): Promise<Place> {
  const world = await worlds.next(view)
  for (const id of PEOPLE) {
    const person: Person = { id, name: id, roles: ['citizen'], language: 'vi', created: 0 }
    // Two who agreed to a record, and one who was not asked.
    if (id !== 'p2') person.consents = { 'learning-record': { answer: 'yes', version: 1, since: 0 } }
    await world.store.collections.insert(PERSONS, id, person)
  }
  return world
}

test('after any sequence of statements, links, unlinks, contests, words about sources, merges and undone ones, consents given and taken, voids, late arrivals, re-keyings, erasures, splits and changes of the mapping tables, the records are what a rebuild from zero makes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(actionOf(30, 4, 'many'), { minLength: 5, maxLength: 40 }), async (actions) => {
      const world = await place()
      for (const one of actions) {
        await act(world, one)
        await world.profiles.settled()
      }
      await world.catchUp()
      await world.profiles.retell()
      await verifyRecords(world)
      const before = await records(world)
      await world.profiles.rebuild()
      await verifyRecords(world)
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

test('the same, however the steps of links, merges, consents, rebuilds and the consumer fall between each other and between what is stored', async () => {
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
        await verifyRecords(world)
      },
    ),
    { numRuns: 150 },
  )
}, 240_000)
