import { connect } from 'node:net'
import supertest from 'supertest'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { client, someStatement, startXapi, type TestClient, type TestXapi } from '../../tests/support/xapi.ts'
import { createRequestLog } from '../auth/request-log.ts'
import { StorageUnavailable } from '../storage/port.ts'

let xapi: TestXapi
let all: TestClient
const log = createRequestLog()
beforeAll(async () => {
  xapi = await startXapi({
    limits: { bodyIdleMs: 300, statementsBytes: 100_000, documentBytes: 50_000 },
    requestLogOf: () => log,
  })
  all = await xapi.issue(['all'])
})
afterAll(async () => {
  await xapi.close()
  expect(xapi.errors).toEqual([])
})

const statements = '/xapi/statements'

test.each(['/xapi/statements', '/xapi/agents/profile', '/xapi/nothing'])(
  'OPTIONS %s answers 204 without credentials and allows what xAPI clients send',
  async (path) => {
    const { status, headers } = await supertest(xapi.server)
      .options(path)
      .set('Origin', 'https://lms.example')
      .set('Access-Control-Request-Method', 'PUT')
    expect(status).toBe(204)
    expect(headers['access-control-allow-origin']).toBe('*')
    expect(headers['access-control-allow-credentials']).toBeUndefined()
    expect(headers['access-control-allow-methods']).toBe('GET, HEAD, PUT, POST, DELETE')
    for (const name of [
      'Authorization',
      'Content-Type',
      'X-Experience-API-Version',
      'X-Experience-API-Hash',
      'If-Match',
      'If-None-Match',
    ]) {
      expect(headers['access-control-allow-headers']).toContain(name)
    }
    const kept = await fetch(`http://127.0.0.1:${xapi.port}${path}`, { method: 'OPTIONS' })
    expect(kept.headers.get('connection')).toBe('keep-alive')
  },
)

test('every answer exposes its headers to pages and carries a request id, refusals too', async () => {
  const refused = await supertest(xapi.server).get(statements)
  for (const { headers } of [refused, await all.request('get', statements)]) {
    expect(headers['access-control-allow-origin']).toBe('*')
    for (const name of [
      'ETag',
      'Last-Modified',
      'X-Experience-API-Version',
      'X-Experience-API-Consistent-Through',
      'WWW-Authenticate',
      'Retry-After',
    ]) {
      expect(headers['access-control-expose-headers']).toContain(name)
    }
    expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
    expect(headers['set-cookie']).toBeUndefined()
  }
  expect(refused.body.requestId).toBe(refused.headers['x-request-id'])
})

test.each([
  ['1.0', 200, '1.0.3'],
  ['1.0.0', 200, '1.0.3'],
  ['1.0.2', 200, '1.0.3'],
  ['1.0.9', 200, '1.0.3'],
  ['2.0', 200, '2.0.0'],
  ['2.0.0', 200, '2.0.0'],
  ['0.95', 400, '2.0.0'],
  ['1.1.0', 400, '2.0.0'],
  ['2.1.0', 400, '2.0.0'],
  ['1.0.x', 400, '2.0.0'],
  ['', 400, '2.0.0'],
])(
  'XAPI-00331: the version header "%s" is answered with %i and the version %s',
  async (version, status, answered) => {
    const answer = await all.request('get', statements, version)
    expect(answer.status).toBe(status)
    expect(answer.headers['x-experience-api-version']).toBe(answered)
  },
)

test('XAPI-00321: only /about is answered without a version header', async () => {
  const answer = await all.request('get', statements).unset('X-Experience-API-Version')
  expect([answer.status, answer.headers['x-experience-api-version']]).toEqual([400, '2.0.0'])
  const about = await supertest(xapi.server).get('/xapi/about')
  expect(about.status).toBe(200)
  expect(about.body.version).toEqual(expect.arrayContaining(['1.0.3', '2.0.0']))
})

