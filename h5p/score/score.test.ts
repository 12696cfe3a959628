import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { unpackArchive } from '../package/archive.ts'
import type { Mode } from '../types.ts'
import { aliasedResponse, forLearner, originalResponse } from './for-learner.ts'
import { ONLY, type Question } from './question.ts'
import { chaptersOf, pagesOf, questionsOf, totalOf } from './questions.ts'

const only = (library: string, parameters: unknown): Question =>
  questionsOf(library, parameters).all.get(ONLY)!
const points = (library: string, parameters: unknown, response: string) =>
  only(library, parameters).score(response)

describe('H5P.MultiChoice', () => {
  const answers = [{ correct: true }, { correct: false }, { correct: true }, { correct: false }]
  const of = (behaviour: object, list: unknown[] = answers) => ({ answers: list, behaviour })
  test.each([
    ['0[,]2', 2],
    ['2', 1],
    ['0[,]1', 0],
    ['0[,]2[,]3', 1],
    ['1[,]3', 0],
    ['', 0],
    ['7', null],
    ['0[,]0', null],
    ['x', null],
  ])('%s of 0 and 2 is worth %s', (response, worth) => {
    expect(points('H5P.MultiChoice', of({ singlePoint: false }), response)).toBe(worth)
  })
  test('a single point is given from the share that its author asks for', () => {
    expect(points('H5P.MultiChoice', of({ singlePoint: true }), '0')).toBe(0)
    expect(points('H5P.MultiChoice', of({ singlePoint: true, passPercentage: 50 }), '0')).toBe(1)
    expect(only('H5P.MultiChoice', of({ singlePoint: true })).max).toBe(1)
  })
  test('with one right choice it is worth one point; without any, choosing nothing is right', () => {
    expect(only('H5P.MultiChoice', of({ singlePoint: false }, [{ correct: true }, {}])).max).toBe(1)
    expect(points('H5P.MultiChoice', of({ singlePoint: false }, [{}, {}]), '')).toBe(1)
    expect(points('H5P.MultiChoice', of({ singlePoint: false }, [{}, {}]), '0')).toBe(0)
  })
  test('weights are by no rule that is written down, so it is not scored', () => {
    expect(only('H5P.MultiChoice', of({}, [{ correct: true, weight: 3 }])).max).toBeNull()
  })
})

describe('H5P.Blanks', () => {
  const of = (behaviour: object) => ({
    questions: ['<p>Trời *xanh/biếc:màu* và cỏ&nbsp;*<em>Non</em>*.</p>', 'Không có ô trống'],
    behaviour,
  })
  test.each<[object, string, number | null]>([
    [{ caseSensitive: true }, 'xanh[,]Non', 2],
    [{ caseSensitive: true }, 'biếc[,]non', 1],
    [{ caseSensitive: false }, ' Biếc [,]non', 2],
    [{}, 'Xanh[,]Non', 1],
    [{}, '[,]', 0],
    [{}, 'xanh', null],
    [{ acceptSpellingErrors: true }, 'xanh[,]Non', 2],
    [{ acceptSpellingErrors: true }, 'xanhh[,]Non', null],
  ])('%j: %s is worth %s of 2', (behaviour, response, worth) => {
    expect(points('H5P.Blanks', of(behaviour), response)).toBe(worth)
    expect(only('H5P.Blanks', of(behaviour)).max).toBe(2)
  })
})

test('H5P.DragText: words in their places, tips and feedback aside', () => {
  const parameters = { textField: 'Quả *xanh:gợi ý*\nvà *đỏ \\+đúng\\-sai*' }
  expect(points('H5P.DragText', parameters, 'xanh[,]đỏ')).toBe(2)
  expect(points('H5P.DragText', parameters, 'đỏ[,]')).toBe(0)
  expect(points('H5P.DragText', parameters, 'xanh')).toBeNull()
})

