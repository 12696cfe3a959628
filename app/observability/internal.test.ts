import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import request from 'supertest'
import { afterEach, describe, expect, test } from 'vitest'
import { openSqlite } from '../../lrs/storage/sqlite/index.ts'
import { createHealth } from './health.ts'
import { createInternalServer } from './internal.ts'
import { createMetrics, type EndedRequest, type Metrics, type Readings } from './metrics.ts'
import { tryToWrite } from './try-to-write.ts'

const running: Metrics[] = []
function metricsOf(readings: Partial<Readings> = {}): Metrics {
  const metrics = createMetrics()
  running.push(metrics)
  metrics.readFrom({
    ready: async () => true,
    databases: async () => [
      { tenant: null, bytes: 1, logBytes: 2, waiting: 0, reading: 0, statements: 0 },
      { tenant: 'main', bytes: 4_096, logBytes: 8_192, waiting: 3, reading: 1, statements: 7 },
    ],
    consumers: async () => [{ name: 'transcript', positions: 12, seconds: 1.5, errors: 2 }],
    disks: async () => [{ folder: 'data', free: 5, size: 9 }],
    secretChecks: () => 4,
    lostLogLines: () => 0,
    ...readings,
  })
  return metrics
}
afterEach(() => {
  for (const metrics of running.splice(0)) metrics.stop()
})
const ended = (about: Partial<EndedRequest> = {}): EndedRequest => ({
  method: 'POST',
  route: '/xapi/statements',
  status: 200,
  aborted: false,
  ms: 3,
  ...about,
})
const seconds = (text: string, name: string) =>
  Number(new RegExp(`^suotdoi_event_loop_delay_${name}_seconds (\\S+)$`, 'm').exec(text)?.[1])

describe('/health/ready', () => {
  test('is 503 with the reason until it serves, and again from the moment of a stop', async () => {
    const health = createHealth()
    const server = createInternalServer(health, metricsOf())
    const ask = async () => {
      const { status, body } = await request(server).get('/health/ready')
      return [status, body.reason]
    }
    expect(await ask()).toEqual([503, expect.stringContaining('starting')])
    health.tryWith(async () => {})
    health.enter('serving')
    expect(await ask()).toEqual([200, undefined])
    health.enter('stopping')
    expect(await ask()).toEqual([503, expect.stringContaining('stopping')])
    expect((await request(server).get('/health/live')).status).toBe(200)
  })

  test('tries the store once a second at most, however many ask, and says why it cannot be written', async () => {
    const health = createHealth(30_000, 2_000)
    let tries = 0
    let failure: Error | null = null
    health.tryWith(async () => {
      tries++
      await setTimeout(5)
      if (failure) throw failure
    })
    health.enter('serving')
    await Promise.all(Array.from({ length: 50 }, () => health.readiness()))
    expect(tries).toBe(1)
    failure = new Error('database or disk is full')
    expect((await health.readiness()).ready).toBe(true)
    await expect
      .poll(() => health.readiness())
      .toEqual({ ready: false, reason: 'The store cannot be written: database or disk is full.' })
    failure = null
    await expect.poll(async () => (await health.readiness()).ready).toBe(true)
  })

  test('does not wait for a store that hangs', async () => {
    const health = createHealth(50)
    health.tryWith(() => new Promise(() => {}))
    health.enter('serving')
    const readiness = await health.readiness()
    expect(readiness).toMatchObject({ ready: false, reason: expect.stringContaining('within 50 ms') })
  })

  test('writes for real: to the store, and to the folder', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'ready-'))
    const failingCommits = new Int32Array(new SharedArrayBuffer(4))
    const storage = await openSqlite({ directory, failingCommits })
    const attempt = (folder = directory) => tryToWrite({ storage, folder })
    await attempt()
    Atomics.store(failingCommits, 0, 1)
    await expect(attempt()).rejects.toThrow('disk I/O error')
    await attempt()
    await expect(attempt('/dev/null')).rejects.toThrow('ENOTDIR')
    await storage.close()
    await rm(directory, { recursive: true })
  })
})

describe('/metrics', () => {
  test('gives each metric of docs/metrics.md, and no other', async () => {
    const metrics = metricsOf()
    metrics.requestBegun()
    metrics.requestEnded(ended({ status: 400, problem: 'statement-actor-missing' }))
    metrics.committed({ tenant: 'main', calls: 3, statements: 2, waitMs: 1, ms: 4, syncMs: 2 })
    const answer = await request(createInternalServer(createHealth(), metrics)).get('/metrics')
    expect(answer.get('Content-Type')).toMatch(/^text\/plain; version=0\.0\.4/)
    const given = [...answer.text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name)
    const page = await readFile(new URL('../../docs/metrics.md', import.meta.url), 'utf8')
    const described = [...page.matchAll(/^\| `(suotdoi_\w+)` \|/gm)].map(([, name]) => name)
    expect(described.toSorted()).toEqual(given.toSorted())
    expect(answer.text).toContain('suotdoi_refusals_total{problem="statement"} 1')
    expect(answer.text).toContain('suotdoi_statements_stored_total 2')
    expect(answer.text).toContain('suotdoi_consumer_lag_seconds{consumer="transcript"} 1.5')
    expect(answer.text).toContain('suotdoi_wal_bytes{database="main"} 8192')
    expect(answer.text).toMatch(
      /^suotdoi_http_request_duration_seconds_count\{method="POST",route="\/xapi\/statements",status="4xx"\} 1$/m,
    )
  })

  test('counts what is in flight, and keeps aborted answers apart', async () => {
    const metrics = metricsOf()
    metrics.requestBegun()
    metrics.requestBegun()
    metrics.requestEnded(ended({ aborted: true }))
    const text = await metrics.text()
    expect(text).toContain('suotdoi_http_requests_in_flight 1')
    expect(text).toContain('status="aborted"')
  })

  test('has a bounded number of series, whatever addresses are asked for', async () => {
    const metrics = metricsOf()
    for (let i = 0; i < 1_000; i++) metrics.requestEnded(ended({ route: `/${i}` }))
    const routes = new Set((await metrics.text()).match(/route="[^"]*"/g))
    expect(routes.size).toBeLessThanOrEqual(201)
  })

  test('leaves out what cannot be read, and tells the rest', async () => {
    const text = await metricsOf({
      databases: () => Promise.reject(new Error('the disk is gone')),
      consumers: () => new Promise(() => {}),
    }).text()
    expect(text).not.toContain('suotdoi_database_bytes{')
    expect(text).toContain('suotdoi_disk_free_bytes{folder="data"} 5')
  })

  test('a hold-up of the event loop is in the scrape behind it, and not in the next', async () => {
    const metrics = metricsOf()
    await metrics.text()
    const begun = performance.now()
    while (performance.now() < begun + 1_000);
    await setTimeout(30)
    const held = await metrics.text()
    expect(seconds(held, 'max')).toBeGreaterThan(0.9)
    expect(seconds(held, 'max')).toBeLessThan((performance.now() - begun) / 1_000)
    await setTimeout(50)
    expect(seconds(await metrics.text(), 'max')).toBeLessThan(0.9)
  })
})
