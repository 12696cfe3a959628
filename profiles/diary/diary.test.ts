import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  createLrs,
  createSourceRegistry,
  createTenants,
  DEFAULT_TENANT,
  type Lrs,
  type StoredStatement,
  statementKey,
} from '../../lrs/index.ts'
import { openTestStore, type TestStore } from '../../tests/support/store.ts'
import { MERGES } from '../merges/documents.ts'
import { dayNumberOf } from '../self-told/day.ts'
import type { SelfToldDeps } from '../self-told/self-told.ts'
import { createDiary, type Diary } from './diary.ts'
import { placeInDay } from './when.ts'

const NOW = Date.parse('2026-11-24T09:00:00+07:00')
const INPUT = { what: 'cách ủ phân từ rơm', minutes: 30, did: 'hanh', day: '2026-11-24' } as const
const HOME = 'urn:suotdoi:tenant:main:people'

let store: TestStore
let lrs: Lrs
let deps: SelfToldDeps
const forgotten: [string, string][] = []
let diary: Diary
let person: string
const clock = NOW

beforeAll(async () => {
  store = await openTestStore()
  await createTenants(store.storage)
  const sources = createSourceRegistry(store.storage.system, DEFAULT_TENANT)
  const source = await sources.create({ name: 'Nhật ký học', kind: 'diary' }, 'test')
  if ('ok' in source) throw new Error(JSON.stringify(source))
  lrs = createLrs({ storage: store.storage, tenant: DEFAULT_TENANT })
  deps = {
    collections: store.storage.tenant(DEFAULT_TENANT).collections,
    lrs,
    caller: await sources.callerOf(source.id, 'diary', ['statements/write', 'define']),
    accountHomePage: HOME,
    fall: async () => {},
    async forget(...what) {
      forgotten.push(what)
    },
    now: () => clock,
  }
  diary = createDiary(deps)
  person = randomUUID()
})
afterAll(() => store.close())

async function told(of = person): Promise<StoredStatement[]> {
  const outcome = await store.storage.tenant(DEFAULT_TENANT).statements.query({
    keys: [statementKey.actor(`account:${HOME} ${of}`)],
    ascending: true,
    limit: 100,
    maxBytes: 1e6,
    includeVoided: true,
    fresh: true,
  })
  return outcome.statements
}
const standing = async (of = person) =>
  (await told(of)).filter(({ voided, voiding }) => !voided && !voiding).map(({ text }) => JSON.parse(text))

async function add(input: Partial<Parameters<Diary['add']>[1]> = {}, of = person) {
  const entry = await diary.add(of, { ...INPUT, ...input })
  if ('problems' in entry) throw new Error(JSON.stringify(entry))
  return entry
}

test('an entry is a statement under the person’s own account, with what, how long and which H', async () => {
  const entry = await add()
  expect(await standing()).toMatchObject([
    {
      actor: { account: { homePage: HOME, name: person } },
      verb: { id: 'https://w3id.org/suotdoi/verbs/practised' },
      object: { id: `urn:uuid:${entry.id}`, definition: { name: { vi: 'cách ủ phân từ rơm' } } },
      result: { duration: 'PT30M' },
      timestamp: new Date(NOW).toISOString(),
    },
  ])
  expect(diary.entryOf(`urn:uuid:${entry.id}`)).toBe(entry.id)
  expect(await diary.get(person, entry.id)).toEqual(entry)
})

test('a change voids what was told before; what is taken back stands nowhere', async () => {
  const of = randomUUID()
  const entry = await add({}, of)
  await diary.change(of, entry.id, { ...INPUT, what: 'cách ủ phân', minutes: 45 })
  expect(await standing(of)).toMatchObject([
    {
      object: { id: `urn:uuid:${entry.id}`, definition: { name: { vi: 'cách ủ phân' } } },
      result: { duration: 'PT45M' },
    },
  ])
  expect((await diary.of(of, { limit: 10 })).entries).toHaveLength(1)
  await diary.remove(of, entry.id)
  expect(await standing(of)).toEqual([])
  expect((await told(of)).filter(({ voided }) => voided)).toHaveLength(2)
  expect((await diary.of(of, { limit: 10 })).entries).toEqual([])
  expect(await diary.remove(of, entry.id)).toBeNull()
  expect(await diary.change(of, entry.id, INPUT)).toBeNull()
})

test('what an outage keeps from the record store is told later, once', async () => {
  const of = randomUUID()
  for (const cut of ['before', 'after'] as const) {
    const failing = createDiary({
      ...deps,
      lrs: {
        async recordStatements(...given) {
          if (cut === 'after') await lrs.recordStatements(...given)
          throw new Error('killed')
        },
      },
    })
    await expect(failing.add(of, INPUT)).rejects.toThrow('killed')
  }
  expect(await diary.resume()).toBe(2)
  expect(await standing(of)).toHaveLength(2)
  expect(await diary.resume()).toBe(0)
  const [entry] = (await diary.of(of, { limit: 5 })).entries
  const failing = createDiary({
    ...deps,
    lrs: { recordStatements: () => Promise.reject(new Error('killed')) },
  })
  await expect(failing.change(of, entry!.id, { ...INPUT, minutes: 5 })).rejects.toThrow('killed')
  await expect(failing.remove(of, entry!.id)).rejects.toThrow('killed')
  expect(await diary.remove(of, entry!.id)).toMatchObject({ id: entry!.id })
  expect(await standing(of)).toHaveLength(1)
})

