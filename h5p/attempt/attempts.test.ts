import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import express, { type ErrorRequestHandler } from 'express'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type HostWorld, openHostWorld, taken } from '../../tests/support/host-world.ts'
import {
  ASSESSED,
  BROWSER_CLAIM,
  BROWSER_CLAIMS,
  PRACTICE,
  SELF_DECLARED,
  SERVER_SCORE,
} from '../bridge/names.ts'
import { attemptEvents } from '../collections.ts'
import { gatherLesson } from '../pack.ts'
import type { Completion, Mode } from '../types.ts'

const ADL = 'http://adlnet.gov/expapi/verbs/'
const MINUTE = 60_000
// biome-ignore lint/suspicious/noExplicitAny: tests look into what came back
type Answer = Record<string, any>

/** Two questions of our own; the right answers are `b` and `1[,]2[,]3`. */
const QUESTIONS = {
  questions: [
    {
      library: 'SuotDoi.MultiChoice 1.0',
      subContentId: 'q-choice',
      params: {
        question: '<p>Chai nhựa bỏ vào đâu?</p>',
        choices: [
          { id: 'a', text: 'Thùng rác khác', feedback: 'BI-MAT-1' },
          { id: 'b', text: 'Thùng tái chế', correct: true },
          { id: 'c', text: 'Ra đường' },
        ],
        explanation: '<p>BI-MAT-2</p>',
      },
    },
    {
      library: 'SuotDoi.Ordering 1.0',
      subContentId: 'q-order',
      params: {
        question: '<p>Xếp theo thứ tự</p>',
        items: ['1', '2', '3'].map((id) => ({ id, text: `Bước số ${id}` })),
      },
    },
  ],
}
const RIGHT = { 'q-choice': 'b', 'q-order': '1[,]2[,]3' }

let world: HostWorld
beforeAll(async () => {
  world = await openHostWorld()
  await world.host.seed()
})
afterAll(() => world.close())

/** A published lesson of those questions. */
async function lessonOf(change: { completion?: Completion; mode?: Mode; anonymous?: boolean }) {
  const files = new Map(await gatherLesson('phan-loai-rac'))
  files.set('content/content.json', Buffer.from(JSON.stringify(QUESTIONS)))
  const { id } = taken(await world.upload(await world.zip(files)))
  taken(await world.host.lessons.describe(id, change))
  taken(await world.host.lessons.publish(id, { by: 'an' }))
  return id
}
const play = async (lesson: string, person: string) => taken(await world.host.play(lesson, person))
type Play = Awaited<ReturnType<typeof play>>

const iri = ({ attempt }: Play, part?: string) =>
  `${world.url}/lessons/${attempt.lesson}${part ? `?subContentId=${part}` : ''}`
const said = (of: Play, verb: string, { part, ...more }: Answer = {}) => ({
  id: randomUUID() as string,
  at: new Date(of.attempt.started + 1).toISOString(),
  statement: { verb: { id: ADL + verb }, object: { id: iri(of, part) }, ...more },
})
const answered = (of: Play, part: keyof typeof RIGHT, response: string, more: Answer = {}) =>
  said(of, 'answered', { part, result: { response, completion: true, ...more } })

async function door(of: Play, name: string, body: unknown) {
  const response = await fetch(`${world.url}/h5p/attempts/${of.attempt.id}/${name}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${of.token}` },
    body: JSON.stringify(body),
  })
  return { status: response.status, body: (await response.json()) as Answer }
}
const send = (of: Play, ...events: unknown[]) => door(of, 'events', { events })
const told = async ({ attempt }: Play): Promise<Answer[]> =>
  (await world.statements()).filter((each) => (each as Answer).context?.registration === attempt.id)
const verbs = async (of: Play) => (await told(of)).map((each) => each.verb.id.slice(ADL.length))
const one = async (of: Play, verb: string) => (await told(of)).find((each) => each.verb.id === ADL + verb)
const categories = (statement: Answer | undefined): string[] =>
  statement?.context.contextActivities.category.map((each: { id: string }) => each.id)

