import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Heard } from '../bridge.ts'
import type { Question } from '../score/question.ts'
import type { Completion } from '../types.ts'
import { advance, type Course, declare, IDLE, isOver, leave, newCourse, type Rules } from './course.ts'

const ADL = 'http://adlnet.gov/expapi/verbs/'
const START = 1_000_000
const question = (id: string): Question => ({
  id,
  library: 'H5P.TrueFalse',
  max: 1,
  score: (response) => (response === 'true' ? 1 : 0),
})
const all = new Map(['a', 'b', 'c'].map((id) => [id, question(id)]))
const rulesOf = (completion: Completion, more: Partial<Rules> = {}): Rules => ({
  completion,
  questions: { all, asked: all.size },
  pages: 4,
  ...more,
})

const events = fc.array(
  fc.oneof(
    fc.record({
      verb: fc.constant(`${ADL}answered`),
      part: fc.constantFrom('a', 'b', 'c', 'unknown'),
      at: fc.integer({ min: START, max: START + 10 * IDLE }),
      points: fc.constantFrom(0, 1, null),
    }),
    fc.record({
      verb: fc.constant(`${ADL}progressed`),
      part: fc.constant(null),
      at: fc.integer({ min: START, max: START + 10 * IDLE }),
      page: fc.integer({ min: -1, max: 6 }),
    }),
    fc.record({
      verb: fc.constantFrom(`${ADL}completed`, `${ADL}passed`, `${ADL}failed`),
      part: fc.constant(null),
      at: fc.integer({ min: START, max: START + 10 * IDLE }),
      ended: fc.constant(true),
      score: fc.constantFrom({ raw: 0, min: 0, max: 4, scaled: 0 }, { raw: 4, min: 0, max: 4, scaled: 1 }),
    }),
    fc.record({
      verb: fc.constantFrom(`${ADL}interacted`, `${ADL}experienced`),
      part: fc.constantFrom(null, 'a'),
      at: fc.integer({ min: START, max: START + 10 * IDLE }),
    }),
  ) as fc.Arbitrary<Heard>,
  { maxLength: 30 },
)
const completions: fc.Arbitrary<Completion> = fc.oneof(
  fc.constant<Completion>({ by: 'answered' }),
  fc.integer({ min: 1, max: 100 }).map((percent): Completion => ({ by: 'score', percent })),
  fc.constant<Completion>({ by: 'last-page' }),
  fc.constant<Completion>({ by: 'learner' }),
)
const run = (heard: readonly Heard[], rules: Rules): Course[] => {
  const courses = [newCourse(START)]
  for (const each of heard) courses.push(advance(courses.at(-1)!, each, rules))
  return courses
}

describe('whatever a page says, in whatever order', () => {
  test('what was said stays, nothing is said twice, and never both that it was passed and that it was failed', () => {
    fc.assert(
      fc.property(events, completions, fc.constantFrom(0, 3), (heard, completion, asked) => {
        const rules = rulesOf(completion, asked === 0 ? { questions: { all: new Map(), asked: 0 } } : {})
        const courses = run(heard, rules)
        courses.push(leave(courses.at(-1)!, rules))
        for (const [at, course] of courses.entries())
          for (const verb of ['completed', 'passed', 'failed', 'terminated'] as const) {
            const before = courses[at - 1]?.[verb]
            if (before) expect(course[verb]).toBe(before)
          }
        const last = courses.at(-1)!
        expect(last.passed && last.failed).toBeUndefined()
        expect(last.passed === undefined || last.completed !== undefined).toBe(true)
        expect(last.terminated?.at).toBe(Math.max(START, ...heard.map(({ at }) => at)))
        expect(leave(last, rules)).toBe(last)
        expect(last.active).toBeLessThanOrEqual(last.last - START)
        expect(isOver(last)).toBe(Boolean(last.completed ?? last.failed))
      }),
    )
  })

  test('it completes by its rule, and by nothing else', () => {
    fc.assert(
      fc.property(events, completions, (heard, completion) => {
        const last = run(heard, rulesOf(completion)).at(-1)!
        const answered = new Set(heard.filter(({ points }) => points !== undefined).map(({ part }) => part))
        const furthest = Math.max(0, ...heard.map(({ page }) => page ?? 0))
        if (completion.by === 'answered')
          expect(last.completed !== undefined).toBe(['a', 'b', 'c'].every((id) => answered.has(id)))
        if (completion.by === 'last-page') expect(last.completed !== undefined).toBe(furthest >= 4)
        if (completion.by === 'learner') expect(last.completed).toBeUndefined()
        if (completion.by !== 'score') expect(last.passed).toBeUndefined()
      }),
    )
  })

  test('an answer that was scored by nobody leaves the score to the claim, marked as one', () => {
    const answer = (part: string, points: number | null): Heard => ({
      verb: `${ADL}answered`,
      part,
      at: START,
      points,
    })
    const claim: Heard = {
      verb: `${ADL}completed`,
      part: null,
      at: START,
      ended: true,
      score: { raw: 9, min: 0, max: 10, scaled: 0.9 },
    }
    const rules = rulesOf({ by: 'answered' })
    const own = run([claim, answer('a', 1), answer('b', 0), answer('c', 1)], rules).at(-1)!
    expect(own.completed).toMatchObject({ score: { raw: 2, max: 3 }, claimed: false })
    const theirs = run([claim, answer('a', 1), answer('b', null), answer('c', 1)], rules).at(-1)!
    expect(theirs.completed).toMatchObject({ score: { raw: 9 }, claimed: true })
  })

  test('only where that is the rule does saying so complete', () => {
    const course = newCourse(START)
    expect(declare(course, rulesOf({ by: 'answered' }), START)).toBe(course)
    const done = declare(course, rulesOf({ by: 'learner' }), START + 5)
    expect(done.completed).toMatchObject({ at: START + 5, score: null })
    expect(declare(done, rulesOf({ by: 'learner' }), START + 9)).toBe(done)
  })
})

test.each([
  ['by name, each once', { part: 'c-1' }, { part: 'c-2' }],
  ['as the book', { chapter: true }, { chapter: true }],
] as const)('a book is read when its chapters were, told %s', (_how, first, second) => {
  const rules = rulesOf({ by: 'last-page' }, { pages: 2, chapters: new Set(['c-1', 'c-2']) })
  const heard = (of: Partial<Heard>, at: number): Heard => ({
    verb: `${ADL}completed`,
    part: null,
    at,
    ...of,
  })
  const begun = run([heard(first, START + 1), heard(first, START + 1)], rules).at(-1)!
  expect(begun.completed).toBeUndefined()
  expect(advance(begun, heard(second, START + 2), rules).completed).toMatchObject({ claimed: true })
})
