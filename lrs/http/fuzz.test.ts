import { request } from 'node:http'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { someStatement, startXapi, type TestClient, type TestXapi } from '../../tests/support/xapi.ts'

/**
 * Throws requests at every resource that are wrong in one place or in many. Whatever comes in, the answer is below 500,
 * says why, and a batch is stored whole or not at all. FUZZ_RUNS=100000 looks longer.
 */
const RUNS = Number(process.env.FUZZ_RUNS ?? 400)

let xapi: TestXapi
let all: TestClient
beforeAll(async () => {
  xapi = await startXapi({ limits: { bodyIdleMs: 500, statementsBytes: 50_000, documentBytes: 20_000 } })
  all = await xapi.issue(['all'])
})
afterAll(() => xapi.close())

interface Sent {
  method: string
  path: string
  headers: Record<string, string>
  body: Buffer
}

interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  text: string
}

function send({ method, path, headers, body }: Sent): Promise<Answer | null> {
  return new Promise((resolve) => {
    const outgoing = request(
      { port: xapi.port, host: '127.0.0.1', method, path, headers, timeout: 5_000 },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(chunks).toString(),
          }),
        )
      },
    )
    // Node's parser closes the line on what is no HTTP at all: no answer is owed to that.
    outgoing.on('error', () => resolve(null))
    outgoing.on('timeout', () => {
      resolve({ status: 599, headers: {}, text: 'no answer' })
      outgoing.destroy()
    })
    outgoing.end(body)
  })
}

const uuid = fc.uuid()
const junk = fc.oneof(
  fc.string({ maxLength: 30 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom(
    '\u0000',
    '\ud800',
    '../..',
    'null',
    '[]',
    '{}',
    '-1',
    '1e999',
    '9'.repeat(400),
    '%',
    '*',
    'true',
  ),
)
/** Any JSON, with what parsers stumble over. */
const value: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  junk,
  fc.constantFrom(null, true, 0, -0, 1e308, [], {}, '', { __proto__: null }, [[[[[]]]]]),
)
const agent = fc.constantFrom(
  { mbox: 'mailto:hoa@example.vn' },
  { objectType: 'Group', member: [{ mbox: 'mailto:hoa@example.vn' }] },
  { account: { homePage: 'http://example.vn', name: 'a' } },
)

/** A valid statement in which any member, at any depth, may be changed, removed or made up. */
const statement = fc
  .record({
    id: uuid,
    actor: agent,
    verb: fc.constantFrom({ id: 'http://example.vn/v' }, { id: 'http://adlnet.gov/expapi/verbs/voided' }),
    object: fc.oneof(
      fc.constant({
        id: 'http://example.vn/a',
        definition: { name: { 'vi-VN': 'a' }, interactionType: 'choice' },
      }),
      uuid.map((id) => ({ objectType: 'StatementRef', id })),
      fc.constant({ objectType: 'SubStatement', ...someStatement() }),
    ),
    result: fc.constantFrom(undefined, { score: { scaled: 0.5 }, duration: 'PT1S' }),
    context: fc.constantFrom(undefined, { contextActivities: { parent: { id: 'http://example.vn/p' } } }),
    timestamp: fc.constantFrom(undefined, '2026-01-01T00:00:00Z'),
  })
  .chain((whole) =>
    fc
      .array(fc.tuple(fc.constantFrom(...pathsOf(whole)), fc.oneof(value, fc.constant(undefined))), {
        maxLength: 2,
      })
      .map((changes) =>
        changes.reduce((changed, [path, put]) => changeAt(changed, path, put), whole as unknown),
      ),
  )

function pathsOf(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path]
  return [
    path,
    [...path, 'made up'],
    ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key])),
  ]
}
function changeAt(value: unknown, [key, ...path]: string[], put: unknown): unknown {
  if (key === undefined) return put
  if (typeof value !== 'object' || value === null) return value
  return { ...value, [key]: changeAt((value as Record<string, unknown>)[key], path, put) }
}

