import { describe, expect, test } from 'vitest'
import { ADL, activity, HOME, storedOf, type Told } from '../../tests/support/told.ts'
import { factOf, tellingOf } from './fact.ts'

const read = (told: Told) => tellingOf(storedOf(told), 'he-thong')!
const REGISTRATION = '0b7d3f2e-5d0e-4a43-9d0c-1f6a4f6f1a11'
const sameLine = (a: Told, b: Told) =>
  factOf(read(a), 'p').line === factOf(read(b), 'p').line && factOf(read(a), 'p').line.length === 22

describe('which line a statement belongs to', () => {
  test('statements of one registration at one lesson are one line, however far apart', () => {
    const at = (when: string): Told => ({ registration: REGISTRATION, at: when })
    expect(sameLine(at('2025-01-01T00:00:00Z'), at('2026-11-01T00:00:00Z'))).toBe(true)
    expect(sameLine({ registration: REGISTRATION }, { registration: REGISTRATION.toUpperCase() })).toBe(true)
    expect(
      sameLine({ registration: REGISTRATION, activity: 'a' }, { registration: REGISTRATION, activity: 'b' }),
    ).toBe(false)
  })

  test('without registration the local day in Vietnam decides, not the day in UTC', () => {
    expect(sameLine({ at: '2026-11-20T16:59:59Z' }, { at: '2026-11-20T17:00:00Z' })).toBe(false)
    expect(sameLine({ at: '2026-11-20T17:00:00Z' }, { at: '2026-11-21T16:59:59Z' })).toBe(true)
    expect(sameLine({ at: '2026-11-21T00:30:00+07:00' }, { at: '2026-11-20T18:00:00Z' })).toBe(true)
  })

  test('two sources never share a line, so none speaks under the badge of the other', () => {
    expect(
      sameLine(
        { source: 'moodle', registration: REGISTRATION },
        { source: 'other', registration: REGISTRATION },
      ),
    ).toBe(false)
  })

  test('two persons never share a line', () => {
    expect(factOf(read({}), 'p').line).not.toBe(factOf(read({}), 'q').line)
  })

  test('H5P sub-content goes to its lesson, by its parent or by its own address', () => {
    const lesson: Told = { activity: 'h5p/7', registration: REGISTRATION }
    const nested = { ...lesson, activity: 'h5p/7?subContentId=2' }
    expect(sameLine(lesson, { ...nested, parents: [{ id: 'h5p/7' }] })).toBe(true)
    expect(sameLine(lesson, nested)).toBe(true)
    expect(sameLine(lesson, { ...nested, parents: [{ id: 'h5p/7?subContentId=1' }] })).toBe(true)
    expect(read(nested).part).toBe(true)
    expect(read({ activity: 'https://x.org/p?subContentId=2&id=7' }).activity.id).toBe('https://x.org/p?id=7')
  })

  test('a slide that shares its registration goes to the parent it names; without a registration it stays', () => {
    const slide: Told = { activity: 'slide', parents: [{ id: 'package' }] }
    expect(read({ ...slide, registration: REGISTRATION }).activity.id).toBe(activity('package'))
    expect(read(slide).activity.id).toBe(activity('slide'))
  })

  test('an assessment inside a course stands for itself, though they share a registration', () => {
    const quiz: Told = { activity: 'quiz', parents: [{ id: 'course' }], registration: REGISTRATION }
    const type = 'http://adlnet.gov/expapi/activities/assessment'
    expect(read({ ...quiz, type }).activity.id).toBe(activity('quiz'))
  })

  test('a question of an LMS goes past attempt to the quiz, with the name of the quiz', () => {
    const telling = read({
      activity: 'question',
      type: 'http://adlnet.gov/expapi/activities/cmi.interaction',
      parents: [
        { id: 'attempt', type: 'http://adlnet.gov/expapi/activities/attempt', name: { en: 'Attempt 1' } },
        { id: 'quiz', type: 'http://adlnet.gov/expapi/activities/assessment', name: { en: 'Quiz' } },
        { id: 'course', name: { en: 'Course' } },
      ],
    })
    expect(telling.activity).toEqual({
      id: activity('quiz'),
      name: { en: 'Quiz' },
      type: 'http://adlnet.gov/expapi/activities/assessment',
    })
    expect(telling.part).toBe(true)
  })
})

test('an attempt of an LMS goes to its quiz and speaks for it', () => {
  const telling = read({
    activity: 'attempt',
    type: 'http://adlnet.gov/expapi/activities/attempt',
    parents: [{ id: 'quiz', name: { en: 'Quiz' } }, { id: 'course' }],
    result: { score: { raw: 50, min: 0, max: 100 } },
  })
  expect(telling).toMatchObject({
    activity: { name: { en: 'Quiz' } },
    part: false,
    tier: 'completion',
    score: { raw: 50, max: 100 },
  })
})

