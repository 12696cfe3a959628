/** Bodies that are read while they come in: what they are answered is what a small one would be. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  attachmentPart,
  multipart,
  sha256,
  statementsPart,
} from '../../tests/conformance/support/multipart.ts'
import { someStatement, startXapi, type TestClient, type TestXapi } from '../../tests/support/xapi.ts'
import { MAX_STATEMENT_BYTES, MAX_STATEMENTS } from '../statement/large/session.ts'

let xapi: TestXapi
let all: TestClient
beforeAll(async () => {
  xapi = await startXapi({ limits: { bodyIdleMs: 1_000 } })
  all = await xapi.issue(['all'])
})
afterAll(async () => {
  await xapi.close()
  expect(xapi.errors).toEqual([])
})

const count = () => xapi.storage.tenant('main').statements.count()
const text = 'chữ 😀 '.repeat(200)
const long = (about: object = {}) => someStatement({ result: { response: text }, ...about })
const batch = (length: number) => Array.from({ length }, () => long({ id: crypto.randomUUID() }))

function post(body: string | Buffer, type = 'application/json', method: 'post' | 'put' = 'post', query = '') {
  return all
    .request(method, `/xapi/statements${query}`)
    .set('Content-Type', type)
    .serialize(((bytes: Buffer) => bytes) as never)
    .send((typeof body === 'string' ? Buffer.from(body) : body) as never)
}
/** What it is refused as, after making sure that nothing was stored. */
async function refused(body: string | Buffer) {
  const before = await count()
  const answer = await post(body)
  expect(await count()).toBe(before)
  const [first] = answer.body.problems
  return { status: answer.status, ...first, total: answer.body.total }
}

test('a batch of megabytes is stored, and its ids come back in the order sent', async () => {
  const sent = batch(1_500)
  const answer = await post(JSON.stringify(sent, null, 1))
  expect([answer.status, answer.body]).toEqual([200, sent.map(({ id }) => id)])
  const last = await all.request('get', `/xapi/statements?statementId=${sent.at(-1)?.id}`)
  expect(last.body.result.response).toBe(text)
})

test('many small statements are stored too', async () => {
  const sent = Array.from({ length: 700 }, () => someStatement())
  expect((await post(JSON.stringify(sent))).body).toHaveLength(700)
})

test('one large statement comes back character by character', async () => {
  const id = crypto.randomUUID()
  const statement = JSON.stringify(someStatement({ id, result: { response: 'ờ'.repeat(300_000) } }))
  expect((await post(statement, 'application/json', 'put', `?statementId=${id}`)).status).toBe(204)
  const found = await all.request('get', `/xapi/statements?statementId=${id}`)
  expect(found.body.result.response).toBe('ờ'.repeat(300_000))
})

