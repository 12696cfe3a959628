import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorlds, type World } from '../../tests/support/profiles-world.ts'
import { keyOf, type Told } from '../../tests/support/told.ts'
import { MAX_OPERATIONS } from '../projection/changes.ts'
import { LATE, LINES } from '../projection/documents.ts'

let worlds: Awaited<ReturnType<typeof openWorlds>>
beforeAll(async () => {
  worlds = await openWorlds()
})
afterAll(() => worlds.close())

const REGISTRATION = '0b7d3f2e-5d0e-4a43-9d0c-1f6a4f6f1a11'
const CENTRE: Told = { source: 'centre', at: '2026-11-22T02:00:00Z' }
const dayAt = (from: number, day: number) => new Date(from + day * 86_400_000).toISOString()

/** Somebody with a record; `most` is of how many operations the largest batch was. */
async function made() {
  let most = 0
  const world = await worlds.next((store) => ({
    ...store,
    collections: {
      ...store.collections,
      batch: (operations) => {
        most = Math.max(most, operations.length)
        return store.collections.batch(operations)
      },
    },
  }))
  const person = await world.person('lan@example.vn')
  await world.link('lan', person)
  const told = async (...all: Told[]) => {
    const ids: string[] = []
    for (let from = 0; from < all.length; from += 100) {
      ids.push(...(await world.tell(...all.slice(from, from + 100))))
      while (await world.step(100));
    }
    return ids
  }
  const lines = async () => (await world.profiles.transcript.lines(person, { limit: 50 })).lines
  return { ...world, person, told, lines, largest: () => most }
}

/** Tells again what is late, killed before and after every write; how often that was. */
async function retellKilled({ again, store }: Pick<World, 'again' | 'store'>): Promise<number> {
  for (let kills = 0; ; kills++) {
    const killed = await again({
      ...store.collections,
      async batch(operations) {
        if (kills % 2 === 1) await store.collections.batch(operations)
        throw new Error('killed')
      },
    })
    const isDone = await killed.retell().then(
      () => true,
      () => false,
    )
    if (isDone) return kills
  }
}

const wrongOf = async ({ profiles }: Pick<World, 'profiles'>) =>
  Array.fromAsync(profiles.consumer.verify!({ waiting: async () => new Set() }))

test('who learned under one registration on a thousand days, and is told of by another source, keeps a record that goes on', async () => {
  const { told, lines, link, person, profiles } = await made()
  const days = Array.from({ length: 1_005 }, (_, day) => dayAt(Date.UTC(2022, 0, 1, 3), day))
  await told(
    ...days.map((at): Told => ({ source: 'moodle', registration: REGISTRATION, verb: 'progressed', at })),
  )
  const [id] = await told({ ...CENTRE, registration: REGISTRATION })
  expect((await lines()).map(({ source, tellers }) => [source, tellers])).toEqual([
    ['centre', undefined],
    ['moodle', undefined],
  ])
  await told({ verb: 'voided', object: { objectType: 'StatementRef', id } })
  expect(await lines()).toHaveLength(1)
  await told({ ...CENTRE, who: 'lan2', registration: REGISTRATION })
  await link('lan2', person)
  expect(await lines()).toHaveLength(2)
  await profiles.links.unlink({
    agent: keyOf('lan'),
    by: 'op',
    reason: 'wrong',
  })
  await profiles.settled()
  expect((await lines()).map(({ source }) => source)).toEqual(['centre'])
}, 60_000)

test('a line that comes between many others that are one changes them in several batches, and all are right again', async () => {
  const world = await made()
  const { told, lines, profiles, store, largest } = world
  const pairs = Array.from({ length: 8 }, () => randomUUID())
  const all = pairs.flatMap((registration, pair): Told[] => [
    { ...CENTRE, registration },
    ...Array.from({ length: 125 }, (_, day): Told => {
      const at = dayAt(Date.UTC(2023, 0, 1, 3), pair * 125 + day)
      return { source: 'moodle', registration, verb: 'progressed', at, result: { duration: 'PT20M' } }
    }),
  ])
  await told(...all)
  const before = await lines()
  expect(before.map(({ tellers }) => tellers?.length)).toEqual(pairs.map(() => 2))
  const years = await profiles.transcript.years(world.person)
  expect(await wrongOf(world)).toEqual([])

  const between: Told = { source: 'tool', at: CENTRE.at! }
  const [id] = await told(between)
  const isLate = async () =>
    (await store.collections.find(LINES, { index: 'mapping', equals: { mapping: LATE }, limit: 1 })).docs
      .length > 0
  expect(await isLate()).toBe(true)
  expect(await retellKilled(world)).toBeGreaterThan(1)
  expect(await isLate()).toBe(false)
  expect((await lines()).map(({ tellers }) => tellers)).toEqual(Array(17).fill(undefined))
  expect(await wrongOf(world)).toEqual([])

  await told({ source: 'tool', verb: 'voided', object: { objectType: 'StatementRef', id } })
  await profiles.retell()
  expect(await lines()).toEqual(before)
  expect(await profiles.transcript.years(world.person)).toEqual(years)
  expect(await wrongOf(world)).toEqual([])
  expect(largest()).toBeLessThanOrEqual(MAX_OPERATIONS)
}, 120_000)

test('lines of a version that kept no days with their sums get them when the feed is read again', async () => {
  const world = await made()
  const { told, lines, store } = world
  await told(
    { source: 'moodle', registration: REGISTRATION, at: '2026-11-20T02:00:00Z' },
    { ...CENTRE, registration: REGISTRATION },
    { source: 'moodle', activity: 'alone', at: '2026-11-20T02:00:00Z' },
  )
  const before = await lines()
  const all = async () => (await store.collections.scan(LINES, { limit: 10 })).docs
  const docs = await all()
  for (const { key, value } of docs) {
    const { days: _, ...tally } = value.tally
    await store.collections.put(LINES, key, { ...value, tally: tally as typeof value.tally })
  }
  await store.collections.delete({ name: 'test.cursor', indexes: {} }, 'transcript')
  while (await world.step());
  expect((await all()).map(({ value }) => value)).toEqual(docs.map(({ value }) => value))
  expect(await lines()).toEqual(before)
})
