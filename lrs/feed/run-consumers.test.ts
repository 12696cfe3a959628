import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { idOf, recordOf, voidOf } from '../../tests/contract/support/records.ts'
import { defineCollection, type Operation } from '../storage/collections.ts'
import type { Storage, TenantStorage } from '../storage/port.ts'
import { openSqlite } from '../storage/sqlite/index.ts'
import type { FeedConsumer } from './consumer.ts'
import { type ConsumerRunner, runConsumers } from './run-consumers.ts'

const QUICK = { poll: 20, firstPause: 1, longestPause: 5 }
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

/** Counts every statement: what would show each entry that was taken twice or never. */
function counting({ collections }: Pick<TenantStorage, 'collections'>, name = 'counting'): FeedConsumer {
  return {
    name,
    async apply(entries) {
      const operations: Operation[] = []
      for (const entry of entries) {
        if (entry.kind !== 'stored') continue
        const key = `${name} ${entry.statement.id}`
        const there = await collections.get(tallies, key)
        operations.push(
          there
            ? {
                op: 'replace',
                collection: tallies,
                key,
                value: { count: there.value.count + 1 },
                revision: there.revision,
              }
            : { op: 'insert', collection: tallies, key, value: { count: 1 } },
        )
      }
      return operations
    },
  }
}

async function counts({ collections }: TenantStorage, name = 'counting'): Promise<number[]> {
  const { docs } = await collections.scan(tallies, { prefix: `${name} `, limit: 10_000 })
  return docs.map(({ value }) => value.count)
}

async function fill(tenant: TenantStorage, from: number, to: number): Promise<void> {
  const records = Array.from({ length: to - from }, (_, i) => recordOf(from + i))
  if (records.length > 0) await tenant.statements.write(records)
}

/** The store as a process sees it that can die before a step, or after it with the answer lost. */
function dying(
  tenant: TenantStorage,
  deaths: ('before' | 'after' | null)[],
): Pick<TenantStorage, 'feed' | 'collections'> {
  const step = async <T>(act: () => Promise<T>): Promise<T> => {
    const death = deaths.shift()
    if (death === 'before') throw new Error('died before')
    const result = await act()
    if (death === 'after') throw new Error('died after')
    return result
  }
  return {
    feed: { ...tenant.feed, read: (...asked) => step(() => tenant.feed.read(...asked)) },
    collections: {
      ...tenant.collections,
      get: (collection, key) => step(() => tenant.collections.get(collection, key)),
      batch: (operations) => step(() => tenant.collections.batch(operations)),
    },
  }
}

