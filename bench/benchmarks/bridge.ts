import { randomUUID } from 'node:crypto'
import { atLeastOfFloor, type Benchmark, told } from '../bench.ts'
import { type OpenedAttempt, openLessons } from '../lessons.ts'
import { postOne } from '../load/http.ts'
import type { RequestBytes } from '../load/work.ts'
import { interleave, medianOf, mustBe } from '../rounds.ts'
import type { StartedServer } from '../server.ts'

/** Each attempt may send so many times a minute; many of them keep the door busy. */
const LESSON = 'phan-loai-rac'
const PEOPLE = 1_000
const CONNECTIONS = 64
const WARM_UP_MS = 8_000
const ROUND_MS = 5_000

export const bridge: Benchmark = {
  name: 'bridge',
  title: `An answer of a learner through the door of the lesson’s page, ${PEOPLE} attempts, 64 connections; floor: POST of a statement of the same answer, to the same server`,
  async run(bench) {
    const { dataDir, attempts } = await openLessons(bench, LESSON, PEOPLE)
    const server = await bench.start({ dataDir })
    const send = async (requests: RequestBytes[], until: { count: number } | { durationMs: number }) =>
      mustBe(200, await bench.load.run({ url: server.url, connections: CONNECTIONS, requests, ...until }))
    const run = (requests: RequestBytes[], durationMs: number) =>
      send(requests, { durationMs: durationMs * bench.scale })
    try {
      const plain = attempts.map(() => plainRequest(server))
      const answers = attempts.map((of) => answerRequest(server, of))
      // With the first answer of an attempt the server says more than that: it began.
      await send(answers, { count: answers.length })
      await run(answers, WARM_UP_MS)
      await run(plain, WARM_UP_MS)
      const rounds = await interleave(
        bench.rounds,
        () => run(answers, ROUND_MS),
        () => run(plain, ROUND_MS),
      )
      const rate = (one: { perSecond: number }) => one.perSecond
      const p99 = (one: { latency: { p99: number } }) => one.latency.p99
      return [
        atLeastOfFloor(
          'bridge',
          'events/s',
          medianOf(rounds.product, rate),
          medianOf(rounds.floor, rate),
          0.7,
        ),
        told('bridge/p99', 'ms', medianOf(rounds.product, p99), medianOf(rounds.floor, p99)),
      ]
    } finally {
      await server.stop()
    }
  },
}

/** What an own type says of an answer (h5p/libraries). */
const statement = (lesson: string) => ({
  verb: { id: 'http://adlnet.gov/expapi/verbs/answered', display: { 'en-US': 'answered' } },
  object: {
    objectType: 'Activity',
    id: `${lesson}?subContentId=ba-nhom`,
    definition: {
      type: 'http://adlnet.gov/expapi/activities/cmi.interaction',
      name: { 'en-US': 'Rác sinh hoạt được chia thành ba nhóm.' },
      description: { 'en-US': 'Rác sinh hoạt được chia thành ba nhóm.' },
      interactionType: 'true-false',
      correctResponsesPattern: ['true'],
    },
  },
  context: { contextActivities: { parent: [{ objectType: 'Activity', id: lesson }] } },
  result: {
    score: { min: 0, max: 1, raw: 1, scaled: 1 },
    success: true,
    completion: true,
    response: 'true',
    duration: 'PT4.2S',
  },
})

/** One event, with a new id each time it is sent. */
function answerRequest({ url }: StartedServer, { id, token }: OpenedAttempt): RequestBytes {
  const before = '{"events":[{"id":"'
  const at = new Date().toISOString()
  const event = JSON.stringify({ id: randomUUID(), at, statement: statement(lessonIri(url)) })
  const body = Buffer.from(`{"events":[${event}],"state":[],"sent":"${at}"}`)
  const head = [
    `POST /h5p/attempts/${id}/events HTTP/1.1`,
    `Host: ${new URL(url).host}`,
    `Authorization: Bearer ${token}`,
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
  ]
  const headers = Buffer.from(`${head.join('\r\n')}\r\n\r\n`)
  return { bytes: Buffer.concat([headers, body]), ids: [headers.length + before.length] }
}

/** The statement that an LMS would send of the same answer: as much as the bridge stores. */
function plainRequest(server: StartedServer): RequestBytes {
  const lesson = lessonIri(server.url)
  const { context, ...said } = statement(lesson)
  const whole = {
    id: randomUUID(),
    actor: {
      objectType: 'Agent',
      account: { homePage: 'urn:suotdoi:tenant:default:people', name: randomUUID() },
    },
    ...said,
    timestamp: new Date().toISOString(),
    context: {
      registration: randomUUID(),
      platform: 'Suốt Đời',
      language: 'vi',
      contextActivities: {
        ...context.contextActivities,
        category: [
          {
            objectType: 'Activity',
            id: 'http://h5p.org/libraries/SuotDoi.TrueFalse-1.0',
            definition: { type: 'http://id.tincanapi.com/activitytype/source' },
          },
        ],
      },
      extensions: { 'https://w3id.org/suotdoi/xapi/extensions/bridge-changes': [] },
    },
  }
  return postOne(server, JSON.stringify(whole))
}

/** Without PUBLIC_URL a lesson is named after the port that the server listens on. */
const lessonIri = (url: string) => `http://localhost:${new URL(url).port}/lessons/${LESSON}`
