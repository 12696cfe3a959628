import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { openMongo } from '../../lrs/storage/mongo/index.ts'
import {
  type FeedEntry,
  type Storage,
  StorageUnavailable,
  type TenantStorage,
} from '../../lrs/storage/port.ts'
import { idOf, recordOf } from '../contract/support/records.ts'
import { describeUnless } from '../support/left-out.ts'
import { type Cluster, clusterLacks, startCluster } from './cluster.ts'

const WRITERS = 8

const options = { timeout: 180_000, required: Boolean(process.env.REQUIRE_CLUSTER) }
describeUnless(clusterLacks(), 'a replica set of three that loses members', options, () => {
  let cluster: Cluster
  let storage: Storage
  let tenants = 0
  beforeAll(async () => {
    cluster = await startCluster()
  }, 120_000)
  afterAll(() => cluster?.stop())
  beforeEach(async () => {
    storage = await openMongo({ url: cluster.urlOf('elections'), patience: 5_000 })
  })
  afterEach(() => storage.close())

  const stepDown = async () => {
    const primary = await cluster.primary()
    await primary.command({ replSetStepDown: 5, secondaryCatchUpPeriodSecs: 3 })
    await pause(500)
    await cluster.primary()
  }
  const killPrimary = async () => {
    const primary = await cluster.primary()
    await primary.kill()
    await cluster.primary()
    await pause(1_000)
    primary.start()
    await pause(1_000)
  }
  const standStill = async () => {
    const primary = await cluster.primary()
    primary.standStill()
    // Longer than an election: when it goes on it believes for a moment that it is the primary.
    await pause(5_000)
    primary.goOn()
    await cluster.primary()
    await pause(1_000)
  }

  test.each([
    ['its primary steps down again and again', [stepDown, stepDown, stepDown]],
    ['its primary is killed, and comes back', [killPrimary, killPrimary]],
    ['its primary stands still, and goes on as if nothing had been', [standStill]],
  ])('loses nothing that was acknowledged and keeps its order while %s', async (_, blows) => {
    const tenant = storage.tenant(`t${++tenants}`)
    const load = startLoad(tenant)
    await pause(1_000)
    for (const blow of blows) await blow()
    const before = load.acknowledged.length
    // It goes on by itself.
    await expect.poll(() => load.acknowledged.length, { timeout: 60_000 }).toBeGreaterThan(before + 100)
    await load.end()
    await expectWhole(tenant, load)
  })

  test('acknowledges nothing without a majority, says so, and goes on when it is back', async () => {
    const tenant = storage.tenant(`t${++tenants}`)
    const load = startLoad(tenant)
    await expect.poll(() => load.acknowledged.length, { timeout: 30_000 }).toBeGreaterThan(100)
    const primary = await cluster.primary()
    const others = cluster.members.filter((one) => one !== primary)
    for (const one of others) await one.kill()
    // What a majority had may still be told of.
    await pause(1_000)
    const told = load.acknowledged.length
    await expect.poll(() => load.inDoubt.length, { timeout: 60_000 }).toBeGreaterThan(WRITERS)
    expect(load.acknowledged.length).toBe(told)
    await expect(tenant.statements.write([recordOf(`alone ${tenants}`)])).rejects.toThrow(StorageUnavailable)
    for (const one of others) one.start()
    await expect.poll(() => load.acknowledged.length, { timeout: 60_000 }).toBeGreaterThan(told + 100)
    await load.end()
    await expectWhole(tenant, load)
  })
})

interface Load {
  readonly acknowledged: string[]
  /** Refused by an outage: there or not. */
  readonly inDoubt: string[]
  /** Everything was answered. */
  end(): Promise<void>
}

let loads = 0

function startLoad(tenant: TenantStorage): Load {
  const acknowledged: string[] = []
  const inDoubt: string[] = []
  const load = ++loads
  let ended = false
  let next = 0
  const write = async () => {
    while (!ended) {
      const name = `load ${load} ${next++}`
      try {
        const outcome = await tenant.statements.write([recordOf(name)])
        if (!outcome.ok) throw new Error(`refused: ${outcome.refusal.kind}`)
        acknowledged.push(idOf(name))
      } catch (error) {
        if (!(error instanceof StorageUnavailable)) throw error
        inDoubt.push(idOf(name))
      }
    }
  }
  const writing = Promise.all(Array.from({ length: WRITERS }, write))
  return {
    acknowledged,
    inDoubt,
    async end() {
      ended = true
      await writing
    },
  }
}

/** Every acknowledged statement is there and was told once, in an order that did not change. */
async function expectWhole(tenant: TenantStorage, { acknowledged, inDoubt }: Load): Promise<void> {
  const known = new Set([...acknowledged, ...inDoubt])
  let entries: Extract<FeedEntry, { kind: 'stored' }>[] = []
  // Tickets of what was cut off are settled a few seconds later.
  await expect
    .poll(
      async () => {
        entries = await readFeed(tenant)
        const told = new Set(entries.map(({ statement }) => statement.id))
        return acknowledged.filter((id) => !told.has(id))
      },
      { timeout: 60_000, interval: 500 },
    )
    .toEqual([])
  const ids = entries.map(({ statement }) => statement.id)
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.filter((id) => !known.has(id))).toEqual([])
  const stored = entries.map(({ statement }) => statement.stored)
  expect(stored).toEqual(stored.toSorted((a, b) => a - b))
  expect(await tenant.statements.count()).toBe(ids.length)
  for (const id of acknowledged) expect((await tenant.statements.get(id))?.id).toBe(id)
}

async function readFeed(tenant: TenantStorage): Promise<Extract<FeedEntry, { kind: 'stored' }>[]> {
  const all: Extract<FeedEntry, { kind: 'stored' }>[] = []
  for (let after = 0; ; ) {
    const entries = await tenant.feed.read(after, 500)
    const last = entries.at(-1)
    if (!last) return all
    expect(entries.every(({ position }, at) => position > (entries[at - 1]?.position ?? after))).toBe(true)
    all.push(...entries.filter((entry) => entry.kind === 'stored'))
    after = last.position
  }
}