test('H5P.TrueFalse and H5P.SingleChoiceSet', () => {
  expect(points('H5P.TrueFalse', { correct: 'false' }, 'false')).toBe(1)
  expect(points('H5P.TrueFalse', { correct: 'false' }, 'true')).toBe(0)
  expect(points('H5P.TrueFalse', { correct: 'false' }, 'x')).toBeNull()
  const { all } = questionsOf('H5P.SingleChoiceSet', {
    choices: [{ subContentId: 's1', question: '?', answers: ['đúng', 'sai'] }],
  })
  expect([...all.keys()]).toEqual(['s1'])
  expect(['0', '1', '2'].map((response) => all.get('s1')!.score(response))).toEqual([1, 0, null])
})

describe('our own types', () => {
  const choices = [
    { id: 'a', text: 'A', correct: true },
    { id: 'b', text: 'B' },
    { id: 'c', text: 'C', correct: true },
  ]
  test.each([
    ['a[,]c', 1],
    ['c[,]a', 1],
    ['a', 0],
    ['a[,]b[,]c', 0],
    ['', 0],
    ['z', null],
  ])('multiple choice: %s is worth %s', (response, worth) => {
    expect(points('SuotDoi.MultiChoice', { choices }, response)).toBe(worth)
  })
  test('gaps: hòa and hoà are one word; capitals count only where asked for', () => {
    const of = (caseSensitive: boolean) => ({
      text: '[[g1]] và [[g2]]',
      blanks: [
        { id: 'g1', answers: ['hòa bình', 'yên bình'] },
        { id: 'g2', answers: ['Huế'] },
      ],
      caseSensitive,
    })
    expect(points('SuotDoi.Blanks', of(false), 'HOÀ   bình[,]huế')).toBe(2)
    expect(points('SuotDoi.Blanks', of(true), 'hoà bình[,]huế')).toBe(1)
    expect(points('SuotDoi.Blanks', of(false), 'x[,]y[,]z')).toBeNull()
    expect(only('SuotDoi.Blanks', of(false)).asks?.patterns[0]).toBe('{case_matters=false}hòa bình[,]Huế')
  })
  test('an order is right as a whole', () => {
    const items = ['x', 'y', 'z'].map((id) => ({ id, text: id }))
    expect(points('SuotDoi.Ordering', { items }, 'x[,]y[,]z')).toBe(1)
    expect(points('SuotDoi.Ordering', { items }, 'x[,]z[,]y')).toBe(0)
    expect(points('SuotDoi.Ordering', { items }, 'x[,]q')).toBeNull()
  })
})

describe('what the whole is worth', () => {
  const part = (id: string, library = 'H5P.TrueFalse 1.8') => ({
    library,
    subContentId: id,
    params: { correct: 'true' },
  })
  const set = (questions: object[], more: object = {}) =>
    questionsOf('H5P.QuestionSet', { questions, ...more })
  test('what was not answered counts; what nobody can score leaves it unknown', () => {
    const known = set([part('a'), part('b')])
    expect(totalOf(known, new Map([['a', 1]]))).toEqual({ raw: 1, max: 2 })
    expect(totalOf(known, new Map([['a', null]]))).toBeNull()
    expect(totalOf(set([part('a'), part('b', 'H5P.DragQuestion 1.14')]), new Map([['a', 1]]))).toBeNull()
  })
  test('of a pool as many count as are asked', () => {
    const pool = set([part('a'), part('b'), part('c')], { poolSize: 2 })
    expect(pool.asked).toBe(2)
    expect(totalOf(pool, new Map([['c', 1]]))).toBeNull()
    expect(
      totalOf(
        pool,
        new Map([
          ['c', 1],
          ['a', 0],
        ]),
      ),
    ).toEqual({ raw: 1, max: 2 })
  })
  test('questions are found wherever they are nested, and pages counted', () => {
    const parameters = { pages: [{ content: [part('deep')] }, { content: [] }] }
    expect([...questionsOf('SuotDoi.Lesson', parameters).all.keys()]).toEqual(['deep'])
    expect(pagesOf('SuotDoi.Lesson', parameters)).toBe(2)
    expect(pagesOf('H5P.Column', parameters)).toBe(0)
    const book = { chapters: [{ subContentId: 'c-1' }, { subContentId: 'c-2' }, {}] }
    expect(pagesOf('H5P.InteractiveBook', book)).toBe(3)
    expect(chaptersOf('H5P.InteractiveBook', book)).toEqual(new Set(['c-1', 'c-2']))
    expect(chaptersOf('H5P.Column', book)).toEqual(new Set())
  })
})

