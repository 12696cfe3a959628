/** PUT and POST of statements: ids, batches, immutability, equivalence. */
import { expect } from 'vitest'
import { changed, set } from './support/change.ts'
import { requirement } from './support/requirement.ts'
import { activity, agents, full, group, minimal, uuid } from './support/statements.ts'

requirement('XAPI-00143 XAPI-00145 XAPI2-4.1.6.1-put', 'stores by PUT and answers 204', async (xapi) => {
  const id = uuid()
  const answer = await xapi.put('/statements', { statementId: id }, minimal())
  expect(answer.status, answer.text).toBe(204)
  expect(answer.text).toBe('')
  expect((await xapi.fetch(id)).id).toBe(id)
})

requirement('XAPI-00145 XAPI2-4.1.6.1-put-id', 'refuses PUT of another id than statementId', async (xapi) => {
  const id = uuid()
  const answer = await xapi.put('/statements', { statementId: id }, { ...minimal(), id: uuid() })
  expect(answer.status, answer.text).toBe(400)
  expect((await xapi.put('/statements', { statementId: id }, { ...minimal(), id })).status).toBe(204)
})

requirement('XAPI-00145 XAPI2-4.1.6.1-put-single', 'refuses PUT of several statements', async (xapi) => {
  const answer = await xapi.put('/statements', { statementId: uuid() }, [minimal()])
  expect(answer.status, answer.text).toBe(400)
})

requirement('XAPI-00144 XAPI2-4.1.6.1-put-statement-id', 'refuses PUT without statementId', async (xapi) => {
  const statement = { ...minimal(), id: uuid() }
  const answer = await xapi.put('/statements', {}, statement)
  expect(answer.status, answer.text).toBe(400)
  expect((await xapi.get('/statements', { statementId: statement.id })).status).toBe(404)
})

requirement(
  'XAPI-00012 XAPI2-4.1.6-parameter-format',
  'refuses a statementId that is no UUID',
  async (xapi) => {
    expect((await xapi.put('/statements', { statementId: 'one' }, minimal())).status).toBe(400)
    expect((await xapi.get('/statements', { statementId: 'one' })).status).toBe(400)
  },
)

requirement(
  'XAPI-00147 XAPI-00146 XAPI2-4.1.6.1-post',
  'stores one by POST and answers with its id',
  async (xapi) => {
    const statement = full(xapi.version)
    const answer = await xapi.post('/statements', statement)
    expect(answer.status, answer.text).toBe(200)
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
    expect(answer.body).toEqual([statement.id])
  },
)

requirement('XAPI-00146 XAPI2-4.1.6.1-post', 'answers with the ids in the order sent', async (xapi) => {
  const [first, third] = [uuid(), uuid()]
  const answer = await xapi.post('/statements', [
    { ...minimal(), id: first },
    minimal(),
    { ...minimal(), id: third },
  ])
  expect(answer.body).toEqual([first, expect.any(String), third])
  expect((await xapi.fetch(answer.body[1])).id).toBe(answer.body[1])
})

requirement(
  'XAPI-00326 XAPI2-4.1.5-batch',
  'stores nothing of a batch with one wrong statement',
  async (xapi) => {
    const statement = { ...minimal(), id: uuid() }
    const answer = await xapi.post('/statements', [statement, { ...minimal(), verb: {} }])
    expect(answer.status, answer.text).toBe(400)
    expect((await xapi.get('/statements', { statementId: statement.id })).status).toBe(404)
    await xapi.store([statement, minimal()])
  },
)

requirement(
  'XAPI-00326 XAPI2-4.1.6.1-batch-same-id',
  'refuses a batch that uses an id twice',
  async (xapi) => {
    const id = uuid()
    const answer = await xapi.post('/statements', [
      { ...minimal(), id },
      { ...minimal(), id: id.toUpperCase() },
    ])
    expect(answer.status, answer.text).toBe(400)
    expect((await xapi.get('/statements', { statementId: id })).status).toBe(404)
  },
)

