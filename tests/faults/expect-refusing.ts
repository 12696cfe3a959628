import { expect } from 'vitest'
import { type FaultyProduct, missing } from './product.ts'

/** The store takes no writes: every kind is answered 503, readers go on, and `/health` says so. */
export async function expectRefusing(product: FaultyProduct, acknowledged: number[]): Promise<void> {
  const refused = await product.post(2_000)
  expect([refused.status, Number(refused.headers.get('Retry-After')) > 0]).toEqual([503, true])
  expect((await product.attach(2_001)).status).toBe(503)
  expect((await product.post(...Array.from({ length: 400 }, (_, i) => 3_000 + i))).status).toBe(503)
  expect(await missing(product, acknowledged)).toEqual([])
  const ready = await fetch(`${product.internalUrl}/health/ready`)
  expect([ready.status, await ready.text()]).toEqual([503, expect.stringContaining('cannot be written')])
  expect((await fetch(`${product.internalUrl}/health/live`)).status).toBe(200)
}
