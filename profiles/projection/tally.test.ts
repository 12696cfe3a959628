import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { storedOf, type Told } from '../../tests/support/told.ts'
import { type Fact, factOf, tellingOf } from './fact.ts'
import { add, fold, lineOf, tallyOf } from './tally.ts'

const facts = (...all: Told[]): Fact[] =>
  all.map((told) => factOf(tellingOf(storedOf({ registration: REGISTRATION, ...told }), 'he-thong')!, 'p'))
const REGISTRATION = '0b7d3f2e-5d0e-4a43-9d0c-1f6a4f6f1a11'
const CHAPTER = { activity: 'lesson?subContentId=1' }

const told = fc.record(
  {
    verb: fc.constantFrom('passed', 'failed', 'completed', 'answered', 'attempted', 'interacted', 'launched'),
    activity: fc.constantFrom('lesson', 'lesson?subContentId=1', 'lesson?subContentId=2'),
    at: fc.integer({ min: 0, max: 20 }).map((hour) => new Date(Date.UTC(2026, 10, 20, hour)).toISOString()),
    name: fc.dictionary(fc.constantFrom('vi', 'en', 'fr'), fc.constantFrom('a', 'b', 'c')),
    type: fc.constantFrom('https://example.org/t/1', 'https://example.org/t/2'),
    result: fc.record(
      {
        success: fc.boolean(),
        completion: fc.boolean(),
        duration: fc.constantFrom('PT0.1S', 'PT0.2S', 'PT7S'),
        score: fc.record({ raw: fc.integer({ min: 0, max: 9 }), max: fc.constant(10) }),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: ['verb', 'activity', 'at'] },
)

describe('a line is the same in whatever order its statements arrive', () => {
  test('any permutation folds into the same line', () => {
    fc.assert(
      fc.property(
        fc.array(told, { minLength: 1, maxLength: 12 }),
        fc.infiniteStream(fc.nat()),
        (all, seeds) => {
          const inOrder = facts(...(all as Told[]))
          const shuffled = inOrder
            .map((fact): [number, Fact] => [seeds.next().value as number, fact])
            .sort(([a], [b]) => a - b)
            .map(([, fact]) => fact)
          expect(fold(shuffled)).toEqual(fold(inOrder))
        },
      ),
    )
  })

  test('groups may be added up first, beyond the number of statements that are named', () => {
    fc.assert(
      fc.property(fc.array(told, { minLength: 260, maxLength: 300 }), fc.nat(), (all, cut) => {
        const tallies = facts(...(all as Told[])).map(tallyOf)
        const sum = (some: typeof tallies) => some.reduce(add)
        const at = 1 + (cut % (tallies.length - 1))
        expect(add(sum(tallies.slice(at)), sum(tallies.slice(0, at)))).toEqual(sum(tallies))
      }),
      { numRuns: 20 },
    )
  })
})

describe('what a line says', () => {
  test('the strongest verb leads, not the last', () => {
    const line = fold(
      facts({ verb: 'passed', at: '2026-11-01T00:00:00Z' }, { verb: 'attempted' }, { verb: 'completed' }),
    )
    expect(line).toMatchObject({ verb: { display: { en: 'passed' } }, success: true, completed: true })
    expect(line?.at).toBe(Date.UTC(2026, 10, 20, 2))
  })

  test('of two equal verbs the later word counts', () => {
    const line = fold(
      facts(
        { verb: 'passed', at: '2026-11-01T00:00:00Z', result: { score: { raw: 9, max: 10 } } },
        { verb: 'failed', at: '2026-11-02T00:00:00Z', result: { score: { raw: 2, max: 10 } } },
      ),
    )
    expect(line).toMatchObject({ success: false, score: { raw: 2, max: 10 } })
  })

  test('a server’s bare "completed" keeps the score of the answer before', () => {
    const line = fold(
      facts(
        { verb: 'answered', result: { score: { raw: 1, max: 1 }, success: true } },
        { verb: 'completed' },
      ),
    )
    expect(line).toMatchObject({
      verb: { display: { en: 'completed' } },
      score: { raw: 1, max: 1 },
      success: true,
    })
  })

  test('the score and the success of a question are not those of the lesson', () => {
    const line = fold(
      facts(
        { verb: 'attempted' },
        {
          ...CHAPTER,
          verb: 'answered',
          result: { score: { raw: 1, max: 1 }, success: true, completion: true },
        },
      ),
    )
    expect(line).toMatchObject({ score: null, success: null, completed: false, statementCount: 2 })
    expect(line?.verb.display).toEqual({ en: 'answered' })
  })

  test('a completed chapter is progress in the book', () => {
    const line = fold(facts({ ...CHAPTER, verb: 'completed' }))
    expect(line).toMatchObject({ verb: { display: { en: 'progressed' } }, completed: false })
  })

  test('time spent is the longest that was said of the whole, or the sum of its parts', () => {
    const part = (duration: string) => ({ ...CHAPTER, verb: 'answered', result: { duration } })
    expect(fold(facts(part('PT5S'), part('PT5S')))?.duration).toBe(10_000)
    const whole = { verb: 'completed', result: { duration: 'PT8S' } }
    expect(fold(facts(part('PT5S'), part('PT5S'), whole, { ...whole, verb: 'terminated' }))?.duration).toBe(
      8000,
    )
  })

  test('noise makes no line, and is counted behind one', () => {
    const viewed = { verb: 'http://id.tincanapi.com/verb/viewed', at: '2026-11-22T00:00:00Z' }
    expect(fold(facts(viewed))).toBeNull()
    expect(fold(facts(viewed, { verb: 'completed' }))).toMatchObject({
      statementCount: 2,
      at: Date.UTC(2026, 10, 20, 2),
    })
  })

  test('names gather by language, the later spelling wins', () => {
    const line = fold(
      facts(
        { name: { vi: 'Phân loại rác', en: 'Waste' }, at: '2026-11-02T00:00:00Z' },
        { name: { vi: 'Rác', fr: 'Déchets' }, at: '2026-11-01T00:00:00Z' },
      ),
    )
    expect(line?.activity.name).toEqual({ vi: 'Phân loại rác', en: 'Waste', fr: 'Déchets' })
  })

  test('200 statements are named, the newest, oldest first; all are counted', () => {
    const all = Array.from({ length: 250 }, (_, i) => ({
      at: new Date(Date.UTC(2026, 10, 1, 0, 0, i)).toISOString(),
    }))
    const some = facts(...all)
    const line = fold(some)
    expect(line?.statementCount).toBe(250)
    expect(line?.statements).toEqual(some.slice(50).map(({ id }) => id))
  })

  test('of no facts there is no line', () => {
    expect(fold([])).toBeNull()
    expect(lineOf(tallyOf(facts({ verb: 'launched' })[0]!))).toBeNull()
  })
})