for (const method of ['PUT', 'POST'] as const) {
  const send = (xapi: Parameters<Parameters<typeof requirement>[2]>[0], id: string, statement: object) =>
    method === 'PUT'
      ? xapi.put('/statements', { statementId: id }, { ...statement, id })
      : xapi.post('/statements', { ...statement, id })

  requirement(
    'XAPI-00142 XAPI2-4.1.6.1-id-taken',
    `changes nothing by ${method} of an id taken`,
    async (xapi) => {
      const id = uuid()
      await send(xapi, id, minimal('an'))
      const before = await xapi.fetch(id)
      const other = await send(xapi, id, minimal('binh'))
      expect(other.status, other.text).toBe(409)
      expect(await xapi.fetch(id)).toEqual(before)
    },
  )

  requirement('XAPI-00142 XAPI2-4.1.6.1-id-taken', `accepts the same again by ${method}`, async (xapi) => {
    const id = uuid()
    await send(xapi, id, minimal())
    const before = await xapi.fetch(id)
    const again = await send(xapi, id, minimal())
    expect(again.status, again.text).toBe(method === 'PUT' ? 204 : 200)
    expect(await xapi.fetch(id)).toEqual(before)
  })
}

requirement('XAPI2-4.2-immutable', 'returns what was sent', async (xapi) => {
  const statement = full(xapi.version)
  await xapi.store(statement)
  const { stored: _, authority: __, version: ___, ...rest } = await xapi.fetch(statement.id)
  expect(rest).toEqual(statement)
})

/** What makes no difference, as seen by sending the id again: accepted, and nothing changed. */
const same = [
  set('timestamp', '2020-01-01T00:00:00Z'),
  set('stored', '2020-01-01T00:00:00Z'),
  set('authority', agents.account('ai-do')),
  set('version', '1.0.0'),
  set('attachments', []),
  set('verb.display', { en: 'did something else' }),
  set('object.definition.name', { en: 'another name' }),
  set('actor.member', [agents.account('chi'), agents.mbox('binh')]),
  set('context.contextActivities.parent', activity('khoa-1')),
  set('result.duration', 'PT1H30M0.509S'),
  set('result.score.raw', 8.0),
]
const base = (version: Parameters<typeof full>[0]) => ({
  ...full(version),
  actor: group('to-9', [agents.mbox('binh'), agents.account('chi')]),
})
for (const change of same) {
  requirement(
    'XAPI-00142 XAPI2-4.2-equivalence',
    `holds ${change.path} to make no difference`,
    async (xapi) => {
      const statement = base(xapi.version)
      await xapi.store(statement)
      const to = change.path === 'version' && xapi.version === '2.0.0' ? set('version', '2.0.0') : change
      const again = await xapi.post('/statements', changed(statement, [to]))
      expect(again.status, again.text).toBe(200)
    },
  )
}

const different = [
  set('actor.mbox', 'mailto:ai-khac@hoc.example'),
  set('verb.id', 'https://hoc.example/verbs/other'),
  set('object.id', 'https://hoc.example/activities/other'),
  set('result.success', false),
  set('result.duration', 'PT1H30M0.51S'),
  set('result.score.raw', 8.5),
  set('context.platform', 'other'),
  set('actor.member', [agents.mbox('binh')]),
]
for (const change of different) {
  requirement('XAPI-00142 XAPI2-4.2-immutable', `holds ${change.path} to make a difference`, async (xapi) => {
    const statement = base(xapi.version)
    await xapi.store(statement)
    const again = await xapi.post('/statements', changed(statement, [change]))
    expect(again.status, again.text).toBe(409)
  })
}

requirement(
  'XAPI2-4.2.7-duration-comparison',
  'compares durations to hundredths of a second',
  async (xapi) => {
    const statement = { ...minimal(), id: uuid(), result: { duration: 'PT10.121S' } }
    await xapi.store(statement)
    const within = await xapi.post('/statements', { ...statement, result: { duration: 'PT10.129S' } })
    expect(within.status, within.text).toBe(200)
    const beyond = await xapi.post('/statements', { ...statement, result: { duration: 'PT10.13S' } })
    expect(beyond.status, beyond.text).toBe(409)
  },
)

requirement('XAPI-00182', 'changes nothing by a refused request', async (xapi) => {
  const statement = { ...minimal(), id: uuid(), object: activity(uuid()) }
  const refused = await xapi.post('/statements', [statement, { ...minimal(), actor: {} }])
  expect(refused.status).toBe(400)
  expect((await xapi.list({ activity: statement.object.id })).body.statements).toEqual([])
  const known = await xapi.get('/activities', { activityId: statement.object.id })
  expect(known.body?.definition).toBeUndefined()
})

requirement('XAPI-00330', 'does not rewrite a statement for an older version', async (xapi) => {
  const statement = { ...full('1.0.3'), version: '1.0.3' }
  await xapi.store(statement)
  const answer = await xapi.get(
    '/statements',
    { statementId: statement.id },
    {
      headers: { 'x-experience-api-version': '1.0.0' },
    },
  )
  const { stored: _, authority: __, ...rest } = answer.body
  expect(rest).toEqual(statement)
})
