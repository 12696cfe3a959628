import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { recordOf, voidOf } from '../../tests/contract/support/records.ts'
import { type Collections, defineCollection, type Operation } from '../storage/collections.ts'
import { type Storage, StorageUnavailable, type TenantStorage } from '../storage/port.ts'
import { openSqlite } from '../storage/sqlite/index.ts'
import type { FeedConsumer } from './consumer.ts'
import { BEAT, LIFE } from './lease.ts'
import { type ConsumerRunner, runConsumers } from './run-consumers.ts'

const QUICK = { poll: 20, gather: 1, firstPause: 1, longestPause: 5, shared: { life: 2_000, beat: 100 } }
const tallies = defineCollection<{ count: number }>('tallies')

let directory: string
let storage: Storage
let tenants = 0
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'feed-'))
  storage = await openSqlite({ directory })
})
afterAll(async () => {
  await storage.close()
  await rm(directory, { recursive: true })
})
const freshTenant = () => storage.tenant(`t${++tenants}`)

/** One process: what it sees of the store, and the consumer that counts what it is given. */
interface Process {
  runner: ConsumerRunner
  /** How often it was given something. */
  given(): number
  /** Its lease is not kept any more, as when it died or hangs; all else goes on. */
  loseLease(): void
}
function start(
  tenant: TenantStorage,
  change: (consumer: FeedConsumer) => FeedConsumer = (one) => one,
): Process {
  let lost = false
  let given = 0
  const { collections } = tenant
  const unlessLost =
    <A extends [{ name: string }, ...unknown[]], R>(ask: (...given: A) => Promise<R>) =>
    async (...asked: A): Promise<R> => {
      if (lost && asked[0].name === 'leases') throw new StorageUnavailable('cut off')
      return ask(...asked)
    }
  const seen: Collections = {
    ...collections,
    get: unlessLost(collections.get) as Collections['get'],
    insert: unlessLost(collections.insert) as Collections['insert'],
    replace: unlessLost(collections.replace) as Collections['replace'],
  }
  const counting: FeedConsumer = {
    name: 'counting',
    async apply(entries) {
      given++
      const operations: Operation[] = []
      for (const entry of entries) {
        if (entry.kind !== 'stored') continue
        const key = entry.statement.id
        const there = await collections.get(tallies, key)
        const at = { collection: tallies, key, value: { count: (there?.value.count ?? 0) + 1 } }
        operations.push(there ? { op: 'replace', ...at, revision: there.revision } : { op: 'insert', ...at })
      }
      return operations
    },
  }
  return {
    runner: runConsumers({ feed: tenant.feed, collections: seen }, [change(counting)], QUICK),
    given: () => given,
    loseLease() {
      lost = true
    },
  }
}
const fill = async (tenant: TenantStorage, from: number, to: number) => {
  for (let i = from; i < to; i++) await tenant.statements.write([recordOf(i)])
}
async function counts({ collections }: TenantStorage): Promise<number[]> {
  return (await collections.scan(tallies, { limit: 10_000 })).docs.map(({ value }) => value.count)
}
const stateOf = async ({ runner }: Process) => (await runner.states())[0]!
/** Whoever of them was given something, and who was not. */
async function parted(processes: Process[], tenant: TenantStorage): Promise<[Process, Process]> {
  await fill(tenant, 0, 1)
  await expect.poll(() => counts(tenant)).toEqual([1])
  const one = processes.find((each) => each.given() > 0)!
  return [one, processes.find((each) => each !== one)!]
}

