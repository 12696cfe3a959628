import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Collection, Collections } from '../../lrs/index.ts'
import { openWorlds, PAPER } from '../../tests/support/profiles-world.ts'
import { keyOf } from '../../tests/support/told.ts'
import { DAYS, YEARS } from '../hours/documents.ts'
import type { ProfilesPart } from '../index.ts'
import { LINKS } from '../links/documents.ts'
import { FACTS, isFact, LINES } from './documents.ts'

let worlds: Awaited<ReturnType<typeof openWorlds>>
beforeAll(async () => {
  worlds = await openWorlds()
})
afterAll(() => worlds.close())

/** A person with twelve statements on four lines. */
async function filled() {
  const world = await worlds.next()
  const person = await world.person('lan@example.vn')
  await world.link('lan', person)
  await world.tell(...Array.from({ length: 12 }, (_, i) => ({ activity: `lesson ${i % 4}` })))
  await world.catchUp()
  const shown = async ({ transcript }: ProfilesPart = world.profiles) => ({
    lines: (await transcript.lines(person, { limit: 100 })).lines,
    years: await transcript.years(person),
  })
  const before = await shown()
  expect(before.lines).toHaveLength(4)
  return { ...world, shown, before }
}

/** A store that tells after each batch how much of it wrote something. */
function watched(collections: Collections, look: (writes: number) => Promise<void>): Collections {
  return {
    ...collections,
    async batch(operations) {
      const outcome = await collections.batch(operations)
      await look(operations.filter(({ op }) => op !== 'check').length)
      return outcome
    },
  }
}

test('of records that are right a rebuild reads all and writes nothing', async () => {
  const { store, again, before, shown } = await filled()
  let written = 0
  const profiles = await again(
    watched(store.collections, async (writes) => {
      written += writes
    }),
  )
  written = 0
  expect(await profiles.rebuild()).toBe(12)
  expect(written).toBe(0)
  expect(await shown()).toEqual(before)
})

test('a record larger than one batch is made whole from nothing, and keeps no fact of nobody', async () => {
  const world = await worlds.next()
  const person = await world.person('lan@example.vn')
  await world.link('lan', person)
  const at = (day: number) => new Date(Date.UTC(2025, 0, 1 + day, 3)).toISOString()
  for (let from = 0; from < 400; from += 100)
    await world.tell(
      ...Array.from({ length: 100 }, (_, i) => ({ activity: `a${from + i}`, at: at(from + i) })),
    )
  await world.catchUp()
  const { collections } = world.store
  const made: Collection<unknown>[] = [FACTS, LINES, DAYS, YEARS]
  const all = async () =>
    Promise.all(
      made.map(async (each) =>
        (await collections.scan(each, { limit: 1000 })).docs.map(({ key, value }) => [key, value]),
      ),
    )
  const before = await all()
  const [fact] = (await collections.scan(FACTS, { limit: 1 })).docs
  for (const each of made)
    for (const { key } of (await collections.scan(each, { limit: 1000 })).docs)
      await collections.delete(each, key)
  const nobodys = { ...fact!.value, agent: 'mbox:mailto:nobody@example.vn' }
  await collections.put(FACTS, 'ffffffff-ffff-4fff-8fff-ffffffffffff', nobodys as never)
  expect(await world.profiles.rebuild()).toBe(400)
  const after = await all()
  expect(after[0]!.filter(([, value]) => isFact(value as never))).toEqual(before[0])
  expect(after.slice(1)).toEqual(before.slice(1))
})

