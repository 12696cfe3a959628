import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Storage } from '../../lrs/storage/port.ts'
import { openSqlite } from '../../lrs/storage/sqlite/index.ts'
import { folderSize } from './folder-size.ts'
import { createHistory, HISTORY, historyKey } from './history.ts'
import { emptyPeriod, sourceIn } from './period.ts'

const HOUR = 3_600_000
/** 13:30 in Việt Nam. */
const NOON = Date.parse('2026-11-24T06:30:00Z')

let directory: string
let storage: Storage
let now: number
const open = () => createHistory(storage.system, { now: () => now })

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'history-'))
  now = NOON
  storage = await openSqlite({ directory, clock: () => now })
  await storage.migrate()
})
afterEach(async () => {
  await storage.close()
  await rm(directory, { recursive: true })
})

const note = (source: string, status: number, statements: number, problem?: string) => ({
  at: now,
  source,
  credential: 'key',
  method: 'POST',
  path: '/xapi/statements',
  status,
  problems: [],
  statements,
  userAgent: '',
  ...(problem && { problem }),
})
const ended = (method: string, route: string, status: number, ms: number) => ({
  method,
  route,
  status,
  ms,
  aborted: false,
})

test('statements, refusals with their reasons, failures and times are told at once, by source and kind of work', async () => {
  const history = await open()
  history.requestNoted(note('school', 200, 30))
  history.requestNoted(note('school', 400, 0, 'agent-identifier'))
  history.requestNoted(note('school', 400, 0, 'agent-identifier'))
  history.stored({ source: 'product', statements: 2 })
  for (let at = 0; at < 99; at++) history.requestEnded(ended('POST', '/xapi/statements', 200, 8))
  history.requestEnded(ended('POST', '/xapi/statements', 503, 400))
  history.requestEnded(ended('GET', '/xapi/statements', 200, 20))
  history.requestEnded(ended('GET', '/data/xAPI/statements?statementId', 200, 2))
  history.requestEnded(ended('GET', '/me/transcript', 200, 40))
  history.requestEnded(ended('GET', '/assets', 200, 1))
  history.committed({ tenant: 'main', calls: 1, statements: 1, waitMs: 1, ms: 4, syncMs: 3 })

  const sum = await history.sum(24)
  expect(sum).toMatchObject({
    statements: { school: 30, product: 2 },
    refused: { school: { count: 2, problems: { 'agent-identifier': 2 } } },
    requests: 103,
    failures: 1,
    work: { write: { count: 100 }, list: { count: 1 }, read: { count: 1 }, people: { count: 1 } },
    commits: { count: 1 },
  })
  // Told to a fifth: the bounds are that far apart.
  for (const [told, true_] of [
    [sum.work.write.p50, 8],
    [sum.work.write.p99, 8],
    [sum.work.list.p50, 20],
    [sum.commits.p99, 4],
  ] as const) {
    expect(told).toBeGreaterThanOrEqual(true_ * 0.99)
    expect(told).toBeLessThan(true_ * 1.2)
  }
  await history.stop()
})

test('hours are kept over a restart and gaps are told as not known; days are those of Việt Nam', async () => {
  const first = await open()
  first.stored({ source: 'school', statements: 1 })
  await first.stop()
  const second = await open()
  second.stored({ source: 'school', statements: 2 })
  now += 3 * HOUR
  await second.tick()
  second.stored({ source: 'school', statements: 4 })
  now += 9 * HOUR
  await second.tick()
  second.stored({ source: 'school', statements: 8 })

  const hours = await second.last('hour', 13)
  expect(hours.map(({ known, statements }) => (known ? (statements.school ?? 0) : null))).toEqual([
    3,
    null,
    null,
    4,
    ...Array(8).fill(null),
    8,
  ])
  // 13:30 and 16:30 are one day; 01:30 is the next.
  expect((await second.last('day', 2)).map(({ statements }) => statements.school)).toEqual([7, 8])
  expect((await second.sum(24)).statements.school).toBe(15)
  await second.stop()
})

test('the last hour is its sixty minutes, whatever the clock shows', async () => {
  const history = await open()
  history.requestEnded(ended('GET', '/me', 500, 1))
  now += 40 * 60_000
  await history.tick()
  expect((await history.sum(1)).failures).toBe(1)
  now += 40 * 60_000
  expect((await history.sum(1)).failures).toBe(0)
  expect((await history.sum(2)).failures).toBe(1)
  await history.stop()
})

