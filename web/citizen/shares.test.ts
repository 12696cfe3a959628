import { expect, test } from 'vitest'
import { browser, signIn, site } from '../testing/site.ts'

async function citizen(full = true) {
  const made = site({ full })
  const agent = browser(made.app)
  await signIn(agent, 'citizen')
  /** Somebody with the link and without a session, whose browser sends no referrer. */
  const reader = browser(made.app)
  const post = (fields: Record<string, unknown>) => agent.post('/me/shares/new').type('form').send(fields)
  const share = async (fields: Record<string, unknown> = {}) => {
    const answer = await post({
      step: 'create',
      line: ['line-0', 'line-7'],
      reader: 'Công ty May',
      purpose: 'xin việc',
      days: '7',
      ...fields,
    })
    const path = answer.text.match(/value="http:\/\/localhost(\/s\/[\w-]+)"/)?.[1]
    return { answer, path: path ?? '' }
  }
  return { ...made, agent, reader, post, share }
}
const lineIds = (text: string) => [...text.matchAll(/name="line" value="([^"]+)"( checked)?/g)]

test('choosing goes over pages without a script, and keeps what was chosen before', async () => {
  const { agent, post } = await citizen()
  const { text: first } = await agent.get('/me/shares/new')
  expect(lineIds(first)).toHaveLength(50)
  const after = first.match(/name="after" value="([^"]+)"/)?.[1]
  const { text: second } = await post({ step: 'more', after, line: ['line-0', 'line-7'] })
  expect(second).toContain('Đã chọn 2 mục ở các trang trước.')
  expect(lineIds(second).map(([, id]) => id)).toContain('line-60')
  const { text: told } = await post({ step: 'tell', line: ['line-0', 'line-7', 'line-60'] })
  expect(told).toContain('Đã chọn 3 trong 300 mục')
  expect(lineIds(told).map(([, id]) => id)).toEqual(['line-0', 'line-7', 'line-60'])
  const { text: back } = await post({ step: 'more', line: ['line-0', 'line-60'] })
  expect(
    lineIds(back)
      .filter(([, , checked]) => checked)
      .map(([, id]) => id),
  ).toEqual(['line-0'])
})

test('one line can be shared from its own page', async () => {
  const { agent } = await citizen()
  expect((await agent.get('/me/transcript/line-3')).text).toContain('href="/me/shares/new?line=line-3"')
  const { text } = await agent.get('/me/shares/new?line=line-3')
  expect(
    lineIds(text)
      .filter(([, , checked]) => checked)
      .map(([, id]) => id),
  ).toEqual(['line-3'])
})

test('what is missing is said beside its field, and nothing is lost', async () => {
  const { post, share, agent } = await citizen()
  const none = await post({ step: 'tell' })
  expect(none.status).toBe(400)
  expect(none.text).toContain('Chọn ít nhất một mục')
  const { answer } = await share({ purpose: '', reader: 'Công ty May' })
  expect(answer.status).toBe(400)
  expect(answer.text).toContain('Ghi để làm gì')
  expect(answer.text).toContain('value="Công ty May"')
  expect(lineIds(answer.text)).toHaveLength(2)
  expect((await agent.get('/me/shares')).text).toContain('Chưa chia sẻ gì')
})

test('the link is shown once and kept by nobody; its door says nothing of whose it is and counts nothing', async () => {
  const { agent, reader, share } = await citizen()
  const { answer, path } = await share()
  expect(path).toMatch(/^\/s\/[\w-]{22}$/)
  expect(answer.headers['cache-control']).toBe('no-store')
  const door = await reader.get(path)
  expect(door.status).toBe(200)
  expect(door.text).not.toMatch(/Nguyệt|Công ty May|xin việc/)
  expect(door.headers).toMatchObject({
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-robots-tag': 'noindex, nofollow, noarchive',
  })
  for (let robot = 0; robot < 3; robot++) await reader.get(path)
  const { text } = await agent.get('/me/shares')
  expect(text).toContain('chưa mở lần nào')
  expect(text).not.toContain(path.slice(3))
})

