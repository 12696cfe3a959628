import { createHash, randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import express from 'express'
import request from 'supertest'
import { beforeEach, expect, test } from 'vitest'
import { holdFiles, sendFile } from './files.ts'

/** What is read from the store, and how often. The client unpacks what was packed. */
let reads: { sha2: string; range: { start: number; end: number } | undefined }[]
const blobs = new Map<string, Buffer>()
const held = holdFiles()
beforeEach(() => {
  reads = []
})

function serve(path: string, bytes: Buffer) {
  const sha2 = createHash('sha256').update(bytes).digest('hex')
  blobs.set(sha2, bytes)
  const app = express()
  app.disable('etag')
  app.get('/file', async (req, res) => {
    const file = { path, sha2, size: bytes.length, keep: 'forEver' as const }
    const sent = await sendFile(req, res, held, file, async (sha2, range) => {
      reads.push({ sha2, range })
      const all = blobs.get(sha2)
      if (!all) return null
      return {
        size: all.length,
        content: Readable.from([range ? all.subarray(range.start, range.end + 1) : all]),
      }
    })
    if (!sent) res.status(404).end()
  })
  const get = (headers: Record<string, string> = {}) =>
    request(app)
      .get('/file')
      .set({ 'Accept-Encoding': 'identity', ...headers })
      .buffer()
      .parse((answer, done) => {
        const parts: Buffer[] = []
        answer.on('data', (part) => parts.push(part)).on('end', () => done(null, Buffer.concat(parts)))
      })
  return { get, sha2, app }
}

test.each([
  ['film.mp4', 'video/mp4'],
  ['film.WEBM', 'video/webm'],
  ['sound.mp3', 'audio/mpeg'],
  ['subtitles.vtt', 'text/vtt; charset=utf-8'],
  ['type.woff2', 'font/woff2'],
  ['drawing.svg', 'image/svg+xml'],
  ['library.js', 'text/javascript; charset=utf-8'],
  ['library.css', 'text/css; charset=utf-8'],
  ['nothing', 'application/octet-stream'],
])('%s is sent as %s', async (path, type) => {
  const { get } = serve(path, randomBytes(100))
  const answer = await get()
  expect(answer.headers['content-type']).toBe(type)
  expect(answer.headers['x-content-type-options']).toBe('nosniff')
})

test('a film too large to be held is read from the store by the range that is asked for, and no more', async () => {
  const film = randomBytes(3 * 1024 * 1024)
  const { get, sha2 } = serve('film.mp4', film)
  const part = await get({ Range: 'bytes=1000000-1000099' })
  expect(part.status).toBe(206)
  expect(part.headers['content-range']).toBe(`bytes 1000000-1000099/${film.length}`)
  expect(part.body).toEqual(film.subarray(1_000_000, 1_000_100))
  const end = await get({ Range: 'bytes=3145000-' })
  expect(end.body).toEqual(film.subarray(3_145_000))
  expect((await get()).body).toEqual(film)
  expect(reads).toEqual([
    { sha2, range: { start: 1_000_000, end: 1_000_099 } },
    { sha2, range: { start: 3_145_000, end: film.length - 1 } },
    { sha2, range: undefined },
  ])
  expect((await get({ Range: `bytes=${film.length}-` })).status).toBe(416)
  // Several at once may be answered with the whole.
  expect((await get({ Range: 'bytes=0-1,5-6' })).status).toBe(200)
})

test('text is packed once in each way, and has another tag in each', async () => {
  const text = Buffer.from(`console.log("${'bài học '.repeat(1000)}")`)
  const { get, app } = serve('library.js', text)
  const [br, gz, plain] = [
    await get({ 'Accept-Encoding': 'gzip, br' }),
    await get({ 'Accept-Encoding': 'gzip' }),
    await get(),
  ]
  for (let again = 0; again < 3; again++) await get({ 'Accept-Encoding': 'gzip, br' })
  expect(reads).toHaveLength(3)
  expect(br.headers['content-encoding']).toBe('br')
  expect(br.body).toEqual(text)
  expect(gz.headers['content-encoding']).toBe('gzip')
  expect(gz.body).toEqual(text)
  expect(plain.headers['content-encoding']).toBeUndefined()
  expect(plain.body).toEqual(text)
  const tags = [br, gz, plain].map(({ headers }) => headers.etag)
  expect(new Set(tags).size).toBe(3)
  for (const { headers } of [br, gz, plain]) expect(headers.vary).toBe('Accept-Encoding')
  await request(app).get('/file').set({ 'Accept-Encoding': 'br', 'If-None-Match': tags[0] }).expect(304)
  await request(app).get('/file').set({ 'Accept-Encoding': 'br', 'If-None-Match': tags[2] }).expect(200)
})

test('text too large to be held is packed on its way', async () => {
  const text = Buffer.from('đây là một thư viện lớn. '.repeat(100_000))
  const { get, app } = serve('library.js', text)
  const answer = await get({ 'Accept-Encoding': 'br, gzip' })
  expect(answer.headers['content-encoding']).toBe('gzip')
  expect(answer.body).toEqual(text)
  const head = await request(app).head('/file')
  expect(head.status).toBe(200)
})

test('what the store has no more is not there, and is not kept as if it were', async () => {
  const { get, sha2 } = serve('library.css', Buffer.from('a{}'))
  blobs.delete(sha2)
  const answer = await get()
  expect(answer.status).toBe(404)
  expect(answer.headers['cache-control']).toBeUndefined()
  blobs.set(sha2, Buffer.from('a{}'))
  expect((await get()).status).toBe(200)
})
