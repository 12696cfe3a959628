import { expect, test } from 'vitest'
import type { Play } from '../../h5p/index.ts'
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

test('the page of a line without a result says what was done and that nothing came of it yet', async () => {
  const { agent, services } = await citizen(true)
  Object.assign(services.lines[1]!, {
    score: null,
    success: null,
    completed: false,
    verb: { id: 'http://adlnet.gov/expapi/verbs/replied', display: {} },
  })
  const { text } = await agent.get('/me/transcript/line-1')
  expect(text).toContain('<dt>Đã làm</dt><dd>Trả lời thảo luận</dd>')
  expect(text).toContain('<dt>Kết quả</dt><dd>Chưa có kết quả</dd>')
  services.lines[1]!.score = { raw: 3, max: 4 }
  const scored = (await agent.get('/me/transcript/line-1')).text
  expect(scored).toContain('<dt>Điểm</dt><dd>3/4</dd>')
  expect(scored).not.toContain('Chưa có kết quả')
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
    '/me/links',
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

test('a lesson that goes on says so and may be begun anew; one that begins says nothing of it', async () => {
  const { agent, services } = await citizen(true)
  expect((await agent.get('/lessons/lesson-0/play')).text).not.toContain('Học lại từ đầu')
  const { play } = services.host
  const asked: unknown[] = []
  services.host.play = async (lesson, person, options) => {
    asked.push(options)
    return { ...((await play(lesson, person)) as Play), resumed: true }
  }
  const { text } = await agent.get('/lessons/lesson-0/play')
  expect(text).toContain('Học tiếp từ chỗ bạn dừng lần trước.')
  expect(text).toContain('action="/lessons/lesson-0/restart"')
  const { status, headers } = await agent.post('/lessons/lesson-0/restart')
  expect([status, headers.location]).toEqual([303, '/lessons/lesson-0/play'])
  expect(asked).toEqual([{ mayPreview: false }, { afresh: true, mayPreview: false }])
  // lesson-3 is a draft of somebody else.
  expect((await agent.post('/lessons/lesson-3/restart')).status).toBe(404)
  expect(asked).toHaveLength(2)
})

test('the operator tries the draft of any author', async () => {
  const { app, services } = await citizen(true)
  const agent = browser(app)
  await signIn(agent, 'operator')
  const asked: unknown[] = []
  const { play } = services.host
  services.host.play = async (lesson, person, options) => {
    asked.push(options)
    return play(lesson, person)
  }
  expect((await agent.get('/lessons/lesson-3/play')).status).toBe(200)
  expect(asked).toEqual([{ mayPreview: true }])
  expect((await agent.get('/lessons/lesson-0')).text).toContain('href="/author/lesson-0"')
})

test('a lesson says how long it takes, on its card and its page', async () => {
  const { agent, services } = await citizen(true)
  services.lessonList[0]!.minutes = 75
  for (const path of ['/', '/lessons', '/lessons/lesson-0'])
    expect((await agent.get(path)).text, path).toContain('Khoảng 1 giờ 15 phút')
  expect((await agent.get('/lessons/lesson-1')).text).not.toContain('Thời gian')
})

test('a lesson that was withdrawn says since when', async () => {
  const { agent, services } = await citizen(true)
  Object.assign(services.lessonList[0]!, { status: 'draft', withdrawn: Date.UTC(2026, 10, 23, 18) })
  for (const path of ['/lessons/lesson-0', '/lessons/lesson-0/play']) {
    const { status, text } = await agent.get(path)
    expect(status, path).toBe(410)
    expect(text, path).toContain('24/11/2026')
  }
})

test('the catalogue is searched by a form, and says what was not found and where else to look', async () => {
  const { agent, services } = await citizen(true)
  const { text } = await agent.get('/lessons?q=%20đuối nước')
  expect(text).toContain('value="đuối nước"')
  expect(text).toContain('href="/lessons/lesson-1"')
  expect(text).not.toContain('href="/lessons/lesson-0"')
  const none = await agent.get(`/lessons?q=${encodeURIComponent('<b>"không"')}`)
  expect(none.text).toContain('Không tìm thấy bài nào với “&lt;b>&quot;không&quot;”')
  expect(none.text).toContain('href="/lessons"')
  const inTopic = await agent.get(
    `/lessons?q=khong&topic=${encodeURIComponent(services.lessonList[0]!.topics[0]!)}`,
  )
  expect(inTopic.text).toContain('href="/lessons?q=khong"')
  services.lessonList.forEach((each, at) => {
    each.title = `Bài số ${at}`
    each.status = 'published'
  })
  const [, next] =
    (await agent.get('/lessons?q=Bài')).text.match(/href="(\/lessons\?q=[^"]+after=[^"]+)"/) ?? []
  expect((await agent.get(next!.replaceAll('&amp;', '&'))).text).toContain('Bài số 29')
})

test('the catalogue is filtered by topic, and says so when a topic is empty', async () => {
  const { agent, services } = await citizen(true)
  const topic = services.lessonList[0]!.topics[0]!
  const found = await agent.get(`/lessons?topic=${encodeURIComponent(topic)}`)
  const shown = new Set([...found.text.matchAll(/href="\/lessons\/(lesson-\d+)"/g)].map(([, id]) => id))
  const wanted = services.lessonList.filter(
    (each) => each.topics.includes(topic) && each.status === 'published',
  )
  expect(shown).toEqual(new Set(wanted.map(({ id }) => id)))
  const empty = await agent.get('/lessons?topic=https%3A%2F%2Fexample.org%2Fnone')
  expect(empty.text).toContain('Chủ đề này chưa có bài học')
})