test('a press opens it without a referrer, shows the chosen lines alone, and its owner sees that', async () => {
  const { agent, app, share } = await citizen()
  const { path } = await share()
  // Pages that send no referrer have an opaque origin in older browsers.
  const opened = await browser(app).post(path).set('Origin', 'null')
  expect(opened.status).toBe(200)
  expect(opened.headers['cache-control']).toBe('no-store')
  expect(opened.text).toContain('Hồ sơ học tập của Nguyễn Thị Ánh Nguyệt')
  expect(opened.text).toContain('Người học đã chọn 2 trong 300 mục của hồ sơ.')
  expect(opened.text.match(/<tr>/g)).toHaveLength(3)
  expect(opened.text).not.toContain('/me/transcript')
  const { text } = await agent.get('/me/shares')
  expect(text).toContain('1 lần')
  const own = text.match(/href="(\/me\/shares\/[\w-]{30,})"/)?.[1] ?? ''
  expect((await agent.get(own)).text).toMatch(/<h2>Những lần mở<\/h2>[\s\S]*<time datetime/)
})

test('what was taken back answers 410 at once, by GET and by POST, and says since when', async () => {
  const { agent, reader, share } = await citizen()
  const { path } = await share()
  const own = (await agent.get('/me/shares')).text.match(/href="(\/me\/shares\/[\w-]{30,})"/)?.[1] ?? ''
  await agent.post(`${own}/revoke`)
  for (const answer of [await reader.get(path), await reader.post(path)]) {
    expect(answer.status).toBe(410)
    expect(answer.text).toContain('Chia sẻ này đã kết thúc')
    expect(answer.text).not.toContain('Nguyệt')
    expect(answer.headers['cache-control']).toBe('no-store')
  }
  expect((await reader.get('/s/AAAAAAAAAAAAAAAAAAAAAA')).status).toBe(404)
})

test('a password is asked for; guesses end with 429 for this share and nobody else', async () => {
  const { reader, share } = await citizen()
  const { path } = await share({ password: 'hoa sen' })
  expect((await reader.get(path)).text).toContain('type="password"')
  const wrong = await reader.post(path).type('form').send({ password: 'hoa hồng' })
  expect(wrong.status).toBe(403)
  expect(wrong.text).toContain('Mật khẩu chưa đúng')
  expect((await reader.post(path).type('form').send({ password: 'hoa sen' })).status).toBe(200)
  const other = await share()
  const statuses = new Set<number>()
  for (let guess = 0; guess < 22; guess++)
    statuses.add(
      (
        await reader
          .post(path)
          .type('form')
          .send({ password: `${guess}` })
          .set('X-Forwarded-For', `10.0.0.${guess}`)
      ).status,
    )
  expect([...statuses]).toEqual([403, 429])
  expect((await reader.post(other.path)).status).toBe(200)
}, 120_000)

test('a chosen line that is gone is told to the reader', async () => {
  const { reader, services, share } = await citizen()
  const { path } = await share()
  services.lines.splice(
    services.lines.findIndex(({ id }) => id === 'line-7'),
    1,
  )
  const { text } = await reader.post(path)
  expect(text).toContain('1 mục đã chọn không còn trong hồ sơ')
  expect(text).toContain('<th scope="row"><span class="muted">Mục này không còn trong hồ sơ</span></th>')
  expect(text.match(/<tr>/g)).toHaveLength(3)
})

test('names and words full of markup stay text', async () => {
  const evil = '"><script>alert(1)</script>'
  const { agent, reader, services, share } = await citizen()
  services.lines[0]!.activity.name = { vi: evil }
  services.people.get('citizen')!.name = evil
  const { path } = await share({ reader: evil, purpose: evil })
  const pages = [await reader.post(path), await agent.get('/me/shares'), await agent.get('/me/shares/new')]
  for (const { text } of pages) expect(text).not.toContain('<script>alert')
})

test('an empty record has nothing to share, and somebody else’s share is not there', async () => {
  const { agent } = await citizen(false)
  expect((await agent.get('/me/shares/new')).text).toContain('chưa có gì để chia sẻ')
  const full = await citizen()
  await full.share()
  const own = (await full.agent.get('/me/shares')).text.match(/href="(\/me\/shares\/[\w-]{30,})"/)?.[1] ?? ''
  const author = browser(full.app)
  await signIn(author, 'author')
  expect((await author.get(own)).status).toBe(404)
  expect((await author.post(`${own}/revoke`)).status).toBe(404)
  expect((await browser(full.app).get('/me/shares')).status).toBe(303)
})

test('a program opens it no more than two hundred times in a quarter of an hour', async () => {
  const { share, reader } = await citizen()
  const { path } = await share()
  const open = (place: string) => reader.post(path).set('X-Forwarded-For', place)
  expect((await open('203.0.113.1')).status).toBe(200)
  let opened = 1
  while (opened <= 200 && (await open('203.0.113.1')).status === 200) opened++
  expect(opened).toBe(200)
  expect((await open('203.0.114.1')).status).toBe(200)
})
