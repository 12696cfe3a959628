import fc from 'fast-check'
import { expect, test } from 'vitest'
import { growthOf } from './growth.ts'

const DAY = 86_400_000
const day = (at: number, used: number, free: number) => ({
  from: at * DAY,
  sizes: { database: used, log: 0, blobs: 0, free, disk: used + free },
})

test('a straight line is found again, and the disk is full when it gets there', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 5, max: 30 }), (rate, count) => {
      const days = Array.from({ length: count }, (_, at) => day(at, 1e6 + at * rate, 300 * rate))
      const { perDay, months } = growthOf(days)
      expect(perDay).toBeCloseTo(rate, 0)
      expect(months).toBeCloseTo(10, 1)
    }),
  )
})

test('few days, days without figures and data that shrinks foretell nothing', () => {
  expect(growthOf([])).toEqual({ perDay: null, months: null })
  expect(growthOf([day(1, 1, 9), day(2, 2, 9), day(3, 3, 9)]).months).toBeNull()
  const gaps = [1, 2, 3, 4, 5, 6].map((at) =>
    at % 2 ? day(at, at * 10, 900) : { from: at * DAY, sizes: null },
  )
  expect(growthOf([...gaps, day(7, 70, 900)]).perDay).toBeCloseTo(10)
  const elsewhere = [1, 2, 3, 4, 5].map((at) => ({
    from: at * DAY,
    sizes: { database: at * 10, log: 0, blobs: 0, free: null, disk: null },
  }))
  expect(growthOf(elsewhere)).toEqual({ perDay: expect.closeTo(10), months: null })
  expect(growthOf([5, 4, 3, 2, 1].map((used, at) => day(at, used, 9))).months).toBeNull()
})
