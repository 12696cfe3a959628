import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { client, startXapi, type TestXapi } from '../../tests/support/xapi.ts'
import { readAudit } from '../audit/read.ts'
import { DEFAULT_SCOPES } from '../caller.ts'
import { createAuthenticate } from './authenticate.ts'

let xapi: TestXapi
beforeAll(async () => {
  xapi = await startXapi()
})
afterAll(() => xapi.close())
afterEach(() => vi.useRealTimers())

const statements = '/xapi/statements'
const pause = (ms: number) => new Promise((go) => setTimeout(go, ms))

test('XAPI-00334: without credentials the answer is 401 with WWW-Authenticate for Basic and Bearer', async () => {
  const { status, headers, body } = await client(xapi.server, 'nobody', 'knows')
    .request('get', statements)
    .unset('Authorization')
  expect(status).toBe(401)
  expect(headers['www-authenticate']).toContain('Basic realm=')
  expect(headers['www-authenticate']).toContain('Bearer realm=')
  expect(headers['x-experience-api-version']).toBe('1.0.3')
  expect(body.problems[0].id).toBe('authorization-missing')
})

test.each([
  ['an unknown key', 'Basic bm9ib2R5OmtodW5n'],
  ['a header without a space', 'Basic:bm9ib2R5OmtodW5n'],
  ['a scheme of another kind', 'Digest username="a"'],
  ['nothing behind the scheme', 'Basic'],
  ['a token without a dot', 'Bearer abc'],
  ['bytes that are not UTF-8', 'Basic //79/A=='],
])('XAPI-00334: %s is 401', async (_name, header) => {
  const answer = await client(xapi.server, 'a', 'b').request('get', statements).set('Authorization', header)
  expect(answer.status).toBe(401)
  expect(answer.headers['www-authenticate']).toBeDefined()
})

test('XAPI-00335: key and secret by Basic, and the token "key.secret" by Bearer, name the same caller', async () => {
  const { credential, secret, authorization } = await xapi.issue(DEFAULT_SCOPES)
  const authenticate = createAuthenticate(xapi.storage.system)
  const basic = await authenticate(authorization)
  const bearer = await authenticate(`Bearer ${credential.key}.${secret}`)
  expect(basic).toEqual(bearer)
  expect(basic).toMatchObject({
    ok: true,
    caller: { tenant: 'main', source: 'one', credential: credential.key },
  })
})

test('a token in the query is a parameter that nobody knows', async () => {
  const { credential, secret } = await xapi.issue(DEFAULT_SCOPES)
  const answer = await client(xapi.server, 'a', 'b')
    .request('get', `${statements}?access_token=${credential.key}.${secret}`)
    .unset('Authorization')
  expect(answer.status).toBe(401)
})

test('a revoked credential is refused within a second, and in every process that reads the store', async () => {
  const { credential, request } = await xapi.issue(DEFAULT_SCOPES)
  expect((await request('get', statements)).status).toBe(200)
  await xapi.registry().revoke(credential.key, 'operator')
  await pause(600)
  const answer = await request('get', statements)
  expect(answer.status).toBe(401)
  expect(answer.body.problems[0].id).toBe('credential-revoked')
})

test('a narrowed credential is narrower within a second, and the refusal names the scope', async () => {
  const { credential, request } = await xapi.issue(DEFAULT_SCOPES)
  expect((await request('get', statements)).status).toBe(200)
  await xapi.registry().narrow(credential.key, ['state'], 'operator')
  await pause(600)
  const answer = await request('get', statements)
  expect(answer.status).toBe(403)
  expect(answer.body.error).toContain('statements/read/mine')
})

test('a credential is refused from its time of expiry on', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  const issued = await xapi
    .registry()
    .issue('one', { label: 'short', expires: Date.now() + 60_000 }, 'operator')
  if ('ok' in issued) throw new Error('refused')
  const { request } = client(xapi.server, issued.credential.key, issued.secret)
  expect((await request('get', statements)).status).toBe(200)
  vi.setSystemTime(Date.now() + 61_000)
  expect((await request('get', statements)).body.problems[0].id).toBe('credential-expired')
})

