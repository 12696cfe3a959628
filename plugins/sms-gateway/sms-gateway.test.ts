import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text as textOf } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createSmsMessenger, type SmsGateway } from './index.ts'

/** A gateway over real HTTP that answers as it is told and remembers what it was asked. */
let server: Server
let url: string
let answer: { status: number; body: string; after: number; headers: Record<string, string> }
let asked: { request: IncomingMessage; body: string }[]

beforeAll(async () => {
  server = createServer(async (request, response) => {
    asked.push({ request, body: await textOf(request) })
    const { status, body, after, headers } = answer
    setTimeout(() => response.writeHead(status, headers).end(body), after)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/send`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})
beforeEach(() => {
  asked = []
  answer = { status: 200, body: '{"code":"100"}', after: 0, headers: {} }
})

/** An address where nothing listens (any more). */
async function nobody(): Promise<string> {
  const gone = createServer()
  await new Promise<void>((done) => gone.listen(0, '127.0.0.1', done))
  const { port } = gone.address() as AddressInfo
  await new Promise((done) => gone.close(done))
  return `http://127.0.0.1:${port}/send`
}

const message = { to: '+84912345678', text: 'Mã "của" bạn: 123456 & đừng đưa ai', language: 'vi' } as const
const send = (gateway: Partial<SmsGateway> = {}, signal = AbortSignal.timeout(10_000)) =>
  createSmsMessenger({
    url,
    method: 'POST',
    body: '{"phone":"{digits}","content":"{text}","more":["{local}",7]}',
    diacritics: false,
    ...gateway,
  }).send(message, signal)

test('JSON: number and text in their places, the secret in its header, no diacritics unless they are wanted', async () => {
  expect(await send({ header: 'Authorization: Bearer bi-mat:1' })).toEqual({ ok: true })
  const [first] = asked
  expect(first?.request.method).toBe('POST')
  expect(first?.request.headers).toMatchObject({
    'content-type': 'application/json',
    authorization: 'Bearer bi-mat:1',
  })
  expect(JSON.parse(first!.body)).toEqual({
    phone: '84912345678',
    content: 'Ma "cua" ban: 123456 & dung dua ai',
    more: ['0912345678', 7],
  })
  await send({ diacritics: true })
  expect(JSON.parse(asked[1]!.body).content).toBe(message.text)
})

test('a form, and a form in the address', async () => {
  await send({ body: 'u=app&to={to}&m={text}' })
  expect(asked[0]?.request.headers['content-type']).toBe('application/x-www-form-urlencoded')
  expect(Object.fromEntries(new URLSearchParams(asked[0]!.body))).toEqual({
    u: 'app',
    to: message.to,
    m: 'Ma "cua" ban: 123456 & dung dua ai',
  })
  await send({ method: 'GET', url: `${url}?key=1&to={local}&m={text}`, body: undefined })
  expect(asked[1]?.request.method).toBe('GET')
  const { searchParams } = new URL(asked[1]!.request.url!, url)
  expect(Object.fromEntries(searchParams)).toEqual({
    key: '1',
    to: '0912345678',
    m: 'Ma "cua" ban: 123456 & dung dua ai',
  })
})

test('a text that names places is not filled in twice', async () => {
  const gateway = createSmsMessenger({ url, method: 'POST', body: 't={to}&m={text}', diacritics: true })
  await gateway.send({ ...message, text: 'gửi {to}' }, AbortSignal.timeout(10_000))
  expect(new URLSearchParams(asked[0]!.body).get('m')).toBe('gửi {to}')
})

test.each([
  [400, 'refused'],
  [401, 'refused'],
  [429, 'unreachable'],
  [500, 'unreachable'],
  [503, 'unreachable'],
])('an answer of %i is %s, and none of its words are told', async (status, reason) => {
  answer = { ...answer, status, body: `no, not to ${message.to}` }
  expect(await send()).toEqual({ ok: false, reason, code: String(status) })
})

test('a gateway that says 200 and refuses in words', async () => {
  const gateway = { success: '"code":"100"' }
  expect(await send(gateway)).toEqual({ ok: true })
  answer.body = '{"code":"104"}'
  expect(await send(gateway)).toEqual({ ok: false, reason: 'refused', code: 'answer' })
})

test('one that is too slow is left, one that is down is told, and a redirect is not followed', async () => {
  answer.after = 60_000
  expect(await send({}, AbortSignal.timeout(50))).toEqual({
    ok: false,
    reason: 'unreachable',
    code: 'TimeoutError',
  })
  answer = { ...answer, after: 0, status: 302, headers: { Location: `${url}/elsewhere` } }
  expect(await send()).toMatchObject({ ok: false })
  expect(asked.map(({ request }) => request.url)).toEqual(['/send', '/send'])
  expect(await send({ url: await nobody() })).toEqual({
    ok: false,
    reason: 'unreachable',
    code: 'ECONNREFUSED',
  })
})

test('whether it could be reached is found out without a message', async () => {
  const of = (at: string) =>
    createSmsMessenger({ url: at, method: 'POST', body: 'to={to}&m={text}', diacritics: false })
  expect(await of(url).ready(AbortSignal.timeout(10_000))).toEqual({ ok: true })
  expect(asked).toEqual([])
  expect(await of(await nobody()).ready(AbortSignal.timeout(10_000))).toEqual({
    ok: false,
    reason: 'unreachable',
    code: 'ECONNREFUSED',
  })
})
