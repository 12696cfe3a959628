import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createTakeGroup } from './take-group.ts'

const jobs = (...weights: number[]) => weights.map((weight) => ({ weight }))
const weights = (group: { weight: number }[]) => group.map(({ weight }) => weight)

test('what is alike is committed together, up to the weight of a group', () => {
  expect(weights(createTakeGroup()(jobs(1, 2, 20, 1)))).toEqual([1, 2, 20, 1])
  const queue = jobs(600, 300, 200, 100)
  const take = createTakeGroup()
  expect([weights(take(queue)), weights(take(queue))]).toEqual([
    [600, 300],
    [200, 100],
  ])
  expect(weights(createTakeGroup()(jobs(5_000, 5_000)))).toEqual([5_000])
})

test('light calls do not wait for the heavy ones that came before them, and a heavy one waits for one group of them', () => {
  const take = createTakeGroup()
  const queue = jobs(500, 50, 1, 50, 2)
  expect(weights(take(queue))).toEqual([1, 2])
  queue.push(...jobs(3, 4))
  expect(weights(take(queue))).toEqual([500])
  expect(weights(take(queue))).toEqual([3, 4])
  expect(weights(take(queue))).toEqual([50, 50])
})

test('whatever comes when, each call is taken once, in the order of its kind, and none waits for two of the other kind', () => {
  const arrivals = fc.array(fc.array(fc.constantFrom(1, 5, 50, 900), { maxLength: 6 }), { maxLength: 12 })
  fc.assert(
    fc.property(arrivals, (rounds) => {
      const take = createTakeGroup()
      const queue: { weight: number; at: number }[] = []
      const taken: { weight: number; at: number }[] = []
      let at = 0
      let lightPassedOver = 0
      for (let round = 0; round < rounds.length || queue.length > 0; round++) {
        for (const weight of rounds[round] ?? []) queue.push({ weight, at: at++ })
        if (queue.length === 0) continue
        const lightWaits = queue.some(({ weight }) => weight <= 20)
        const group = take(queue)
        expect(group.length).toBeGreaterThan(0)
        lightPassedOver = lightWaits && group.every(({ weight }) => weight > 20) ? lightPassedOver + 1 : 0
        expect(lightPassedOver).toBeLessThanOrEqual(1)
        if (lightPassedOver > 0) expect(group).toHaveLength(1)
        taken.push(...group)
      }
      expect(taken.map((job) => job.at).toSorted((a, b) => a - b)).toEqual([...Array(at).keys()])
      for (const heavy of [true, false]) {
        const order = taken.filter(({ weight }) => weight > 20 === heavy).map((job) => job.at)
        expect(order).toEqual(order.toSorted((a, b) => a - b))
      }
    }),
  )
})
