import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type HostWorld, openHostWorld } from '../tests/support/host-world.ts'
import { BRIDGE_CHANGES, BROWSER_CLAIM, PRACTICE, SERVER_SCORE } from './bridge/names.ts'
import { type BridgeContext, bridge } from './bridge.ts'
import { questionsOf } from './score/questions.ts'

const ADL = 'http://adlnet.gov/expapi/verbs/'
const START = Date.parse('2026-11-24T08:00:00Z')
const ARRIVAL = START + 600_000
const LESSON = '4b0e6f7e-6f0e-4a35-9a0c-3f1f6a2f9d11'
const IRI = `https://hoc.example.org/lessons/${LESSON}`
const context: BridgeContext = {
  attempt: '0c8cd82e-7ead-478c-97a2-42da8791945a',
  person: 'p-1',
  accountHomePage: 'https://hoc.example.org/people',
  version: 3,
  title: 'Bài thử',
  language: 'vi',
  topics: [],
  lessonIri: IRI,
  names: [LESSON],
  started: START,
  assessed: false,
  arrival: ARRIVAL,
  clockOffset: 0,
  question: () => undefined,
}
const event = (statement: unknown, more: object = {}) => ({
  id: randomUUID(),
  at: new Date(START + 60_000).toISOString(),
  statement,
  ...more,
})
/** A statement as H5P emits it, with changes. */
const emitted = (more: Record<string, unknown> = {}, verb = 'answered') => ({
  actor: { name: 'x', mbox: 'mailto:undefined', objectType: 'Agent' },
  verb: { id: `${ADL}${verb}`, display: { 'en-US': verb } },
  object: { id: IRI, objectType: 'Activity', definition: { name: { 'en-US': 'Tên' } } },
  context: {
    contextActivities: {
      category: [{ id: 'http://h5p.org/libraries/H5P.TrueFalse-1.8', objectType: 'Activity' }],
    },
  },
  ...more,
})
// biome-ignore lint/suspicious/noExplicitAny: tests look into what they made
type Statement = Record<string, any>
function made(statement: unknown, of: Partial<BridgeContext> = {}, more: object = {}): Statement {
  const outcome = bridge(event(statement, more), { ...context, ...of })
  if (outcome.outcome !== 'stored') throw new Error(JSON.stringify(outcome))
  return outcome.statement
}
function refusedWith(given: unknown): string {
  const outcome = bridge(given, context)
  return outcome.outcome === 'refused' ? outcome.problem.id : outcome.outcome
}

