/** Clients that are slow, silent or excessive are let go in time; all over real sockets. */
import { once } from 'node:events'
import type { Server } from 'node:http'
import { connect, type Socket } from 'node:net'
import { Readable } from 'node:stream'
import { setTimeout } from 'node:timers/promises'
import express from 'express'
import { afterEach, expect, test } from 'vitest'
import { cutSlowReaders } from './cut-slow-readers.ts'
import { limitUploads } from './limit-uploads.ts'
import { createHttpServer, drain, listen } from './server.ts'

let server: Server
let sockets: Socket[] = []
afterEach(async () => {
  for (const socket of sockets) socket.destroy()
  sockets = []
  await drain(server, 500)
})

/** Times a hundredth of the real ones. */
const SHORT = { headersMs: 300, requestMs: 1_500, keepAliveMs: 300, silenceMs: 400, checkMs: 50 }

async function start(listener: Parameters<typeof createHttpServer>[0], limits = {}): Promise<number> {
  server = createHttpServer(listener, { ...SHORT, ...limits })
  const listening = await listen(server, 0, '127.0.0.1')
  if (!listening.ok) throw new Error(listening.message)
  return listening.port
}

interface Line {
  socket: Socket
  text(): string
  /** Milliseconds until it was closed by the server; throws when that does not happen. */
  closed: Promise<number>
}
function open(port: number): Line {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  sockets.push(socket)
  const begun = Date.now()
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk
  })
  socket.on('error', () => {})
  const over = new Promise<number>((resolve) => {
    for (const event of ['end', 'close']) socket.once(event, () => resolve(Date.now() - begun))
  })
  const late = setTimeout(30_000, -1, { ref: false })
  const closed = Promise.race([over, late]).then((ms) => {
    if (ms < 0) throw new Error('The server did not close the connection.')
    return ms
  })
  closed.catch(() => {})
  return { socket, text: () => text, closed }
}

async function drip(socket: Socket, piece: string, everyMs: number): Promise<void> {
  while (socket.writable) {
    socket.write(piece)
    await setTimeout(everyMs)
  }
}

const answering: Parameters<typeof start>[0] = (_req, res) => void res.end('done')

test('headers that trickle in get 408', async () => {
  const line = open(await start(answering, { silenceMs: 20_000 }))
  line.socket.write('GET / HTTP/1.1\r\nHost: a\r\n')
  void drip(line.socket, 'X-A: b\r\n', 40)
  await line.closed
  line.socket.destroy()
  expect(line.text()).toMatch(/^HTTP\/1\.1 408 /)
})

test('a connection that says nothing is closed, before a request and after one', async () => {
  const port = await start(answering)
  const [silent, once_] = [open(port), open(port)]
  once_.socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  await silent.closed
  await once_.closed
  expect(once_.text()).toContain('done')
})

test('a client that vanished in the midst of its body is let go', async () => {
  const port = await start((req, res) => {
    req.resume()
    req.on('end', () => res.end('done'))
  })
  const line = open(port)
  line.socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc')
  expect(await line.closed).toBeGreaterThan(300)
})

test('a client that never takes its answer is let go', async () => {
  let ended = false
  const port = await start((_req, res) => {
    res.once('close', () => {
      ended = true
    })
    res.end(Buffer.alloc(30_000_000))
  })
  const line = open(port)
  line.socket.pause()
  line.socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  await expect.poll(() => ended).toBe(true)
})

test('too many headers, and headers that are too large, get 431', async () => {
  const port = await start(answering)
  const many = open(port)
  many.socket.write(`GET / HTTP/1.1\r\nHost: a\r\n${'X-A: b\r\n'.repeat(100)}\r\n`)
  const large = open(port)
  large.socket.write(`GET / HTTP/1.1\r\nHost: a\r\nX-A: ${'b'.repeat(20_000)}\r\n\r\n`)
  for (const line of [many, large]) {
    await line.closed
    expect(line.text()).toMatch(/^HTTP\/1\.1 431 /)
  }
  const enough = open(port)
  enough.socket.write(`GET / HTTP/1.1\r\nHost: a\r\n${'X-A: b\r\n'.repeat(99)}\r\n`)
  await enough.closed
  expect(enough.text()).toMatch(/^HTTP\/1\.1 200 /)
})

test('connections beyond the bound are closed at once, and there is room again when others end', async () => {
  const port = await start(answering, {
    connections: 3,
    keepAliveMs: 40_000,
    headersMs: 40_000,
    requestMs: 40_000,
    silenceMs: 40_000,
  })
  const held = [open(port), open(port), open(port)]
  await Promise.all(held.map(({ socket }) => once(socket, 'connect')))
  const beyond = open(port)
  expect(await beyond.closed).toBeLessThan(20_000)
  held[0]?.socket.destroy()
  const next = async () => {
    const line = open(port)
    line.socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    await line.closed
    return line.text()
  }
  await expect.poll(next).toContain('done')
})

