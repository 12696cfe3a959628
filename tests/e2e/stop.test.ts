import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { Agent, type IncomingMessage, request } from 'node:http'
import { connect } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { type Product, startProduct } from '../support/product.ts'

let product: Product
afterEach(() => product.stop())

/** Long before what still goes on is cut off, ms; also on a slow machine. */
const AT_ONCE_MS = 7_000

async function readiness({ internalUrl }: Product): Promise<[number, unknown]> {
  const answer = await fetch(`${internalUrl}/health/ready`)
  return [answer.status, await answer.json()]
}

const headersOf = ({ key, secret }: Product['credential']) => ({
  Authorization: `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}`,
  'X-Experience-API-Version': '2.0.0',
})
const statement = (id: string) => ({
  id,
  actor: { account: { homePage: 'https://lms.example.vn', name: id.slice(0, 4) } },
  verb: { id: 'http://adlnet.gov/expapi/verbs/completed' },
  object: {
    id: `https://lms.example.vn/course/${id.slice(0, 2)}`,
    definition: { name: { vi: 'x'.repeat(1_000) } },
  },
})

/** One request on a line that is kept for the next; the status, or the code of the line's error. */
function send(agent: Agent, method: string, path: string, body?: string): Promise<number | string> {
  return new Promise((resolve) => {
    const headers = { ...headersOf(product.credential), 'Content-Type': 'application/json' }
    const outgoing = request(`${product.url}${path}`, { agent, method, headers }, (res) => {
      res.resume().once('end', () => resolve(res.statusCode ?? 0))
      res.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    })
    outgoing.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    outgoing.end(body)
  })
}

/** Sends single statements on so many lines until the line is gone. */
function load(lines: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: lines })
  const acknowledged: string[] = []
  const others: (number | string)[] = []
  const ended = Promise.all(
    Array.from({ length: lines }, async () => {
      for (;;) {
        const id = randomUUID()
        const got = await send(agent, 'POST', '/xapi/statements', JSON.stringify(statement(id)))
        if (got === 200) acknowledged.push(id)
        else {
          others.push(got)
          return
        }
      }
    }),
  )
  return { acknowledged, others, ended }
}

/** Clients that never come to an end: half a body, half a head, an answer that is not taken. The server has begun on one. */
async function neverFinishing(): Promise<void> {
  const { hostname, port } = new URL(product.url)
  const { Authorization } = headersOf(product.credential)
  const half = (text: string) => {
    const socket = connect(Number(port), hostname === 'localhost' ? '127.0.0.1' : hostname, () =>
      socket.write(text),
    )
    return socket.on('error', () => {}).pause()
  }
  const head = (line: string) =>
    `${line} HTTP/1.1\r\nHost: x\r\nAuthorization: ${Authorization}\r\nX-Experience-API-Version: 2.0.0\r\n`
  half(
    `${head('POST /xapi/statements')}Content-Type: application/json\r\nContent-Length: 9000000\r\n\r\n[{"actor":`,
  )
  half(head('GET /xapi/statements'))
  half(`${head('GET /xapi/statements?limit=100')}\r\n`)
  const begun = half(
    `${head('PUT /xapi/activities/profile?activityId=https://a.example&profileId=p')}Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n`,
  )
  // What it says to go on.
  await once(begun.resume(), 'data')
  begun.pause().write('5\r\nhello\r\n')
}

async function stored(id: string): Promise<boolean> {
  const answer = await fetch(`${product.url}/xapi/statements?statementId=${id}`, {
    headers: headersOf(product.credential),
  })
  await answer.arrayBuffer()
  return answer.status === 200
}

describe('a stop (SIGTERM)', () => {
  test('under load, with clients that never finish, ends with 0 within ten seconds and loses nothing acknowledged', async () => {
    product = await startProduct()
    const { credential, dataDir } = product
    const { acknowledged, others, ended } = load(32)
    await expect.poll(() => acknowledged.length, { timeout: 60_000 }).toBeGreaterThan(300)
    await neverFinishing()
    const begun = performance.now()
    process.kill(product.pid, 'SIGTERM')
    await expect
      .poll(() => readiness(product), { interval: 20 })
      .toMatchObject([503, { reason: expect.stringContaining('stopping') }])
    expect((await fetch(`${product.internalUrl}/health/live`)).status).toBe(200)
    await ended
    // Answers went out complete, and each line was closed behind one, long before it would be cut off.
    expect(performance.now() - begun).toBeLessThan(AT_ONCE_MS)
    for (const got of others) expect(['ECONNREFUSED', 'ECONNRESET', 'EPIPE']).toContain(got)
    expect(await product.ended).toBe(0)
    expect(performance.now() - begun).toBeLessThan(10_000)
    expect(product.logged()).toContain('requests were cut off')

    product = { ...(await startProduct({ dataDir })), credential }
    for (const id of acknowledged) expect(await stored(id), id).toBe(true)
    const page = await fetch(`${product.internalUrl}/metrics`)
    const held = /^suotdoi_statements\{database="main"\} (\d+)$/m.exec(await page.text())?.[1]
    // At most one of each line was stored and its answer lost.
    expect(Number(held)).toBeGreaterThanOrEqual(acknowledged.length)
    expect(Number(held)).toBeLessThanOrEqual(acknowledged.length + 32)
  }, 180_000)

  test('lets an upload that is under way finish, and refuses new lines meanwhile', async () => {
    product = await startProduct()
    const headers = { ...headersOf(product.credential), 'Content-Type': 'text/plain' }
    const path = '/xapi/activities/profile?activityId=https://a.example&profileId=p'
    const outgoing = request(`${product.url}${path}`, {
      method: 'PUT',
      headers: { ...headers, 'If-None-Match': '*', Expect: '100-continue' },
    })
    const answered = once(outgoing, 'response') as Promise<[IncomingMessage]>
    outgoing.flushHeaders()
    await once(outgoing, 'continue')
    outgoing.write('the first half, ')
    const begun = performance.now()
    process.kill(product.pid, 'SIGTERM')
    const another = () =>
      fetch(`${product.url}/lessons`).then(
        () => 'answered',
        () => 'refused',
      )
    await expect.poll(another).toBe('refused')
    outgoing.end('and the second')
    const [answer] = await answered
    expect(answer.statusCode).toBe(204)
    expect(await product.ended).toBe(0)
    expect(performance.now() - begun).toBeLessThan(AT_ONCE_MS)
    const { credential } = product
    product = await startProduct({ dataDir: product.dataDir })
    const read = await fetch(`${product.url}${path}`, { headers: headersOf(credential) })
    expect(await read.text()).toBe('the first half, and the second')
  }, 180_000)

  test('asked for twice ends at once', async () => {
    product = await startProduct()
    await neverFinishing()
    const begun = performance.now()
    process.kill(product.pid, 'SIGTERM')
    await expect.poll(() => readiness(product), { interval: 20 }).toMatchObject([503, {}])
    process.kill(product.pid, 'SIGTERM')
    expect(await product.ended).toBe(1)
    expect(performance.now() - begun).toBeLessThan(AT_ONCE_MS)
  })
})
