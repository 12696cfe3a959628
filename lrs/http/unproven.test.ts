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
  const began = performance.now()
  const flood = Promise.all(Array.from({ length: 100 }, guess))
  await expect.poll(() => refused).toBeGreaterThan(16 * 4)
  const before = refused
  for (let times = 0; times < 100; times++) await unproven.take('other', async () => ({ ok: true }))
  // A hundred turns of the guesser would be sixteen times as many.
  expect(refused - before).toBeLessThan(100)
  // Sixteen in a tenth of a second; without a rate it would be many thousands.
  const spans = Math.ceil((performance.now() - began) / 99)
  expect(refused).toBeLessThanOrEqual(16 * spans)
  ended = true
  await flood
})

test('a refusal is answered at once, and what failed is told to who asked', async () => {
  const unproven = createUnproven({ activeMs: 1_000 })
  const order: string[] = []
  // What a turn lasts after a refusal is not over when it is told.
  const later = setTimeout(90).then(() => order.push('later'))
  expect(await unproven.take('one', async () => ({ ok: false }))).toEqual({ ok: false })
  order.push('told')
  await later
  expect(order).toEqual(['told', 'later'])
  await expect(unproven.take('one', () => Promise.reject(new Error('outage')))).rejects.toThrow('outage')
})