test('requests that pile up on one connection before their answers close it, a few in a row are answered', async () => {
  let under = 0
  let most = 0
  const port = await start(async (_req, res) => {
    most = Math.max(most, ++under)
    await setTimeout(50)
    under--
    res.end('done')
  })
  const get = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
  const few = open(port)
  few.socket.write(get.repeat(10))
  await few.closed
  expect(few.text().match(/done/g)).toHaveLength(10)
  const flood = open(port)
  flood.socket.write(get.repeat(1_000))
  await flood.closed
  expect(most).toBeLessThanOrEqual(64)
  expect(flood.text()).not.toContain('done')
})

/** Uploads that were let in. */
let taken = 0
/** Takes uploads, and answers when all of one came. */
const uploading = (limits: Parameters<typeof limitUploads>[0]) =>
  express()
    .use(limitUploads({ fromBytes: 1_000, ...limits }))
    .post('/', (req, res) => {
      taken++
      req.resume()
      req.on('end', () => res.send('kept'))
    })
const upload = (bytes: number, headers = '') =>
  `POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: ${bytes}\r\n${headers}\r\n`

test('uploads at once are bounded, of one address with 429 and in all with 503, before their bodies come', async () => {
  for (const [limits, status] of [
    [{ ofAddress: 2, atOnce: 9 }, 429],
    [{ ofAddress: 9, atOnce: 2 }, 503],
  ] as const) {
    const port = await start(uploading(limits), { silenceMs: 40_000 })
    const before = taken
    const held = [open(port), open(port)]
    for (const { socket } of held) socket.write(upload(2_000))
    await expect.poll(() => taken - before).toBe(2)
    const beyond = open(port)
    beyond.socket.write(upload(2_000, 'Expect: 100-continue\r\n'))
    await beyond.closed
    expect(beyond.text()).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [\\s\\S]*Retry-After: `))
    const form = open(port)
    form.socket.write(`${upload(3)}abc`)
    await form.closed
    expect(form.text()).toContain('kept')
    for (const { socket } of held) socket.write(Buffer.alloc(2_000))
    for (const { closed } of held) await closed
    const next = open(port)
    next.socket.write(upload(2_000, 'Expect: 100-continue\r\n'))
    await once(next.socket, 'data')
    expect(next.text()).toBe('HTTP/1.1 100 Continue\r\n\r\n')
    next.socket.write(Buffer.alloc(2_000))
    await next.closed
    expect(next.text()).toContain('kept')
    await drain(server, 500)
  }
})

test('an upload that drips is cut off, one that is slow is not', async () => {
  const port = await start(uploading({ bodyIdleMs: 1_500, bytesPerSecond: 500 }), {
    requestMs: 60_000,
    silenceMs: 20_000,
  })
  const [dripping, slow] = [open(port), open(port)]
  for (const { socket } of [dripping, slow]) socket.write(upload(9_000))
  void drip(dripping.socket, 'x', 50)
  for (let sent = 0; sent < 9_000; sent += 200) {
    slow.socket.write(Buffer.alloc(200))
    await setTimeout(80)
  }
  await slow.closed
  expect(slow.text()).toContain('kept')
  await dripping.closed
  expect(dripping.text()).not.toContain('kept')
})

/** A file in pieces, larger than what the buffers of a line take. */
function* file(): Generator<Buffer> {
  for (let piece = 0; piece < 400; piece++) yield Buffer.alloc(65_536)
}

test('a reader who takes a file by drips is cut off, one who is slow is not, nor one who waits for the server', async () => {
  const ended = new Map<string, boolean>()
  const app = express()
    .use(cutSlowReaders({ answerIdleMs: 1_500, bytesPerSecond: 1_000_000 }))
    .get('/late', async (_req, res) => {
      res.write('first, ')
      await setTimeout(2_500)
      res.end('last')
    })
    .get('/:who', (req, res) => {
      res.once('close', () => ended.set(req.params.who, res.writableFinished))
      Readable.from(file()).pipe(res)
    })
  const port = await start(app, { silenceMs: 60_000, requestMs: 60_000 })
  const ask = (path: string) => {
    const { socket, text } = open(port)
    socket.write(`GET /${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)
    return { socket, text }
  }
  const late = ask('late')
  for (const [who, bytes] of [
    ['dripping', 10_000],
    ['slow', 600_000],
  ] as const) {
    const { socket } = ask(who)
    socket.removeAllListeners('data').pause()
    let allowed = 0
    // Takes no more than so much in each moment.
    socket.on('data', (chunk) => {
      allowed -= chunk.length
      if (allowed <= 0) socket.pause()
    })
    void (async () => {
      while (!ended.has(who)) {
        allowed += bytes
        if (allowed > 0) socket.resume()
        await setTimeout(50)
      }
    })()
  }
  await expect.poll(() => [...ended.keys()].sort()).toEqual(['dripping', 'slow'])
  expect(Object.fromEntries(ended)).toEqual({ dripping: false, slow: true })
  await expect.poll(late.text).toContain('last')
})
