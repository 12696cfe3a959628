import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startXapi, type TestClient, type TestXapi } from '../../../tests/support/xapi.ts'
import { DEFAULT_SCOPES } from '../../caller.ts'

let xapi: TestXapi
let one: TestClient
let two: TestClient
beforeAll(async () => {
  xapi = await startXapi({ limits: { documentBytes: 10_000 } })
  one = await xapi.issue(DEFAULT_SCOPES, 'One')
  two = await xapi.issue(DEFAULT_SCOPES, 'Two')
})
afterAll(async () => {
  await xapi.close()
  expect(xapi.errors).toEqual([])
})

const agent = JSON.stringify({ mbox: 'mailto:hoa@example.vn' })
const activityId = () => `http://example.vn/activities/${crypto.randomUUID()}`
type Query = Record<string, string>
const kinds: [string, () => Query, (id: string) => Query][] = [
  ['/xapi/activities/state', () => ({ agent, activityId: activityId() }), (stateId) => ({ stateId })],
  ['/xapi/activities/profile', () => ({ activityId: activityId() }), (profileId) => ({ profileId })],
  [
    '/xapi/agents/profile',
    () => ({ agent: JSON.stringify({ mbox: `mailto:${crypto.randomUUID()}@example.vn` }) }),
    (profileId) => ({ profileId }),
  ],
]
const etagOf = (text: string) => `"${createHash('sha1').update(text).digest('hex')}"`

test.each(kinds)('%s keeps bytes and content type, with ETag and Last-Modified', async (path, scope, id) => {
  const query = { ...scope(), ...id('a') }
  const bytes = Buffer.from([0, 255, 13, 10, 128])
  const put = await one
    .request('put', path)
    .query(query)
    .set('Content-Type', 'application/x-own; a="b"')
    .set('If-None-Match', '*')
    .serialize(((body: Buffer) => body) as never)
    .send(bytes)
  expect(put.status).toBe(204)
  const get = await one
    .request('get', path)
    .query(query)
    .buffer(true)
    .parse((response, done) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => done(null, Buffer.concat(chunks)))
    })
  expect((get.body as Buffer).equals(bytes)).toBe(true)
  expect(get.headers['content-type']).toBe('application/x-own; a="b"')
  expect(get.headers.etag).toBe(`"${createHash('sha1').update(bytes).digest('hex')}"`)
  expect(Date.parse(get.headers['last-modified'] ?? '')).toBeGreaterThan(0)
  const head = await one.request('head', path).query(query)
  expect([head.status, head.headers.etag, head.headers['content-length']]).toEqual([
    200,
    get.headers.etag,
    '5',
  ])
  const again = await one
    .request('get', path)
    .query(query)
    .set('If-None-Match', get.headers.etag ?? '')
  expect(again.status).toBe(304)
})

test.each(kinds)('%s: each source has documents of its own', async (path, scope, id) => {
  const query = { ...scope(), ...id('a') }
  await one.request('post', path).query(query).send({ of: 'one' })
  await two.request('post', path).query(query).send({ of: 'two' })
  expect((await one.request('get', path).query(query)).body).toEqual({ of: 'one' })
  await two.request('delete', path).query(query)
  expect((await two.request('get', path).query(query)).status).toBe(404)
  expect((await one.request('get', path).query(query)).body).toEqual({ of: 'one' })
})

test.each([
  ['/xapi/activities/state', '1.0.3', 204, 204],
  ['/xapi/activities/state', '2.0.0', 204, 409],
  ['/xapi/activities/profile', '1.0.3', 400, 409],
  ['/xapi/activities/profile', '2.0.0', 204, 409],
  ['/xapi/agents/profile', '1.0.3', 400, 409],
  ['/xapi/agents/profile', '2.0.0', 204, 409],
])(
  'PUT without a precondition to %s under %s is %i for a new document and %i over one',
  async (path, version, fresh, over) => {
    const [, scope, id] = kinds.find((kind) => kind[0] === path) ?? kinds[0]!
    const query = { ...scope(), ...id('a') }
    expect((await one.request('put', path, version).query(query).send({ a: 1 })).status).toBe(fresh)
    await one.request('put', path, version).query(query).set('If-None-Match', '*').send({ a: 1 })
    expect((await one.request('put', path, version).query(query).send({ a: 2 })).status).toBe(over)
    expect((await one.request('get', path).query(query)).body).toEqual({ a: over === 204 ? 2 : 1 })
  },
)

