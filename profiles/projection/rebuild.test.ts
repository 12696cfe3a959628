import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runConsumers } from '../../lrs/index.ts'
import { openWorlds } from '../../tests/support/profiles-world.ts'
import { FACTS, isFact, REBUILDS } from './documents.ts'

let worlds: Awaited<ReturnType<typeof openWorlds>>
beforeAll(async () => {
  worlds = await openWorlds()
})
afterAll(() => worlds.close())

/** A person with statements on several lines, taken in by the feed's own runner. */
async function filled() {
  const world = await worlds.next()
  const person = await world.person('lan@example.vn')
  const runner = runConsumers(world.store, [world.profiles.consumer], { poll: 20 })
  await world.link('lan', person)
  await world.tell(...Array.from({ length: 12 }, (_, i) => ({ activity: `lesson ${i % 4}` })))
  await runner.idle()
  const facts = async () => {
    const { docs } = await world.store.collections.scan(FACTS, { limit: 100 })
    return docs.filter(({ value }) => isFact(value)).length
  }
  const marks = async () => (await world.store.collections.scan(REBUILDS, { limit: 10 })).docs.length
  expect(await facts()).toBe(12)
  return { ...world, runner, facts, marks }
}

describe('a rebuild that is cut short', () => {
  test('by who asked for it, is finished by the consumer', async () => {
    const { profiles, runner, facts, marks } = await filled()
    const stop = () => {
      throw new Error('stopped')
    }
    await expect(profiles.rebuild(stop)).rejects.toThrow('stopped')
    await expect.poll(facts).toBe(12)
    expect(await marks()).toBe(0)
    await runner.stop()
  })

  test('by a kill while records are taken apart, is finished after the next start', async () => {
    const { store, again, runner, facts, marks } = await filled()
    await runner.stop()
    let writes = 0
    const dying = await again({
      ...store.collections,
      // The mark, the facts that are taken out, and then the process is gone.
      batch: async (operations) => {
        if (++writes > 1) throw new Error('killed')
        return store.collections.batch(operations)
      },
    })
    await expect(dying.rebuild()).rejects.toThrow('killed')
    expect(await facts()).toBe(0)
    expect(await marks()).toBe(1)

    const next = await again()
    expect(await next.resume()).toBe(1)
    expect(await next.resume()).toBe(0)
    const running = runConsumers(store, [next.consumer], { poll: 20 })
    await expect.poll(facts).toBe(12)
    const found: unknown[] = []
    for await (const each of next.consumer.verify!({ waiting: async () => new Set() })) found.push(each)
    expect(found).toEqual([])
    await running.stop()
  })

  test('in another process is left alone as long as it shows itself', async () => {
    const { store, profiles, marks, runner } = await filled()
    await runner.stop()
    const put = (seen: number) => store.collections.put(REBUILDS, 'other', { begun: 0, seen })
    await put(Date.now())
    expect(await profiles.resume(true)).toBe(0)
    expect(await marks()).toBe(1)
    await put(Date.now() - 3_600_000)
    expect(await profiles.resume(true)).toBe(1)
    expect(await marks()).toBe(0)
  })

  test('or not, leaves no mark', async () => {
    const { profiles, runner, facts, marks } = await filled()
    await profiles.rebuild()
    expect([await facts(), await marks()]).toEqual([12, 0])
    await runner.stop()
  })
})