describe('when it happened', () => {
  const stored = Date.UTC(2026, 10, 24)
  test.each([
    ['the timestamp', '2026-11-20T09:00:00+07:00', Date.UTC(2026, 10, 20, 2)],
    ['stored, for a timestamp after it', '2026-11-25T00:00:00Z', stored],
    ['stored, for a timestamp without zone', '2026-11-20T09:00:00', stored],
    ['stored, for a time before anybody was born', '0200-01-01T00:00:00Z', stored],
    ['stored, for a time that is none', '2026-02-30T25:00:00Z', stored],
  ])('is %s', (_, at, ms) => {
    expect(read({ at }).at).toBe(ms)
  })
})

describe('what is no learning of one person', () => {
  test.each([
    ['a group', { actor: { objectType: 'Group', account: { homePage: HOME, name: 'class' } } }],
    ['an agent as object', { object: { objectType: 'Agent', mbox: 'mailto:a@example.org' } }],
    ['a voiding statement', { verb: 'voided', object: { objectType: 'StatementRef', id: REGISTRATION } }],
    ['a SubStatement', { object: { objectType: 'SubStatement' } }],
    ['an activity with an endless address', { activity: `https://x.org/${'a'.repeat(3000)}` }],
  ])('%s makes no fact', (_, told: Told) => {
    expect(tellingOf(storedOf(told), 'he-thong')).toBeNull()
  })

  test('a voided statement makes no fact', () => {
    expect(tellingOf(storedOf({}, { voided: true }), 'he-thong')).toBeNull()
  })
})

describe('what the result says', () => {
  test('score, success, completion and duration', () => {
    const telling = read({
      verb: 'answered',
      result: {
        score: { scaled: 0.5, raw: 1, min: 0, max: 2 },
        success: true,
        completion: true,
        duration: 'PT1M1.5S',
      },
    })
    expect(telling).toMatchObject({
      score: { scaled: 0.5, raw: 1, max: 2 },
      success: true,
      completed: true,
      duration: 61_500,
    })
  })

  test('a score of nothing out of nothing is none', () => {
    expect(read({ result: { score: { raw: 0, min: 0, max: 0 } } }).score).toBeNull()
    expect(read({ result: { score: { min: 0, max: 10 } } }).score).toBeNull()
  })

  test.each([
    ['PT0S', null],
    ['P1DT2H', 26 * 3_600_000],
    ['P2W', 14 * 86_400_000],
    ['P400Y', null],
    ['-PT1S', null],
    ['soon', null],
  ])('duration %s is %s ms', (duration, ms) => {
    expect(read({ result: { duration } }).duration).toBe(ms)
  })

  test('passed and failed judge by themselves, and passed completes', () => {
    expect(read({ verb: 'passed' })).toMatchObject({ success: true, completed: true })
    expect(read({ verb: 'failed' })).toMatchObject({ success: false, completed: false })
  })

  test('numbers beyond what a computer holds are left out', () => {
    const stored = storedOf({})
    const text = stored.text.replace(
      '"timestamp"',
      '"result":{"score":{"raw":1e999,"max":1e999}},"timestamp"',
    )
    expect(tellingOf({ ...stored, text }, 'he-thong')?.score).toBeNull()
  })
})

test('what LMSs send at every click is noise, a verb that nobody here knows is not', () => {
  expect(read({ verb: 'http://id.tincanapi.com/verb/viewed' }).tier).toBe('noise')
  expect(read({ verb: 'https://example.org/verbs/planted' }).tier).toBe('activity')
  expect(read({ type: 'http://id.tincanapi.com/activitytype/lms' }).tier).toBe('noise')
  expect(read({ verb: `${ADL}answered` }).tier).toBe('answer')
})

test('names in many languages and endless ones are cut, Vietnamese and English kept', () => {
  const name = Object.fromEntries(
    Array.from({ length: 40 }, (_, i) => [`a${String.fromCharCode(97 + (i % 26))}${i}`, 'x']),
  )
  const kept = read({ name: { ...name, en: 'y', vi: 'ế'.repeat(10_000) } }).activity.name
  expect(Object.keys(kept).slice(0, 2)).toEqual(['vi', 'en'])
  expect(Object.keys(kept)).toHaveLength(12)
  expect(kept.vi).toHaveLength(501)
})

describe('how a lesson of the product was taken', () => {
  const category = (name: string): Told => ({
    context: {
      contextActivities: { category: [{ id: `https://w3id.org/suotdoi/xapi/categories/${name}` }] },
    },
  })
  const own = (told: Told) => tellingOf(storedOf(told), 'he-thong', true)!
  test.each([
    ['assessed', 'assessed'],
    ['practice', 'practice'],
    ['browser-claim', 'practice'],
    ['other', undefined],
  ])('%s is %s', (name, taken) => {
    expect(own(category(name)).taken).toBe(taken)
    // Whoever else writes the same says nothing by it.
    expect(read(category(name)).taken).toBeUndefined()
  })
  test('what only the learner declared is told as that', () => {
    expect(own(category('self-declared')).level).toBe('tu-khai')
    expect(read(category('self-declared')).level).toBe('he-thong')
  })
})