test.each([
  '/xapi/statements',
  '/xapi/statements/',
  '/xAPI/statements',
  '/data/xAPI/statements/',
  '/xapi/statements/statements',
])('%s is the statement resource', async (path) => {
  expect((await all.request('get', path)).body).toHaveProperty('statements')
})

test.each([
  '/xapi/statements',
  '/xapi/about',
  '/xapi/activities?activityId=http://example.vn/a',
  '/xapi/agents?agent={"mbox":"mailto:a@b.vn"}',
])('XAPI-00126: HEAD %s answers as GET would, without a body', async (path) => {
  const get = await all.request('get', path)
  const head = await all.request('head', path)
  expect(head.status).toBe(200)
  expect(head.text ?? '').toBe('')
  for (const name of ['content-type', 'content-length', 'x-experience-api-version']) {
    expect(head.headers[name]).toBe(get.headers[name])
  }
})

test('a method that a resource does not have is 405 and told what it has', async () => {
  const answer = await all.request('delete', statements)
  expect([answer.status, answer.headers.allow]).toEqual([405, 'GET, HEAD, PUT, POST, OPTIONS'])
})

test('XAPI-00336: the alternate syntax of 1.0.x stands for the request in its form', async () => {
  const statement = someStatement({ id: crypto.randomUUID() })
  const put = await supertest(xapi.server)
    .post(`${statements}?method=PUT`)
    .type('form')
    .send({
      statementId: statement.id,
      Authorization: all.authorization,
      'X-Experience-API-Version': '1.0.3',
      content: JSON.stringify(statement),
    })
  expect(put.status).toBe(204)
  const get = await supertest(xapi.server).post(`${statements}?method=GET`).type('form').send({
    statementId: statement.id,
    Authorization: all.authorization,
    'X-Experience-API-Version': '1.0.3',
  })
  expect(get.body.id).toBe(statement.id)
})

test('a form that was not percent-encoded is read as UTF-8, or refused', async () => {
  const id = crypto.randomUUID()
  const statement = someStatement({ id, actor: { mbox: 'mailto:hoa@example.vn', name: 'Nguyễn Thị Hoa' } })
  const send = (body: Buffer) =>
    all
      .request('post', `${statements}?method=PUT`)
      .type('form')
      .serialize(((bytes: Buffer) => bytes) as never)
      .send(body)
  expect((await send(Buffer.from(`statementId=${id}&content=${JSON.stringify(statement)}`))).status).toBe(204)
  expect((await all.request('get', `${statements}?statementId=${id}`)).body.actor.name).toBe('Nguyễn Thị Hoa')
  const broken = await send(Buffer.from([...Buffer.from(`statementId=${id}&content=`), 0xff]))
  expect([broken.status, broken.body.problems[0].id]).toEqual([400, 'body-utf8'])
})

test('the alternate syntax is no part of 2.0, wherever the version stands', async () => {
  const form = { Authorization: all.authorization, 'X-Experience-API-Version': '2.0.0' }
  const inForm = await supertest(xapi.server).post(`${statements}?method=GET`).type('form').send(form)
  expect([inForm.status, inForm.body.problems[0].id]).toEqual([400, 'alternate-version'])
  const inHeader = await all.request('post', `${statements}?method=GET`, '2.0.0').type('form').send({})
  expect([inHeader.status, inHeader.body.problems[0].id]).toEqual([400, 'alternate-version'])
})

