import { afterAll, beforeAll, expect, test } from 'vitest'
import { someStatement, startXapi, type TestClient, type TestXapi } from '../../../tests/support/xapi.ts'
import { DEFAULT_SCOPES } from '../../caller.ts'

let xapi: TestXapi
let first: TestClient
let second: TestClient
beforeAll(async () => {
  xapi = await startXapi()
  first = await xapi.issue(DEFAULT_SCOPES, 'First')
  second = await xapi.issue(DEFAULT_SCOPES, 'Second')
})
afterAll(async () => {
  await xapi.close()
  expect(xapi.errors).toEqual([])
})

const iri = (name: string) => `http://example.vn/activities/${name}`
const define = (client: TestClient, id: string, definition: unknown) =>
  client.request('post', '/xapi/statements').send(someStatement({ object: { id, definition } }))
const ask = async (id: string) =>
  (await second.request('get', '/xapi/activities').query({ activityId: id })).body

test('XAPI-00254: an activity holds the languages of all statements about it', async () => {
  const id = iri('languages')
  await define(first, id, { name: { 'vi-VN': 'Rác' }, type: iri('type') })
  await define(first, id, { name: { 'en-US': 'Waste' } })
  await define(second, id, { name: { 'fr-FR': 'Déchets' } })
  expect(await ask(id)).toEqual({
    objectType: 'Activity',
    id,
    definition: { name: { 'vi-VN': 'Rác', 'en-US': 'Waste', 'fr-FR': 'Déchets' }, type: iri('type') },
  })
})

test('another source never changes correct answers; the operator may choose whose definition holds', async () => {
  const id = iri('question')
  const question = (answer: string) => ({
    interactionType: 'choice',
    correctResponsesPattern: [answer],
    choices: [{ id: 'a' }, { id: 'b' }],
  })
  await define(first, id, question('a'))
  await define(second, id, question('b'))
  expect((await ask(id)).definition.correctResponsesPattern).toEqual(['a'])
  await xapi.storage.tenant('main').activities.choose(id, 'second')
  expect((await ask(id)).definition.correctResponsesPattern).toEqual(['b'])
})

test('XAPI2-4.1.6.4-unknown-activity: an activity never heard of is still an activity', async () => {
  expect(await ask(iri('unknown'))).toEqual({ objectType: 'Activity', id: iri('unknown') })
})
