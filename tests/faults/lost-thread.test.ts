import { afterEach, expect, test } from 'vitest'
import { type FaultyProduct, missing, startFaulty, writeUntil } from './product.ts'

let product: FaultyProduct
afterEach(() => product.stop())

test('threads of the store that die again and again under load are started anew: nothing acknowledged is lost, and the process goes on', async () => {
  product = await startFaulty()
  let ended = false
  let written = 0
  const writing = writeUntil(product, 0, ({ acknowledged }) => {
    written = acknowledged.length
    return ended
  })
  /** Waits until some more were acknowledged. */
  const goesOn = () => {
    const before = written
    return expect.poll(() => written, { timeout: 20_000 }).toBeGreaterThan(before + 5)
  }
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
    await goesOn()
    await product.fault({ endThread: round % 2 === 0 ? 'writer' : 'reader' })
  }
  await goesOn()
  ended = true
  const [{ acknowledged, statuses }] = await Promise.all([writing, reading])
  // Who waited for the thread is told to come again.
  for (const status of [...statuses, ...failures]) expect([200, 503]).toContain(status)
  expect(await missing(product, acknowledged)).toEqual([])
  expect((await product.attach(90_000)).status).toBe(200)

  const { dataDir, credential } = product
  await product.kill()
  product = await startFaulty({ dataDir, credential })
  expect(await missing(product, [...acknowledged, 90_000])).toEqual([])
  expect(await product.verify()).toEqual([])
}, 120_000)
