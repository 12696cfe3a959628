import { expect, test } from 'vitest'
import { dayOf } from '../../profiles/index.ts'
import { browser, signIn, site } from '../testing/site.ts'

async function citizen() {
  const made = site()
  const agent = browser(made.app)
  await signIn(agent, 'citizen')
  const write = (fields: Record<string, string> = {}) =>
    agent
      .post('/me/diary/new')
      .type('form')
      .send({ what: 'Cách ủ phân từ rơm', minutes: '30', did: 'hanh', ...fields })
  const entry = async () =>
    (await agent.get('/me/diary')).text.match(/href="(\/me\/diary\/[0-9a-f-]{36})"/)?.[1] ?? ''
  return { ...made, agent, write, entry }
}

test('three answers write an entry of today, and the record store is told', async () => {
  const { agent, services, write } = await citizen()
  const { text } = await agent.get('/me/diary/new')
  expect(text).toContain(`value="${dayOf(Date.now())}"`)
  const answer = await write()
  expect(answer.status).toBe(303)
  expect(answer.headers.location).toBe('/me/transcript')
  expect(services.diaryStatements).toMatchObject([
    { object: { definition: { name: { vi: 'Cách ủ phân từ rơm' } } }, result: { duration: 'PT30M' } },
  ])
  const list = (await agent.get('/me/diary')).text
  expect(list).toContain('Cách ủ phân từ rơm')
  expect(list).toContain('30 phút')
})

test('minutes can be typed, and a form that is sent back has lost nothing', async () => {
  const { services, write } = await citizen()
  await write({ minutes: 'other', otherMinutes: '75' })
  expect(services.diaryStatements).toMatchObject([{ result: { duration: 'PT75M' } }])
  const { status, text } = await write({ minutes: 'other', otherMinutes: 'lâu', did: '', what: 'Vá lốp xe' })
  expect(status).toBe(400)
  expect(text).toContain('Chọn bao lâu')
  expect(text).toContain('Chọn một trong bốn')
  expect(text).toContain('value="Vá lốp xe"')
  expect(text).toContain('value="lâu"')
  expect(services.diaryStatements).toHaveLength(1)
})

test('an entry is changed and taken back, after a question, and then it is gone', async () => {
  const { agent, services, write, entry } = await citizen()
  await write({ minutes: 'other', otherMinutes: '75' })
  const path = await entry()
  expect((await agent.get(path)).text).toContain('value="75"')
  const fields = { what: 'Ủ phân', minutes: '60', did: 'hoc', day: dayOf(Date.now()) }
  expect((await agent.post(path).type('form').send(fields)).headers.location).toBe('/me/diary')
  expect(services.diaryStatements).toMatchObject([
    {},
    { verb: { id: 'http://adlnet.gov/expapi/verbs/voided' } },
    { object: { definition: { name: { vi: 'Ủ phân' } } } },
  ])
  expect((await agent.get(`${path}/remove`)).text).toContain('Xóa mục nhật ký?')
  await agent.post(`${path}/remove`)
  expect(services.diaryStatements).toHaveLength(4)
  expect((await agent.get(path)).status).toBe(404)
  expect((await agent.get('/me/diary')).text).toContain('Chưa ghi gì')
})

test('another’s entry is not there, and nobody writes without signing in', async () => {
  const { app, write, entry, services } = await citizen()
  await write()
  const path = await entry()
  const other = browser(app)
  await signIn(other, 'author')
  for (const answer of [
    await other.get(path),
    await other.post(path).type('form').send({}),
    await other.post(`${path}/remove`),
  ])
    expect(answer.status).toBe(404)
  expect((await browser(app).post('/me/diary/new').type('form').send({ what: 'x' })).status).toBe(303)
  expect(services.diaryStatements).toHaveLength(1)
})

