import { afterEach, expect, test } from 'vitest'
import { expectRefusing } from './expect-refusing.ts'
import { type FaultyProduct, missing, startFaulty, writeUntil } from './product.ts'

let product: FaultyProduct
afterEach(() => product.stop())

test('while the disk fails to sync, writes are answered 503 and readers go on; it recovers by itself, and what was refused is not there', async () => {
  product = await startFaulty()
  const before = await writeUntil(product, 0, ({ acknowledged }) => acknowledged.length >= 40)
  expect(before.statuses).toEqual(new Set([200]))

  await product.fault({ failCommits: true })
  const during = await writeUntil(product, 1_000, ({ refused }) => refused.length >= 40)
  expect(during.statuses).toEqual(new Set([503]))
  await expectRefusing(product, before.acknowledged)

  await product.fault({ failCommits: false })
  await expect.poll(async () => (await product.post(5_000)).status, { timeout: 20_000 }).toBe(200)
  await expect
    .poll(() => product.metric('suotdoi_consumer_lag_positions', '{consumer="transcript"}'), {
      timeout: 60_000,
    })
    .toBe(0)

  const { dataDir, credential } = product
  await product.kill()
  product = await startFaulty({ dataDir, credential })
  expect(await missing(product, [...before.acknowledged, 5_000])).toEqual([])
  expect(await missing(product, during.refused)).toEqual(during.refused)
  expect(await product.verify()).toEqual([])
}, 120_000)
