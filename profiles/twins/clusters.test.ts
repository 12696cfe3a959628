import fc from 'fast-check'
import { expect, test } from 'vitest'
import { storedOf, type Told } from '../../tests/support/told.ts'
import { factOf, tellingOf } from '../projection/fact.ts'
import { type Tally, tallyOf } from '../projection/tally.ts'
import { clustersOf, mayBeTwins } from './clusters.ts'

const LEVELS = { moodle: 'he-thong', centre: 'xac-nhan', diary: 'tu-khai' } as const
const alone = (activity: string) => [activity]

function tally(told: Told): Tally {
  const level = LEVELS[(told.source ?? 'moodle') as keyof typeof LEVELS]
  return tallyOf(factOf(tellingOf(storedOf(told), level)!, 'p'))
}

function sorted(tallies: readonly Tally[], apart: readonly [string, string][] = []) {
  const of = new Map(tallies.map((one) => [one.line, one]))
  return clustersOf(tallies, {
    isNear: (a, b) => mayBeTwins(of.get(a)!, of.get(b)!, alone),
    isApart: (a, b) => apart.some((pair) => pair.includes(a) && pair.includes(b)),
  })
}

const at = (minute: number) => `2026-11-20T02:${String(minute).padStart(2, '0')}:00Z`

test('the nearest of one source’s two lines is taken, the weightiest goes first', () => {
  const first = tally({ source: 'moodle', at: at(0), registration: '0b7d3f2e-5d0e-4a43-9d0c-1f6a4f6f1a11' })
  const second = tally({ source: 'moodle', at: at(8) })
  const centre = tally({ source: 'centre', at: at(9) })
  expect(sorted([first, second, centre])).toEqual([[centre, second], [first]])
})

test('lines join over a third only where all agree, and never against what their person said', () => {
  const passed = tally({ source: 'moodle', at: at(0), verb: 'passed' })
  const silent = tally({ source: 'diary', at: at(5), verb: 'attempted' })
  const failed = tally({ source: 'centre', at: at(9), verb: 'failed' })
  expect(sorted([passed, silent, failed])).toEqual([[failed, silent], [passed]])
  expect(sorted([passed, silent, failed], [[silent.line, failed.line]])).toEqual([[failed], [passed, silent]])
})

test('what comes of it is the same in whatever order lines are given', () => {
  const told = fc.record({
    source: fc.constantFrom('moodle', 'centre', 'diary'),
    at: fc.integer({ min: 0, max: 59 }).map(at),
    verb: fc.constantFrom('passed', 'failed', 'attempted'),
    registration: fc.constantFrom(
      '0b7d3f2e-5d0e-4a43-9d0c-1f6a4f6f1a11',
      '5a2f8a56-53b8-4f0a-8d0b-6a4f1b6e2c22',
      '7c2f8a56-53b8-4f0a-8d0b-6a4f1b6e2c33',
    ),
  })
  fc.assert(
    fc.property(
      fc.array(told, { minLength: 2, maxLength: 9 }).chain((all) => {
        const one = new Map(all.map((each) => [`${each.source}${each.registration}`, each]))
        const tallies = [...one.values()].map(tally)
        return fc.tuple(fc.constant(tallies), fc.shuffledSubarray(tallies, { minLength: tallies.length }))
      }),
      ([tallies, shuffled]) => {
        const clusters = sorted(tallies)
        expect(sorted(shuffled)).toEqual(clusters)
        for (const cluster of clusters)
          expect(new Set(cluster.map(({ source }) => source)).size).toBe(cluster.length)
      },
    ),
  )
})
