import { randomUUID } from 'node:crypto'
import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import express from 'express'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type HostWorld, openHostWorld, taken } from '../../tests/support/host-world.ts'
import { attempts, openAttempts, userData } from '../collections.ts'
import { gatherLesson } from '../pack.ts'
import type { DraftChange, Host } from '../types.ts'

const ADL = 'http://adlnet.gov/expapi/verbs/'
const IDLE = 31 * 60_000
const DAY = 24 * 60 * 60_000
// biome-ignore lint/suspicious/noExplicitAny: tests look into what came back
type Answer = Record<string, any>

/** A gap to fill in; `nuoc` is right. */
const CONTENT = {
  questions: [
    {
      library: 'SuotDoi.Blanks 1.0',
      subContentId: 'q-gap',
      params: { text: '<p>Uống [[1]]</p>', blanks: [{ id: '1', answers: ['nuoc'] }] },
    },
  ],
}

let world: HostWorld
beforeAll(async () => {
  world = await openHostWorld()
  await world.host.seed()
})
afterAll(() => world.close())

async function lessonOf(change: DraftChange) {
  const files = new Map(await gatherLesson('phan-loai-rac'))
  files.set('content/content.json', Buffer.from(JSON.stringify(CONTENT)))
  const { id } = taken(await world.upload(await world.zip(files)))
  taken(await world.host.lessons.describe(id, change))
  taken(await world.host.lessons.publish(id, { by: 'an' }))
  return id
}
interface Of {
  attempt: { id: string; lesson: string; started: number }
  token: string
}
const headers = ({ token }: Of) => ({ 'Content-Type': 'application/json', Authorization: `Bearer ${token}` })
const answered = (of: Of, response: string) => ({
  id: randomUUID(),
  at: new Date(of.attempt.started + 1).toISOString(),
  statement: {
    verb: { id: `${ADL}answered` },
    object: { id: `${world.url}/lessons/${of.attempt.lesson}?subContentId=q-gap` },
    result: { response, completion: true },
  },
})
const told = async ({ attempt }: Of): Promise<Answer[]> =>
  (await world.statements()).filter((each) => (each as Answer).context?.registration === attempt.id)
const verbs = async (of: Of) => (await told(of)).map((each) => each.verb.id.slice(ADL.length))

describe('what one attempt says holds up no other', () => {
  test.each(['\ud800', 'a\0b'])(
    'an answer that cannot be recorded is refused, and nothing of it is kept',
    async (answer) => {
      const mode = { kind: 'assessed', attempts: 1, passPercent: 50, shuffle: false } as const
      const of = taken(await world.host.play(await lessonOf({ mode }), 'p-harm'))
      const other = taken(await world.host.play(await lessonOf({}), 'p-other'))
      const response = await fetch(`${world.url}/h5p/attempts/${of.attempt.id}/answers`, {
        method: 'POST',
        headers: headers(of),
        body: JSON.stringify({ answers: { 'q-gap': answer } }),
      })
      expect(response.status).toBe(400)
      world.pass(IDLE)
      await world.host.leaveIdle()
      expect(await verbs(of)).toEqual(['initialized', 'terminated'])
      expect(await verbs(other)).toEqual(['initialized', 'terminated'])
    },
  )

  test('an attempt of which something cannot be told leaves the others to be told', async () => {
    const id = await lessonOf({})
    const bad = taken(await world.host.play(id, 'p-bad'))
    const good = taken(await world.host.play(id, 'p-good'))
    world.pass(IDLE)
    const host = await world.again({
      lrs: {
        recordStatements: (_caller: unknown, { statements }: { statements: Answer[] }) =>
          statements.some(({ context }) => context.registration === bad.attempt.id)
            ? { ok: false, status: 400, problems: [{ id: 'x', status: 400, message: '' }], total: 1 }
            : world.record(statements),
      } as never,
    })
    await expect(host.leaveIdle()).rejects.toThrow('was refused')
    expect(await verbs(good)).toEqual(['initialized', 'terminated'])
    await world.host.leaveIdle()
    expect(await verbs(bad)).toEqual(['initialized', 'terminated'])
  })
})

