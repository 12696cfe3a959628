import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { type FaultyProduct, missing, startFaulty, writeUntil } from './product.ts'
import { mountSmallDisk } from './small-disk.ts'

let product: FaultyProduct
const disk = mountSmallDisk(48_000_000)
afterEach(async () => {
  await product.stop({ keep: disk !== null })
  disk?.remove()
})

const lacks = disk ? 'a file system of its own' : 'commits told to fail, as nothing may be mounted here'

test(`a disk that is full (${lacks}): writes of every kind are answered 503, readers go on; with room it recovers by itself, and what was refused is not there`, async () => {
  product = await startFaulty(disk ? { dataDir: join(disk.folder, 'data') } : {})
  const before = await writeUntil(product, 0, ({ acknowledged }) => acknowledged.length >= 40)
  expect(before.statuses).toEqual(new Set([200]))

  if (disk) disk.fill()
  else await product.fault({ failCommits: true })
  // What the log has room for is still stored.
  const during = await writeUntil(product, 1_000, ({ refused }) => refused.length >= 60)
  expect([...during.statuses].filter((status) => status !== 200)).toEqual([503])
  expect((await product.attach(5_000)).status).toBe(503)
  expect((await product.post(...Array.from({ length: 400 }, (_, i) => 6_000 + i))).status).toBe(503)
  expect(await missing(product, [...before.acknowledged, ...during.acknowledged])).toEqual([])
  const ready = await fetch(`${product.internalUrl}/health/ready`)
  expect([ready.status, await ready.text()]).toEqual([503, expect.stringContaining('cannot be written')])

  if (disk) disk.free()
  else await product.fault({ failCommits: false })
  await expect.poll(async () => (await product.post(8_000)).status, { timeout: 30_000 }).toBe(200)
  expect((await product.attach(5_000)).status).toBe(200)
  await expect
    .poll(() => product.metric('suotdoi_consumer_lag_positions', '{consumer="transcript"}'), {
      timeout: 60_000,
    })
    .toBe(0)
  // Nothing of what could not be stored keeps its room.
  for (const folder of ['incoming', 'batches'].map((name) => join(product.dataDir, 'blobs/main', name)))
    expect(existsSync(folder) ? readdirSync(folder) : []).toEqual([])

  const { dataDir, credential } = product
  await product.kill()
  product = await startFaulty({ dataDir, credential })
  expect(await missing(product, [...before.acknowledged, ...during.acknowledged, 5_000, 8_000])).toEqual([])
  expect(await missing(product, during.refused)).toEqual(during.refused)
  expect(await product.verify()).toEqual([])
}, 120_000)