describe('what the server says of a statement, whatever the browser says', () => {
  test('the actor is the attempt’s person, never the one in the statement', () => {
    const own = { objectType: 'Agent', account: { homePage: 'https://hoc.example.org/people', name: 'p-1' } }
    for (const actor of [
      { mbox: 'mailto:a@b.c' },
      { account: { homePage: 'https://x.example', name: 'y' } },
      own,
    ])
      expect(made(emitted({ actor })).actor).toEqual(own)
  })

  test('a statement in the name of somebody else of the product is refused', () => {
    const actor = { account: { homePage: 'https://hoc.example.org/people', name: 'somebody-else' } }
    expect(refusedWith(event(emitted({ actor })))).toBe('h5p-event-actor-forged')
  })

  test('a question whose words the server knows is told in them, whatever the page says of it', () => {
    const { all } = questionsOf('SuotDoi.TrueFalse', { question: '<p>Có đúng không?</p>', correct: 'true' })
    const question = (part: string) => all.get(part)
    const object = { id: IRI, definition: { name: { 'en-US': 'Lời của kẻ khác' }, interactionType: 'other' } }
    const result = { response: 'false', completion: true }
    const { definition } = made(emitted({ object, result }), { question }).object
    expect(definition).toMatchObject({ name: { vi: 'Có đúng không?' }, correctResponsesPattern: ['true'] })
    const untold = made(emitted({ object: { ...object, id: `${IRI}?subContentId=0` } }, 'interacted'), {
      question,
      assessed: true,
    })
    expect(untold.object).not.toHaveProperty('definition')
  })

  test('its id follows from the attempt and the event', () => {
    const more = { id: '5c1d8f3e-0b1a-4c55-8f0f-6f0c1b8a7e11' }
    expect(made(emitted(), {}, more).id).toBe(made(emitted(), {}, more).id)
    expect(made(emitted(), {}, more).id).not.toBe(more.id)
    expect(made(emitted(), { attempt: randomUUID() }, more).id).not.toBe(made(emitted(), {}, more).id)
  })

  test('registration, version, platform and language are the attempt’s and the lesson’s', () => {
    const forged = {
      registration: randomUUID(),
      revision: '7',
      platform: 'x',
      language: 'xx',
      instructor: { mbox: 'mailto:a@b.c' },
    }
    expect(made(emitted({ context: forged })).context).toMatchObject({
      registration: context.attempt,
      revision: '3',
      platform: 'Suốt Đời',
      language: 'vi',
    })
    expect(made(emitted({ context: forged })).context.instructor).toBeUndefined()
  })

  test('results are marked as claimed by the learner’s browser', () => {
    const ids = made(emitted()).context.contextActivities.category.map((each: { id: string }) => each.id)
    expect(ids).toEqual(['http://h5p.org/libraries/H5P.TrueFalse-1.8', PRACTICE, BROWSER_CLAIM])
  })

  test('authority, stored, version and attachments of the browser are left out', () => {
    const forged = {
      authority: { mbox: 'mailto:a@b.c' },
      stored: '2020-01-01T00:00:00Z',
      version: '2.0.0',
      attachments: [{}],
    }
    expect(Object.keys(made(emitted(forged))).sort()).toEqual([
      'actor',
      'context',
      'id',
      'object',
      'timestamp',
      'verb',
    ])
  })

  test('the lesson’s title is the server’s; other names come under the lesson’s language', () => {
    expect(made(emitted({}, 'interacted')).object.definition).toEqual({
      type: 'http://adlnet.gov/expapi/activities/lesson',
      name: { vi: 'Bài thử' },
    })
    const part = { id: `${IRI}?subContentId=q1`, definition: { name: { 'en-US': '<p>Câu &amp; hỏi</p>\n' } } }
    expect(made(emitted({ object: part })).object.definition.name).toEqual({ vi: 'Câu & hỏi' })
  })
})

describe('the object belongs to the lesson of the attempt', () => {
  test.each([
    [IRI, IRI],
    [
      `${IRI}?subContentId=7717e451-c80d-4796-86e6-055f449f8216`,
      `${IRI}?subContentId=7717e451-c80d-4796-86e6-055f449f8216`,
    ],
    [LESSON, IRI],
    [`/h5p/content/${LESSON}`, IRI],
    ['3241655944', IRI],
    [3241655944, IRI],
    ['3241655944?subContentId=q-1', `${IRI}?subContentId=q-1`],
  ])('%s is stored as %s', (id, stored) => {
    expect(made(emitted({ object: { id } }, 'interacted')).object.id).toBe(stored)
  })

  test.each([
    'https://hoc.example.org/lessons/other',
    `${IRI}x`,
    `${IRI}?subContentId=`,
    `${IRI}?subContentId=a b`,
    `${IRI}?other=1`,
    `${IRI}?subContentId=a?subContentId=b`,
    `https://evil.example/?${IRI}`,
    '',
    undefined,
    null,
    {},
  ])('%s is refused', (id) => {
    expect(refusedWith(event(emitted({ object: { id } })))).toBe('h5p-event-object-foreign')
  })

  test.each(['Agent', 'Group', 'StatementRef', 'SubStatement'])(
    'an object that is a %s is refused',
    (objectType) => {
      expect(refusedWith(event(emitted({ object: { objectType, id: IRI } })))).toBe(
        'h5p-event-object-foreign',
      )
    },
  )

  test('parents of another lesson are left out, own ones kept, the lesson is the grouping of its parts, and its topic that of all', () => {
    const parent = [{ id: IRI }, { id: 'https://hoc.example.org/lessons/other' }]
    const { contextActivities } = made(
      emitted({ object: { id: `${IRI}?subContentId=q1` }, context: { contextActivities: { parent } } }),
    ).context
    expect(contextActivities.parent).toEqual([{ objectType: 'Activity', id: IRI }])
    expect(contextActivities.grouping).toEqual([{ objectType: 'Activity', id: IRI }])
    expect(made(emitted({}, 'interacted')).context.contextActivities.grouping).toBeUndefined()
    const of = made(emitted({}, 'interacted'), { topics: ['urn:topic'] })
    expect(of.context.contextActivities.grouping).toEqual([{ objectType: 'Activity', id: 'urn:topic' }])
  })

  test('a lesson that is one question answers as a part, like every other', () => {
    const { object, context: said } = made(emitted({ result: { response: 'true' } }))
    expect(object.id).toBe(`${IRI}?subContentId=0`)
    expect(said.contextActivities.parent).toEqual([{ objectType: 'Activity', id: IRI }])
  })

  test('a lesson cannot void', () => {
    expect(refusedWith(event(emitted({}, 'voided')))).toBe('h5p-event-verb-refused')
  })
})

