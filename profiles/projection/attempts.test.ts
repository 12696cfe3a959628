import { expect, test } from 'vitest'
import { storedOf, type Told } from '../../tests/support/told.ts'
import { factOf, tellingOf } from './fact.ts'
import { fold } from './tally.ts'

const REGISTRATION = '0b7d3f2e-5d0e-4a43-9d0c-1f6a4f6f1a11'
const attempts = (...all: Told[]) =>
  fold(
    all.map((told) => factOf(tellingOf(storedOf({ registration: REGISTRATION, ...told }), 'he-thong')!, 'p')),
  )?.attempts
const at = (minute: number, second = 0) => new Date(Date.UTC(2026, 10, 20, 2, minute, second)).toISOString()
const go = (minute: number, raw: number, more: Told = {}): Told => ({
  verb: 'answered',
  at: at(minute),
  result: { score: { raw, max: 10 }, success: raw >= 5 },
  ...more,
})

test('several goes have a best and a last, in whatever order they are told', () => {
  const wanted = {
    count: 3,
    most: false,
    best: { raw: 9, max: 10 },
    last: { raw: 4, max: 10 },
    lastSuccess: false,
  }
  expect(attempts(go(0, 3), go(10, 9), go(20, 4))).toEqual(wanted)
  expect(attempts(go(20, 4), go(0, 3), go(10, 9))).toEqual(wanted)
})

test('what is told of one go within a minute is one go; a single one is none', () => {
  const passed = { verb: 'passed', at: at(10, 30), result: { success: true } }
  expect(attempts(go(10, 9), passed)).toBeNull()
  expect(attempts(go(0, 3), go(10, 9), passed)).toMatchObject({ count: 2, last: { raw: 9 } })
  expect(attempts({ verb: 'completed' })).toBeNull()
})

test('goes that have a name are told apart by it, also when a teacher grades one days later', () => {
  const named = (name: string): Told => ({
    activity: `quiz?attempt=${name}`,
    type: 'http://adlnet.gov/expapi/activities/attempt',
    parents: [{ id: 'quiz', type: 'http://adlnet.gov/expapi/activities/assessment' }],
  })
  expect(attempts(go(0, 2, named('1')), go(30, 6, named('2')), go(50, 5, named('1')))).toMatchObject({
    count: 2,
    best: { raw: 6 },
    last: { raw: 5 },
  })
})

test('a question is no go at the whole, and a score of another scale compares by its share', () => {
  const question = { activity: 'lesson?subContentId=1' }
  expect(attempts(go(0, 3, question), go(10, 9, question))).toBeNull()
  const share = { verb: 'answered', at: at(40), result: { score: { scaled: 0.95 } } }
  expect(attempts(go(0, 9), share)?.best).toEqual({ scaled: 0.95 })
})

test('beyond what is kept it says so, and still knows the best', () => {
  const many = Array.from({ length: 118 }, (_, n) => go(n * 2, n === 0 ? 10 : 1))
  expect(attempts(...many)).toMatchObject({ count: 60, most: true, best: { raw: 10 } })
})