test('what was on its way while an attempt was claimed is the claimer’s, and lost to nobody', async () => {
  const id = await lessonOf({ anonymous: true, completion: { by: 'answered' } })
  const key = randomUUID()
  const of = taken(await world.host.playAnonymously(id, key))
  const body = JSON.stringify({ events: [answered(of, 'nuoc')] })
  const sending = request(`${world.url}/h5p/attempts/${of.attempt.id}/events`, {
    method: 'POST',
    headers: { ...headers(of), 'Content-Length': Buffer.byteLength(body) },
  })
  const answer = new Promise<number>((done) =>
    sending.on('response', (got) => done(got.resume().statusCode ?? 0)),
  )
  // A slow line: the attempt is read with the token, and claimed before the body is there.
  sending.write(body.slice(0, 10))
  await pause(300)
  taken(await world.host.claim(of.attempt.id, { person: 'p-claims', key }))
  sending.end(body.slice(10))
  expect(await answer).toBe(200)
  expect((await verbs(of)).sort()).toEqual(['answered', 'completed', 'initialized'])
  expect(new Set((await told(of)).map((each) => each.actor.account.name))).toEqual(new Set(['p-claims']))
  expect(await world.host.attempts(id, 'p-claims')).toHaveLength(1)
  expect(await world.host.claim(of.attempt.id, { person: 'p-thief', key })).toMatchObject({ status: 403 })
})

test('who took the lesson before goes on with the attempt that they claim', async () => {
  const id = await lessonOf({ anonymous: true, completion: { by: 'answered' } })
  const events = (of: Of, body: object) =>
    fetch(`${world.url}/h5p/attempts/${of.attempt.id}/events`, {
      method: 'POST',
      headers: headers(of),
      body: JSON.stringify(body),
    })
  const state = (data: string) => [
    { dataType: 'state', subContentId: '0', data, preload: true, invalidate: false },
  ]
  const first = taken(await world.host.play(id, 'p-again'))
  await events(first, { state: state('{"at":1}') })
  await events(first, { events: [answered(first, 'nuoc')] })
  const key = randomUUID()
  const of = taken(await world.host.playAnonymously(id, key))
  await events(of, { state: state('{"at":2}') })
  taken(await world.host.claim(of.attempt.id, { person: 'p-again', key }))
  const next = taken(await world.host.play(id, 'p-again'))
  expect(next).toMatchObject({ attempt: { id: of.attempt.id }, resumed: true })
  expect(await (await fetch(new URL(next.frameUrl, world.url))).text()).toContain('{\\"at\\":2}')
})

test('what is assessed is nobody’s to play without a name, and says so of itself', async () => {
  const mode = { kind: 'assessed', attempts: 1, passPercent: 50, shuffle: false } as const
  const id = await lessonOf({ mode, anonymous: true })
  expect(await world.host.lessons.get(id)).toMatchObject({ anonymous: false, draft: { anonymous: true } })
  expect(await world.host.playAnonymously(id, randomUUID())).toMatchObject({ status: 403 })
})

test('a preview, and what stayed nobody’s, go by themselves, whatever came of them', async () => {
  const id = await lessonOf({ anonymous: true })
  const { collections } = world.store
  const left = () =>
    Promise.all([
      collections.count(attempts, { index: 'lesson', equals: { lesson: id } }),
      collections.count(openAttempts, { index: 'lesson', equals: { lesson: id } }),
      collections.count(userData, { index: 'content', equals: { content: id } }),
    ])
  // Hosts of which two seconds are left until then.
  for (const [age, open] of [
    [DAY, (host) => host.play(id, 'an', { draft: true })],
    [15 * DAY, (host) => host.playAnonymously(id, randomUUID())],
  ] as [number, (host: Host) => Promise<Of>][]) {
    const host = await world.again({ now: () => Date.now() - age + 2_000 })
    const server = express().use('/h5p', host.router).listen(0)
    const of = taken(await open(host))
    const { port } = server.address() as AddressInfo
    const state = [{ dataType: 'state', subContentId: '0', data: '{}', preload: true, invalidate: false }]
    const response = await fetch(`http://127.0.0.1:${port}/h5p/attempts/${of.attempt.id}/events`, {
      method: 'POST',
      headers: headers(of),
      body: JSON.stringify({ events: [answered(of, 'nuoc')], state }),
    })
    expect(response.status).toBe(200)
    server.close()
    await pause(2_500)
    expect(await left()).toEqual([0, 0, 0])
  }
})
