import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type Caller,
  createLrs,
  createSourceRegistry,
  createTenants,
  DEFAULT_TENANT,
  type Lrs,
  statementKey,
} from '../../lrs/index.ts'
import { openTestStore, type TestStore } from '../../tests/support/store.ts'
import { PERSONS } from '../accounts/documents.ts'
import { DEFAULTS } from '../mapping/defaults.ts'
import { type Classes, type ClassesDeps, createClasses } from './classes.ts'
import { CLASS_LIMITS } from './details.ts'
import type { ClassDetails, TaughtClass } from './documents.ts'

const NOW = Date.parse('2026-11-24T21:00:00+07:00')
const DETAILS: ClassDetails = {
  ...{ name: 'Phân loại rác tại nhà', topic: 'https://w3id.org/suotdoi/topics/moi-truong' },
  ...{ day: '2026-11-24', begin: '19:30', minutes: 60, place: 'Nhà văn hóa thôn Đông' },
}
const AT = { organisation: 'centre', by: 'staff' }

let store: TestStore
let lrs: Lrs
let deps: ClassesDeps
let classes: Classes
let caller: Caller
const clock = NOW

beforeAll(async () => {
  store = await openTestStore()
  await createTenants(store.storage)
  const sources = createSourceRegistry(store.storage.system, DEFAULT_TENANT)
  const source = await sources.create({ name: 'Trung tâm', kind: 'centre', organisation: 'centre' }, 'test')
  if ('ok' in source) throw new Error(JSON.stringify(source))
  lrs = createLrs({ storage: store.storage, tenant: DEFAULT_TENANT })
  caller = await sources.callerOf(source.id, 'centre', ['statements/write', 'define'])
  deps = {
    collections: store.storage.tenant(DEFAULT_TENANT).collections,
    lrs,
    centreOf: async () => caller,
    teller: { people: 'urn:people', organisations: 'urn:organisations' },
    topics: async () => DEFAULTS.topics,
    audit: () => ({ op: 'put', collection: { name: 'test.audit', indexes: {} }, key: 'x', value: {} }),
    now: () => clock,
  }
  classes = createClasses(deps)
})
afterAll(() => store.close())

async function make(change: Partial<ClassDetails> = {}): Promise<TaughtClass> {
  const made = await classes.create(AT, { ...DETAILS, ...change })
  if ('ok' in made) throw new Error(JSON.stringify(made))
  return made
}
async function people(count: number, prefix: string): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, at) => `${prefix}-${at}`)
  for (let from = 0; from < count; from += 500)
    await deps.collections.batch(
      ids.slice(from, from + 500).map((id) => ({
        op: 'insert' as const,
        collection: PERSONS,
        key: id,
        value: { id, name: `Người ${id}`, roles: ['citizen'], language: 'vi', created: 1 },
      })),
    )
  return ids
}
/** Statements about a class that stand. */
async function standing(id: string) {
  const page = await store.storage.tenant(DEFAULT_TENANT).statements.query({
    ...{ keys: [statementKey.activity(`urn:uuid:${id}`)], ascending: true, limit: 2000, maxBytes: 1e7 },
    ...{ includeVoided: true, fresh: true },
  })
  return page.statements
    .filter(({ voided, voiding }) => !voided && !voiding)
    .map(({ text }) => JSON.parse(text))
}
const at = (of: TaughtClass) => ({ ...AT, class: of.id })

test('who came gets a statement by the centre: attended, how long, when, which topic, where', async () => {
  const of = await make()
  const [lan] = await people(1, 'lan')
  expect(await classes.list(at(of), [lan!, lan!, 'nobody'])).toEqual({ ok: true, added: 1 })
  expect(await standing(of.id)).toEqual([])
  expect(await classes.enter(at(of))).toEqual({ ok: true, entered: 1 })
  expect(await standing(of.id)).toMatchObject([
    {
      actor: { account: { homePage: 'urn:people', name: lan } },
      verb: { id: 'http://adlnet.gov/expapi/verbs/attended' },
      object: {
        id: `urn:uuid:${of.id}`,
        definition: { type: 'http://adlnet.gov/expapi/activities/meeting', name: { vi: of.name } },
      },
      result: { duration: 'PT60M' },
      context: {
        instructor: { account: { name: 'staff' } },
        team: { account: { name: 'centre' } },
        contextActivities: { grouping: [{ id: DETAILS.topic }] },
        extensions: { 'https://w3id.org/suotdoi/extensions/place': DETAILS.place },
      },
      timestamp: '2026-11-24T13:30:00.000Z',
      authority: { name: 'Trung tâm' },
    },
  ])
  // Pressed once more it tells nothing twice.
  expect(await classes.enter(at(of))).toEqual({ ok: true, entered: 0 })
  expect(await standing(of.id)).toHaveLength(1)
  expect((await classes.people(of.id, { limit: 5 })).people).toMatchObject([
    { person: lan, name: `Người ${lan}`, state: 'entered' },
  ])
})

