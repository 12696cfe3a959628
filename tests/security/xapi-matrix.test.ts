import request from 'supertest'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DEFAULT_SCOPES, type Scope } from '../../lrs/index.ts'
import { type Cast, openCast } from './cast.ts'
import { changed, openDump } from './dump.ts'
import { MARK, must } from './objects.ts'

/** Who asks: `own` is the source that told what is asked for. */
const CALLERS = ['nobody', 'wrong', 'session', 'revoked', 'scopeless', 'other', 'own'] as const
type CallerName = (typeof CALLERS)[number]
type Statuses = Record<CallerName, number>

const VERSION = { 'X-Experience-API-Version': '1.0.3' }
const HOME = 'https://moodle.example.org'
const AGENT = JSON.stringify({ account: { homePage: HOME, name: 'lan' } })
const ACTIVITY = `${HOME}/course/7`
const refusedTo = (other: number, own: number): Statuses => ({
  nobody: 401,
  wrong: 401,
  session: 401,
  revoked: 401,
  scopeless: 403,
  other,
  own,
})

let cast: Cast
let headers: Record<CallerName, Record<string, string>>

beforeAll(async () => {
  cast = await openCast()
  const { sources } = cast.services
  const { operator } = cast.roles
  const by = operator.person!.id
  const basic = (key: string, secret: string) => ({
    Authorization: `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}`,
  })
  const issue = async (source: string, scopes: readonly Scope[]) => {
    const { credential, secret } = must(await sources.issue(source, { label: 'x', scopes }, by))
    return { key: credential.key, header: basic(credential.key, secret) }
  }
  const { source } = cast.objects
  const elsewhere = must(await sources.create({ name: 'Nơi khác', kind: 'lms' }, by))
  const revoked = await issue(source!, DEFAULT_SCOPES)
  must(await sources.revoke(revoked.key, by))
  const cookies = (await cast.roles.owner.agent.get('/me')).request.get('Cookie')
  headers = {
    nobody: {},
    wrong: basic(cast.objects.key!, 'not the secret of anything'),
    session: { Cookie: String(cookies) },
    revoked: revoked.header,
    scopeless: (await issue(source!, ['define'])).header,
    other: (await issue(elsewhere.id, DEFAULT_SCOPES)).header,
    own: { Authorization: cast.objects.credential! },
  }
  // What an LMS keeps of its learner.
  for (const path of DOCUMENTS) {
    const put = request(cast.app).put(path).set(VERSION).set(headers.own).set('If-None-Match', '*')
    await put.type('text/plain').send(MARK).expect(204)
  }
})
afterAll(() => cast.close())

const query = (of: Record<string, string>) => new URLSearchParams(of)
const DOCUMENTS = [
  `/xapi/activities/state?${query({ activityId: ACTIVITY, agent: AGENT, stateId: 'place' })}`,
  `/xapi/activities/profile?${query({ activityId: ACTIVITY, profileId: 'place' })}`,
  `/xapi/agents/profile?${query({ agent: AGENT, profileId: 'place' })}`,
]

test('what one source told and keeps is read by its own credential alone', async () => {
  const { statement } = cast.objects
  const reads: [string, Statuses][] = [
    [`/xapi/statements?statementId=${statement}`, refusedTo(404, 200)],
    [`/xapi/statements?${query({ agent: AGENT })}`, refusedTo(200, 200)],
    [`/xapi/statements?${query({ activity: ACTIVITY })}`, refusedTo(200, 200)],
    ...DOCUMENTS.map((path): [string, Statuses] => [path, refusedTo(404, 200)]),
  ]
  for (const [path, statuses] of reads)
    for (const name of CALLERS) {
      const answer = await request(cast.app).get(path).set(VERSION).set(headers[name])
      expect({ path, name, status: answer.status }).toEqual({ path, name, status: statuses[name] })
      expect({ path, name, tells: answer.text.includes(MARK) }).toEqual({ path, name, tells: name === 'own' })
    }
})

