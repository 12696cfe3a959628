import { openSync } from 'node:fs'
import express, { Router } from 'express'
import request from 'supertest'
import { describe, expect, test } from 'vitest'
import { createApp } from '../server.ts'
import { createLog } from './log.ts'
import { createMetrics } from './metrics.ts'

const PRIVATE = [
  'Nguyễn Văn An',
  'an@example.vn',
  's3cret-value',
  'cookie-token',
  'setup-token-1',
  '0912345678',
]

function capture() {
  const lines: string[] = []
  return { lines, log: createLog('trace', { write: (line: string) => void lines.push(line) }) }
}

function appWith(log: ReturnType<typeof createLog>) {
  const web = Router()
  web.get('/setup/:token', (_req, res) => void res.send('ok'))
  web.use(express.json())
  web.post('/sign-in', (req, res) => {
    res.locals.credential = 'key-1'
    res.json(req.body)
  })
  web.post('/fails', (req) => {
    const error = new Error('the store is gone') as Error & { statement?: unknown }
    error.statement = req.body
    throw error
  })
  // Node quotes a wrong argument, and V8 what it cannot parse, line breaks and all.
  web.post('/quotes', (req) => void openSync('x', req.body.name))
  web.post('/parses-lines', () => JSON.parse('x\n  at an@example.vn'))
  web.post('/parses', () => JSON.parse('{"name":"Nguyễn Văn An", an@example.vn'))
  const routers = { xapi: Router(), h5p: Router(), web }
  return createApp(routers, log, createMetrics(), { trustProxy: 0 })
}

describe('the log', () => {
  test('holds no body, name, mail, token or secret, whatever is sent and whatever fails', async () => {
    const { lines, log } = capture()
    const app = appWith(log)
    const body = { name: 'Nguyễn Văn An', phone: '0912345678', password: 's3cret-value' }
    await request(app).get('/setup/setup-token-1').set('Cookie', 'sid=cookie-token')
    await request(app)
      .post('/sign-in?agent={"mbox":"mailto:an@example.vn"}')
      .set('Authorization', `Basic ${Buffer.from('key-1:s3cret-value').toString('base64')}`)
      .send(body)
    expect((await request(app).post('/fails').send(body)).status).toBe(500)
    for (const path of ['/parses', '/parses-lines', '/quotes'])
      expect((await request(app).post(path).send(body)).status, path).toBe(500)
    await request(app).get('/an@example.vn/0912345678')
    await request(app).get('/nobody?token=s3cret-value')

    await expect.poll(() => lines.length).toBe(12)
    const written = lines.join('')
    for (const one of [...PRIVATE, Buffer.from('key-1:s3cret-value').toString('base64')])
      expect(written).not.toContain(one)
  })

  test('says per request: id, method, route, status, time and credential', async () => {
    const { lines, log } = capture()
    const answer = await request(appWith(log)).post('/sign-in').send({})
    const line = JSON.parse(lines[0] ?? '')
    expect(line).toMatchObject({
      msg: 'request',
      method: 'POST',
      route: '/sign-in',
      status: 200,
      credential: 'key-1',
    })
    expect(line.ms).toBeGreaterThan(0)
    expect(line.request).toBe(answer.get('X-Request-Id'))
  })

  test('writes the pattern of a route, not the address', async () => {
    const { lines, log } = capture()
    await request(appWith(log)).get('/setup/setup-token-1')
    expect(JSON.parse(lines[0] ?? '').route).toBe('/setup/:token')
  })

  test('takes a request id from a trusted proxy alone, and only a well-formed one', async () => {
    const { log } = capture()
    const id = 'abcdef-123456'
    const routers = { xapi: Router(), h5p: Router(), web: Router() }
    const behindProxy = createApp(routers, log, createMetrics(), { trustProxy: 1 })
    const ask = (app: express.Express, given: string) =>
      request(app).get('/nowhere').set('X-Request-Id', given)
    expect((await ask(behindProxy, id)).get('X-Request-Id')).toBe(id)
    expect((await ask(behindProxy, 'a b')).get('X-Request-Id')).not.toBe('a b')
    expect((await ask(appWith(log), id)).get('X-Request-Id')).not.toBe(id)
  })

  test('an unknown error is a 500 with the request id and no internals', async () => {
    const { lines, log } = capture()
    const answer = await request(appWith(log)).post('/fails').send({})
    expect(answer.status).toBe(500)
    expect(answer.text).not.toContain('store is gone')
    expect(answer.body.requestId).toBe(answer.get('X-Request-Id'))
    expect(lines.join('')).toContain('the store is gone')
  })
})