test('what differs in a record larger than one batch is written without reading its statements for each batch', async () => {
  let read = 0
  const world = await worlds.next((store) => ({
    ...store,
    statements: {
      ...store.statements,
      query: (asked) => {
        read++
        return store.statements.query(asked)
      },
    },
  }))
  const person = await world.person('lan@example.vn')
  await world.link('lan', person)
  const at = (day: number) => new Date(Date.UTC(2025, 0, 1 + day, 3)).toISOString()
  await world.tell(...Array.from({ length: 460 }, (_, i) => ({ activity: `a${i}`, at: at(i) })))
  await world.catchUp()
  const { collections } = world.store
  const all = async () => [
    ...(await collections.scan(LINES, { limit: 1000 })).docs.map(({ key, value }) => ({
      of: LINES,
      key,
      value,
    })),
    ...(await collections.scan(DAYS, { limit: 1000 })).docs.map(({ key, value }) => ({
      of: DAYS,
      key,
      value,
    })),
  ]
  const before = await all()
  expect(before).toHaveLength(920)
  await collections.batch(
    before.map(({ of, key, value }) => ({ op: 'put', collection: of, key, value: { ...value, mapping: 0 } })),
  )
  // By the identifier and that of the product: to see how much differs, to bring facts, and to write.
  read = 0
  await world.profiles.rebuild()
  expect(read).toBe(3 * 2)
  expect(await all()).toEqual(before)
})

describe('an identifier that, while others are made anew,', () => {
  const how = { how: 'operator', proof: PAPER, by: 'op', reason: 'test' } as const
  const timed = (who: string, activity: string) =>
    ({ who, activity, result: { completion: true, duration: 'PT25M' } }) as const

  /** Two people of one day; this happens once a rebuild knows who feeds whom, and then the records are right. */
  async function meanwhile(act: (profiles: ProfilesPart, lan: string, mai: string) => Promise<unknown>) {
    const world = await worlds.next()
    const [lan, mai] = [await world.person('lan@example.vn'), await world.person('mai@example.vn')]
    await world.link('lan', lan)
    await world.link('both', lan)
    await world.link('mai', mai)
    await world.tell(timed('lan', 'a'), timed('both', 'b'), timed('late', 'c'), timed('mai', 'd'))
    await world.catchUp()
    const { collections } = world.store
    let due = false
    const rebuilding = await world.again({
      ...collections,
      async scan(of, options) {
        const page = await collections.scan(of, options)
        if (due && of.name === LINKS.name) {
          due = false
          await act(world.profiles, lan, mai)
          await world.profiles.settled()
        }
        return page
      },
    })
    due = true
    await rebuilding.rebuild()
    expect(due).toBe(false)
    const found: unknown[] = []
    for await (const each of world.profiles.consumer.verify!({ waiting: async () => new Set() }))
      found.push(each)
    expect(found).toEqual([])
    const linesOf = async (person: string) => world.profiles.transcript.count(person)
    return [await linesOf(lan), await linesOf(mai)]
  }

  test('comes to a person keeps its hours', async () => {
    const agent = keyOf('late')
    expect(await meanwhile(({ links }, person) => links.link({ agent, person, ...how }))).toEqual([3, 1])
  })

  test('goes to another takes its hours along, and nothing else', async () => {
    const agent = keyOf('both')
    const moved = meanwhile(async ({ links }, _, person) => {
      await links.unlink({ agent, ...how })
      await links.link({ agent, person, ...how })
    })
    expect(await moved).toEqual([1, 2])
  })

  test('follows a merge is on one record', async () => {
    expect(await meanwhile(({ merges }, from, into) => merges.merge({ from, into, ...how }))).toEqual([0, 3])
  })
})

test('everybody sees how far a rebuild is, until it ends or somebody ended it', async () => {
  const { profiles } = await filled()
  const { rebuilding } = profiles
  expect(await rebuilding()).toBeNull()
  let seen: ReturnType<typeof rebuilding> | undefined
  await profiles.rebuild(() => {
    seen ??= rebuilding()
  })
  expect(await seen).toEqual({ since: expect.any(Number), share: 0 })
  expect(await rebuilding()).toBeNull()
  const ended = profiles.rebuild(() => {
    throw new Error('ended')
  })
  await expect(ended).rejects.toThrow('ended')
  expect(await rebuilding()).toBeNull()
})

