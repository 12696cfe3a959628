/** A client that does not take its answer must not keep its place in the server for ever. */
import { connect, type Socket } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { sha256 } from '../../tests/conformance/support/multipart.ts'
import { someStatement, startXapi, type TestClient, type TestXapi } from '../../tests/support/xapi.ts'
import { createLrs } from '../create-lrs.ts'
import { caller } from '../statement/statement.fixture.ts'
import type { HttpLimits } from './limits.ts'

let xapi: TestXapi
afterEach(async () => {
  await xapi.close()
  expect(xapi.errors).toEqual([])
})

/** More than the buffers of both ends of a line take. */
const LARGE = 'x'.repeat(15_000_000)
const id = '5f1c3a52-0b1d-4c0e-9f53-6a1f9a1f0a01'

/** A server with one place for each source, and a large statement with a large attachment in it. */
async function start(limits: Partial<HttpLimits>): Promise<TestClient> {
  xapi = await startXapi({ limits: { requestsAtOnce: 2, ...limits } })
  const all = await xapi.issue(['all'])
  const attachment = {
    usageType: 'urn:example:file',
    display: { vi: 'Tệp' },
    contentType: 'text/plain',
    length: LARGE.length,
    sha2: sha256(LARGE),
  }
  const statement = someStatement({ id, result: { response: LARGE }, attachments: [attachment] })
  // Larger than one may come over HTTP, but the way out is the same.
  const tenant = xapi.storage.tenant('main')
  const { sha2: blob, size } = await tenant.blobs.put(pieces(LARGE))
  const own = { ...caller, tenant: 'main' }
  const recorded = await createLrs({ storage: xapi.storage, tenant: 'main' }).recordStatements(own, {
    version: '1.0.3',
    statements: [statement],
    parts: [{ sha2: attachment.sha2, blob, size, contentType: 'text/plain' }],
  })
  expect(recorded).toMatchObject({ ok: true })
  return all
}

async function* pieces(text: string) {
  yield Buffer.from(text)
}

/** Asks for it, and reads nothing yet. */
async function ask(all: TestClient, query: string): Promise<Socket> {
  const socket = connect(xapi.port, '127.0.0.1')
  socket.on('error', () => {})
  socket.write(
    `GET /xapi/statements?statementId=${id}${query} HTTP/1.1\r\nHost: a\r\nAuthorization: ${all.authorization}\r\nX-Experience-API-Version: 1.0.3\r\nConnection: close\r\n\r\n`,
  )
  await setTimeout(100)
  return socket
}
const statusNow = async (all: TestClient) =>
  (await all.request('get', '/xapi/activities?activityId=urn:example:a')).status
/** Waits for the place to be free again. */
async function freed(all: TestClient): Promise<boolean> {
  for (let tries = 0; tries < 100; tries++) {
    if ((await statusNow(all)) === 200) return true
    await setTimeout(50)
  }
  return false
}

test.each([
  ['statements', ''],
  ['attachments', '&attachments=true'],
])('whoever stops reading an answer of %s is cut off, and the place is free again', async (_what, query) => {
  const all = await start({ answerIdleMs: 400 })
  const socket = await ask(all, query)
  expect(await statusNow(all)).toBe(429)
  expect(await freed(all)).toBe(true)
  let received = 0
  socket.on('data', (chunk) => {
    received += chunk.length
  })
  await new Promise((closed) => socket.once('close', closed))
  expect(received).toBeLessThan(LARGE.length)
})

test('whoever reads on but never comes to the end is cut off too', async () => {
  const all = await start({ answerMs: 700 })
  const socket = await ask(all, '')
  let received = 0
  socket.on('data', async (chunk) => {
    received += chunk.length
    socket.pause()
    await setTimeout(20)
    socket.resume()
  })
  expect(await statusNow(all)).toBe(429)
  expect(await freed(all)).toBe(true)
  socket.destroy()
  expect(received).toBeGreaterThan(0)
  expect(received).toBeLessThan(LARGE.length)
})

test('whoever pauses for a moment gets all of it', async () => {
  const all = await start({ answerIdleMs: 5_000, answerMs: 20_000 })
  const socket = await ask(all, '')
  expect(await statusNow(all)).toBe(429)
  let received = 0
  socket.on('data', (chunk) => {
    received += chunk.length
  })
  await new Promise((closed) => socket.once('close', closed))
  expect(received).toBeGreaterThan(LARGE.length)
  expect(await freed(all)).toBe(true)
})