test.each([
  ['an unknown parameter', `${statements}?foo=bar`, 'parameter-unknown'],
  ['a parameter in the wrong case', `${statements}?Limit=1`, 'parameter-case'],
  ['a repeated parameter', `${statements}?limit=1&limit=2`, 'parameter-repeated'],
  ['broken percent-encoding', `${statements}?verb=%zz`, 'parameter-encoding'],
  ['NUL', `${statements}?verb=%00`, 'parameter-nul'],
  ['a time that is none', `${statements}?since=yesterday`, 'parameter-malformed'],
  ['an agent that is no JSON', `${statements}?agent=mailto:a@b.vn`, 'agent-not-json'],
  [
    'an agent with a repeated key',
    `${statements}?agent={"mbox":"mailto:a@b.vn","mbox":"mailto:a@b.vn"}`,
    'agent-not-json',
  ],
  [
    'both ids',
    `${statements}?statementId=${crypto.randomUUID()}&voidedStatementId=${crypto.randomUUID()}`,
    'statement-ids-both',
  ],
  [
    'an id with a filter',
    `${statements}?statementId=${crypto.randomUUID()}&limit=1`,
    'statement-id-with-filters',
  ],
  ['a forged more', `${statements}?more=abc.def`, 'more-foreign'],
])('%s is refused with 400 and the id of the problem', async (_name, path, id) => {
  const answer = await all.request('get', path)
  expect([answer.status, answer.body.problems[0].id]).toEqual([400, id])
  expect(answer.body.error).toBe(answer.body.problems[0].message)
})

test('all problems of a request come at once, with their total and where they are', async () => {
  const answer = await all
    .request('post', statements)
    .send([someStatement({ verb: 1 }), someStatement({ actor: null }), someStatement()])
  expect(answer.status).toBe(400)
  expect(answer.body.total).toBeGreaterThanOrEqual(2)
  const paths = answer.body.problems.map((problem: { path: string }) => problem.path)
  expect(paths.some((path: string) => path.startsWith('statements[0].verb'))).toBe(true)
  expect(paths.some((path: string) => path.startsWith('statements[1].actor'))).toBe(true)
})

test.each([
  ['no JSON', 'application/json', '{"actor":', 400],
  ['bytes that are not UTF-8', 'application/json', Buffer.from([0x22, 0xff, 0x22]), 400],
  ['nothing', 'application/json', '', 400],
  ['another content type', 'text/plain', '{}', 400],
  ['a hundred thousand brackets', 'application/json', '['.repeat(90_000), 400],
  ['more than the limit', 'application/json', `"${'x'.repeat(100_001)}"`, 413],
])('a body of %s is refused', async (_name, type, body, status) => {
  const answer = await all
    .request('post', statements)
    .set('Content-Type', type)
    .serialize(String as never)
    .send(body)
  expect(answer.status).toBe(status)
  if (status === 413) expect(answer.body.error).toContain('100000 bytes')
})

test('a body that stops coming is 408, and the line ends', async () => {
  const socket = connect(xapi.port, '127.0.0.1')
  const head = `POST ${statements} HTTP/1.1\r\nHost: a\r\nAuthorization: ${all.authorization}\r\nX-Experience-API-Version: 1.0.3\r\n`
  socket.write(`${head}Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"actor"`)
  const answer = await new Promise<string>((done) => {
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk
      if (text.includes('body-slow')) socket.end()
    })
    socket.on('close', () => done(text))
  })
  expect(answer).toMatch(/^HTTP\/1.1 408 /)
  expect(answer).toMatch(/Connection: close/i)
})

test('a client that goes away in the middle of its body does no harm', async () => {
  const socket = connect(xapi.port, '127.0.0.1')
  const head = `POST ${statements} HTTP/1.1\r\nHost: a\r\nAuthorization: ${all.authorization}\r\nX-Experience-API-Version: 1.0.3\r\n`
  socket.write(`${head}Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"actor"`)
  await new Promise((go) => setTimeout(go, 50))
  socket.destroy()
  expect((await all.request('get', statements)).status).toBe(200)
})

test('403 names the scope that lacks', async () => {
  const reader = await xapi.issue(['statements/read/mine'])
  const answer = await reader.request('post', statements).send(someStatement())
  expect([answer.status, answer.body.problems[0].id]).toEqual([403, 'scope-missing'])
  expect(answer.body.error).toContain('statements/write')
})