test('of changes at the same moment one stands', async () => {
  const of = randomUUID()
  const entry = await add({}, of)
  await Promise.all([5, 6, 7, 8].map((minutes) => diary.change(of, entry.id, { ...INPUT, minutes })))
  expect(await standing(of)).toHaveLength(1)
  expect(await standing(of)).toMatchObject([
    { result: { duration: `PT${(await diary.get(of, entry.id))?.minutes}M` } },
  ])
})

test('what a device sends twice, also at once or after it was taken back, is there once; another’s same word is another', async () => {
  const [of, other] = [randomUUID(), randomUUID()]
  const given = 'ab'.repeat(16)
  const [first, second] = await Promise.all([diary.add(of, INPUT, given), diary.add(of, INPUT, given)])
  expect(first).toEqual(second)
  expect(await diary.add(of, { ...INPUT, what: 'khác' }, given)).toEqual(first)
  expect(await standing(of)).toHaveLength(1)
  const theirs = await diary.add(other, INPUT, given)
  if ('problems' in first || 'problems' in theirs) throw new Error('refused')
  expect(theirs.id).not.toBe(first.id)
  await diary.remove(of, first.id)
  expect(forgotten).toContainEqual([of, `urn:uuid:${first.id}`])
  expect(await diary.add(of, INPUT, given)).toMatchObject({ problems: [{ id: 'diary-removed' }] })
  expect(await standing(of)).toEqual([])
  expect(await standing(other)).toHaveLength(1)
})

test('nobody reads or changes what is another’s', async () => {
  const entry = await add()
  const other = randomUUID()
  expect(await diary.get(other, entry.id)).toBeNull()
  expect(await diary.change(other, entry.id, INPUT)).toBeNull()
  expect(await diary.remove(other, entry.id)).toBeNull()
  expect((await diary.of(other, { limit: 5 })).entries).toEqual([])
})

test('everything that a form can get wrong is told at once, and nothing is recorded', async () => {
  const of = randomUUID()
  const wrong = await diary.add(of, { what: ' ', minutes: Number.NaN, did: 'x' as never, day: '2026-02-30' })
  expect('problems' in wrong && wrong.problems.map(({ id }) => id)).toEqual([
    'diary-what-missing',
    'diary-minutes-wrong',
    'diary-did-missing',
    'diary-day-wrong',
  ])
  for (const [input, id] of [
    [{ what: 'x'.repeat(201) }, 'diary-what-long'],
    [{ what: 'a\u0000b' }, 'diary-what-bad'],
    [{ what: 'CCCD 001099012345' }, 'diary-what-number'],
    [{ minutes: 961 }, 'diary-minutes-wrong'],
    [{ minutes: 1.5 }, 'diary-minutes-wrong'],
    [{ day: '2026-11-25' }, 'diary-day-later'],
    [{ day: '1800-01-01' }, 'diary-day-wrong'],
  ] as const)
    expect(await diary.add(of, { ...INPUT, ...input })).toMatchObject({ problems: [{ id }] })
  expect(await told(of)).toEqual([])
  for (let count = 0; count < 20; count++) await add({ minutes: 1 }, of)
  expect(await diary.add(of, INPUT)).toMatchObject({ problems: [{ id: 'diary-many' }], status: 409 })
})

test('entries of one day never overlap while the day has room, and none lies in the future or on another day', () => {
  const minutes = fc.integer({ min: 1, max: 60 })
  fc.assert(
    fc.property(fc.array(minutes, { minLength: 1, maxLength: 12 }), fc.boolean(), (lengths, today) => {
      const dayNumber = dayNumberOf('2026-11-20')
      const begin = dayNumber * 86_400_000 - 7 * 3_600_000
      const now = begin + (today ? 20 * 3_600_000 : 5 * 86_400_000)
      const placed: { at: number; minutes: number }[] = []
      for (const length of lengths)
        placed.push({ at: placeInDay(dayNumber, length, placed, now), minutes: length })
      const spans = placed
        .map(({ at, minutes: length }) => [at - length * 60_000, at] as const)
        .sort(([a], [b]) => a - b)
      for (const [at, [from, to]] of spans.entries()) {
        expect(to).toBeLessThanOrEqual(now)
        expect(to).toBeGreaterThan(begin)
        expect(to).toBeLessThan(begin + 86_400_000)
        if (at > 0) expect(from).toBeGreaterThanOrEqual(spans[at - 1]![1])
      }
    }),
  )
})

test('the diary of two who are one has the entries of both, the newest day first', async () => {
  const [one, other] = [randomUUID(), randomUUID()]
  for (const [who, what, day] of [
    [one, 'ghép cam', '2026-11-20'],
    [other, 'nuôi ong', '2026-11-21'],
    [one, 'ủ phân', '2026-11-22'],
  ] as const)
    await diary.add(who, { ...INPUT, what, day })
  const merge = { from: other, into: one, open: true, at: NOW, by: 'op', reason: 'same papers', undone: null }
  await deps.collections.put(MERGES, 'merge', merge)
  const { entries } = await diary.of(one, { limit: 10 })
  expect(entries.map(({ what }) => what)).toEqual(['ủ phân', 'nuôi ong', 'ghép cam'])
  await deps.collections.put(MERGES, 'merge', { ...merge, open: false })
  expect((await diary.of(one, { limit: 10 })).entries).toHaveLength(2)
})