const resource = fc.constantFrom(
  'statements',
  'activities',
  'activities/state',
  'activities/profile',
  'agents',
  'agents/profile',
  'about',
)
const parameterValue: Record<string, fc.Arbitrary<string>> = {
  statementId: uuid,
  voidedStatementId: uuid,
  registration: uuid,
  agent: agent.map((one) => JSON.stringify(one)),
  verb: fc.constant('http://example.vn/v'),
  activity: fc.constant('http://example.vn/a'),
  activityId: fc.constant('http://example.vn/a'),
  stateId: fc.constant('s'),
  profileId: fc.constant('p'),
  since: fc.constant('2026-01-01T00:00:00Z'),
  until: fc.constant('2026-01-01T00:00:00Z'),
  limit: fc.nat(5).map(String),
  format: fc.constantFrom('ids', 'exact', 'canonical'),
  attachments: fc.constantFrom('true', 'false'),
  ascending: fc.constantFrom('true', 'false'),
  related_agents: fc.constantFrom('true', 'false'),
  method: fc.constantFrom('GET', 'PUT', 'POST', 'DELETE', 'PATCH'),
  more: fc.base64String({ maxLength: 40 }),
}
/** Parameters that a resource knows. */
const KNOWN: Record<string, string[]> = {
  statements: Object.keys(parameterValue).filter(
    (name) => !/^(activityId|stateId|profileId|method|more)$/.test(name),
  ),
  activities: ['activityId'],
  'activities/state': ['activityId', 'agent', 'stateId', 'registration', 'since'],
  'activities/profile': ['activityId', 'profileId', 'since'],
  agents: ['agent'],
  'agents/profile': ['agent', 'profileId', 'since'],
  about: [],
}
const encode = (pairs: readonly (readonly [string, string])[]) =>
  pairs
    .map(
      ([name, text]) =>
        `${encodeURIComponent(name.toWellFormed())}=${encodeURIComponent(text.toWellFormed())}`,
    )
    .join('&')
const valued = (name: string, strange: number) =>
  fc.tuple(
    fc.constant(name),
    fc.oneof({ weight: 10, arbitrary: parameterValue[name] ?? junk }, { weight: strange, arbitrary: junk }),
  )
/** Mostly what the resource knows, rarely with a strange value; at times whatever. */
const queryOf = (name: string) =>
  fc
    .oneof(
      {
        weight: 5,
        arbitrary: fc
          .subarray(KNOWN[name] ?? [])
          .chain((names) => fc.tuple(...names.map((one) => valued(one, 1)))),
      },
      {
        weight: 2,
        arbitrary: fc.tuple(
          ...(KNOWN[name] ?? [])
            .filter((one) => /Id$|^agent$/.test(one) && name !== 'statements')
            .map((one) => valued(one, 0)),
        ),
      },
      {
        weight: 1,
        arbitrary: fc.array(
          fc.oneof(
            fc.constantFrom(...Object.keys(parameterValue)).chain((one) => valued(one, 5)),
            fc.tuple(junk, junk),
          ),
          { maxLength: 4 },
        ),
      },
    )
    .map(encode)
const BROKEN_QUERY = ['a=%', '%ff=1', 'limit=1&limit=1', '&&&', '=', '??']

const body = fc.oneof(
  fc
    .oneof(statement, fc.array(statement, { maxLength: 4 }))
    .map((sent) => Buffer.from(JSON.stringify(sent) ?? '')),
  value.map((sent) => Buffer.from(JSON.stringify(sent) ?? '')),
  fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
  fc
    .tuple(statement, fc.nat(200))
    .map(([sent, cut]) => Buffer.from(JSON.stringify(sent) ?? '').subarray(0, cut)),
  fc
    .tuple(statement, junk)
    .map(([sent, text]) =>
      Buffer.from(
        `--b\r\nContent-Type: application/json\r\n\r\n${JSON.stringify(sent)}\r\n--b\r\n${text}\r\n\r\n${text}\r\n--b--`,
      ),
    ),
  fc.constantFrom(
    Buffer.from('['.repeat(20_000)),
    Buffer.from('{"a":'.repeat(5_000)),
    Buffer.alloc(60_000, 'x'),
  ),
  queryOf('statements').map((text) => Buffer.from(text)),
)
const headerValue: Record<string, fc.Arbitrary<string>> = {
  'X-Experience-API-Version': fc.constantFrom('1.0.3', '2.0.0', '0.9', 'x', ''),
  'Content-Type': fc.constantFrom(
    'application/json',
    'multipart/mixed; boundary=b',
    'multipart/mixed',
    'text/plain',
    'application/x-www-form-urlencoded',
    ';;',
    'application/octet-stream',
  ),
  'Content-Encoding': fc.constantFrom('gzip', 'br', 'deflate', 'identity', 'x'),
  'If-Match': fc.constantFrom('*', '"a"', 'W/"', ',,', ''),
  'If-None-Match': fc.constantFrom('*', '"a"', '"', ''),
  'Accept-Language': fc.constantFrom('vi', 'en-GB,*;q=0.1', ';q=', '*', 'x'.repeat(3_000)),
  Authorization: fc.constantFrom('Basic', 'Basic =', 'Bearer a.b', 'x'),
  Accept: fc.constantFrom('x/y', '*/*'),
}
const headers = fc
  .uniqueArray(fc.constantFrom(...Object.keys(headerValue)), { maxLength: 2 })
  .chain((names) =>
    fc.tuple(...names.map((name) => fc.tuple(fc.constant(name), headerValue[name] ?? fc.constant('')))),
  )
  .map((pairs) => Object.fromEntries(pairs))