test.each(kinds)(
  'XAPI-00322: %s honours If-Match on PUT, POST and DELETE, and a failed one changes nothing',
  async (path, scope, id) => {
    const query = { ...scope(), ...id('a') }
    await one.request('post', path).query(query).send({ a: 1 })
    for (const method of ['put', 'post', 'delete'] as const) {
      const answer = await one
        .request(method, path)
        .query(query)
        .set('If-Match', '"abc"')
        .send(method === 'delete' ? undefined : { b: 1 })
      expect(answer.status).toBe(412)
    }
    expect((await one.request('get', path).query(query)).text).toBe('{"a":1}')
    const put = await one.request('put', path).query(query).set('If-Match', etagOf('{"a":1}')).send({ a: 2 })
    expect(put.status).toBe(204)
    const post = await one
      .request('post', path)
      .query(query)
      .set('If-Match', `W/${etagOf('{"a":2}')}`)
      .send({ b: 3 })
    expect(post.status).toBe(204)
    expect((await one.request('get', path).query(query)).body).toEqual({ a: 2, b: 3 })
    const gone = await one.request('delete', path).query(query).set('If-Match', '*')
    expect(gone.status).toBe(204)
    const none = await one.request('put', path).query(query).set('If-Match', '*').send({})
    expect(none.status).toBe(412)
  },
)

test.each(kinds)('%s: merges that happen at once lose nothing', async (path, scope, id) => {
  const query = { ...scope(), ...id('a') }
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, number) =>
      one
        .request('post', path)
        .query(query)
        .send({ [`k${number}`]: number }),
    ),
  )
  expect(answers.map(({ status }) => status)).toEqual(Array(12).fill(204))
  expect(Object.keys((await one.request('get', path).query(query)).body)).toHaveLength(12)
})

test('XAPI-00229: what cannot be merged is 400 and changes nothing', async () => {
  const [path, scope, id] = kinds[0]!
  const query = { ...scope(), ...id('a') }
  await one.request('post', path).query(query).send({ a: 1 })
  const send = (type: string, body: string) =>
    one
      .request('post', path)
      .query(query)
      .set('Content-Type', type)
      .serialize(String as never)
      .send(body)
  for (const [type, body] of [
    ['text/plain', '{"b":1}'],
    ['application/json', '[1]'],
    ['application/json', '{"b":'],
    ['application/json', ''],
  ] as const) {
    expect((await send(type, body)).status).toBe(400)
  }
  expect((await one.request('get', path).query(query)).text).toBe('{"a":1}')
})

test('a document beyond the limit is 413, also when merging makes it so', async () => {
  const [path, scope, id] = kinds[0]!
  const query = { ...scope(), ...id('a') }
  expect(
    (
      await one
        .request('post', path)
        .query(query)
        .send({ a: 'x'.repeat(10_000) })
    ).status,
  ).toBe(413)
  expect(
    (
      await one
        .request('post', path)
        .query(query)
        .send({ a: 'x'.repeat(6_000) })
    ).status,
  ).toBe(204)
  const merged = await one
    .request('post', path)
    .query(query)
    .send({ b: 'x'.repeat(6_000) })
  expect([merged.status, merged.body.error]).toEqual([413, expect.stringContaining('10000 bytes')])
})

test('XAPI-00195: lists hold the ids of the scope, changed after since, and DELETE of state clears it', async () => {
  const path = '/xapi/activities/state'
  const query = { agent, activityId: activityId() }
  const registration = crypto.randomUUID()
  await one
    .request('post', path)
    .query({ ...query, stateId: 'a' })
    .send({})
  await new Promise((go) => setTimeout(go, 5))
  const since = new Date().toISOString()
  await new Promise((go) => setTimeout(go, 5))
  await one
    .request('post', path)
    .query({ ...query, stateId: 'b', registration })
    .send({})
  const list = async (more: Query = {}) =>
    (await one.request('get', path).query({ ...query, ...more })).body.sort()
  expect(await list()).toEqual(['a', 'b'])
  expect(await list({ since })).toEqual(['b'])
  expect(await list({ registration })).toEqual(['b'])
  expect((await one.request('get', path).query({ ...query, stateId: 'b' })).status).toBe(404)
  expect((await one.request('delete', path).query({ ...query, since })).status).toBe(400)
  await one.request('delete', path).query({ ...query, registration })
  expect(await list()).toEqual(['a'])
  await one.request('delete', path).query(query)
  expect(await list()).toEqual([])
})

test('XAPI2-4.1.6.2-list-since: since beside the id of one document is refused in 2.0', async () => {
  const query = { agent, activityId: activityId(), stateId: 'a' }
  await one.request('post', '/xapi/activities/state').query(query).send({})
  const since = '2020-01-01T00:00:00Z'
  const ask = (version: string) =>
    one.request('get', '/xapi/activities/state', version).query({ ...query, since })
  expect((await ask('1.0.3')).status).toBe(200)
  expect((await ask('2.0.0')).status).toBe(400)
})

test('profiles are deleted one by one only', async () => {
  expect((await one.request('delete', '/xapi/agents/profile').query({ agent })).status).toBe(400)
  expect(
    (await one.request('delete', '/xapi/activities/profile').query({ activityId: activityId() })).status,
  ).toBe(400)
})