test('a line of the record that is a diary entry leads to it, and no other does', async () => {
  const { agent, services, write, entry } = await citizen()
  await write()
  const path = await entry()
  const { services: sample } = site({ full: true })
  const line = { ...sample.lines[0]!, id: 'own', person: 'citizen' }
  services.lines.push({ ...line, activity: { ...line.activity, id: `urn:uuid:${path.split('/').at(-1)}` } })
  services.lines.push(
    { ...line, id: 'lms' },
    { ...line, id: 'odd', activity: { ...line.activity, id: 'urn:uuid:none' } },
  )
  expect((await agent.get('/me/transcript/own')).text).toContain(`href="${path}"`)
  for (const id of ['lms', 'odd'])
    expect((await agent.get(`/me/transcript/${id}`)).text).not.toContain('/me/diary/')
})

test('words full of markup stay text', async () => {
  const evil = '"><script>alert(1)</script>'
  const { agent, write, entry } = await citizen()
  await write({ what: evil })
  const path = await entry()
  for (const { text } of [
    await agent.get('/me/diary'),
    await agent.get(path),
    await agent.get(`${path}/remove`),
  ])
    expect(text).not.toContain('<script>alert')
})

const GIVEN = 'ab'.repeat(16)

test('what comes later from a device is written once, and only for who wrote it', async () => {
  const { app, agent, services } = await citizen()
  const owner = async (of: typeof agent) =>
    (await of.get('/me')).text.match(/data-owner="([^"]+)"/)?.[1] ?? ''
  const send = (of: typeof agent, fields: object) =>
    of
      .post('/me/diary/unsent')
      .set('Accept', 'application/json')
      .field({ what: 'Vá lốp', minutes: '15', did: 'hanh', given: GIVEN, ...fields })
  const mine = await owner(agent)
  for (let times = 0; times < 3; times++)
    expect((await send(agent, { owner: mine })).body).toEqual({ entry: GIVEN, kept: true })
  expect(services.diaryStatements).toHaveLength(1)
  const other = browser(app)
  await signIn(other, 'author')
  expect(await owner(other)).not.toBe(mine)
  expect((await send(other, { owner: mine })).status).toBe(403)
  expect((await send(agent, { owner: mine, given: 'x' })).status).toBe(403)
  const wrong = await send(agent, { owner: mine, given: GIVEN.replace('a', 'c'), did: '' })
  expect({ status: wrong.status, ...wrong.body }).toMatchObject({
    status: 400,
    message: expect.stringContaining('Chọn'),
  })
  const nobody = browser(app)
  expect((await send(nobody, { owner: mine })).body).not.toHaveProperty('kept')
  expect(services.diaryStatements).toHaveLength(1)
})

test('on a shared device nothing is kept apart for anybody, and nothing comes later', async () => {
  const { app } = site()
  const agent = browser(app)
  await signIn(agent, 'citizen', { shared: 'yes' })
  const { text } = await agent.get('/me/diary/new')
  expect(text).toMatch(/data-owner(>|="")/)
  expect(text).not.toMatch(/unsent\.[\w-]+\.js/)
  const late = await agent.post('/me/diary/unsent').field({ owner: '', given: GIVEN, what: 'x' })
  expect(late.status).toBe(403)
})

test('the page for when there is no line is of nobody', async () => {
  const { agent } = await citizen()
  const { text } = await agent.get('/offline/diary')
  expect(text).not.toMatch(/Nguyệt|data-owner|sign-out/)
  expect(text).toContain('data-without-line')
  const worker = await agent.get('/offline.js')
  expect(worker.headers['content-type']).toMatch(/^text\/javascript/)
  expect(worker.text).not.toContain('interface ')
})

test('what waits in the browser is not emptied at signing out, all else is', async () => {
  const { agent } = await citizen()
  const out = await agent.post('/sign-out').set('Cookie', 'unsent=1')
  expect(out.headers['clear-site-data']).toBe('"cache"')
  await signIn(agent, 'citizen')
  expect((await agent.post('/sign-out')).headers['clear-site-data']).toBe('"cache", "storage"')
})