describe('time', () => {
  test.each([
    ['between start and arrival', START + 5000, 0, START + 5000],
    ['before the attempt started', START - 1, 0, ARRIVAL],
    ['after it arrived', ARRIVAL + 1, 0, ARRIVAL],
    ['of a clock that is an hour slow, corrected', START - 3_600_000 + 5000, 3_600_000, START + 5000],
  ])('%s', (_name, at, clockOffset, kept) => {
    const statement = made(emitted(), { clockOffset }, { at: new Date(at).toISOString() })
    expect(statement.timestamp).toBe(new Date(kept).toISOString())
    const changes = statement.context.extensions?.[BRIDGE_CHANGES] ?? []
    expect(changes.includes('timestamp')).toBe(kept === ARRIVAL)
  })

  test.each(['yesterday', '', 7, undefined])('that is none (%s) is replaced', (at) => {
    expect(made(emitted(), {}, { at }).timestamp).toBe(new Date(ARRIVAL).toISOString())
  })
})

describe('results', () => {
  const result = (given: unknown) => made(emitted({ result: given }))
  test.each([
    ['raw above max', { raw: 999, max: 1, min: 0, scaled: 1 }],
    ['raw below min', { raw: -1, max: 1, min: 0 }],
    ['nothing to score', { raw: 0, max: 0, min: 0, scaled: 0 }],
    ['scaled out of its range', { scaled: 2 }],
    ['no number', { raw: '1', max: 1 }],
    ['infinite', { raw: Number.POSITIVE_INFINITY }],
  ])('an impossible score (%s) is left out, and that is said', (_name, score) => {
    const { result: kept, context: said } = result({ score, completion: true })
    expect(kept).toEqual({ completion: true })
    expect(said.extensions[BRIDGE_CHANGES]).toContain('result.score')
  })

  test('a possible score is kept as it is', () => {
    const score = { min: 0, max: 14, raw: 3, scaled: 0.2143 }
    expect(result({ score }).result.score).toEqual(score)
  })

  test.each(['', '   ', '[,][,]', '[,]'])('an empty response (%j) is left out', (response) => {
    expect(result({ response, completion: true }).result).toEqual({ completion: true })
  })

  test('answers joined by commas are joined as xAPI says, where the choices show that they are answers', () => {
    const choices = [{ id: '0' }, { id: '1' }, { id: '2' }]
    const object = {
      id: `${IRI}?subContentId=q1`,
      definition: { interactionType: 'choice', choices, correctResponsesPattern: ['0,2'] },
    }
    const statement = made(emitted({ object, result: { response: '0,1' } }))
    expect(statement.result.response).toBe('0[,]1')
    expect(statement.object.definition.correctResponsesPattern).toEqual(['0[,]2'])
    expect(made(emitted({ object, result: { response: 'a,b' } })).result.response).toBe('a,b')
  })

  test.each([
    ['PT8.14S', true],
    ['P1DT2H', true],
    ['PT', false],
    ['PTNaNS', false],
    ['-PT1S', false],
    [8, false],
  ])('duration %s is kept: %s', (duration, kept) => {
    expect(result({ duration, completion: true }).result.duration).toBe(kept ? duration : undefined)
  })

  test('component lists stand only with their interaction type', () => {
    const definition = {
      interactionType: 'true-false',
      choices: [{ id: '0' }],
      correctResponsesPattern: ['true', ''],
    }
    expect(made(emitted({ object: { id: `${IRI}?subContentId=q`, definition } })).object.definition).toEqual({
      type: 'http://adlnet.gov/expapi/activities/cmi.interaction',
      interactionType: 'true-false',
      correctResponsesPattern: ['true'],
    })
  })
})