describe('consumers of the feed', () => {
  test('take every entry once, whatever step the process dies at', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('before' as const, 'after' as const, null, null), { maxLength: 60 }),
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 0, max: 30 }),
        async (deaths, first, second) => {
          const tenant = freshTenant()
          const mortal = dying(tenant, deaths)
          await fill(tenant, 0, first)
          const runner = runConsumers(mortal, [counting(mortal)], QUICK)
          await fill(tenant, first, first + second)
          await runner.idle()
          await runner.stop()
          expect(await counts(tenant)).toEqual(Array(first + second).fill(1))
        },
      ),
      { numRuns: 30 },
    )
  })

  test('of the same name in two runners take every entry once between them', async () => {
    const tenant = freshTenant()
    const runners = [1, 2, 3].map(() => runConsumers(tenant, [counting(tenant)], QUICK))
    for (let i = 0; i < 100; i += 10) await fill(tenant, i, i + 10)
    await Promise.all(runners.map((runner) => runner.idle()))
    await Promise.all(runners.map((runner) => runner.stop()))
    expect(await counts(tenant)).toEqual(Array(100).fill(1))
  })

  test('go on from their cursor after a restart, and a replay of what is idempotent changes nothing', async () => {
    const tenant = freshTenant()
    const seen: number[] = []
    const marking: FeedConsumer = {
      name: 'marking',
      async apply(entries) {
        seen.push(...entries.map(({ position }) => position))
        return entries.map(({ position }) => ({
          op: 'put',
          collection: tallies,
          key: `mark ${position}`,
          value: { count: position },
        }))
      },
    }
    await fill(tenant, 0, 3)
    const first = runConsumers(tenant, [marking], QUICK)
    await first.idle()
    await first.stop()
    await fill(tenant, 3, 5)
    const second = runConsumers(tenant, [marking], QUICK)
    await second.idle()
    expect(seen).toEqual([1, 2, 3, 4, 5])
    const before = (await tenant.collections.scan(tallies, { limit: 100 })).docs.map(({ value }) => value)
    expect(await second.rebuild('marking')).toBe(true)
    expect(await second.rebuild('none')).toBe(false)
    await second.idle()
    await second.stop()
    expect(seen).toEqual([1, 2, 3, 4, 5, 1, 2, 3, 4, 5])
    expect((await tenant.collections.scan(tallies, { limit: 100 })).docs.map(({ value }) => value)).toEqual(
      before,
    )
  })

  test('that fail are retried, show their error and where they stand, and do not hold the others', async () => {
    const tenant = freshTenant()
    let broken = true
    const failing: FeedConsumer = {
      name: 'failing',
      async apply() {
        if (broken) throw new Error('the view is broken')
        return []
      },
    }
    await fill(tenant, 0, 4)
    const runner = runConsumers(tenant, [failing, counting(tenant)], QUICK)
    const state = (name: string) => stateOf(runner, name)
    await expect.poll(async () => (await state('counting')).position).toBe(4)
    await expect.poll(async () => (await state('failing')).lastError?.message).toBe('the view is broken')
    expect(await state('failing')).toMatchObject({ position: 0, end: 4, behindSince: expect.any(Number) })
    expect(await state('counting')).toMatchObject({ position: 4, end: 4, lastError: null })
    broken = false
    await runner.idle()
    await expect.poll(async () => (await state('failing')).behindSince).toBeNull()
    expect(await state('failing')).toMatchObject({ position: 4, end: 4, lastError: null })
    await runner.stop()
  })

  test('whose operations do not fit into one batch are given fewer entries', async () => {
    const tenant = freshTenant()
    const asked: number[] = []
    const wide: FeedConsumer = {
      name: 'wide',
      async apply(entries) {
        asked.push(entries.length)
        return entries.flatMap(({ position }) =>
          Array.from({ length: 100 }, (_, i) => ({
            op: 'insert' as const,
            collection: tallies,
            key: `wide ${position} ${i}`,
            value: { count: 1 },
          })),
        )
      },
    }
    await fill(tenant, 0, 40)
    const runner = runConsumers(tenant, [wide], QUICK)
    await runner.idle()
    await runner.stop()
    expect(await counts(tenant, 'wide')).toHaveLength(4_000)
    expect(Math.max(...asked)).toBe(40)
  })

  test('of changes alone are told what happened to statements and nothing of new ones, and stand at the end', async () => {
    const tenant = freshTenant()
    const kinds: string[] = []
    const changes: FeedConsumer = {
      name: 'changes',
      changesOnly: true,
      async apply(entries) {
        kinds.push(...entries.map(({ kind }) => kind))
        return []
      },
    }
    const runner = runConsumers(tenant, [changes], QUICK)
    await fill(tenant, 0, 300)
    await runner.idle()
    expect((await stateOf(runner, 'changes')).position).toBe(300)
    await tenant.statements.write([voidOf('void', 7)])
    await tenant.statements.purge([idOf(8)], 'test')
    await runner.idle()
    expect(kinds).toEqual(['voided', 'purged'])
    const state = await stateOf(runner, 'changes')
    expect(state.position).toBe(state.end)
    await runner.stop()
  })

  test('that make too much of one entry say so', async () => {
    const tenant = freshTenant()
    const greedy: FeedConsumer = {
      name: 'greedy',
      apply: async () =>
        Array.from({ length: 901 }, (_, i) => ({ op: 'delete', collection: tallies, key: String(i) })),
    }
    await fill(tenant, 0, 2)
    const runner = runConsumers(tenant, [greedy], QUICK)
    await expect
      .poll(async () => (await stateOf(runner, 'greedy')).lastError?.message)
      .toContain('901 operations')
    await runner.stop()
  })

  test('are woken by a write, long before they would look by themselves', async () => {
    const tenant = freshTenant()
    const runner = runConsumers(tenant, [counting(tenant)], { poll: 600_000 })
    await runner.idle()
    await new Promise((resolve) => setTimeout(resolve, 50))
    await fill(tenant, 0, 1)
    await expect.poll(async () => (await counts(tenant)).length, { interval: 5 }).toBe(1)
    await runner.stop()
  })
})

async function stateOf(runner: ConsumerRunner, name: string) {
  return (await runner.states()).find((state) => state.name === name)!
}
