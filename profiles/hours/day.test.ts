import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { storedOf, type Told } from '../../tests/support/told.ts'
import { classifierOf } from '../mapping/classify.ts'
import { DEFAULTS } from '../mapping/defaults.ts'
import { type Fact, factOf, tellingOf } from '../projection/fact.ts'
import { localDay } from '../projection/time.ts'
import { addFacts, countDay, withMarks } from './day.ts'
import { HOURS } from './rules.ts'
import { addSums, EMPTY, sumDay } from './sums.ts'

const DAY = localDay(Date.UTC(2026, 9, 20))
/** A time of that day in Vietnam. */
const at = (hour: number, minute = 0) =>
  new Date(Date.UTC(2026, 9, 20, hour - 7, minute - 1, 30)).toISOString()
const fact = (told: Told): Fact =>
  factOf(tellingOf(storedOf(told), told.source === 'centre' ? 'xac-nhan' : 'he-thong')!, 'p')
const facts = (...all: Told[]) => all.map(fact)
const lasting = (activity: string, hour: number, duration: string, more: Told = {}): Told => ({
  activity,
  at: at(hour),
  result: { duration },
  ...more,
})
/** Counted minutes by activity, and what is not counted by reason. */
function counted(...all: Told[]) {
  const entries = addFacts({}, DAY, facts(...all))
  return Object.fromEntries(
    [...countDay(entries)].map(([line, { counted, uncounted, estimated }]) => [
      entries[line]!.activity.split('/').at(-1),
      estimated ? ['about', counted] : Object.keys(uncounted).length > 0 ? [counted, uncounted] : counted,
    ]),
  )
}

describe('hours of a day', () => {
  test('are the minutes before the time that was told', () => {
    expect(counted(lasting('a', 9, 'PT30M'), lasting('b', 10, 'PT1H'))).toEqual({ a: 30, b: 60 })
  })

  test('count each minute once: of two it is the one of the higher level', () => {
    const confirmed = lasting('b', 9, 'PT30M', { source: 'centre' })
    expect(counted(lasting('a', 9, 'PT1H'), confirmed)).toEqual({ a: [30, { overlap: 30 }], b: 30 })
  })

  test('are the same for a total that is told again and again', () => {
    const again = (minute: number): Told => ({
      ...lasting('a', 9, 'PT1H'),
      at: at(9, minute),
      verb: 'answered',
    })
    expect(counted(again(0), again(1), again(2))).toEqual({ a: 62 })
  })

  test('leave out a course where its parts are told on the same day', () => {
    const course = lasting('course', 11, 'PT2H', { type: 'http://adlnet.gov/expapi/activities/course' })
    const part = lasting('a', 9, 'PT30M', { courses: ['course'] })
    expect(counted(course, part)).toEqual({ a: 30, course: [0, { parts: 120 }] })
    expect(counted(course)).toEqual({ course: 120 })
  })

  test('are sixteen at most, of one sitting and of all', () => {
    expect(counted(lasting('a', 23, 'P3D'))).toEqual({ a: 960 })
    expect(counted(lasting('a', 10, 'PT9H'), lasting('b', 20, 'PT9H'))).toMatchObject({
      b: expect.anything(),
    })
    const all = counted(lasting('a', 10, 'PT9H'), lasting('b', 20, 'PT9H')) as Record<string, unknown>
    expect(Object.values(all)).toContainEqual([420, { limit: 120 }])
  })

  test('go over midnight into the day before', () => {
    const late = facts(lasting('a', 1, 'PT3H'))
    expect(late[0]!.days).toEqual([DAY, DAY - 1])
    const of = (day: number) => [...countDay(addFacts({}, day, late)).values()].map(({ counted }) => counted)
    expect([of(DAY), of(DAY - 1)]).toEqual([[60], [120]])
  })

  test('are estimated between statements that stand close together, where no duration is told', () => {
    const said = (...minutes: number[]) =>
      minutes.map((minute): Told => ({ activity: 'a', at: at(9, minute), verb: 'answered' }))
    expect(counted(...said(0, 8, 15))).toEqual({ a: ['about', 16] })
    expect(counted(...said(0, 30))).toEqual({ a: ['about', 2] })
    expect(counted(...said(0))).toEqual({})
    expect(counted(...said(0, 8), lasting('a', 9, 'PT5M'))).toEqual({ a: 5 })
  })

  test('what nobody but a click tells of counts nothing', () => {
    expect(counted(lasting('a', 9, 'PT1H', { verb: 'suspended' }))).toEqual({})
  })
})

test('of lines that are one, each minute has the highest level of those who tell of that minute, and the rest its own', () => {
  const entries = addFacts({}, DAY, [
    ...facts(lasting('a', 15, 'PT5H'), lasting('a', 15, 'PT40M', { source: 'centre' })),
    ...facts({ ...lasting('b', 20, 'PT1H'), source: 'centre' }),
  ])
  const one = Object.values(entries).find(({ source }) => source === 'moodle')!
  const [id] = Object.entries(entries).find(
    ([, { source, activity }]) => source === 'centre' && activity === one.activity,
  )!
  const twins = withMarks(entries, (line) => (entries[line] === one ? { twin: id! } : undefined))
  expect(countDay(twins).get(id)).toMatchObject({
    counted: 300,
    levels: { 'xac-nhan': 40, 'he-thong': 260 },
    uncounted: {},
  })
  expect(sumDay(twins, 10, classifierOf(DEFAULTS)).level).toEqual({ 'xac-nhan': 100, 'he-thong': 260 })
})

test('a day is the same in whatever order, and however often, its facts arrive', () => {
  const told = fc.record({
    activity: fc.constantFrom('a', 'b', 'course'),
    verb: fc.constantFrom('answered', 'completed', 'suspended'),
    at: fc.nat(1200).map((minute) => at(1, minute)),
    result: fc.record({ duration: fc.constantFrom('PT3M', 'PT40M', 'PT9H') }, { requiredKeys: [] }),
    courses: fc.subarray(['course', 'other'], { minLength: 1 }),
    source: fc.constantFrom('moodle', 'centre'),
  })
  fc.assert(
    fc.property(
      fc
        .array(told, { minLength: 1, maxLength: 12 })
        .chain((all) =>
          fc.tuple(
            fc.constant(facts(...(all as Told[]))),
            fc.shuffledSubarray([...all.keys(), ...all.keys()], { minLength: all.length * 2 }),
          ),
        ),
      ([all, order]) => {
        const again = addFacts(
          {},
          DAY,
          order.map((n) => all[n]!),
        )
        const once = addFacts({}, DAY, all)
        expect(again).toEqual(once)
        const classify = classifierOf(DEFAULTS)
        const sums = sumDay(once, 10, classify)
        expect(addSums(addSums(EMPTY, sums, 1), sums, -1)).toEqual(EMPTY)
        const total = (of: Record<string, number>) => Object.values(of).reduce((a, b) => a + b, 0)
        const { minutes, topic, kind, h, level } = sums
        expect([topic, kind, h, level].map(total)).toEqual(Array(4).fill(total(minutes)))
        expect(total(minutes)).toBeLessThanOrEqual(HOURS.perDay)
      },
    ),
  )
})

test('of more lines than people do the first by id are kept, in any order', () => {
  const many = facts(...Array.from({ length: 320 }, (_, n) => ({ activity: `a${n}`, at: at(9) })))
  const entries = addFacts({}, DAY, many)
  expect(Object.keys(entries)).toHaveLength(HOURS.linesPerDay)
  expect(addFacts({}, DAY, many.toReversed())).toEqual(entries)
})