test('five hundred at once, and not one more', async () => {
  const of = await make()
  const all = await people(CLASS_LIMITS.people + 1, 'many')
  expect(await classes.list(at(of), all.slice(0, -1))).toEqual({ ok: true, added: 500 })
  expect(await classes.list(at(of), all.slice(-1))).toMatchObject({ problems: [{ id: 'class-many' }] })
  expect(await classes.enter(at(of))).toEqual({ ok: true, entered: 500 })
  expect(new Set((await standing(of.id)).map(({ actor }) => actor.account.name)).size).toBe(500)
  expect(await classes.counts(of.id)).toEqual({ listed: 0, entered: 500, 'taken-back': 0, waiting: 0 })
  expect(await classes.takeBack({ ...at(of), person: null, reason: 'nhầm lớp' })).toEqual({
    ok: true,
    taken: 500,
  })
  expect(await standing(of.id)).toEqual([])
})

test('a mistake is taken back for one, with a reason, and mended', async () => {
  const of = await make()
  const [a, b] = await people(2, 'one')
  await classes.list(at(of), [a!, b!])
  await classes.enter(at(of))
  const back = { ...at(of), person: a! }
  expect(await classes.takeBack({ ...back, reason: '' })).toMatchObject({ status: 400 })
  expect(await classes.takeBack({ ...back, organisation: 'other', reason: 'x' })).toMatchObject({
    status: 404,
  })
  expect(await classes.takeBack({ ...back, reason: 'vắng' })).toEqual({ ok: true, taken: 1 })
  expect((await standing(of.id)).map(({ actor }) => actor.account.name)).toEqual([b])
  expect(await classes.list(at(of), [a!])).toEqual({ ok: true, added: 1 })
  await classes.unlist(at(of), a!)
  await classes.unlist(at(of), b!)
  expect((await classes.people(of.id, { limit: 5 })).people).toMatchObject([{ person: b, state: 'entered' }])
  await classes.list(at(of), [a!])
  await classes.enter(at(of))
  expect(await standing(of.id)).toHaveLength(2)
})

test('nobody enters themselves, a class of the future, or one of another organisation', async () => {
  const of = await make()
  await people(1, 'x')
  await deps.collections.put(PERSONS, 'staff', {
    ...{ id: 'staff', name: 'Nhân viên', roles: ['citizen'], language: 'vi', created: 1 },
  })
  await classes.list(at(of), ['staff'])
  expect(await classes.enter(at(of))).toEqual({ ok: true, entered: 0 })
  expect(await classes.enter({ ...at(of), by: 'colleague' })).toEqual({ ok: true, entered: 1 })
  const later = await make({ day: '2026-11-25' })
  await classes.list(at(later), ['x-0'])
  expect(await classes.enter(at(later))).toMatchObject({ problems: [{ id: 'class-early' }] })
  for (const act of ['enter', 'list'] as const)
    expect(await classes[act]({ ...at(of), organisation: 'other' }, [])).toMatchObject({ status: 404 })
  expect(await classes.get('other', of.id)).toBeNull()
})

test('nobody enters themselves under an account that was merged into theirs, however many merges away', async () => {
  const of = await make()
  const [self, before, first, other] = await people(4, 'merged')
  const held = { name: 'Nhân viên', roles: ['citizen' as const], language: 'vi' as const, created: 1 }
  // Listed first, merged later.
  await classes.list(at(of), [first!, other!])
  await deps.collections.put(PERSONS, first!, { ...held, id: first!, mergedInto: before! })
  await deps.collections.put(PERSONS, before!, { ...held, id: before!, mergedInto: self! })
  expect(await classes.enter({ ...at(of), by: self! })).toEqual({ ok: true, entered: 1 })
  expect((await standing(of.id)).map(({ actor }) => actor.account.name)).toEqual([other])
  expect(await classes.attendee(of.id, first!)).toMatchObject({ state: 'listed', holder: self })
  expect(await classes.enter({ ...at(of), by: 'colleague' })).toEqual({ ok: true, entered: 1 })
  // Who is put on the list is put there as who they are.
  const next = await make()
  await classes.list(at(next), [first!])
  expect((await classes.people(next.id, { limit: 5 })).people).toMatchObject([{ person: self }])
})