test('the last requests of a source are noted without query, body and secret', async () => {
  const noted = await xapi.issue(['all'], 'Noted')
  await noted.request('get', `${statements}?agent={"mbox":"mailto:secret@example.vn"}`)
  await noted.request('post', statements).send(someStatement())
  await noted.request('post', statements).send({})
  const notes = log.recent(noted.credential.source)
  expect(notes.map(({ method, path, status, statements }) => [method, path, status, statements])).toEqual([
    ['POST', '/xapi/statements', 400, 0],
    ['POST', '/xapi/statements', 200, 1],
    ['GET', '/xapi/statements', 200, 0],
  ])
  expect(notes[0]?.problems.length).toBeGreaterThan(0)
  expect(JSON.stringify(notes)).not.toContain('secret@example.vn')
})

test('a wrong secret is noted where its key belongs, so that who connects an LMS sees it; an unknown key is nowhere', async () => {
  const mistyped = await xapi.issue(['all'], 'Mistyped')
  const wrong = client(xapi.server, mistyped.credential.key, 'a-secret-that-was-mistyped')
  expect((await wrong.request('get', statements)).status).toBe(401)
  expect((await client(xapi.server, 'unknown-key', 'x'.repeat(20)).request('get', statements)).status).toBe(
    401,
  )
  const notes = log.recent(mistyped.credential.source)
  expect(notes.map(({ status, credential }) => [status, credential])).toEqual([
    [401, mistyped.credential.key],
  ])
  expect(JSON.stringify(notes)).not.toContain('a-secret-that-was-mistyped')
})

test('beyond its requests at once a source gets 429, beyond the total 503, with Retry-After, and nothing is stored', async () => {
  const small = await startXapi({ limits: { requestsAtOnce: 4 } })
  try {
    const writer = await small.issue(['all'])
    await writer.request('get', statements)
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => writer.request('post', statements).send(someStatement())),
    )
    const stored = answers.filter(({ status }) => status === 200)
    const refused = answers.filter(({ status }) => status === 429 || status === 503)
    expect(stored.length + refused.length).toBe(30)
    expect(refused.map(({ status }) => status)).toContain(429)
    for (const { headers } of refused) expect(headers['retry-after']).toBeDefined()
    expect(await small.storage.tenant('main').statements.count()).toBe(stored.length)
    expect((await writer.request('get', statements)).status).toBe(200)
  } finally {
    await small.close()
  }
})

test('bodies held in memory are bounded, and what was held is given back', async () => {
  const small = await startXapi({ limits: { bodyBytesAtOnce: 4_000 } })
  try {
    const writer = await small.issue(['all'])
    const large = someStatement({ result: { response: 'x'.repeat(3_000) } })
    expect((await writer.request('post', statements).send(large)).status).toBe(429)
    for (let times = 0; times < 20; times++) {
      expect((await writer.request('post', statements).send(someStatement())).status).toBe(200)
    }
  } finally {
    await small.close()
  }
})

test('a store that cannot be reached is 503 with Retry-After and says that sending again is safe; a bug is 500 without internals', async () => {
  const broken = await startXapi({
    authenticate: async (authorization) => {
      throw authorization === 'outage'
        ? new StorageUnavailable('disk full at /secret/path')
        : new Error('/secret/path')
    },
  })
  try {
    const send = (authorization: string) =>
      client(broken.server, 'a', 'b').request('get', statements).set('Authorization', authorization)
    const outage = await send('outage')
    expect([outage.status, outage.headers['retry-after']]).toEqual([503, '2'])
    expect(outage.body.error).toContain('sent again safely')
    const bug = await send('bug')
    expect(bug.status).toBe(500)
    expect(bug.body.error).toContain(bug.headers['x-request-id'])
    expect(outage.text + bug.text).not.toContain('secret')
    expect(broken.errors.length).toBe(2)
  } finally {
    await broken.close()
  }
})
