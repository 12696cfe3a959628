/** What is refused is refused before its body is read, in words that the client sees; who drips is not waited for. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { someStatement, startXapi, type TestClient, type TestXapi } from '../../tests/support/xapi.ts'

let xapi: TestXapi
afterEach(async () => {
  await xapi.close()
  expect(xapi.errors).toEqual([])
})

interface Line {
  socket: Socket
  /** All that came so far. */
  text(): string
  /** Resolves when something came that holds `part`. */
  until(part: string): Promise<void>
}

function open(): Line {
  const socket = connect(xapi.port, '127.0.0.1')
  let text = ''
  socket.on('error', () => {})
  socket.on('data', (chunk) => {
    text += chunk
  })
  return {
    socket,
    text: () => text,
    async until(part) {
      const deadline = Date.now() + 30_000
      while (!text.includes(part)) {
        if (Date.now() > deadline) throw new Error(`Only this came: ${text}`)
        await setTimeout(5)
      }
    },
  }
}

const head = (client: TestClient, headers: Record<string, string | number>) =>
  [
    'POST /xapi/statements HTTP/1.1',
    'Host: a',
    `Authorization: ${client.authorization}`,
    'X-Experience-API-Version: 1.0.3',
    'Content-Type: application/json',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    '\r\n',
  ].join('\r\n')

test('a body that is announced as more than a source may hold is refused with 429 before a byte of it came, of another source it is taken', async () => {
  xapi = await startXapi({ limits: { bodyBytesAtOnce: 200_000 } })
  const [loud, quiet] = [await xapi.issue(['all'], 'Loud'), await xapi.issue(['all'], 'Quiet')]
  const first = open()
  first.socket.write(head(loud, { 'Content-Length': 80_000, Expect: '100-continue' }))
  await first.until('100 Continue')
  const second = open()
  second.socket.write(head(loud, { 'Content-Length': 30_000 }))
  await second.until('\r\n\r\n')
  expect(second.text()).toMatch(/^HTTP\/1\.1 429 [\s\S]*\r\nRetry-After: \d+\r\n/)
  expect((await quiet.request('post', '/xapi/statements').send(someStatement())).status).toBe(200)
  // What the first reserved is free when it is gone.
  first.socket.destroy()
  await expect
    .poll(async () => (await loud.request('post', '/xapi/statements').send(someStatement())).status)
    .toBe(200)
})

test('a chunked body is let in with a small allowance, and refused when it grows beyond', async () => {
  xapi = await startXapi({ limits: { bodyBytesAtOnce: 200_000 } })
  const client = await xapi.issue(['all'])
  const line = open()
  line.socket.write(head(client, { 'Transfer-Encoding': 'chunked' }))
  const chunk = `${(10_000).toString(16)}\r\n${' '.repeat(10_000)}\r\n`
  for (let sent = 0; sent < 9; sent++) line.socket.write(chunk)
  await setTimeout(200)
  expect(line.text()).toBe('')
  line.socket.write(chunk.repeat(3))
  await line.until('\r\n\r\n')
  expect(line.text()).toMatch(/^HTTP\/1\.1 429 /)
})

test('who waits for 100 Continue is asked for a body that is welcome', async () => {
  xapi = await startXapi()
  const client = await xapi.issue(['all'])
  const body = JSON.stringify(someStatement())
  const line = open()
  line.socket.write(head(client, { 'Content-Length': body.length, Expect: '100-continue' }))
  await line.until('HTTP/1.1 100 Continue\r\n\r\n')
  line.socket.write(body)
  await line.until('HTTP/1.1 200 OK')
  expect(line.text().match(/100 Continue/g)).toHaveLength(1)
})

test('who waits for 100 Continue gets a refusal without being asked for the body', async () => {
  xapi = await startXapi({ limits: { bodyBytesAtOnce: 20_000 } })
  const client = await xapi.issue(['all'])
  const wrong = { ...client, authorization: `Basic ${Buffer.from('nobody:nothing').toString('base64')}` }
  for (const [who, status] of [
    [client, 429],
    [wrong, 401],
  ] as const) {
    const line = open()
    const closed = once(line.socket, 'close')
    line.socket.write(head(who, { 'Content-Length': 15_000, Expect: '100-continue' }))
    await closed
    expect(line.text()).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(line.text()).toContain('"requestId"')
  }
})

test('who sends all of a refused body at once sees the answer and no reset', async () => {
  xapi = await startXapi({ limits: { bodyBytesAtOnce: 20_000 } })
  const client = await xapi.issue(['all'])
  for (let times = 0; times < 10; times++) {
    const line = open()
    let failed: unknown = null
    line.socket.on('error', (error) => {
      failed = error
    })
    const closed = once(line.socket, 'close')
    line.socket.write(head(client, { 'Content-Length': 8_000_000 }))
    line.socket.end(Buffer.alloc(8_000_000, 32))
    await closed
    expect(failed).toBe(null)
    expect(line.text()).toMatch(/^HTTP\/1\.1 429 [\s\S]*"source-busy"/)
  }
})

test('a thousand small statements at the same moment from one source are all stored', async () => {
  xapi = await startXapi()
  const client = await xapi.issue(['all'])
  await client.request('get', '/xapi/statements')
  const body = JSON.stringify(someStatement({ result: { response: 'x'.repeat(1_800) } }))
  const lines = Array.from({ length: 1_000 }, open)
  await Promise.all(lines.map(({ socket }) => once(socket, 'connect')))
  for (const { socket } of lines)
    socket.write(head(client, { 'Content-Length': body.length, Connection: 'close' }) + body)
  await Promise.all(lines.map(({ socket }) => once(socket, 'close')))
  expect(new Set(lines.map((line) => line.text().slice(0, 12)))).toEqual(new Set(['HTTP/1.1 200']))
  expect(await xapi.storage.tenant('main').statements.count()).toBe(1_000)
})

test('a drip that never pauses long is cut off when it is slower than any line, and its place is free', async () => {
  xapi = await startXapi({ limits: { bodyIdleMs: 500, bytesPerSecond: 1_000, requestsAtOnce: 2 } })
  const client = await xapi.issue(['all'])
  const line = open()
  line.socket.write(head(client, { 'Content-Length': 1_000 }))
  const begun = Date.now()
  const drip = setInterval(() => line.socket.write(' '), 50)
  try {
    await line.until('\r\n\r\n')
  } finally {
    clearInterval(drip)
  }
  expect(line.text()).toMatch(/^HTTP\/1\.1 408 [\s\S]*Connection: close/)
  // All of it would take fifty seconds.
  expect(Date.now() - begun).toBeLessThan(25_000)
  expect((await client.request('post', '/xapi/statements').send(someStatement())).status).toBe(200)
})

test('a line that is slow but not as slow gets its body through, however long it takes', async () => {
  xapi = await startXapi({ limits: { bodyIdleMs: 1_500, bytesPerSecond: 500 } })
  const client = await xapi.issue(['all'])
  const body = JSON.stringify(someStatement({ result: { response: 'x'.repeat(8_000) } }))
  const line = open()
  line.socket.write(head(client, { 'Content-Length': body.length }))
  for (let at = 0; at < body.length; at += 300) {
    line.socket.write(body.slice(at, at + 300))
    await setTimeout(100)
  }
  await line.until('HTTP/1.1 200 OK')
})
