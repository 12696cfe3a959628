import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openWorlds } from '../../tests/support/profiles-world.ts'
import { activity } from '../../tests/support/told.ts'
import { LINES } from '../projection/documents.ts'
import type { MappingChange } from './change.ts'
import { DEFAULTS } from './defaults.ts'

let worlds: Awaited<ReturnType<typeof openWorlds>>
beforeAll(async () => {
  worlds = await openWorlds()
})
afterAll(() => worlds.close())

const TOPIC = DEFAULTS.topics[0]!.id
const put = (iri: string, is = TOPIC): MappingChange => ({
  do: 'put-rule',
  rule: { tells: 'topic', by: 'prefix', iri: activity(iri), is, why: 'test' },
})

/** A person with 250 lines of 250 activities, on one day. */
async function filled() {
  const world = await worlds.next()
  const person = await world.person('lan@example.vn')
  await world.link('lan', person)
  await world.tell(...Array.from({ length: 250 }, (_, at) => ({ activity: `a${at}` })))
  await world.catchUp()
  const topics = async () => {
    const { docs } = await world.store.collections.scan(LINES, { limit: 1000 })
    return docs.filter(({ value }) => value.topic === TOPIC).length
  }
  return { ...world, person, topics }
}
type Filled = Awaited<ReturnType<typeof filled>>
const by = { by: 'op', expects: 1 }

/** A process that tells nothing anew by itself. */
async function changeOnly({ again, store }: Filled, change: MappingChange, expects = 1) {
  const dying = await again({ ...store.collections, scan: () => Promise.reject(new Error('killed')) })
  return dying.mapping.change(change, { by: 'op', expects })
}

describe('a change of the tables', () => {
  test('says before what it would do, and does it to every line', async () => {
    const { profiles, topics } = await filled()
    expect(await profiles.mapping.preview(put('a1'))).toEqual({ looked: 250, changed: 111, total: 250 })
    expect(await topics()).toBe(0)
    expect(await profiles.mapping.change(put('a1'), by)).toMatchObject({ version: 2 })
    await profiles.retell()
    expect(await topics()).toBe(111)
    const { total, done, finished } = (await profiles.mapping.progress())!
    expect([done, total, finished !== null]).toEqual([251, 251, true])
  })

  test('is undone by the version before, which makes a version of its own', async () => {
    const { profiles, topics } = await filled()
    await profiles.mapping.change(put('a'), by)
    await profiles.retell()
    expect(await topics()).toBe(250)
    expect(await profiles.mapping.restore(1, { by: 'op', expects: 2 })).toMatchObject({ version: 3 })
    await profiles.retell()
    expect(await topics()).toBe(0)
    expect((await profiles.mapping.versions(10)).map(({ version }) => version)).toEqual([3, 2, 1])
  })

  test('is refused to who looked at another version', async () => {
    const { profiles } = await filled()
    await profiles.mapping.change(put('a'), by)
    expect(await profiles.mapping.change(put('b'), by)).toMatchObject({
      problems: [{ id: 'mapping-changed' }],
    })
    expect(await profiles.mapping.restore(9, { by: 'op', expects: 2 })).toMatchObject({ status: 404 })
  })

  test('goes on after a kill, behind the last step', async () => {
    const world = await filled()
    await changeOnly(world, put('a'))
    let batches = 0
    const { collections } = world.store
    const dying = await world.again({
      ...collections,
      batch: (operations) =>
        ++batches > 1 ? Promise.reject(new Error('killed')) : collections.batch(operations),
    })
    await expect(dying.retell()).rejects.toThrow('killed')
    expect(await world.topics()).toBe(100)
    expect(await world.profiles.mapping.progress()).toMatchObject({ done: 100, finished: null })
    expect(await world.profiles.retell()).toBe(151)
    expect(await world.topics()).toBe(250)
  })

  test('told anew by several processes at once, each line and day is written once', async () => {
    const world = await filled()
    await changeOnly(world, put('a'))
    const hands = await Promise.all([1, 2, 3].map(() => world.again()))
    const written = await Promise.all(hands.map((hand) => hand.retell()))
    expect(written.reduce((a, b) => a + b)).toBe(251)
    expect(await world.topics()).toBe(250)
  })

  test('finds the line that somebody wrote by the version before, after it was done', async () => {
    const { store, profiles, topics } = await filled()
    await profiles.mapping.change(put('a'), by)
    await profiles.retell()
    const [doc] = (await store.collections.scan(LINES, { limit: 1 })).docs
    await store.collections.put(LINES, doc!.key, { ...doc!.value, topic: null, mapping: 1 })
    expect(await topics()).toBe(249)
    expect(await profiles.retell()).toBe(1)
    expect(await topics()).toBe(250)
  })
})