describe('completion', () => {
  test('all questions answered: the server says so once, with the score that it finds itself', async () => {
    const of = await play(await lessonOf({ completion: { by: 'answered' } }), 'p-all')
    const first = await send(of, said(of, 'attempted'), answered(of, 'q-choice', 'b'))
    expect(first.body).toMatchObject({
      results: [{ status: 'folded' }, { status: 'stored' }],
      finished: false,
    })
    const last = answered(of, 'q-order', '2[,]1[,]3', { score: { raw: 1, min: 0, max: 1, scaled: 1 } })
    expect((await send(of, last)).body.finished).toBe(true)
    expect((await send(of, last)).body).toMatchObject({ results: [{ status: 'stored' }], finished: true })
    expect(await verbs(of)).toEqual(['initialized', 'answered', 'answered', 'completed'])
    const completed = await one(of, 'completed')
    expect(completed?.result).toMatchObject({
      completion: true,
      score: { raw: 1, min: 0, max: 2, scaled: 0.5 },
    })
    expect(categories(completed)).toEqual([PRACTICE])
    expect((await told(of))[2]?.context.extensions[SERVER_SCORE]).toEqual({
      raw: 0,
      min: 0,
      max: 1,
      scaled: 0,
    })
  })

  test('the end that a page claims completes nothing while questions are open, and is kept as a claim', async () => {
    const of = await play(await lessonOf({ completion: { by: 'answered' } }), 'p-claims')
    const score = { raw: 9, min: 0, max: 9, scaled: 1 }
    await send(of, said(of, 'completed', { result: { score } }), answered(of, 'q-choice', 'a'))
    expect(await verbs(of)).toEqual(['initialized', 'answered'])
    await send(of, answered(of, 'q-order', RIGHT['q-order']))
    const completed = await one(of, 'completed')
    expect(completed?.result.score).toMatchObject({ raw: 1, max: 2 })
    expect(completed?.context.extensions[BROWSER_CLAIMS]).toMatchObject([{ verb: 'completed', score }])
  })

  test('a score that is reached passes; one that was not when the lesson was left fails', async () => {
    const id = await lessonOf({ completion: { by: 'score', percent: 60 } })
    const [well, badly] = [await play(id, 'p-well'), await play(id, 'p-badly')]
    await send(
      well,
      ...Object.entries(RIGHT).map(([part, right]) => answered(well, part as 'q-order', right)),
    )
    await send(badly, answered(badly, 'q-choice', 'a'), answered(badly, 'q-order', '3[,]2[,]1'))
    expect(await verbs(well)).toEqual(['initialized', 'answered', 'answered', 'completed', 'passed'])
    expect(await verbs(badly)).toEqual(['initialized', 'answered', 'answered'])
    world.pass(31 * MINUTE)
    await Promise.all([world.host.leaveIdle(), (await world.again()).leaveIdle()])
    expect(await verbs(badly)).toEqual(['initialized', 'answered', 'answered', 'failed', 'terminated'])
    expect((await one(badly, 'terminated'))?.timestamp).toBe((await told(badly))[2]?.timestamp)
    expect(await world.host.leaveIdle()).toBe(0)
    // It is over: the next opening is another attempt.
    expect((await play(id, 'p-badly')).attempt.id).not.toBe(badly.attempt.id)
  })

  test('who only opens completes nothing, and is told to have left', async () => {
    for (const by of ['answered', 'last-page', 'learner'] as const) {
      const of = await play(await lessonOf({ completion: { by } }), 'p-opens')
      await send(of, said(of, 'attempted'), said(of, 'progressed'))
      world.pass(31 * MINUTE)
      await world.host.leaveIdle()
      expect(await verbs(of)).toEqual(['initialized', 'progressed', 'terminated'])
    }
  })

  test('“Tôi đã học xong” completes where that is the rule, once, and is marked', async () => {
    const of = await play(await lessonOf({ completion: { by: 'learner' } }), 'p-done')
    await send(of, said(of, 'completed'), answered(of, 'q-choice', 'b'), answered(of, 'q-order', '1[,]2[,]3'))
    expect(await one(of, 'completed')).toBeUndefined()
    expect((await door(of, 'done', {})).body).toEqual({ finished: true })
    expect((await door(of, 'done', {})).body).toEqual({ finished: true })
    expect((await verbs(of)).filter((verb) => verb === 'completed')).toHaveLength(1)
    expect(categories(await one(of, 'completed'))).toEqual([PRACTICE, SELF_DECLARED])
    const other = await play(await lessonOf({ completion: { by: 'answered' } }), 'p-done')
    expect(await door(other, 'done', {})).toMatchObject({
      status: 409,
      body: { problems: [{ id: 'h5p-done-by-rule' }] },
    })
  })
})