const target = fc.oneof(
  {
    weight: 30,
    arbitrary: resource.chain((name) =>
      fc.tuple(
        fc.constant(`/xapi/${name}`),
        fc.oneof({ weight: 15, arbitrary: queryOf(name) }, fc.constantFrom(...BROKEN_QUERY)),
      ),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(
      junk.map((text) => `/xapi/${encodeURI(text.toWellFormed())}`),
      fc.constant(''),
    ),
  },
)
const METHODS = ['GET', 'GET', 'HEAD', 'PUT', 'POST', 'POST', 'DELETE', 'OPTIONS', 'PATCH']

const sent: fc.Arbitrary<Sent> = fc
  .tuple(fc.constantFrom(...METHODS), target, fc.oneof(fc.constant({}), headers), body)
  .map(([method, [path, query], changed, content]) => ({
    method,
    path: query ? `${path}?${query}` : path,
    headers: {
      Authorization: all.authorization,
      'X-Experience-API-Version': '1.0.3',
      'Content-Type': 'application/json',
      ...changed,
      ...(method === 'GET' || method === 'HEAD' ? {} : { 'Content-Length': String(content.length) }),
    },
    body: method === 'GET' || method === 'HEAD' ? Buffer.alloc(0) : content,
  }))

test('whatever is sent to whatever resource, the answer is below 500 and says why', {
  timeout: 10_000 + RUNS * 50,
}, async () => {
  const statuses = new Map<number, number>()
  await fc.assert(
    fc.asyncProperty(sent, async (one) => {
      const answer = await send(one)
      if (!answer) return
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
      expect(answer.status, answer.text).toBeLessThan(500)
      expect(answer.headers['x-experience-api-version']).toMatch(/^(1\.0\.3|2\.0\.0)$/)
      if (answer.status >= 400 && one.method !== 'HEAD') {
        const refusal = JSON.parse(answer.text)
        expect(refusal.error).toBeTypeOf('string')
        expect(refusal.total).toBeGreaterThanOrEqual(refusal.problems.length)
      }
    }),
    { numRuns: RUNS },
  )
  expect(xapi.errors).toEqual([])
  // The fuzz reaches what it aims at: some requests are right.
  expect([...statuses.keys()]).toEqual(expect.arrayContaining([200, 204, 400]))
})

test('a batch is stored whole or not at all, whatever is in it', {
  timeout: 10_000 + RUNS * 50,
}, async () => {
  const { statements } = xapi.storage.tenant('main')
  let whole = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(statement, { minLength: 1, maxLength: 5 }),
      fc.constantFrom('1.0.3', '2.0.0'),
      async (batch, version) => {
        const before = await statements.count()
        const answer = await send({
          method: 'POST',
          path: '/xapi/statements',
          headers: {
            Authorization: all.authorization,
            'X-Experience-API-Version': version,
            'Content-Type': 'application/json',
          },
          body: Buffer.from(JSON.stringify(batch)),
        })
        const fresh = (await statements.count()) - before
        if (answer?.status === 200) {
          whole += 1
          const ids: string[] = JSON.parse(answer.text)
          expect(ids).toHaveLength(batch.length)
          expect(fresh).toBe(batch.length)
          for (const id of ids) expect(await statements.get(id)).not.toBeNull()
        } else {
          expect(answer?.status, answer?.text).toBeLessThan(500)
          expect(fresh).toBe(0)
        }
      },
    ),
    { numRuns: Math.ceil(RUNS / 2) },
  )
  expect(whole).toBeGreaterThan(0)
})
