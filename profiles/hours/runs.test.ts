import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bridged, minutesOf, type Runs, union, without } from './runs.ts'

const run = fc
  .tuple(fc.nat(60), fc.integer({ min: 1, max: 15 }))
  .map(([from, length]): Runs => [from, from + length])
const runs = fc.array(run, { maxLength: 8 }).map((all) => all.reduce(union, []))
/** The same as single minutes. */
const minutes = (of: Runs) => {
  const all = new Set<number>()
  for (let at = 0; at < of.length; at += 2) for (let m = of[at]!; m < of[at + 1]!; m++) all.add(m)
  return all
}

test('the union is that of the minutes, in any order and however often', () => {
  fc.assert(
    fc.property(runs, runs, runs, (a, b, c) => {
      expect(minutes(union(a, b))).toEqual(new Set([...minutes(a), ...minutes(b)].sort((x, y) => x - y)))
      expect(union(a, b)).toEqual(union(b, a))
      expect(union(union(a, b), c)).toEqual(union(a, union(b, c)))
      expect(union(union(a, b), b)).toEqual(union(a, b))
      expect(minutesOf(a)).toBe(minutes(a).size)
    }),
  )
})

test('what is left without others are the minutes that are not theirs', () => {
  fc.assert(
    fc.property(runs, runs, (a, b) => {
      expect(minutes(without(a, b))).toEqual(minutes(a).difference(minutes(b)))
      expect(minutesOf(without(a, b)) + minutesOf(b)).toBe(minutesOf(union(a, b)))
    }),
  )
})

test('short pauses are bridged, longer ones are not', () => {
  expect(bridged([0, 1, 11, 12, 23, 24], 10)).toEqual([0, 12, 23, 24])
})