describe('parameters for who is assessed', () => {
  const parameters = {
    pages: [
      {
        title: 'Trang',
        content: [
          {
            library: 'SuotDoi.MultiChoice 1.0',
            subContentId: 'q1',
            params: {
              question: '?',
              choices: [
                { id: 'dung', text: 'A', correct: true, feedback: 'F' },
                { id: 'sai', text: 'B' },
              ],
              explanation: 'E',
            },
          },
          {
            library: 'SuotDoi.Blanks 1.0',
            subContentId: 'q2',
            params: { text: '[[g]]', blanks: [{ id: 'g', answers: ['bi mat'] }] },
          },
          { library: 'H5P.TrueFalse 1.8', subContentId: 'q3', params: { correct: 'true' } },
        ],
      },
    ],
  }
  const mode: Mode = { kind: 'assessed', attempts: 1, passPercent: 50, shuffle: true }
  test('hold no answer, no feedback and none of the author’s ids of choices; of a type unknown here nothing at all', () => {
    const text = JSON.stringify(forLearner('SuotDoi.Lesson 1.0', parameters, { seed: 'x', mode }))
    for (const secret of ['correct', 'feedback', 'explanation', 'bi mat', 'dung', '"sai"'])
      expect(text).not.toContain(secret)
    expect(JSON.parse(text).assessed).toBe(true)
    expect(JSON.parse(text).pages[0].content[2].params).toEqual({})
    // What it was made of is untouched, and one who practises gets all of it.
    expect(JSON.stringify(parameters)).toContain('bi mat')
    expect(forLearner('SuotDoi.Lesson 1.0', parameters, { mode: { kind: 'practice' } })).toBe(parameters)
  })
  test('things to put in order never come in the right order, whatever the seed', () => {
    const items = ['first', 'second'].map((text) => ({ id: text, text }))
    for (let seed = 0; seed < 20; seed++) {
      const shown = forLearner('SuotDoi.Ordering 1.0', { items }, { seed: String(seed), mode })
      expect(shown).toMatchObject({ items: [{ text: 'second' }, { text: 'first' }] })
    }
  })
  test('a response in the ids of the page is the one in the author’s, and back', () => {
    const question = questionsOf('SuotDoi.Lesson', parameters).all.get('q1')!
    const shown = aliasedResponse(question, 'x', 'dung[,]sai')
    expect(shown).not.toContain('dung')
    expect(originalResponse(question, 'x', shown)).toBe('dung[,]sai')
    expect(question.score(originalResponse(question, 'x', 'dung'))).toBeNull()
  })
})

const corpus = process.env.CORPUS_DIR
describe.runIf(corpus)('on packages that others made (CORPUS_DIR)', () => {
  async function contentOf(name: string): Promise<unknown> {
    const folder = await mkdtemp(join(tmpdir(), 'score-'))
    try {
      await unpackArchive(join(corpus!, 'h5p/valid', `${name}.h5p`), folder)
      return JSON.parse(await readFile(join(folder, 'content/content.json'), 'utf8'))
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
  test.each<[string, string, string, number]>([
    ['H5P.MultiChoice-1.16', '0', '0', 1],
    ['H5P.TrueFalse-1.8', '0', 'true', 1],
    ['H5P.Blanks-1.14', '0', 'BLUE[,]cloud[,]x', 2],
    ['H5P.DragText-1.10', '0', 'blue[,]orange[,]red', 1],
    ['H5P.SingleChoiceSet-1.11', '51445ea9-9c98-437a-8981-72d46d6e86c4', '2', 0],
    ['H5P.QuestionSet-1.20', 'e0c46024-cdc0-4687-b02d-40ec1db2ef67', 'true', 1],
  ])('%s: question %s', async (name, id, response, worth) => {
    const { all } = questionsOf(name.split('-')[0]!, await contentOf(name))
    expect(all.get(id)?.score(response)).toBe(worth)
  })
})