test('what several processes count is one sum, of the hour and of the last hour by minutes', async () => {
  const processes = await Promise.all([open(), open(), open()])
  for (const [at, one] of processes.entries()) {
    one.stored({ source: 'school', statements: 1 + at })
    one.requestEnded(ended('GET', '/me', 500, 1))
  }
  await Promise.all(processes.map((one) => one.tick()))
  now += 20 * 60_000
  for (const one of processes) one.stored({ source: 'school', statements: 10 })
  await Promise.all(processes.map((one) => one.tick()))
  for (const one of processes) {
    expect((await one.sum(24)).statements.school).toBe(36)
    expect(await one.sum(1)).toMatchObject({ failures: 3, statements: { school: 36 } })
  }
  await Promise.all(processes.map((one) => one.stop()))
})

test('what is kept of an hour is bounded, and goes after 400 days', async () => {
  const period = emptyPeriod(NOON)
  for (let at = 0; at < 1_000; at++) sourceIn(period, `source-${at}`).statements++
  expect(Object.keys(period.sources)).toHaveLength(101)
  expect(period.sources['']?.statements).toBe(900)

  const history = await open()
  history.stored({ source: 'school', statements: 1 })
  await history.stop()
  const key = historyKey(Math.floor(NOON / HOUR) * HOUR)
  expect(await storage.system.get(HISTORY, key)).not.toBeNull()
  now = NOON - 500 * 24 * HOUR
  const old = await open()
  old.stored({ source: 'school', statements: 1 })
  await old.stop()
  const oldKey = historyKey(Math.floor(now / HOUR) * HOUR)
  expect(await storage.system.get(HISTORY, oldKey)).not.toBeNull()
  now = NOON
  expect(await storage.system.get(HISTORY, oldKey)).toBeNull()
})

test('an outage of the store is reported, and what was counted is written down a minute later', async () => {
  const reported: unknown[] = []
  let broken = true
  const system: typeof storage.system = {
    ...storage.system,
    batch: async (operations) => {
      if (broken) throw new Error('disk full')
      return storage.system.batch(operations)
    },
  }
  const history = await createHistory(system, { now: () => now, report: (error) => reported.push(error) })
  history.stored({ source: 'school', statements: 5 })
  await history.tick()
  expect(reported).toHaveLength(1)
  broken = false
  await history.stop()
  expect((await (await open()).last('hour', 1))[0]?.statements.school).toBe(5)
})

describe('sizes', () => {
  test('are looked up every minute, attachments with rests between', async () => {
    const history = await open()
    let walks = 0
    history.readFrom(
      {
        databases: async () => [
          { tenant: null, bytes: 10, logBytes: 1, waiting: 0, reading: 0, statements: 0 },
          { tenant: 'main', bytes: 20, logBytes: 2, waiting: 0, reading: 0, statements: 0 },
        ],
        consumers: async () => [{ name: 'transcript', positions: 3, seconds: 7, errors: 0 }],
        disks: async () => [{ folder: 'data', free: 500, size: 1_000 }],
      },
      async () => ++walks * 100,
    )
    await history.tick()
    await history.tick()
    const [hour] = await history.last('hour', 1)
    expect(hour).toMatchObject({
      lagSeconds: 7,
      sizes: { database: 30, log: 3, blobs: 100, free: 500, disk: 1_000 },
    })
    expect(walks).toBe(1)
    await history.stop()
  })

  test('of a store on other machines tell nothing of a disk', async () => {
    const history = await open()
    history.readFrom(
      {
        databases: async () => [
          { tenant: 'main', bytes: 20, logBytes: 0, waiting: 0, reading: 0, statements: 0 },
        ],
        consumers: async () => [],
        disks: async () => [{ folder: 'temporary', free: 500, size: 1_000 }],
      },
      async () => 0,
    )
    await history.tick()
    const [hour] = await history.last('hour', 1)
    expect(hour?.sizes).toMatchObject({ database: 20, free: null, disk: null })
    await history.stop()
  })

  test('of a folder are those of its files, however deep', async () => {
    const folder = join(directory, 'blobs')
    expect(await folderSize(folder)).toBe(0)
    await mkdir(join(folder, 'main', 'ab'), { recursive: true })
    await writeFile(join(folder, 'main', 'ab', 'one'), 'x'.repeat(10))
    await writeFile(join(folder, 'main', 'two'), 'x'.repeat(5))
    expect(await folderSize(folder)).toBe(15)
  })
})
