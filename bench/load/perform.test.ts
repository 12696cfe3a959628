import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { postBatch, postOne } from './http.ts'
import { perform } from './perform.ts'

const ID = '11111111-1111-4111-8111-111111111111'
const statement = JSON.stringify({ id: ID, verb: { display: { vi: 'đã đọc' } } })

let server: Server
let url: string
let got: { id: string }[]
/** Answers and then cuts the line, every so many requests. */
let cutEvery: number

beforeEach(async () => {
  got = []
  cutEvery = Number.POSITIVE_INFINITY
  let requests = 0
  server = createServer(async (req, res) => {
    const all = [JSON.parse(await text(req))].flat() as { id: string }[]
    got.push(...all)
    if (++requests % cutEvery === 0) res.setHeader('Connection', 'close')
    res.end(JSON.stringify(all.map(({ id }) => id)))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(() => {
  server.closeAllConnections()
  server.close()
})
const to = () => ({ endpoint: `${url}/xapi`, credential: { key: 'k', secret: 's' } })

test('every sending has ids of its own, and they are told once acknowledged', async () => {
  const requests = [postOne(to(), statement), postBatch(to(), [statement, statement])]
  const told = await perform({ url, connections: 3, requests, count: 20, acknowledged: true })
  expect(told.statuses).toEqual({ 200: 20 })
  const ids = told.acknowledged.flatMap((one) => one.ids)
  expect(new Set(ids).size).toBe(30)
  expect(ids.toSorted()).toEqual(got.map(({ id }) => id).toSorted())
})

test('a line that the server closes is opened again, and nothing counts twice', async () => {
  cutEvery = 3
  const told = await perform({ url, connections: 2, requests: [postOne(to(), statement)], count: 20 })
  expect(told.answers).toBe(20)
  expect(told.lost).toBe(0)
  expect(got).toHaveLength(20)
})

test('at a given rate, so many go out, and what waits for a line has waited', async () => {
  const told = await perform({
    url,
    connections: 4,
    requests: [postOne(to(), statement)],
    perSecond: 200,
    durationMs: 500,
  })
  expect(told.answers).toBe(100)
  expect(told.latency.p99).toBeGreaterThanOrEqual(told.latency.p50)
  expect(told.latency.p50).toBeGreaterThan(0)
})
