/** Voiding, and what refers to what. */
import { expect } from 'vitest'
import { set } from './support/change.ts'
import { clientWith } from './support/harness.ts'
import { refuses, requirement } from './support/requirement.ts'
import { agents, minimal, statementRef, uuid, VOIDED, verb, voiding } from './support/statements.ts'

const target = 'XAPI-00020 XAPI-00017 XAPI2-4.2.5-object'
refuses(
  () => voiding(uuid()),
  [
    [target, set('object.objectType', 'Activity'), set('object.id', 'https://hoc.example/a')],
    [target, set('object', agents.mbox())],
    [target, set('object', { objectType: 'StatementRef' })],
    [target, set('object', { id: 'https://hoc.example/activities/1' })],
  ],
)

requirement(
  'XAPI-00019 XAPI-00018 XAPI-00163 XAPI2-4.2.5-voided XAPI2-4.1.6.1-voided-hidden',
  'hides what was voided',
  async (xapi) => {
    const [id] = await xapi.store(minimal())
    expect((await xapi.get('/statements', { voidedStatementId: id })).status).toBe(404)
    const [voider] = await xapi.store(voiding(id!))
    expect((await xapi.get('/statements', { statementId: id })).status).toBe(404)
    const voided = await xapi.get('/statements', { voidedStatementId: id })
    expect(voided.status).toBe(200)
    expect(voided.body.id).toBe(id)
    expect((await xapi.get('/statements', { voidedStatementId: voider })).status).toBe(404)
  },
)

requirement('XAPI-00019', 'does not void by another verb', async (xapi) => {
  const [id] = await xapi.store(minimal())
  await xapi.store({ ...voiding(id!), verb: verb('voided') })
  expect((await xapi.fetch(id!)).id).toBe(id)
})

requirement('XAPI-00163 XAPI2-4.1.6.1-voided-hidden', 'leaves what was voided out of lists', async (xapi) => {
  const own = { ...minimal(), verb: verb(uuid()) }
  const [first, second] = await xapi.store([own, own])
  const [voider] = await xapi.store(voiding(first!))
  const { body } = await xapi.list({ verb: own.verb.id })
  expect(body.statements.map((statement: { id: string }) => statement.id)).toEqual([voider, second])
})

requirement(
  'XAPI-00162 XAPI2-4.1.6.1-voided-referrers',
  'lists what refers to what was voided',
  async (xapi) => {
    const own = { ...minimal(), verb: verb(uuid()) }
    const [id] = await xapi.store(own)
    const [comment] = await xapi.store({ ...minimal('binh'), object: statementRef(id) })
    const [voider] = await xapi.store(voiding(id!))
    const { body } = await xapi.list({ verb: own.verb.id })
    expect(body.statements.map((statement: { id: string }) => statement.id)).toEqual([voider, comment])
  },
)

requirement('XAPI-00016 XAPI2-4.2.5-voided', 'does not void what voids', async (xapi) => {
  const [id] = await xapi.store(minimal())
  const [voider] = await xapi.store(voiding(id!))
  const answer = await xapi.post('/statements', voiding(voider!))
  expect(answer.status, answer.text).toBeLessThan(500)
  expect((await xapi.fetch(voider!)).verb.id).toBe(VOIDED)
  expect((await xapi.get('/statements', { voidedStatementId: id })).status).toBe(200)
})

requirement(
  'XAPI-00018 XAPI2-4.2.4.1-void-unknown',
  'accepts a void that comes before its target',
  async (xapi) => {
    const id = uuid()
    await xapi.store(voiding(id))
    await xapi.store({ ...minimal(), id })
    expect((await xapi.get('/statements', { statementId: id })).status).toBe(404)
    expect((await xapi.get('/statements', { voidedStatementId: id })).status).toBe(200)
  },
)

requirement('XAPI-00018 XAPI2-4.2.5-voided', 'voids within one batch', async (xapi) => {
  const id = uuid()
  await xapi.store([voiding(id), { ...minimal(), id }])
  expect((await xapi.get('/statements', { voidedStatementId: id })).status).toBe(200)
})

requirement('XAPI-00327 XAPI2-4.1.5-forbidden', 'refuses to void for another source', async (xapi) => {
  const [id] = await xapi.store(minimal())
  const other = await clientWith(xapi.version, ['statements/write'], 'other')
  const answer = await other.post('/statements', voiding(id!))
  expect(answer.status, answer.text).toBe(403)
  expect((await xapi.fetch(id!)).id).toBe(id)
})