describe('a consumer in two processes on one store', () => {
  test('is run by one of them, and both tell where it stands', async () => {
    const tenant = freshTenant()
    const processes = [start(tenant), start(tenant)]
    const [holder, other] = await parted(processes, tenant)
    await fill(tenant, 1, 40)
    await other.runner.idle()
    expect(await counts(tenant)).toEqual(Array(40).fill(1))
    expect(other.given()).toBe(0)
    await holder.runner.idle()
    expect(await stateOf(other)).toEqual(await stateOf(holder))
    expect(await stateOf(other)).toMatchObject({ position: 40, end: 40, behindSince: null, failures: 0 })
    await Promise.all(processes.map(({ runner }) => runner.stop()))
  })

  test('goes on in the other when its holder stops, at once', async () => {
    const tenant = freshTenant()
    const [holder, other] = await parted([start(tenant), start(tenant)], tenant)
    await holder.runner.stop()
    await fill(tenant, 1, 10)
    await other.runner.idle()
    expect(other.given()).toBeGreaterThan(0)
    expect(await counts(tenant)).toEqual(Array(10).fill(1))
    await other.runner.stop()
  })

  test('goes on in the other when its holder died, with the times of the product within ten seconds', async () => {
    const tenant = freshTenant()
    let hung = false
    const dying = (consumer: FeedConsumer): FeedConsumer => ({
      ...consumer,
      apply: (entries) => (hung ? new Promise(() => {}) : consumer.apply(entries)),
    })
    const shared = { ...QUICK, shared: true }
    const holder = runConsumers(
      cutOffWhen(tenant, () => hung),
      [dying(marking(tenant, 'one'))],
      shared,
    )
    await fill(tenant, 0, 1)
    await expect.poll(() => markOf(tenant), { interval: 50 }).toBe('one')
    hung = true
    const other = runConsumers(tenant, [marking(tenant, 'two')], shared)
    await fill(tenant, 1, 2)
    await expect.poll(() => markOf(tenant), { interval: 50 }).toBe('two')
    // A holder that died just after it kept its lease, and who waits just before it looks.
    expect(LIFE + BEAT).toBeLessThan(10_000)
    await other.stop()
    // It never ends: it hangs in what it was given.
    void holder
  })

  test('that was only slow writes nothing of what the next one has done', async () => {
    const tenant = freshTenant()
    const { promise: resumed, resolve: resume } = Promise.withResolvers<void>()
    let entered = 0
    const slow = start(tenant, (consumer) => ({
      ...consumer,
      async apply(entries) {
        const operations = await consumer.apply(entries)
        entered++
        await resumed
        return operations
      },
    }))
    await fill(tenant, 0, 5)
    await expect.poll(() => entered).toBe(1)
    slow.loseLease()
    const next = start(tenant)
    await next.runner.idle()
    await pause(50)
    expect(await counts(tenant)).toEqual(Array(5).fill(1))
    resume()
    await slow.runner.idle()
    await fill(tenant, 5, 9)
    await next.runner.idle()
    await slow.runner.idle()
    expect(await counts(tenant)).toEqual(Array(9).fill(1))
    expect(slow.given()).toBe(1)
    await Promise.all([slow.runner.stop(), next.runner.stop()])
  })

  test('that fails says so in both, and of changes alone it stands at the end in both', async () => {
    const tenant = freshTenant()
    const failing: FeedConsumer = { name: 'failing', apply: () => Promise.reject(new Error('broken view')) }
    const changes: FeedConsumer = { name: 'changes', changesOnly: true, apply: async () => [] }
    const runners = [1, 2].map(() => runConsumers(tenant, [failing, changes], QUICK))
    await fill(tenant, 0, 3)
    for (const runner of runners) {
      const state = async (at: number) => (await runner.states())[at]!
      await expect.poll(async () => (await state(0)).lastError?.message).toBe('broken view')
      await expect.poll(async () => state(1)).toMatchObject({ position: 3, end: 3 })
    }
    await tenant.statements.write([voidOf('void', 1)])
    for (const runner of runners)
      await expect.poll(async () => (await runner.states())[1]).toMatchObject({ position: 5, end: 5 })
    await Promise.all(runners.map((runner) => runner.stop()))
  })

  test('is sent through the feed again by the process that does not run it', async () => {
    const tenant = freshTenant()
    const processes = [start(tenant), start(tenant)]
    const [holder, other] = await parted(processes, tenant)
    await fill(tenant, 1, 10)
    await holder.runner.idle()
    expect(await other.runner.rebuild('counting')).toBe(true)
    await expect.poll(() => counts(tenant)).toEqual(Array(10).fill(2))
    expect(other.given()).toBe(0)
    await Promise.all(processes.map(({ runner }) => runner.stop()))
  })
})

/** Tells who was given something last. */
function marking({ collections }: TenantStorage, mark: string): FeedConsumer {
  return {
    name: 'marking',
    async apply() {
      const there = await collections.get(marks, 'last')
      const at = { collection: marks, key: 'last', value: { mark } }
      return [there ? { op: 'replace', ...at, revision: there.revision } : { op: 'insert', ...at }]
    },
  }
}
const marks = defineCollection<{ mark: string }>('marks')
const markOf = async ({ collections }: TenantStorage) => (await collections.get(marks, 'last'))?.value.mark

/** What a process sees that writes nothing more from some moment on, as a dead one. */
function cutOffWhen(
  tenant: TenantStorage,
  isCut: () => boolean,
): Pick<TenantStorage, 'feed' | 'collections'> {
  const { collections } = tenant
  return {
    feed: tenant.feed,
    collections: {
      ...collections,
      get: ((collection, key) =>
        isCut()
          ? Promise.reject(new StorageUnavailable('cut off'))
          : collections.get(collection, key)) as Collections['get'],
    },
  }
}