describe('verbs', () => {
  const heard = (verb: string, more: Record<string, unknown> = {}) => {
    const outcome = bridge(event(emitted(more, verb)), context)
    if (outcome.outcome === 'refused') throw new Error(outcome.problem.id)
    return { outcome: outcome.outcome, ...outcome.heard }
  }
  test('consume is experienced, and to open a lesson does not complete it', () => {
    const given = emitted({
      verb: { id: 'http://activitystrea.ms/schema/1.0/consume', display: { 'en-US': 'consume' } },
      result: { completion: true },
    })
    expect(made(given)).toMatchObject({ verb: { id: `${ADL}experienced` } })
    expect(made(given).result).toBeUndefined()
  })
  test('a book that completes a chapter with nothing to score makes progress', () => {
    const chapter = {
      result: { score: { raw: 0, min: 0, max: 0 }, completion: true },
      context: {
        contextActivities: { category: [{ id: 'http://h5p.org/libraries/H5P.InteractiveBook-1.7' }] },
      },
    }
    expect(heard('completed', chapter)).toMatchObject({
      outcome: 'stored',
      verb: `${ADL}progressed`,
      chapter: true,
    })
  })
  test.each(['completed', 'passed', 'failed'])('that the whole was %s is a claim and ends it', (verb) => {
    const score = { raw: 1, min: 0, max: 2, scaled: 0.5 }
    expect(heard(verb, { result: { score } })).toMatchObject({ outcome: 'folded', ended: true, score })
    const part = { object: { id: `${IRI}?subContentId=q` } }
    expect(heard(verb, part)).toMatchObject({ outcome: 'stored', part: 'q' })
  })
  test.each(['terminated', 'mastered', 'abandoned', 'made-up'])(
    'that the whole was %s is a claim',
    (verb) => {
      expect(heard(verb)).toMatchObject({ outcome: 'folded' })
      expect(heard(verb).ended).toBe(false)
    },
  )
  test('attempted is folded into what the server said at the start', () => {
    expect(heard('attempted')).toMatchObject({ outcome: 'folded' })
    expect(heard('attempted', { object: { id: `${IRI}?subContentId=q` } })).toMatchObject({
      outcome: 'stored',
    })
  })
  test('a page that was reached stands in the result, and leaves the activity as it is', () => {
    const object = {
      id: IRI,
      definition: { extensions: { 'http://id.tincanapi.com/extension/ending-point': 4 } },
    }
    expect(heard('progressed', { object }).page).toBe(4)
    const { result, object: said } = made(emitted({ object }, 'progressed'))
    expect(result.extensions).toEqual({ 'http://id.tincanapi.com/extension/ending-point': 4 })
    expect(said.definition.extensions).toBeUndefined()
  })
})

describe('the server’s own score', () => {
  const question: BridgeContext['question'] = () => ({
    id: 'q',
    library: 'H5P.TrueFalse',
    max: 1,
    score: (response) => (response === 'true' ? 1 : 0),
  })
  const answered = (result: object) =>
    made(emitted({ object: { id: `${IRI}?subContentId=q` }, result }), { question })
  test.each<[string, object, number | undefined]>([
    ['agrees', { response: 'true', score: { raw: 1, min: 0, max: 1 }, success: true }, undefined],
    ['differs', { response: 'false', score: { raw: 1, min: 0, max: 1 } }, 0],
    ['differs in success alone', { response: 'false', success: true }, 0],
    ['was not claimed', { response: 'false' }, undefined],
  ])('stands beside a claim that %s', (_name, result, raw) => {
    const { result: claimed, context: said } = answered(result)
    expect(said.extensions?.[SERVER_SCORE]?.raw).toBe(raw)
    expect(claimed).toMatchObject(result)
  })
})

