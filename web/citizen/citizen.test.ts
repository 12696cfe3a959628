import { expect, test } from 'vitest'
import { browser, signIn, site } from '../testing/site.ts'

async function citizen(full: boolean) {
  const made = site({ full })
  const agent = browser(made.app)
  await signIn(agent, 'citizen')
  return { ...made, agent }
}

test('the record is paged, each page in order, the last without a way on', async () => {
  const { agent } = await citizen(true)
  const seen: string[] = []
  let path: string | undefined = '/me/transcript'
  for (let page = 0; path; page++) {
    const { text }: { text: string } = await agent.get(path)
    seen.push(...[...text.matchAll(/href="\/me\/transcript\/(line-\d+)"/g)].map(([, id]) => id!))
    expect(text.includes('life-now')).toBe(page === 0)
    path = text.match(/class="button" href="(\/me\/transcript\?after=[^"]+)"/)?.[1]
  }
  expect(seen).toEqual(Array.from({ length: 300 }, (_, at) => `line-${at}`))
})

test('an empty record says why and what to do next', async () => {
  const { agent } = await citizen(false)
  const { text } = await agent.get('/me/transcript')
  expect(text).toContain('Hồ sơ còn trống')
  expect(text).toContain('href="/lessons"')
})

test('a line opens what stands behind it in plain words, the original for who wants it', async () => {
  const { agent } = await citizen(true)
  const { text } = await agent.get('/me/transcript/line-3')
  expect(text).toContain('Trả lời</strong>: Phòng đuối nước cho trẻ em')
  expect(text).toContain('Điểm: 8/10. Thời gian: 4 phút 10 giây. Trả lời: đúng.')
  expect(text).toContain('&quot;verb&quot;: {')
  expect(text).not.toContain('[object Object]')
})

test('a name, an answer and a reason full of markup stay text', async () => {
  const evil = '"><img src=x onerror=alert(1)><script>alert(1)</script>'
  const { agent, services } = await citizen(true)
  services.lines[0]!.activity.name = { vi: evil }
  services.linkList[0]!.reason = evil
  services.lessonList[0]!.title = evil
  services.people.get('citizen')!.name = evil
  services.lrs.getStatement = async (_caller, id) => ({
    position: 1,
    id,
    text: JSON.stringify({
      verb: { display: { vi: evil } },
      object: { definition: { name: { vi: evil } } },
      result: { response: evil, duration: 'PT5S' },
    }),
    stored: 1,
    source: 'x',
    fingerprint: 'x',
    refersTo: null,
    voiding: false,
    voided: false,
    attachments: [],
  })
  for (const path of [
    '/',
    '/lessons',
    '/lessons/lesson-0',
    '/lessons/lesson-0/play',
    '/me',
    '/me/transcript',
    '/me/transcript/line-0',
  ]) {
    const { text } = await agent.get(path)
    expect(text, path).not.toMatch(/<img|<script>/)
    expect(text, path).toContain('&lt;img')
  }
})

test('a statement of any shape is shown, never an error', async () => {
  const { agent, services } = await citizen(true)
  for (const text of [
    '{"stored":"x"}',
    '{"result":{"duration":"P1Y","response":"","score":{}}}',
    '{"verb":{"id":"x"},"timestamp":"?"}',
  ]) {
    services.lrs.getStatement = async (_caller, id) =>
      ({ id, text, stored: 1, voided: false }) as Awaited<ReturnType<typeof services.lrs.getStatement>>
    expect((await agent.get('/me/transcript/line-0')).status, text).toBe(200)
  }
  services.lrs.getStatement = async () => null
  expect((await agent.get('/me/transcript/line-0')).status).toBe(200)
})

test('the player gives the lesson a frame without rights and the outer module its token', async () => {
  const { agent } = await citizen(true)
  const { text } = await agent.get('/lessons/lesson-0/play')
  expect(text).toContain('sandbox="allow-scripts"')
  expect(text).not.toContain('allow-same-origin')
  expect(text).toContain('data-h5p-token="token"')
  expect(text).toContain('src="/h5p/outer.js"')
  expect(text).toContain('<noscript>')
})

test('a token is renewed for one’s own attempt only', async () => {
  const { agent, app } = await citizen(true)
  expect((await agent.post('/attempts/attempt-1/renew')).body).toEqual({ token: 'renewed' })
  const other = browser(app)
  await signIn(other, 'author')
  expect((await other.post('/attempts/attempt-1/renew')).status).toBe(403)
})

test('linked accounts are shown with when, how and why', async () => {
  const { agent } = await citizen(true)
  const { text } = await agent.get('/me')
  for (const word of ['an.nguyen (lms.example.org)', 'người vận hành nối', 'Trường xác nhận bằng văn bản']) {
    expect(text).toContain(word)
  }
})

test('the catalogue is filtered by topic, and says so when a topic is empty', async () => {
  const { agent, services } = await citizen(true)
  const { topic } = services.lessonList[0]!
  const found = await agent.get(`/lessons?topic=${encodeURIComponent(topic)}`)
  const shown = new Set([...found.text.matchAll(/href="\/lessons\/(lesson-\d+)"/g)].map(([, id]) => id))
  const wanted = services.lessonList.filter((each) => each.topic === topic && each.status === 'published')
  expect(shown).toEqual(new Set(wanted.map(({ id }) => id)))
  const empty = await agent.get('/lessons?topic=https%3A%2F%2Fexample.org%2Fnone')
  expect(empty.text).toContain('Chủ đề này chưa có bài học')
})