test('two lists at once hold no more than one may', async () => {
  const of = await make()
  const all = await people(600, 'lists')
  const outcomes = await Promise.all([
    classes.list(at(of), all.slice(0, 300)),
    classes.list(at(of), all.slice(300)),
  ])
  expect(outcomes.map(({ ok }) => ok).sort()).toEqual([false, true])
  expect(await classes.counts(of.id)).toMatchObject({ listed: 300 })
})

test('what a class is called changes before it is told of, never beside', async () => {
  const of = await make()
  const [lan] = await people(1, 'change')
  await classes.list(at(of), [lan!])
  expect(await classes.change(at(of), { ...DETAILS, name: ' ' })).toMatchObject({ status: 400 })
  expect(await classes.change({ ...at(of), organisation: 'other' }, DETAILS)).toMatchObject({ status: 404 })
  expect(await classes.change(at(of), { ...DETAILS, minutes: 45 })).toMatchObject({ minutes: 45 })
  const raced = await Promise.all([
    classes.enter(at(of)),
    classes.change(at(of), { ...DETAILS, name: 'Tên khác' }),
  ])
  const held = await classes.get('centre', of.id)
  const [told] = await standing(of.id)
  expect(raced[0]).toEqual({ ok: true, entered: 1 })
  expect(told.object.definition.name.vi).toBe(held?.name)
  expect(told.result.duration).toBe(`PT${held?.minutes}M`)
  expect(await classes.change(at(of), DETAILS)).toMatchObject({ problems: [{ id: 'class-entered' }] })
  await classes.takeBack({ ...at(of), person: null, reason: 'sai ngày' })
  expect(await classes.change(at(of), { ...DETAILS, day: '2026-11-23' })).toMatchObject({ day: '2026-11-23' })
})

test.each(['before', 'after'] as const)('what is cut off %s it was told goes on, once', async (cut) => {
  const of = await make()
  const all = await people(250, `cut-${cut}`)
  let calls = 0
  const failing = createClasses({
    ...deps,
    lrs: {
      async recordStatements(...given) {
        if (++calls > 1) {
          if (cut === 'after') await lrs.recordStatements(...given)
          throw new Error('killed')
        }
        return lrs.recordStatements(...given)
      },
    },
  })
  await classes.list(at(of), all)
  await expect(failing.enter(at(of))).rejects.toThrow('killed')
  expect(await classes.counts(of.id)).toMatchObject({ waiting: 50 })
  expect(await classes.resume()).toBe(50)
  expect(await classes.resume()).toBe(0)
  expect(await classes.enter(at(of))).toEqual({ ok: true, entered: 0 })
  expect(await standing(of.id)).toHaveLength(250)
})

test('what was voided by another way stands as taken back', async () => {
  const of = await make()
  await classes.list(at(of), await people(2, 'other-way'))
  await classes.enter(at(of))
  const [first] = await standing(of.id)
  await classes.followVoided([first.id, crypto.randomUUID()])
  expect(await classes.counts(of.id)).toMatchObject({ entered: 1, 'taken-back': 1 })
})

test('two who press at once tell each once', async () => {
  const of = await make()
  await classes.list(at(of), await people(20, 'both'))
  await Promise.all([classes.enter(at(of)), classes.enter({ ...at(of), by: 'colleague' })])
  expect(await standing(of.id)).toHaveLength(20)
})

test('everything that the form can get wrong is told at once', async () => {
  const wrong = await classes.create(AT, {
    ...{ name: ' ', topic: 'urn:x', day: '2026-02-30', begin: '25:00', minutes: Number.NaN },
    place: 'x'.repeat(201),
  })
  expect('ok' in wrong && wrong.problems.map(({ id }) => id)).toEqual([
    ...['class-name-missing', 'class-topic-unknown', 'class-day-wrong', 'class-begin-wrong'],
    ...['class-minutes-wrong', 'class-place-long'],
  ])
  for (const [change, id] of [
    [{ name: 'x'.repeat(201) }, 'class-name-long'],
    [{ name: 'a\u0000b' }, 'class-bad'],
    [{ place: 'số 001.099.012.345' }, 'class-number'],
    [{ day: '2030-01-01' }, 'class-day-wrong'],
    [{ minutes: 961 }, 'class-minutes-wrong'],
    [{ begin: '7:5' }, 'class-begin-wrong'],
  ] as const)
    expect(await classes.create(AT, { ...DETAILS, ...change })).toMatchObject({ problems: [{ id }] })
})