describe('each event leaves a record of what came of it', () => {
  test('stored, folded, refused with the reason', async () => {
    const of = await play(await lessonOf({}), 'p-record')
    const events = [
      answered(of, 'q-choice', 'b'),
      said(of, 'completed'),
      {
        ...said(of, 'answered'),
        statement: { verb: { id: `${ADL}answered` }, object: { id: 'https://x.example' } },
      },
    ]
    await send(of, ...events)
    const kept = await world.store.collections.scan(attemptEvents, { prefix: `${of.attempt.id}/`, limit: 10 })
    const byId = new Map(kept.docs.map(({ key, value }) => [key.split('/')[1], value]))
    expect(events.map(({ id }) => byId.get(id))).toMatchObject([
      { outcome: 'stored', statement: expect.any(String) },
      { outcome: 'folded', reason: 'claim' },
      { outcome: 'refused', reason: 'h5p-event-object-foreign' },
    ])
  })

  test('of two under one id at once, with other content each, one is taken and the other refused', async () => {
    const of = await play(await lessonOf({}), 'p-two')
    const one = said(of, 'interacted', { part: 'q-choice' })
    const other = { ...said(of, 'interacted', { part: 'q-order' }), id: one.id }
    const answers = await Promise.all([send(of, one), send(of, other)])
    const statuses = answers.map(({ body }) => body.results[0].status)
    expect(statuses.sort()).toEqual(['refused', 'stored'])
    const again = await Promise.all([send(of, one), send(of, other)])
    expect(again.map(({ body }) => body.results[0].status).sort()).toEqual(['refused', 'stored'])
    expect(await verbs(of)).toEqual(['initialized', 'interacted'])
  })

  test('the id of one attempt’s event takes nothing away from another’s', async () => {
    const id = await lessonOf({})
    const [a, b] = [await play(id, 'p-id-a'), await play(id, 'p-id-b')]
    const event = answered(a, 'q-choice', 'b')
    await send(a, event)
    expect((await send(b, event)).body.results).toMatchObject([{ status: 'stored' }])
    expect((await told(b))[1]?.actor.account.name).toBe('p-id-b')
  })
})

describe('sent again', () => {
  const attempt = async (id: string, person: string) => {
    const of = await play(id, person)
    const events = [
      said(of, 'attempted'),
      answered(of, 'q-choice', 'a'),
      said(of, 'interacted', { part: 'q-order' }),
      answered(of, 'q-choice', 'b'),
      answered(of, 'q-order', '1[,]2[,]3'),
      said(of, 'completed', { result: { score: { raw: 2, min: 0, max: 2 } } }),
    ]
    return {
      of,
      events: events.map((event, at) => ({ ...event, at: new Date(of.attempt.started + at).toISOString() })),
    }
  }
  const shape = async (of: Play) =>
    (await told(of))
      .map(({ verb, object, result, timestamp, context }) => ({
        verb: verb.id,
        part: object.id.split('?')[1],
        result,
        after: Date.parse(timestamp) - of.attempt.started,
        extensions: context.extensions?.[BROWSER_CLAIMS]?.length,
      }))
      .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))

  test('in whatever pieces, as often as the line breaks, by several pages at once: the same statements', async () => {
    const id = await lessonOf({ completion: { by: 'score', percent: 100 } })
    const plain = await attempt(id, 'p-plain')
    await send(plain.of, ...plain.events)
    const wanted = await shape(plain.of)
    let run = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 5 }),
        async (cuts) => {
          const { of, events } = await attempt(id, `p-broken-${run++}`)
          // What was sent before is sent again with what comes next, as who never got an answer does.
          for (const upTo of [...cuts.sort((a, b) => a - b), 6])
            await Promise.all([send(of, ...events.slice(0, upTo)), send(of, ...events.slice(0, upTo))])
          await Promise.all([...events].reverse().map((event) => send(of, event)))
          expect(await shape(of)).toEqual(wanted)
        },
      ),
      { numRuns: 5 },
    )
  })
})