test('whoever may not write changes nothing, and nobody voids what is another’s', async () => {
  const { statement } = cast.objects
  const dump = openDump(cast.dataDir)
  const told = {
    actor: { account: { homePage: HOME, name: 'lan' } },
    verb: { id: 'http://adlnet.gov/expapi/verbs/voided' },
    object: { objectType: 'StatementRef', id: statement },
  }
  for (const name of CALLERS.filter((each) => each !== 'own' && each !== 'other')) {
    const before = dump.take()
    const statuses: number[] = []
    const post = request(cast.app).post('/xapi/statements').set(VERSION).set(headers[name])
    statuses.push((await post.send(told)).status)
    for (const path of DOCUMENTS) {
      const put = request(cast.app).put(path).set(VERSION).set(headers[name])
      statuses.push((await put.type('text/plain').send('x')).status)
      statuses.push((await request(cast.app).delete(path).set(VERSION).set(headers[name])).status)
    }
    expect({ name, statuses: [...new Set(statuses)] }).toEqual({
      name,
      statuses: [name === 'scopeless' ? 403 : 401],
    })
    expect({ name, changed: changed(before, dump.take()) }).toEqual({ name, changed: [] })
  }
  await request(cast.app).post('/xapi/statements').set(VERSION).set(headers.other).send(told)
  for (const path of DOCUMENTS) await request(cast.app).delete(path).set(VERSION).set(headers.other)
  const read = (path: string) => request(cast.app).get(path).set(VERSION).set(headers.own)
  expect((await read(`/xapi/statements?statementId=${statement}`)).status).toBe(200)
  for (const path of DOCUMENTS) expect((await read(path)).text).toBe(MARK)
  dump.close()
})

test('a credential opens no page', async () => {
  for (const path of ['/me/transcript', '/operator', '/lms', '/author']) {
    const answer = await request(cast.app).get(path).set(headers.own)
    expect([path, answer.status, answer.headers.location?.split('?')[0]]).toEqual([path, 303, '/sign-in'])
  }
})

test('a credential that reads all sources is shown what people agreed to, and in that moment no more', async () => {
  const { profiles, sources } = cast.services
  const { owner, operator } = cast.roles
  const wide = must(await sources.create({ name: 'Phân tích', kind: 'lms' }, operator.person!.id))
  const { credential, secret } = must(
    await sources.issue(wide.id, { label: 'x', scopes: ['all/read'] }, operator.person!.id),
  )
  const reader = `Basic ${Buffer.from(`${credential.key}:${secret}`).toString('base64')}`
  const stranger = { account: { homePage: HOME, name: 'khong-noi' } }
  const told = {
    actor: stranger,
    verb: { id: 'http://adlnet.gov/expapi/verbs/completed' },
    object: { id: `${HOME}/course/${MARK}` },
  }
  const post = request(cast.app).post('/xapi/statements').set(VERSION).set(headers.own)
  const [unlinked] = (await post.send(told)).body as string[]
  const { statement } = cast.objects
  const shown = async () => {
    const ask = (path: string) => request(cast.app).get(path).set(VERSION).set('Authorization', reader)
    const one = async (id: string) => (await ask(`/xapi/statements?statementId=${id}`)).status
    const list = await ask('/xapi/statements')
    const names = await ask(`/xapi/agents?${query({ agent: AGENT })}`)
    return {
      one: await one(statement!),
      unlinked: await one(unlinked!),
      listed: list.text.includes(statement!),
      stranger: list.text.includes('khong-noi'),
      names: names.body.name !== undefined,
    }
  }
  const nothing = { one: 404, unlinked: 404, listed: false, stranger: false, names: false }
  expect(await shown()).toEqual({ ...nothing, one: 200, listed: true })
  const given = { purpose: 'learning-record', version: 1, language: 'vi', where: 'page' } as const
  must(await profiles.consents.answer(owner.person!.id, { ...given, answer: 'no' }))
  expect(await shown()).toEqual(nothing)
})
