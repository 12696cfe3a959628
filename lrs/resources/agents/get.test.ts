import { afterAll, beforeAll, expect, test } from 'vitest'
import { someStatement, startXapi, type TestClient, type TestXapi } from '../../../tests/support/xapi.ts'
import { DEFAULT_SCOPES } from '../../caller.ts'

let xapi: TestXapi
let one: TestClient
let two: TestClient
let reader: TestClient
beforeAll(async () => {
  xapi = await startXapi()
  one = await xapi.issue(DEFAULT_SCOPES, 'One')
  two = await xapi.issue(DEFAULT_SCOPES, 'Two')
  reader = await xapi.issue(['statements/read'], 'Two')
})
afterAll(async () => {
  await xapi.close()
  expect(xapi.errors).toEqual([])
})

const account = { homePage: 'https://lms.example.vn', name: 'hv-001' }
const ask = async (client: TestClient, agent: unknown) =>
  (await client.request('get', '/xapi/agents').query({ agent: JSON.stringify(agent) })).body

test('XAPI-00246: a person has the identifier that was asked with and the names this credential may read', async () => {
  await one
    .request('post', '/xapi/statements')
    .send(someStatement({ actor: { account, name: 'Nguyễn Thị Hoa' } }))
  await two.request('post', '/xapi/statements').send(someStatement({ actor: { account, name: 'Hoa N.' } }))
  const person = { objectType: 'Person', account: [account] }
  expect(await ask(one, { account })).toEqual({ ...person, name: ['Nguyễn Thị Hoa'] })
  expect(await ask(two, { account })).toEqual({ ...person, name: ['Hoa N.'] })
  const wide = await ask(reader, { account })
  expect(wide.name.toSorted()).toEqual(['Hoa N.', 'Nguyễn Thị Hoa'])
})

test('no answer tells another identifier of the same person', async () => {
  const actor = { mbox: 'mailto:hoa@example.vn', name: 'Nguyễn Thị Hoa' }
  await one.request('post', '/xapi/statements').send(someStatement({ actor }))
  expect(Object.keys(await ask(reader, { account })).sort()).toEqual(['account', 'name', 'objectType'])
  expect(Object.keys(await ask(reader, { mbox: actor.mbox })).sort()).toEqual(['mbox', 'name', 'objectType'])
})

test('XAPI-00247: an agent never heard of is a person with what was asked with', async () => {
  const openid = 'https://id.example.vn/nobody'
  expect(await ask(one, { openid, name: 'Nobody' })).toEqual({
    objectType: 'Person',
    openid: [openid],
    name: ['Nobody'],
  })
})

test.each([
  '{}',
  '[]',
  '"a"',
  '{"mbox":"hoa@example.vn"}',
  '{"objectType":"Group","member":[{"mbox":"mailto:a@b.vn"}]}',
])('XAPI-00249: %s is no agent to ask for', async (agent) => {
  expect((await one.request('get', '/xapi/agents').query({ agent })).status).toBe(400)
})
