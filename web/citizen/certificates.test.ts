import { expect, test } from 'vitest'
import { browser, signIn, site } from '../testing/site.ts'

const WORDS = {
  name: 'Chứng chỉ sơ cấp nghề may',
  issuer: 'Trường Trung cấp nghề Hưng Yên',
  day: '2019-06-15',
  number: 'B 012345/SCN',
}
const PDF = Buffer.from('%PDF-1.4\n%%EOF\n')

async function citizen() {
  const made = site()
  const agent = browser(made.app)
  await signIn(agent, 'citizen')
  const write = (fields: Partial<typeof WORDS> = {}) =>
    agent.post('/me/certificates/new').field({ ...WORDS, ...fields })
  const path = async () =>
    (await agent.get('/me/certificates')).text.match(/href="(\/me\/certificates\/[0-9a-f-]{36})"/)?.[1] ?? ''
  return { ...made, agent, write, path }
}

test('from the record, also an empty one, one gets to the diary and to certificates', async () => {
  const { agent } = await citizen()
  const { text } = await agent.get('/me/transcript')
  expect(text).toContain('href="/me/diary/new"')
  expect(text).toContain('href="/me/certificates/new"')
  expect((await agent.get('/me/diary')).text).toContain('href="/me/certificates"')
  expect((await agent.get('/me/certificates')).text).toContain('Chưa có bằng cấp, chứng chỉ nào')
})

test('a certificate is added with its photo, changed, and taken back after a question', async () => {
  const { agent, services, write, path } = await citizen()
  expect((await write().attach('evidence', PDF, 'a.pdf')).headers.location).toBe('/me/transcript')
  const href = await path()
  const page = (await agent.get(href)).text
  expect(page).toContain('value="B 012345/SCN"')
  expect(page).toContain('value="2019-06-15"')
  expect(page).toContain('/me/evidence/')
  expect(
    (
      await agent
        .post(href)
        .type('form')
        .send({ ...WORDS, number: '' })
    ).headers.location,
  ).toBe('/me/certificates')
  expect(services.diaryStatements).toHaveLength(3)
  expect((await agent.get(`${href}/remove`)).text).toContain('Xóa bằng cấp, chứng chỉ?')
  await agent.post(`${href}/remove`)
  expect(services.diaryStatements).toHaveLength(4)
  expect((await agent.get(href)).status).toBe(404)
})

test('what is wrong stands beside its field, and nothing typed is lost', async () => {
  const { services, write } = await citizen()
  const { status, text } = await write({ name: '', number: '033195001234', day: '2999-01-01' })
  expect(status).toBe(400)
  for (const words of ['Ghi tên bằng, chứng chỉ', 'có thể là số căn cước', 'Ngày này chưa tới'])
    expect(text).toContain(words)
  expect(text).toContain('value="Trường Trung cấp nghề Hưng Yên"')
  expect(services.diaryStatements).toEqual([])
})

test('a line of the record that is a certificate shows who issued it and its photo, and leads to it', async () => {
  const { agent, services, write, path } = await citizen()
  await write().attach('evidence', PDF, 'a.pdf')
  const href = await path()
  const { services: sample } = site({ full: true })
  const line = { ...sample.lines[0]!, id: 'own', person: 'citizen' }
  services.lines.push({ ...line, activity: { ...line.activity, id: `urn:uuid:${href.split('/').at(-1)}` } })
  const { text } = await agent.get('/me/transcript/own')
  for (const words of [`href="${href}"`, WORDS.issuer, WORDS.number, '/me/evidence/'])
    expect(text).toContain(words)
})

test('another’s certificate is not there, and words full of markup stay text', async () => {
  const { app, agent, write, path } = await citizen()
  await write({ name: '"><script>alert(1)</script>' })
  const href = await path()
  for (const page of ['/me/certificates', href, `${href}/remove`])
    expect((await agent.get(page)).text).not.toContain('<script>alert')
  const other = browser(app)
  await signIn(other, 'author')
  for (const answer of [
    await other.get(href),
    await other.post(href).type('form').send(WORDS),
    await other.post(`${href}/remove`),
    await other.post(`${href}/evidence`).attach('evidence', PDF, 'a.pdf'),
  ])
    expect(answer.status).toBe(404)
})
