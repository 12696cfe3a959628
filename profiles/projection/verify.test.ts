import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { openWorlds, type World } from '../../tests/support/profiles-world.ts'
import { COURSES } from '../courses/documents.ts'
import { DAYS, YEARS } from '../hours/documents.ts'
import { TIES } from '../twins/documents.ts'
import { FACTS, isFact, LINES } from './documents.ts'

// Between two looks there is time for what is just being changed; here nothing is.
vi.mock('node:timers/promises', async (original) => {
  const timers = await original<typeof import('node:timers/promises')>()
  return { ...timers, setTimeout: (ms: number, value: unknown) => timers.setTimeout(ms / 20, value) }
})

let worlds: Awaited<ReturnType<typeof openWorlds>>
beforeAll(async () => {
  worlds = await openWorlds()
})
afterAll(() => worlds.close())

type Open = Omit<World, 'close'>

async function verified({ profiles }: Open, waiting: string[] = []): Promise<string[]> {
  const kinds: string[] = []
  const found = profiles.consumer.verify!({ waiting: async () => new Set(waiting) })
  for await (const { kind, mend } of found) {
    expect(mend).toBe('Run: suotdoi rebuild transcript')
    kinds.push(kind)
  }
  return kinds
}

/** A person with three statements on two lines, and one statement of nobody. */
async function filled(): Promise<Open & { ids: string[] }> {
  const world = await worlds.next()
  const person = await world.person('lan@example.vn')
  await world.link('lan', person)
  const ids = await world.tell(
    { activity: 'one' },
    { activity: 'one', verb: 'attempted' },
    { activity: 'two' },
    { who: 'nobody' },
  )
  await world.catchUp()
  return { ...world, ids }
}

describe('verify of the records', () => {
  test('finds nothing in records that are right, nor while what is new waits', async () => {
    const world = await filled()
    expect(await verified(world)).toEqual([])
    const ids = await world.tell({ activity: 'three' })
    expect(await verified(world, ids)).toEqual([])
  }, 20_000)

  test('a lost fact, a changed one, one of no statement, and a changed or lost line are each found, and mended by a rebuild', async () => {
    const damages: [string, (world: Open & { ids: string[] }) => Promise<unknown>][] = [
      ['record-fact', ({ store, ids }) => store.collections.delete(FACTS, ids[0]!)],
      [
        'record-fact',
        async ({ store, ids }) => {
          const doc = await store.collections.get(FACTS, ids[0]!)
          await store.collections.put(FACTS, ids[0]!, { ...doc!.value, completed: true, at: 1 } as never)
        },
      ],
      [
        'record-orphan',
        async ({ store, ids }) => {
          const doc = await store.collections.get(FACTS, ids[0]!)
          await store.collections.put(FACTS, 'ffffffff-ffff-4fff-8fff-ffffffffffff', doc!.value)
        },
      ],
      [
        'record-line',
        async ({ store }) => {
          const { docs } = await store.collections.scan(LINES, { limit: 1 })
          const { key, value } = docs[0]!
          await store.collections.put(LINES, key, {
            ...value,
            tally: { ...value.tally, completed: true, count: 9 },
          })
        },
      ],
      [
        'record-day',
        async ({ store }) => {
          const { key, value } = (await store.collections.scan(DAYS, { limit: 1 })).docs[0]!
          await store.collections.put(DAYS, key, { ...value, entries: {} })
        },
      ],
      [
        'record-year',
        async ({ store }) => {
          const { key, value } = (await store.collections.scan(YEARS, { limit: 1 })).docs[0]!
          await store.collections.put(YEARS, key, { ...value, lines: { 1: 7 } })
        },
      ],
      [
        'record-orphan',
        async ({ store }) => {
          const { docs } = await store.collections.scan(LINES, { limit: 1 })
          await store.collections.delete(LINES, docs[0]!.key)
        },
      ],
    ]
    for (const [kind, damage] of damages) {
      const world = await filled()
      await damage(world)
      expect(await verified(world)).toContain(kind)
      await world.profiles.rebuild()
      expect(await verified(world), kind).toEqual([])
      const { docs } = await world.store.collections.scan(FACTS, { limit: 10 })
      expect(docs.filter(({ value }) => isFact(value))).toHaveLength(3)
    }
  }, 60_000)
})

test('a line that does not know its twin, a day that does not, and a lost tie are found, and mended by a rebuild', async () => {
  const world = await worlds.next()
  const person = await world.person('lan@example.vn')
  await world.link('lan', person)
  const registration = '0b7d3f2e-5d0e-4a43-9d0c-1f6a4f6f1a11'
  const result = { duration: 'PT30M' }
  await world.tell({ registration, result }, { registration, result, source: 'centre' })
  await world.catchUp()
  expect(await verified(world)).toEqual([])
  const { collections } = world.store
  const { docs } = await collections.scan(LINES, { limit: 10 })
  const hidden = docs.find(({ value }) => value.twins?.shownAs !== undefined)!
  const { twins: _, ...alone } = hidden.value
  await collections.put(LINES, hidden.key, alone)
  expect(await verified(world)).toEqual(['record-line', 'record-day'])
  await world.profiles.rebuild()
  expect(await verified(world)).toEqual([])
  const [tie] = (await collections.scan(TIES, { limit: 10 })).docs
  await collections.put(TIES, tie!.key, { ...tie!.value, sources: ['moodle'] })
  expect(await verified(world)).toContain('record-line')
  await world.profiles.rebuild()
  expect(await verified(world)).toEqual([])
  const [line, ...none] = (await world.profiles.transcript.lines(person, { limit: 10 })).lines
  expect([line?.tellers?.length, none]).toEqual([2, []])
}, 60_000)

test('a course that does not know of its parts, and a count of parts that is wrong or lost, are found, and mended by a rebuild', async () => {
  const world = await worlds.next()
  const person = await world.person('lan@example.vn')
  await world.link('lan', person)
  const result = { duration: 'PT30M' }
  await world.tell(
    { activity: 'course', result, at: '2026-11-10T02:00:00Z' },
    { activity: 'part', courses: ['course'], result },
  )
  await world.catchUp()
  await world.profiles.retell()
  expect(await verified(world)).toEqual([])
  const { collections } = world.store
  const [count] = (await collections.scan(COURSES, { limit: 10 })).docs
  const course = (await collections.scan(LINES, { limit: 10 })).docs.find(({ value }) => value.hasParts)!
  const { hasParts: _, ...unaware } = course.value
  const damages: [string, () => Promise<unknown>][] = [
    ['record-line', () => collections.put(LINES, course.key, unaware)],
    ['record-course', () => collections.put(COURSES, count!.key, { ...count!.value, timed: 7 })],
    ['record-course', () => collections.delete(COURSES, count!.key)],
  ]
  for (const [kind, damage] of damages) {
    await damage()
    expect(await verified(world)).toContain(kind)
    await world.profiles.rebuild()
    expect(await verified(world), kind).toEqual([])
    expect((await collections.get(LINES, course.key))?.value).toEqual(course.value)
    expect((await collections.get(COURSES, count!.key))?.value).toEqual(count!.value)
  }
}, 60_000)
