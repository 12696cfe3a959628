import { setTimeout } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { type FaultyProduct, missing, startFaulty, writeUntil } from './product.ts'

let product: FaultyProduct
afterEach(() => product.stop())

test('threads of the store that die again and again under load are started anew: nothing acknowledged is lost, and the process goes on', async () => {
  product = await startFaulty()
  let ended = false
  const writing = writeUntil(product, 0, () => ended)
  const failures: number[] = []
  const reading = (async () => {
    while (!ended) {
      const { status } = await product.xapi(
        '/statements?limit=5&verb=http://adlnet.gov/expapi/verbs/completed',
      )
      if (status !== 200) failures.push(status)
    }
  })()
  for (let round = 0; round < 6; round++) {
    await setTimeout(150)
    await product.fault({ endThread: round % 2 === 0 ? 'writer' : 'reader' })
  }
  await setTimeout(300)
  ended = true
  const [{ acknowledged, statuses }] = await Promise.all([writing, reading])
  // Who waited for the thread is told to come again.
  for (const status of [...statuses, ...failures]) expect([200, 503]).toContain(status)
  expect(acknowledged.length).toBeGreaterThan(20)
  expect(await missing(product, acknowledged)).toEqual([])
  expect((await product.attach(90_000)).status).toBe(200)

  const { dataDir, credential } = product
  await product.kill()
  product = await startFaulty({ dataDir, credential })
  expect(await missing(product, [...acknowledged, 90_000])).toEqual([])
  expect(await product.verify()).toEqual([])
}, 120_000)