describe('a server that dies after it wrote down what came, and before it told', () => {
  /** Hands an event to another process, whose record store is out of reach. */
  async function lost(of: Play, event: unknown): Promise<number> {
    const host = await world.again({
      lrs: { recordStatements: () => Promise.reject(new Error('gone')) } as never,
    })
    const server = express()
      .use('/h5p', host.router)
      .use(((_error, _request, response, _next) => response.sendStatus(500)) as ErrorRequestHandler)
      .listen(0)
    try {
      const { port } = server.address() as AddressInfo
      const response = await fetch(`http://127.0.0.1:${port}/h5p/attempts/${of.attempt.id}/events`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${of.token}` },
        body: JSON.stringify({ events: [event] }),
      })
      return response.status
    } finally {
      server.close()
    }
  }

  test('tells all of it when the page sends it again', async () => {
    const of = await play(await lessonOf({ completion: { by: 'answered' } }), 'p-died')
    await send(of, answered(of, 'q-choice', 'b'))
    const last = answered(of, 'q-order', '1[,]2[,]3')
    expect(await lost(of, last)).toBe(500)
    expect(await verbs(of)).toEqual(['initialized', 'answered'])
    expect((await send(of, last)).body).toMatchObject({ results: [{ status: 'stored' }], finished: true })
    expect(await verbs(of)).toEqual(['initialized', 'answered', 'answered', 'completed'])
  })

  test('tells that it was completed when it is left, should the page never come back', async () => {
    const of = await play(await lessonOf({ completion: { by: 'answered' } }), 'p-never')
    await send(of, answered(of, 'q-choice', 'b'))
    expect(await lost(of, answered(of, 'q-order', '1[,]2[,]3'))).toBe(500)
    world.pass(31 * MINUTE)
    await world.host.leaveIdle()
    expect(await verbs(of)).toEqual(['initialized', 'answered', 'completed', 'terminated'])
  })
})

describe('assessed', () => {
  const mode: Mode = { kind: 'assessed', attempts: 2, passPercent: 100, shuffle: true }
  const frame = async (of: Play) => (await fetch(new URL(of.frameUrl, world.url))).text()
  /** What the page shows of the question, by the words of its choices. */
  const shownIds = (html: string) => {
    const { contents } = JSON.parse(/H5PIntegration=(.*?)<\/script>/s.exec(html)![1]!) as {
      contents: Record<string, { jsonContent: string }>
    }
    const { questions } = JSON.parse(Object.values(contents)[0]!.jsonContent) as typeof QUESTIONS
    const all = questions.flatMap(({ params }) => [...(params.choices ?? []), ...(params.items ?? [])])
    return new Map(all.map(({ id, text }) => [text, id]))
  }

  test('answers are not in the page, the order is the attempt’s own, and the server alone scores', async () => {
    const id = await lessonOf({ mode })
    const of = await play(id, 'p-assessed')
    const html = await frame(of)
    expect(html).not.toContain('BI-MAT')
    expect(html).not.toContain('correct')
    expect(html).toContain('\\"assessed\\":true')
    const ids = shownIds(html)
    expect([...shownIds(await frame(await play(id, 'p-assessed')))]).toEqual([...ids])
    expect([...shownIds(await frame(await play(id, 'p-another')))]).not.toEqual([...ids])

    expect((await send(of, answered(of, 'q-choice', 'b'), said(of, 'completed'))).body).toMatchObject({
      results: [{ status: 'folded' }, { status: 'folded' }],
      finished: false,
    })
    const answers = {
      'q-choice': ids.get('Thùng tái chế'),
      'q-order': ['1', '2', '3'].map((step) => ids.get(`Bước số ${step}`)).join('[,]'),
    }
    const handed = await door(of, 'answers', { answers })
    expect(handed.body).toMatchObject({ score: { raw: 2, max: 2 }, passed: true, left: 1 })
    expect(handed.body.questions[0]).toMatchObject({ right: 'Thùng tái chế', explanation: 'BI-MAT-2' })
    expect((await door(of, 'answers', { answers })).body).toEqual(handed.body)
    expect(await door(of, 'answers', { answers: {} })).toMatchObject({ status: 409 })
    expect(await verbs(of)).toEqual(['initialized', 'answered', 'answered', 'completed', 'passed'])
    for (const statement of (await told(of)).slice(1)) {
      expect(categories(statement)).toContain(ASSESSED)
      expect(categories(statement)).not.toContain(BROWSER_CLAIM)
    }
    expect((await told(of))[1]?.result).toMatchObject({ response: 'b', success: true })
  })

  test('wrong and missing answers fail; after the last attempt there is no other', async () => {
    const id = await lessonOf({ mode })
    for (let attempt = 0; attempt < 2; attempt++) {
      const of = await play(id, 'p-fails')
      expect((await door(of, 'answers', { answers: { 'q-choice': 'x' } })).body).toMatchObject({
        score: { raw: 0, max: 2 },
        passed: false,
        left: 1 - attempt,
      })
      expect(await verbs(of)).toEqual(['initialized', 'answered', 'completed', 'failed'])
    }
    expect(await world.host.play(id, 'p-fails')).toMatchObject({ problems: [{ id: 'h5p-attempts-used' }] })
    expect(await door(await play(await lessonOf({}), 'p-fails'), 'answers', { answers: {} })).toMatchObject({
      status: 409,
    })
  })
})

describe('who is not signed in', () => {
  test('plays where the author allows it; nothing is recorded until it is claimed, once, within the hour', async () => {
    const id = await lessonOf({ anonymous: true })
    const key = randomUUID()
    const of = taken(await world.host.playAnonymously(id, key))
    expect(taken(await world.host.playAnonymously(id, key)).attempt.id).toBe(of.attempt.id)
    await send(of, answered(of, 'q-choice', 'b'))
    await send(of, answered(of, 'q-order', RIGHT['q-order']))
    expect(await told(of)).toEqual([])
    expect(await world.host.claim(of.attempt.id, { person: 'p-thief', key: 'other' })).toMatchObject({
      status: 403,
    })
    expect(taken(await world.host.claim(of.attempt.id, { person: 'p-claims', key }))).toMatchObject({
      lesson: id,
    })
    expect((await verbs(of)).sort()).toEqual(['answered', 'answered', 'completed', 'initialized'])
    expect(new Set((await told(of)).map((each) => each.actor.account.name))).toEqual(new Set(['p-claims']))
    expect(await world.host.claim(of.attempt.id, { person: 'p-thief', key })).toMatchObject({ status: 403 })
    expect(await world.host.renewAnonymously(of.attempt.id, key)).toMatchObject({ status: 403 })
  })

  test('it is too late after an hour, and never where the author does not allow it', async () => {
    const key = randomUUID()
    const of = taken(await world.host.playAnonymously(await lessonOf({ anonymous: true }), key))
    await send(of, answered(of, 'q-choice', 'b'))
    world.pass(61 * MINUTE)
    await world.host.leaveIdle()
    expect(await world.host.claim(of.attempt.id, { person: 'p-late', key })).toMatchObject({
      problems: [{ id: 'h5p-claim-too-late' }],
    })
    expect(await told(of)).toEqual([])
    expect(await world.host.playAnonymously(await lessonOf({}), key)).toMatchObject({ status: 403 })
  })
})