describe('refused, with nothing stored:', () => {
  test('one wrong statement in the midst, at its place', async () => {
    const sent = batch(500)
    sent[400] = long({ verb: {} })
    sent[450] = long({ actor: {} })
    expect(await refused(JSON.stringify(sent))).toMatchObject({
      status: 400,
      id: 'verb-id',
      path: 'statements[400].verb.id',
      total: 2,
    })
  })

  test('a fault of the JSON, at its line and column', async () => {
    const lines = batch(500).map((statement) => JSON.stringify(statement))
    lines[300] = '{"id":"😀","actor":tru}'
    expect(await refused(`[\n${lines.join(',\n')}]`)).toMatchObject({
      status: 400,
      id: 'json-syntax',
      message: expect.stringContaining('line 302, column 20'),
    })
    lines[300] = '{"id":"\\u0000"}'
    expect(await refused(`[${lines.join(',')}]`)).toMatchObject({
      id: 'json-nul',
      path: 'statements[300].id',
    })
    lines.length = 300
    expect(await refused(`[${lines.join(',')},`)).toMatchObject({ id: 'json-syntax' })
    expect(await refused(`[${lines.join(',')}] x`)).toMatchObject({ id: 'json-syntax' })
  })

  test('bytes that are no UTF-8', async () => {
    const body = Buffer.from(JSON.stringify(batch(500)))
    body[body.length - 3_000] = 0xff
    expect(await refused(body)).toMatchObject({ status: 400, id: 'body-utf8' })
  })

  test('one id twice, far apart', async () => {
    const sent = batch(500)
    sent.push(long({ id: sent[0]?.id }))
    expect(await refused(JSON.stringify(sent))).toMatchObject({
      id: 'statement-id-repeated',
      path: 'statements[500].id',
    })
  })

  test('an id that is taken', async () => {
    const sent = batch(300)
    await post(JSON.stringify(sent.slice(299)))
    sent[299] = { ...sent[299], verb: { id: 'http://example.vn/other' } }
    expect(await refused(JSON.stringify(sent))).toMatchObject({
      status: 409,
      id: 'statement-conflict',
      path: 'statements[299].id',
    })
  })

  test('a batch by PUT', async () => {
    const id = crypto.randomUUID()
    const answer = await post(JSON.stringify(batch(300)), 'application/json', 'put', `?statementId=${id}`)
    expect([answer.status, answer.body.problems[0].id]).toEqual([400, 'statement-single'])
  })

  test('a statement above the limit, alone or in a batch; the limit is named', async () => {
    const large = JSON.stringify(long({ result: { response: 'x'.repeat(MAX_STATEMENT_BYTES) } }))
    const limit = expect.stringContaining(String(MAX_STATEMENT_BYTES))
    expect(await refused(large)).toMatchObject({ status: 413, id: 'statement-large', message: limit })
    expect(await refused(`[${JSON.stringify(long())},${large}]`)).toMatchObject({
      status: 413,
      path: 'statements[1]',
    })
  })

  test('more statements than the limit; the limit is named', async () => {
    const one = JSON.stringify(someStatement())
    expect(
      await refused(
        `[${Array(MAX_STATEMENTS + 1)
          .fill(one)
          .join(',')}]`,
      ),
    ).toMatchObject({
      status: 413,
      id: 'statements-many',
      message: expect.stringContaining(String(MAX_STATEMENTS)),
    })
  })

  test('a million pieces of nonsense, of which ten thousand are counted', async () => {
    expect(await refused(`[${'0,'.repeat(1_000_000)}0]`)).toMatchObject({ status: 400, total: 10_000 })
  })

  test('brackets without an end', async () => {
    expect(await refused('['.repeat(1_000_000))).toMatchObject({ status: 400, id: 'json-syntax' })
    expect(await refused(`[${'['.repeat(5_000_000)}`)).toMatchObject({ status: 413, id: 'statement-large' })
  })
})

test('a client that goes away or falls silent in the midst leaves nothing', async () => {
  const before = await count()
  const body = JSON.stringify(batch(1_000))
  for (const leave of [true, false]) {
    const socket = connect(xapi.port, '127.0.0.1')
    socket.write(
      `POST /xapi/statements HTTP/1.1\r\nHost: a\r\nAuthorization: ${all.authorization}\r\nX-Experience-API-Version: 1.0.3\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`,
    )
    socket.write(body.slice(0, 900_000))
    if (leave) {
      await setTimeout(200)
      socket.destroy()
    } else {
      const [answer] = await once(socket, 'data')
      expect(String(answer)).toContain(' 408 ')
      socket.destroy()
    }
  }
  await setTimeout(100)
  expect(await count()).toBe(before)
})

test('statements of megabytes in a multipart body claim its attachments', async () => {
  const file = 'a certificate'
  const attachment = {
    usageType: 'http://example.vn/usage',
    display: { vi: 'Tệp' },
    contentType: 'text/plain',
    length: file.length,
    sha2: sha256(file),
  }
  const id = crypto.randomUUID()
  const sent = [...batch(500), long({ id, attachments: [attachment] })]
  const { body, headers } = multipart([statementsPart(sent), attachmentPart(file, 'text/plain')])
  const answer = await post(body as Buffer, headers['content-type'] as string)
  expect([answer.status, answer.body.length]).toEqual([200, 501])
  expect((await xapi.storage.tenant('main').statements.get(id))?.attachments).toEqual([sha256(file)])
  const unclaimed = multipart([statementsPart(batch(500)), attachmentPart(file, 'text/plain')])
  const refusal = await post(unclaimed.body as Buffer, unclaimed.headers['content-type'] as string)
  expect([refusal.status, refusal.body.problems[0].id]).toEqual([400, 'attachment-part-unclaimed'])
})

test('without the scope define a large batch defines nothing', async () => {
  const activity = `http://example.vn/${crypto.randomUUID()}`
  const writer = await xapi.issue(['statements/write'])
  const object = { id: activity, definition: { name: { vi: 'Tên' } } }
  const sent = batch(300).map((statement) => ({ ...statement, object }))
  const answer = await writer.request('post', '/xapi/statements').send(sent)
  expect(answer.status).toBe(200)
  const { definitions } = await xapi.storage.tenant('main').activities.get(activity)
  expect(definitions).toEqual([])
})