test('records of an earlier version are made anew once, to the end', async () => {
  const { store, profiles, before, shown } = await filled()
  const { collections } = store
  expect(await profiles.bringToShape()).toBeNull()
  const shape = { name: 'profiles.shape', indexes: {} }
  await collections.put(shape, 'now', { shape: 1 })
  for (const { key, value } of (await collections.scan(LINES, { limit: 10 })).docs)
    await collections.put(LINES, key, { ...value, at: 0 })
  const cut = profiles.bringToShape(() => {
    throw new Error('stopped')
  })
  await expect(cut).rejects.toThrow('stopped')
  expect(await profiles.bringToShape()).toBe(12)
  expect(await shown()).toEqual(before)
  expect(await profiles.bringToShape()).toBeNull()
})

describe('records that are wrong', () => {
  /** Damages one line, its day and the year, loses a fact of another, and puts a fact and a line that nobody told. */
  async function damage({ store: { collections } }: Awaited<ReturnType<typeof filled>>) {
    const { docs: lines } = await collections.scan(LINES, { limit: 10 })
    const [wrong, orphan, lost] = lines
    await collections.put(LINES, wrong!.key, { ...wrong!.value, tally: { ...wrong!.value.tally, count: 9 } })
    await collections.put(LINES, 'of-nobody', orphan!.value)
    const { docs: facts } = await collections.scan(FACTS, { limit: 20 })
    await collections.put(FACTS, 'ffffffff-ffff-4fff-8fff-ffffffffffff', facts[0]!.value)
    await collections.delete(FACTS, facts.find(({ value }) => value.line === lost!.key)!.key)
    await collections.delete(LINES, lines[3]!.key)
    for (const { name, indexes } of [DAYS, YEARS]) {
      const { docs } = await collections.scan({ name, indexes }, { limit: 10 })
      await collections.delete({ name, indexes }, docs[0]!.key)
    }
  }

  test('are what they were, as a whole', async () => {
    const world = await filled()
    await damage(world)
    await world.profiles.rebuild()
    expect(await world.shown()).toEqual(world.before)
    const { docs } = await world.store.collections.scan(FACTS, { limit: 100 })
    expect(docs.filter(({ value }) => isFact(value))).toHaveLength(12)
    const found: unknown[] = []
    for await (const each of world.profiles.consumer.verify!({ waiting: async () => new Set() }))
      found.push(each)
    expect(found).toEqual([])
  })

  test('never lose a line on the way: each is there all the while', async () => {
    const world = await filled()
    const { collections } = world.store
    const { docs } = await collections.scan(LINES, { limit: 10 })
    // All differ from what they should be, as after an upgrade of the product.
    for (const { key, value } of docs)
      await collections.put(LINES, key, { ...value, terms: [], tally: { ...value.tally, completed: true } })
    for (const { key, value } of (await collections.scan(FACTS, { limit: 20 })).docs)
      await collections.put(FACTS, key, { ...value, completed: true } as never)
    const counts: number[] = []
    const profiles = await world.again(
      watched(collections, async () => {
        counts.push((await world.shown()).lines.length)
      }),
    )
    await profiles.rebuild()
    expect(counts.length).toBeGreaterThan(0)
    expect(new Set(counts)).toEqual(new Set([4]))
    expect(await world.shown()).toEqual(world.before)
  })

  test('cut short at any write, leave records whole, and the next rebuild ends it', async () => {
    for (let writes = 1; writes <= 6; writes++) {
      const world = await filled()
      await damage(world)
      let left = writes
      const dying = await world.again({
        ...world.store.collections,
        batch: async (operations) => {
          if (--left < 0) throw new Error('killed')
          return world.store.collections.batch(operations)
        },
      })
      await dying.rebuild().catch(() => {})
      await world.profiles.rebuild()
      expect(await world.shown(), `after ${writes}`).toEqual(world.before)
    }
  })
})
