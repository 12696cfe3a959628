import { expect, test } from 'vitest'
import { browser, signIn, site } from '../testing/site.ts'

async function operator(full = true) {
  const made = site({ full })
  const agent = browser(made.app)
  await signIn(agent, 'operator')
  return { ...made, agent }
}
const VERB = 'http://adlnet.gov/expapi/verbs/planted'
const rule = { tells: 'h', by: 'verb', iri: VERB, is: 'hanh', why: 'Trồng cây là làm.', replaces: '' }
const post = (agent: Awaited<ReturnType<typeof operator>>['agent'], path: string, fields: object) =>
  agent.post(`/operator/mapping/${path}`).type('form').send(fields)

test('the tables are paged, searched, and say how far the lines have come', async () => {
  const { agent } = await operator()
  const { text } = await agent.get('/operator/mapping')
  expect(text).toContain('3.400/10.000')
  expect(text.match(/course\/view\.php\?id=\d+</g)).toHaveLength(50)
  const next = text.match(/href="(\/operator\/mapping\?tab=topic&amp;from=50)"/)?.[1]
  expect((await agent.get(next!.replace('&amp;', '&'))).text.match(/view\.php\?id=\d+</g)).toHaveLength(10)
  expect(
    (await agent.get('/operator/mapping?tab=topic&q=id%3D59')).text.match(/view\.php\?id=\d+</g),
  ).toEqual(['view.php?id=59<'])
  expect((await agent.get('/operator/mapping?tab=topic&q=zzz')).text).toContain('Không có dòng nào khớp')
})

test('a rule is filled in, looked at, kept, and undone', async () => {
  const { agent, services } = await operator()
  const looked = await post(agent, 'rule', { ...rule, version: 1 })
  expect(looked.text).toContain('Trong 1.000 mục xem thử, 12 mục sẽ được xếp khác đi.')
  expect((await services.mapping.now()).version).toBe(1)
  const done = await post(agent, 'rule', { ...rule, version: 1, confirmed: 'yes' })
  expect(done.headers.location).toBe('/operator/mapping?tab=h')
  const { text } = await agent.get('/operator/mapping?tab=h')
  expect(text).toContain(VERB)
  expect(text).toContain('name="restore" value="1"')
  await post(agent, 'restore', { restore: 1, version: 2 })
  expect((await services.mapping.now()).rules.some(({ iri }) => iri === VERB)).toBe(false)
})

test('what cannot be kept is said beside its field; what was changed meanwhile is not overwritten', async () => {
  const { agent, services } = await operator()
  const bad = await post(agent, 'rule', { ...rule, iri: 'planted', version: 1 })
  expect(bad.status).toBe(400)
  expect(bad.text).toContain('Chép nguyên IRI')
  const stale = await post(agent, 'rule', { ...rule, version: 7, confirmed: 'yes' })
  expect(stale.status).toBe(409)
  expect(stale.text).toContain('Có người vừa đổi bảng')
  expect((await services.mapping.now()).version).toBe(1)
  expect((await post(agent, 'rule', { tells: 'constructor' })).status).toBe(404)
})

test('a rule is removed after a look, a topic is added', async () => {
  const { agent, services } = await operator()
  const list = (await agent.get('/operator/mapping?tab=kind')).text
  const path = list.match(/href="(\/operator\/mapping\/remove\?rule=[\w-]+)"/)?.[1]
  expect((await agent.get(path!)).text).toContain('Bỏ dòng này?')
  await post(agent, 'remove', {
    rule: 'kind type http://adlnet.gov/expapi/activities/lesson',
    version: 1,
  })
  expect((await services.mapping.now()).rules.some(({ tells }) => tells === 'kind')).toBe(false)
  await post(agent, 'topic', { vi: 'Làng nghề', en: 'Crafts', id: 'urn:t:lang-nghe', version: 2 })
  expect((await agent.get('/operator/mapping?tab=topics')).text).toContain('Làng nghề')
  // The list of lessons is the same one.
  expect((await agent.get('/lessons')).text).toContain('<option value="urn:t:lang-nghe">Làng nghề</option>')
  expect((await agent.get('/operator/mapping?tab=versions')).text).toContain('Lê Thị Vận')
})

test('it is for operators alone', async () => {
  const { app } = await operator()
  const agent = browser(app)
  await signIn(agent, 'author')
  expect((await agent.get('/operator/mapping')).status).toBe(403)
  expect((await post(agent, 'restore', { restore: 1, version: 1 })).status).toBe(403)
})
