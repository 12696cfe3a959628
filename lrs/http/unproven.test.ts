import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createUnproven } from './unproven.ts'

test('an address that is refused again and again is held to a rate, and another one is asked at once', async () => {
  const unproven = createUnproven({ activeMs: 1_000 })
  let refused = 0
  let ended = false
  const guess = async () => {
    while (!ended) {
      await unproven.take('guesser', async () => ({ ok: false }))
      refused += 1
    }
  }
  const flood = Promise.all(Array.from({ length: 100 }, guess))
  await setTimeout(500)
  const began = performance.now()
  for (let times = 0; times < 100; times++) await unproven.take('other', async () => ({ ok: true }))
  expect(performance.now() - began).toBeLessThan(100)
  // Sixteen in a tenth of a second; without a rate it would be many thousands.
  expect(refused).toBeLessThanOrEqual(16 * 8)
  expect(refused).toBeGreaterThan(16)
  ended = true
  await flood
})

test('a refusal is answered at once, and what failed is told to who asked', async () => {
  const unproven = createUnproven({ activeMs: 1_000 })
  const began = performance.now()
  expect(await unproven.take('one', async () => ({ ok: false }))).toEqual({ ok: false })
  expect(performance.now() - began).toBeLessThan(50)
  await expect(unproven.take('one', () => Promise.reject(new Error('outage')))).rejects.toThrow('outage')
})
