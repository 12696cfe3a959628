import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type Collections,
  createTenants,
  DEFAULT_TENANT,
  defineCollection,
  StorageUnavailable,
} from '../../lrs/index.ts'
import { openTestStore, type TestStore } from '../../tests/support/store.ts'
import { resumeWaiting } from './resume-waiting.ts'

interface Waiting {
  of: string
  waiting: number | null
}
let store: TestStore
let collections: Collections

beforeAll(async () => {
  store = await openTestStore()
  await createTenants(store.storage)
  collections = store.storage.tenant(DEFAULT_TENANT).collections
})
afterAll(() => store.close())

/** A collection in which this many wait, all since the same moment. */
async function waiting(name: string, count: number) {
  const collection = defineCollection<Waiting>(`test.${name}`, { waiting: ['waiting'] })
  for (let at = 0; at < count; at++)
    await collections.insert(collection, String(at).padStart(3, '0'), { of: at % 2 ? 'a' : 'b', waiting: 5 })
  const done: string[][] = []
  const deliver = (bad: string, error: Error) => async (keys: readonly string[]) => {
    if (keys.includes(bad)) throw error
    done.push([...keys])
    for (const key of keys) await collections.put(collection, key, { of: 'x', waiting: null })
  }
  return { collection, done, deliver }
}

test('one that cannot be delivered keeps none back, in any place; its error is told at the end', async () => {
  for (const bad of ['000', '007', '024']) {
    const { collection, done, deliver } = await waiting(`alone-${bad}`, 25)
    const failing = resumeWaiting(collections, collection, deliver(bad, new Error(`bad ${bad}`)), {
      limit: 10,
    })
    await expect(failing).rejects.toThrow(`bad ${bad}`)
    expect(done.flat()).toHaveLength(24)
    expect(await resumeWaiting(collections, collection, deliver('none', new Error()))).toBe(1)
    expect(await resumeWaiting(collections, collection, deliver('none', new Error()))).toBe(0)
  }
})

test('those that go together go alone where one of them cannot', async () => {
  const { collection, done, deliver } = await waiting('together', 10)
  const failing = resumeWaiting(collections, collection, deliver('003', new Error('bad')), {
    together: (docs) => [...Map.groupBy(docs, ({ value }) => value.of).values()],
  })
  await expect(failing).rejects.toThrow('bad')
  expect(done.map(({ length }) => length).sort()).toEqual([1, 1, 1, 1, 5])
})

test('an outage ends it at once', async () => {
  const { collection, done, deliver } = await waiting('outage', 10)
  const away = deliver('002', new StorageUnavailable('away'))
  await expect(resumeWaiting(collections, collection, away)).rejects.toThrow(StorageUnavailable)
  expect(done.flat()).toEqual(['000', '001'])
})