describe('nothing invalid reaches the store', () => {
  let world: HostWorld
  beforeAll(async () => {
    world = await openHostWorld()
  })
  afterAll(() => world.close())

  test('whatever a browser sends is refused or becomes a valid statement, and never throws', async () => {
    const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<unknown>
    const loose = <T>(value: fc.Arbitrary<T>) =>
      fc.oneof({ weight: 3, arbitrary: value }, { weight: 1, arbitrary: json })
    const texts = loose(fc.dictionary(fc.constantFrom('en-US', 'vi', 'x'), fc.string()))
    const components = loose(fc.array(loose(fc.record({ id: loose(fc.string()), description: texts }))))
    const statement = fc.record(
      {
        actor: json,
        verb: loose(
          fc.record({
            id: fc.constantFrom(`${ADL}answered`, `${ADL}progressed`, `${ADL}completed`, 'urn:x', 'x'),
            display: texts,
          }),
        ),
        object: loose(
          fc.record(
            {
              id: fc.constantFrom<unknown>(
                IRI,
                `${IRI}?subContentId=q`,
                77,
                LESSON,
                'https://other.example/',
              ),
              definition: loose(
                fc.record(
                  {
                    name: texts,
                    description: texts,
                    type: loose(fc.constant('urn:x')),
                    interactionType: loose(fc.constantFrom('choice', 'matching', 'numeric', 'likert', 'x')),
                    choices: components,
                    source: components,
                    target: components,
                    scale: components,
                    correctResponsesPattern: loose(fc.array(loose(fc.string()))),
                    extensions: json,
                  },
                  { requiredKeys: [] },
                ),
              ),
            },
            { requiredKeys: ['id'] },
          ),
        ),
        result: loose(
          fc.record(
            {
              score: loose(
                fc.record(
                  {
                    raw: loose(fc.double()),
                    min: loose(fc.double()),
                    max: loose(fc.double()),
                    scaled: loose(fc.double()),
                  },
                  { requiredKeys: [] },
                ),
              ),
              success: json,
              completion: json,
              response: loose(fc.string()),
              duration: loose(fc.constantFrom('PT1S', 'P1W', 'P', 'PT0.5H')),
              extensions: loose(fc.dictionary(fc.constantFrom('http://x.example/y', 'x'), json)),
            },
            { requiredKeys: [] },
          ),
        ),
        context: json,
      },
      { requiredKeys: ['verb', 'object'] },
    )
    const sent: Record<string, unknown>[] = []
    fc.assert(
      fc.property(
        loose(statement),
        loose(fc.date({ noInvalidDate: true }).map((at) => at.toISOString())),
        (given, at) => {
          const outcome = bridge(event(given, { at }), context)
          if (outcome.outcome === 'stored') sent.push(outcome.statement)
          if (outcome.outcome === 'refused') expect(outcome.problem.id).toMatch(/^h5p-event-/)
        },
      ),
      { numRuns: 900 },
    )
    expect(sent.length).toBeGreaterThan(100)
    expect(await refusedByStore(world, sent)).toEqual([])
  })

  const corpus = process.env.CORPUS_DIR
  const captured = corpus ? join(corpus, 'h5p', 'captured-xapi.json') : ''
  test.runIf(corpus)(
    'what content types really emitted becomes valid statements, all of it (CORPUS_DIR)',
    async () => {
      expect(existsSync(captured), captured).toBe(true)
      const byType = JSON.parse(readFileSync(captured, 'utf8')) as Record<string, Statement[]>
      const sent: Record<string, unknown>[] = []
      let folded = 0
      for (const [type, statements] of Object.entries(byType))
        for (const statement of statements) {
          const own = String(statement.object.id).split('?')[0]!
          const outcome = bridge(event(statement), { ...context, lessonIri: own })
          expect(outcome.outcome, `${type}: ${JSON.stringify(outcome)}`).not.toBe('refused')
          if (outcome.outcome === 'stored') sent.push(outcome.statement)
          if (outcome.outcome === 'folded') folded += 1
        }
      expect({ stored: sent.length, folded }).toEqual({ stored: 126, folded: 17 })
      expect(await refusedByStore(world, sent)).toEqual([])
    },
  )
  if (!corpus)
    console.info('bridge: captured xAPI of community types is not checked; set CORPUS_DIR to check it')
})

/** Problems that the record store finds, with the statements. */
async function refusedByStore(world: HostWorld, statements: Record<string, unknown>[]): Promise<string[]> {
  const found: string[] = []
  for (const statement of statements) {
    const outcome = await world.record([statement])
    if (!outcome.ok)
      found.push(
        `${outcome.problems.map((each) => `${each.path}: ${each.message}`).join('; ')} ${JSON.stringify(statement)}`,
      )
  }
  return found
}
