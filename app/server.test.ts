import { once } from 'node:events'
import { Agent, get, type IncomingMessage, type RequestOptions } from 'node:http'
import { connect } from 'node:net'
import { Router } from 'express'
import request from 'supertest'
import { describe, expect, test } from 'vitest'
import { createLog } from './observability/log.ts'
import { createMetrics } from './observability/metrics.ts'
import { createApp, createHttpServer, drain, listen } from './server.ts'

const silent = createLog('silent')
const routers = () => ({ xapi: Router(), h5p: Router(), web: Router() })

/** A server, and one who asks it on a line that stays open. */
async function openLine() {
  const server = createHttpServer((_req, res) => void res.end('done'))
  const listening = await listen(server, 0, '127.0.0.1')
  if (!listening.ok) throw new Error(listening.message)
  const line = { port: listening.port, host: '127.0.0.1', agent: new Agent({ keepAlive: true }) }
  async function ask(options: RequestOptions = {}) {
    const [answer] = (await once(get({ ...line, ...options }), 'response')) as [IncomingMessage]
    const { socket, headers } = answer
    await once(answer.resume(), 'end')
    return { socket, connection: headers.connection }
  }
  return { server, ask }
}

describe('the server', () => {
  test('a store that cannot answer is a 503 with Retry-After', async () => {
    const web = Router()
    web.get('/', () => {
      throw Object.assign(new Error('disk full'), { name: 'StorageUnavailable' })
    })
    const app = createApp({ ...routers(), web }, silent, createMetrics(), { trustProxy: 0 })
    const answer = await request(app).get('/')
    expect([answer.status, answer.get('Retry-After')]).toEqual([503, '5'])
    expect(answer.text).not.toContain('disk full')
  })

  test('no answer may be taken for another type than it says, refusals included', async () => {
    const h5p = Router()
    h5p.get('/frame', (_req, res) => void res.status(401).json({}))
    const app = createApp({ ...routers(), h5p }, silent, createMetrics(), { trustProxy: 0 })
    for (const path of ['/-/health', '/h5p/frame', '/nowhere', '/%ff'])
      expect((await request(app).get(path)).get('X-Content-Type-Options'), path).toBe('nosniff')
  })

  test('a port in use is told in words', async () => {
    const first = createHttpServer(() => {})
    const listening = await listen(first, 0, '127.0.0.1')
    if (!listening.ok) throw new Error(listening.message)
    const second = await listen(
      createHttpServer(() => {}),
      listening.port,
      '127.0.0.1',
    )
    expect(second).toEqual({
      ok: false,
      message: expect.stringContaining(`Port ${listening.port} is in use`),
    })
    await drain(first, 100)
  })

  test('a stop finishes what was accepted, and refuses what comes after', async () => {
    let finish = () => {}
    const server = createHttpServer((_req, res) => {
      finish = () => res.end('done')
      server.emit('begun')
    })
    const listening = await listen(server, 0, '127.0.0.1')
    if (!listening.ok) throw new Error(listening.message)
    const url = `http://127.0.0.1:${listening.port}/`
    const accepted = fetch(url)
    await once(server, 'begun')
    const drained = drain(server, 5_000)
    await expect(fetch(url)).rejects.toThrow()
    finish()
    expect(await (await accepted).text()).toBe('done')
    expect(await drained).toBe(true)
  })

  test('a stop behind a proxy still answers on a line that is open, and tells that it was the last answer', async () => {
    const { ask, server } = await openLine()
    const first = await ask()
    expect(first.connection).toBe('keep-alive')
    const drained = drain(server, 30_000, 30_000)
    await expect(ask({ agent: false })).rejects.toThrow('ECONNREFUSED')
    const last = await ask()
    expect(last.connection).toBe('close')
    expect(last.socket).toBe(first.socket)
    expect(await drained).toBe(true)
  })

  test('a stop behind a proxy closes lines on which nothing is asked, a little later', async () => {
    const { ask, server } = await openLine()
    const { socket } = await ask()
    const closed = once(socket, 'close')
    expect(await drain(server, 30_000, 100)).toBe(true)
    await closed
  })

  test('a stop does not wait longer than it says', async () => {
    const server = createHttpServer(() => server.emit('begun'))
    const listening = await listen(server, 0, '127.0.0.1')
    if (!listening.ok) throw new Error(listening.message)
    const answering = once(server, 'begun')
    const socket = connect(listening.port, '127.0.0.1', () =>
      socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'),
    )
    socket.on('error', () => {})
    await answering
    const begun = Date.now()
    expect(await drain(server, 200)).toBe(false)
    expect(Date.now() - begun).toBeLessThan(10_000)
  })

  test('does not wait for ever on a client that sends slowly', () => {
    const server = createHttpServer(() => {})
    expect(server.headersTimeout).toBeLessThanOrEqual(30_000)
    expect(server.requestTimeout).toBeGreaterThan(0)
    expect(server.timeout).toBeGreaterThan(0)
  })
})