test('a rotated credential works beside its successor until the overlap ends, under the same authority', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  const old = await xapi.issue(DEFAULT_SCOPES, 'Rotating')
  const rotated = await xapi.registry().rotate(old.credential.key, 'operator', 60_000)
  if ('ok' in rotated) throw new Error('refused')
  const authenticate = createAuthenticate(xapi.storage.system)
  const before = await authenticate(old.authorization)
  const after = await authenticate(`Bearer ${rotated.credential.key}.${rotated.secret}`)
  if (!before.ok || !after.ok) throw new Error('refused')
  expect(after.caller.authority).toEqual(before.caller.authority)
  expect(after.caller.scopes).toEqual(before.caller.scopes)
  vi.setSystemTime(Date.now() + 61_000)
  expect((await authenticate(old.authorization)).ok).toBe(false)
})

test('wrong secrets for a key that was made here cost no argon2, and its owner never waits for one', async () => {
  const { credential, request } = await xapi.issue(DEFAULT_SCOPES, 'Flooded')
  const runs = xapi.memory.runs
  const flood = Array.from({ length: 60 }, (_, number) =>
    client(xapi.server, credential.key, `wrong-secret-${number}`).request('get', statements),
  )
  const [answers, own] = await Promise.all([Promise.all(flood), request('get', statements)])
  expect(own.status).toBe(200)
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]))
  expect(xapi.memory.runs).toBe(runs)
})

test('a flood of wrong secrets for a secret that was given is bounded, and the credential in use is served meanwhile', async () => {
  const { credential } = await xapi.issue(DEFAULT_SCOPES, 'Given')
  const given = { key: 'given-key', secret: 'chosen-by-a-person', label: 'given' }
  expect(await xapi.registry().issue(credential.source, given, 'test')).not.toHaveProperty('ok')
  const { request } = client(xapi.server, given.key, given.secret)
  expect((await request('get', statements)).status).toBe(200)
  const flood = Array.from({ length: 60 }, (_, number) =>
    client(xapi.server, given.key, `wrong-secret-${number}`).request('get', statements),
  )
  let ended = false
  const flooded = Promise.all(flood).finally(() => {
    ended = true
  })
  expect((await request('get', statements)).status).toBe(200)
  expect(ended).toBe(false)
  const answers = await flooded
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401, 429]))
  expect(answers.find(({ status }) => status === 429)?.headers['retry-after']).toBeDefined()
})

test('every change is in the audit with its author, and no secret is', async () => {
  const { credential, secret } = await xapi.issue(DEFAULT_SCOPES, 'Logged')
  await xapi.registry().narrow(credential.key, ['state'], 'Lan')
  await xapi.registry().revoke(credential.key, 'Minh')
  const { entries } = await readAudit([xapi.storage.system], 'main', { source: credential.source, limit: 10 })
  expect(entries.map(({ action, actor }) => [action, actor])).toEqual([
    ['credential-revoke', 'Minh'],
    ['credential-narrow', 'Lan'],
    ['credential-issue', 'test'],
    ['source-create', 'test'],
  ])
  expect(JSON.stringify(entries)).not.toContain(secret)
})

test('two tenants never see each other, whatever the source is called', async () => {
  await xapi.tenants.create('hungyen', 'Hưng Yên', 'test')
  const here = await xapi.issue(['all'], 'Moodle', 'main')
  const there = await xapi.issue(['all'], 'Moodle', 'hungyen')
  expect(await xapi.registry('main').revoke(there.credential.key, 'Lan')).toMatchObject({
    ok: false,
    status: 404,
  })
  const found = await createAuthenticate(xapi.storage.system)(there.authorization)
  expect(found).toMatchObject({
    caller: { tenant: 'hungyen', authority: { account: { homePage: 'urn:suotdoi:tenant:hungyen' } } },
  })
  expect(here.credential.source).toBe(there.credential.source)
})
