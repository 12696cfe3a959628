/** The headers of answers of the statement resource: Consistent-Through, Last-Modified, Content-Type. */
import { expect } from 'vitest'
import type { Answer, Client } from './support/client.ts'
import { clientWith, lrs } from './support/harness.ts'
import { requirement } from './support/requirement.ts'
import { minimal, uuid, verb } from './support/statements.ts'

for (const [query, status] of [
  [{}, 200],
  [{ limit: -1 }, 400],
  [{ statementId: uuid() }, 404],
] as const) {
  requirement(
    'XAPI-00153 XAPI-00160 XAPI2-4.1.6.1-consistent-through',
    `sends Consistent-Through with ${status}`,
    async (xapi) => {
      const answer = await xapi.get('/statements', query)
      expect(answer.status).toBe(status)
      const time = answer.headers.get('x-experience-api-consistent-through')
      expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/)
      expect(Math.abs(Date.parse(time!) - Date.now())).toBeLessThan(5_000)
    },
  )
}

/** Writes and the status each is answered with. */
const writes: [status: number, send: (xapi: Client) => Promise<Answer>][] = [
  [200, (xapi) => xapi.post('/statements', minimal())],
  [204, (xapi) => xapi.put('/statements', { statementId: uuid() }, minimal())],
  [400, (xapi) => xapi.post('/statements', { ...minimal(), verb: {} })],
  [400, (xapi) => xapi.post('/statements', 'x', { headers: { 'content-type': 'multipart/mixed' } })],
  [403, async (xapi) => (await clientWith(xapi.version, ['state'])).post('/statements', minimal())],
  [405, (xapi) => xapi.delete('/statements')],
  [413, (xapi) => xapi.post('/statements', `"${'x'.repeat(lrs().limits.statementsBytes)}"`)],
]
for (const [status, send] of writes) {
  requirement(
    'XAPI2-4.1.6.1-consistent-through',
    `sends Consistent-Through with a write answered ${status}`,
    async (xapi) => {
      const answer = await send(xapi)
      expect(answer.status, answer.text).toBe(status)
      expect(answer.headers.get('x-experience-api-consistent-through')).toMatch(/Z$/)
    },
  )
}

requirement('XAPI-00152', 'is never behind what it shows', async (xapi) => {
  await xapi.store(minimal())
  const { body, headers } = await xapi.list({ limit: 1 })
  const through = Date.parse(headers.get('x-experience-api-consistent-through')!)
  expect(through).toBeGreaterThanOrEqual(Date.parse(body.statements[0].stored))
})

requirement('XAPI2-4.1.6.1-last-modified', 'sends the latest stored as Last-Modified', async (xapi) => {
  const own = { ...minimal(), verb: verb(uuid()) }
  await xapi.store(own)
  const [id] = await xapi.store(own)
  const { stored } = await xapi.fetch(id!)
  const second = Math.floor(Date.parse(stored) / 1000) * 1000
  for (const answer of [
    await xapi.get('/statements', { statementId: id }),
    await xapi.list({ verb: own.verb.id }),
  ])
    expect(Math.abs(Date.parse(answer.headers.get('last-modified')!) - second)).toBeLessThanOrEqual(1000)
})

requirement('XAPI-00165', 'names its content type', async (xapi) => {
  expect((await xapi.get('/statements')).headers.get('content-type')).toMatch(/^application\/json/)
})
