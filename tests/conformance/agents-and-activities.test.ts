/** GET /agents and GET /activities. */
import { expect } from 'vitest'
import { requirement } from './support/requirement.ts'
import { activity, agents, interaction, minimal, uuid } from './support/statements.ts'

requirement(
  'XAPI-00245 XAPI-00236 XAPI-00246 XAPI-00248 XAPI-00237 XAPI2-4.1.6.3-person',
  'answers with a person',
  async (xapi) => {
    const agent = agents.mbox(`x${uuid()}`)
    await xapi.store({ ...minimal(), actor: agent })
    const answer = await xapi.get('/agents', { agent })
    expect(answer.status, answer.text).toBe(200)
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
    expect(answer.body).toEqual({ objectType: 'Person', name: [agent.name], mbox: [agent.mbox] })
  },
)

for (const [ids, kind] of [
  ['XAPI-00239 XAPI-00244 XAPI2-4.1.6.3-members', 'mbox'],
  ['XAPI-00240 XAPI2-4.1.6.3-members', 'mbox_sha1sum'],
  ['XAPI-00241 XAPI2-4.1.6.3-members', 'openid'],
  ['XAPI-00242 XAPI2-4.1.6.3-account XAPI2-4.1.6.3-members', 'account'],
] as const) {
  requirement(ids, `gives ${kind} as an array`, async (xapi) => {
    const agent = agents[kind](`x${uuid()}`) as Record<string, unknown>
    await xapi.store({ ...minimal(), actor: agent })
    const { body } = await xapi.get('/agents', { agent: { [kind]: agent[kind] } })
    expect(body[kind]).toEqual([agent[kind]])
  })
}

requirement('XAPI-00238 XAPI2-4.1.6.3-members', 'gives the names known', async (xapi) => {
  const agent = agents.account(uuid())
  await xapi.store([
    { ...minimal(), actor: { ...agent, name: 'An' } },
    { ...minimal(), actor: { ...agent, name: 'Nguyễn An' } },
  ])
  const { body } = await xapi.get('/agents', { agent: { account: agent.account } })
  expect(body.name.sort()).toEqual(['An', 'Nguyễn An'])
})

requirement('XAPI-00247 XAPI2-4.1.6.3-unknown-agent', 'answers for an agent never heard of', async (xapi) => {
  const { account } = agents.account(uuid())
  const answer = await xapi.get('/agents', { agent: { account } })
  expect(answer.status).toBe(200)
  expect(answer.body).toEqual({ objectType: 'Person', account: [account] })
})

requirement('XAPI-00243 XAPI2-4.1.6-parameter-missing', 'refuses GET /agents without agent', async (xapi) => {
  expect((await xapi.get('/agents')).status).toBe(400)
})
for (const agent of [
  'an',
  { name: 'an' },
  { mbox: 'an@hoc.example' },
  { ...agents.mbox(), openid: 'https://a.example' },
  [],
]) {
  requirement(
    'XAPI-00249 XAPI2-4.1.6-parameter-format',
    `refuses GET /agents of ${JSON.stringify(agent)}`,
    async (xapi) => {
      const answer = await xapi.get('/agents', { agent })
      expect(answer.status, answer.text).toBe(400)
    },
  )
}

requirement(
  'XAPI-00252 XAPI-00253 XAPI-00251 XAPI2-4.1.6.4-activity',
  'answers with the whole activity',
  async (xapi) => {
    const object = { ...interaction('choice'), id: activity(uuid()).id }
    await xapi.store({ ...minimal(), object })
    const answer = await xapi.get('/activities', { activityId: object.id })
    expect(answer.status, answer.text).toBe(200)
    expect(answer.body).toEqual(object)
  },
)

requirement('XAPI-00254 XAPI2-4.1.6.4-activity', 'gathers the languages of all statements', async (xapi) => {
  const { id } = activity(uuid())
  const told = (name: object) => ({ ...minimal(), object: { id, definition: { name } } })
  await xapi.store(told({ vi: 'Phân loại rác' }))
  await xapi.store(told({ en: 'Sorting waste' }))
  const { body } = await xapi.get('/activities', { activityId: id })
  expect(body.definition.name).toEqual({ vi: 'Phân loại rác', en: 'Sorting waste' })
})

requirement(
  'XAPI-00251 XAPI2-4.1.6.4-unknown-activity',
  'answers for an activity never heard of',
  async (xapi) => {
    const { id } = activity(uuid())
    const answer = await xapi.get('/activities', { activityId: id })
    expect(answer.status).toBe(200)
    expect(answer.body).toEqual({ objectType: 'Activity', id })
  },
)

requirement(
  'XAPI-00250 XAPI2-4.1.6-parameter-missing',
  'refuses GET /activities without activityId',
  async (xapi) => {
    expect((await xapi.get('/activities')).status).toBe(400)
  },
)
requirement(
  'XAPI-00012 XAPI2-4.1.6-parameter-scheme',
  'refuses GET /activities of an id without a scheme',
  async (xapi) => {
    expect((await xapi.get('/activities', { activityId: 'bai-1' })).status).toBe(400)
  },
)
