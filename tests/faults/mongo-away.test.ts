import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { describeOnMongo } from '../support/left-out.ts'
import { freePort, type MongoServer, startMongo } from '../support/mongo-server.ts'
import { type FaultyProduct, missing, startFaulty, writeUntil } from './product.ts'

/** A request waits for the database at most so long, ms; measured on a machine that does other things too. */
const LONGEST_MS = 30_000

describeOnMongo('a MongoDB that is away', { own: true }, () => {
  let place: { folder: string; port: number }
  let server: MongoServer
  let product: FaultyProduct
  beforeEach(async () => {
    place = { folder: mkdtempSync(join(tmpdir(), 'suotdoi-mongo-')), port: await freePort() }
    server = await startMongo({ place })
  })
  afterEach(async () => {
    await product.stop()
    await server.stop()
    rmSync(place.folder, { recursive: true, force: true })
  })

  test('a database that is killed: requests wait within a limit and are answered 503 with Retry-After; when it is back on the same data, everything acknowledged is there, and the product goes on by itself', async () => {
    product = await startFaulty({ storeUrl: server.urlOf('away') })
    const before = await writeUntil(product, 0, ({ acknowledged }) => acknowledged.length >= 40)
    expect(before.statuses).toEqual(new Set([200]))

    await server.stop()
    const begun = performance.now()
    const answers = await Promise.all([
      product.post(2_000),
      product.post(...Array.from({ length: 400 }, (_, i) => 3_000 + i)),
      product.attach(2_001),
      product.xapi('/statements'),
    ])
    expect(performance.now() - begun).toBeLessThan(LONGEST_MS)
    expect(answers.map(({ status, headers }) => [status, Number(headers.get('Retry-After')) > 0])).toEqual(
      answers.map(() => [503, true]),
    )
    expect((await fetch(`${product.internalUrl}/health/live`)).status).toBe(200)
    expect((await fetch(`${product.internalUrl}/health/ready`)).status).toBe(503)

    server = await startMongo({ place })
    await expect.poll(async () => (await product.post(4_000)).status, { timeout: LONGEST_MS }).toBe(200)
    expect((await product.attach(2_001)).status).toBe(200)
    expect(await missing(product, [...before.acknowledged, 4_000, 2_001])).toEqual([])
    expect(await missing(product, [2_000, 3_000])).toEqual([2_000, 3_000])
    await expect
      .poll(async () => (await fetch(`${product.internalUrl}/health/ready`)).status, { timeout: LONGEST_MS })
      .toBe(200)
    await expect
      .poll(() => product.metric('suotdoi_consumer_lag_positions', '{consumer="transcript"}'), {
        timeout: LONGEST_MS,
      })
      .toBe(0)
  }, 180_000)
})
