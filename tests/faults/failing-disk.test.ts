import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { expectRefusing } from './expect-refusing.ts'
import { type FaultyProduct, missing, startFaulty, writeUntil } from './product.ts'
import { mountFailingDisk } from './small-disk.ts'

let product: FaultyProduct
const disk = mountFailingDisk(128_000_000)
afterEach(async () => {
  await product.stop({ keep: disk !== null })
  disk?.remove()
})

const how = disk
  ? 'a file system that the system has made read-only after an error'
  : 'commits told to fail, as no ext4 may be mounted here'

test(`a disk that refuses every write, on open files too (${how}): writes are answered 503 with Retry-After, readers go on, a stop ends in time; on a sound disk all is there that was acknowledged`, async () => {
  product = await startFaulty(disk ? { dataDir: join(disk.folder, 'data') } : {})
  const before = await writeUntil(product, 0, ({ acknowledged }) => acknowledged.length >= 40)
  expect(before.statuses).toEqual(new Set([200]))

  if (disk) disk.fail()
  else await product.fault({ failCommits: true })
  const during = await writeUntil(product, 1_000, ({ refused }) => refused.length >= 40)
  expect(during.statuses).toEqual(new Set([503]))
  await expectRefusing(product, before.acknowledged)

  const { dataDir, credential } = product
  const begun = performance.now()
  process.kill(product.pid, 'SIGTERM')
  await product.ended
  expect(performance.now() - begun).toBeLessThan(10_000)
  disk?.mend()
  product = await startFaulty({ dataDir, credential })
  expect(await missing(product, before.acknowledged)).toEqual([])
  expect(await missing(product, during.refused)).toEqual(during.refused)
  expect((await product.post(5_000)).status).toBe(200)
  expect(await product.verify()).toEqual([])
}, 120_000)
