import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { browser, signIn, site } from '../testing/site.ts'

async function author(full = true) {
  const made = site({ full })
  const agent = browser(made.app)
  await signIn(agent, 'author')
  return { ...made, agent }
}
const leftovers = (dir: string) => {
  try {
    return readdirSync(dir)
  } catch {
    return []
  }
}

test('a package is uploaded by a plain form, and by a script that follows by itself', async () => {
  const { agent, services } = await author()
  const plain = await agent
    .post('/author/upload')
    .field('title', 'Bài mới')
    .attach('package', Buffer.from('PK'), 'bai.h5p')
  expect(plain.status).toBe(303)
  expect(services.uploads.at(-1)?.title).toBe('Bài mới')
  const page = await agent.get(plain.headers.location!)
  expect(page.text).toContain('Đã đưa “Bài mới” lên')
  const scripted = await agent
    .post('/author/upload')
    .set('Accept', 'application/json')
    .attach('package', Buffer.from('PK'), 'bai.h5p')
  expect(scripted.status).toBe(200)
  expect(scripted.body.to).toMatch(/^\/author\//)
  expect(leftovers(services.uploadDir)).toEqual([])
})

test('a refused package is explained in words, and what was typed is kept', async () => {
  const { agent, services } = await author()
  const { status, text } = await agent
    .post('/author/upload')
    .field('title', 'refused')
    .attach('package', Buffer.from('no'), 'bai.h5p')
  expect(status).toBe(400)
  expect(text).toContain('Đây không phải tệp bài học H5P')
  expect(text).toContain('value="refused"')
  expect(leftovers(services.uploadDir)).toEqual([])
})

test('a file over the limit is 413 and is not kept', async () => {
  const { agent, services } = await author()
  const { status, text } = await agent
    .post('/author/upload')
    .attach('package', Buffer.alloc(services.maxPackageBytes + 1), 'bai.h5p')
  expect(status).toBe(413)
  expect(text).toContain('1 MB')
  expect(services.uploads).toEqual([])
  expect(leftovers(services.uploadDir)).toEqual([])
})

test('a form without a file, and a form that is none, are asked for again', async () => {
  const { agent } = await author()
  expect((await agent.post('/author/upload').field('title', 'x')).status).toBe(400)
  expect((await agent.post('/author/upload').type('form').send({ title: 'x' })).status).toBe(400)
  const cut = await agent
    .post('/author/upload')
    .set('Content-Type', 'multipart/form-data; boundary=b')
    .send('--b\r\nContent-Disposition: form-data; name="package"; filename="a.h5p"\r\n\r\nPK')
  expect(cut.status).toBe(400)
  const noBoundary = await agent.post('/author/upload').set('Content-Type', 'multipart/form-data').send('x')
  expect(noBoundary.status).toBe(400)
})

test('publishing offers the way back, and the way back works', async () => {
  const { agent, services } = await author()
  const draft = services.lessonList.find((lesson) => lesson.status === 'draft')!
  const done = await agent.post(`/author/${draft.id}/publish`)
  expect(draft.status).toBe('published')
  const { text } = await agent.get(done.headers.location!)
  expect(text).toMatch(new RegExp(`class="toast".*action="/author/${draft.id}/unpublish"`))
  await agent.post(`/author/${draft.id}/unpublish`)
  expect(draft.status).toBe('withdrawn')
  await agent.post(`/author/${draft.id}/put-back`)
  expect(draft.status).toBe('published')
})

test('details are changed, and an empty title is asked for', async () => {
  const { agent, services } = await author()
  const [lesson] = services.lessonList
  const [topic] = lesson!.topics
  const change = { title: 'Tên <mới>', description: 'Một câu.', language: 'en' }
  expect(
    (
      await agent
        .post('/author/lesson-0')
        .type('form')
        .send({ ...change, topics: [topic] })
    ).status,
  ).toBe(303)
  expect(lesson!.draft.details).toMatchObject({ ...change, topics: [topic] })
  expect((await agent.get('/lessons/lesson-0')).text).toContain('Tên &lt;mới>')
  const empty = await agent
    .post('/author/lesson-0')
    .type('form')
    .send({ ...change, title: ' ' })
  expect(empty.status).toBe(400)
  expect(empty.text).toContain('<a href="#title">')
})

test('deleting asks first, on a page of its own where no script runs, and what was published is only put away', async () => {
  const { agent, services } = await author()
  const { text } = await agent.get('/author/lesson-3/delete')
  expect(text).toContain('action="/author/lesson-3/delete"')
  expect(services.lessonList).toHaveLength(30)
  expect((await agent.post('/author/lesson-3/delete')).headers.location).toBe('/author')
  expect(services.lessonList).toHaveLength(29)
  expect((await agent.get('/author/lesson-0/more')).text).not.toContain('lesson-0/delete')
  expect((await agent.post('/author/lesson-0/delete')).status).toBe(403)
  const put = await agent.post('/author/lesson-0/archive')
  expect((await agent.get(put.headers.location!)).text).toContain('action="/author/lesson-0/restore"')
  await agent.post('/author/lesson-0/restore')
  expect(services.lessonList[0]?.status).toBe('withdrawn')
})

test('details of every kind are sent at once; roles of authors stay with their names', async () => {
  const { agent, services } = await author()
  const [lesson] = services.lessonList
  lesson!.draft.details.authors = [{ name: 'Bùi Thị Em', role: 'Editor' }]
  const sent = {
    ...{
      title: 'Tên',
      audience: ['children', 'parents'],
      licence: 'CC BY|4.0',
      source: 'https://example.org/a',
    },
    authors: 'Bùi Thị Em\r\n\r\nLê Văn An ',
  }
  await agent.post('/author/lesson-0').type('form').send(sent)
  expect(lesson!.draft.details).toMatchObject({
    ...{ audience: ['children', 'parents'], licence: { code: 'CC BY', version: '4.0' }, topics: [] },
    ...{ authors: [{ name: 'Bùi Thị Em', role: 'Editor' }, { name: 'Lê Văn An' }], source: sent.source },
  })
})

test('when a lesson is completed is chosen in words; assessing only where the system scores', async () => {
  const { agent, services } = await author()
  const [lesson] = services.lessonList
  expect((await agent.get('/author/lesson-0/rule')).text).toContain('chỉ để luyện tập')
  await agent
    .post('/author/lesson-0/rule')
    .type('form')
    .send({ by: 'score', percent: '75', mode: 'practice' })
  expect(lesson!.draft).toMatchObject({
    completion: { by: 'score', percent: 75 },
    mode: { kind: 'practice' },
  })
  lesson!.draft.library = 'SuotDoi.QuestionSet 1.0'
  const rule = { by: 'answered', mode: 'assessed', attempts: '2', passPercent: '60', anonymous: 'yes' }
  await agent.post('/author/lesson-0/rule').type('form').send(rule)
  expect(lesson!.draft).toMatchObject({
    completion: { by: 'answered' },
    mode: { kind: 'assessed', attempts: 2, passPercent: 60, shuffle: false },
    anonymous: true,
  })
})

test('versions are listed with who and when, leave as a file, and become the draft again', async () => {
  const { agent, services } = await author()
  const list = await agent.get('/author/lesson-0/versions')
  expect(list.text).toContain('Trần Văn Soạn')
  expect(list.text).toContain('href="/author/lesson-0/versions/1"')
  services.lessonList[0]!.changed = true
  const { text } = await agent.get('/author/lesson-0/versions/1')
  expect(text).toContain('thay đổi đó mất')
  const restored = await agent.post('/author/lesson-0/versions/1/restore')
  expect((await agent.get(restored.headers.location!)).text).toContain('như bản 1')
  const file = await agent.get('/author/lesson-0/export?version=1')
  expect(file.headers['content-disposition']).toBe('attachment; filename="bai.h5p"')
  expect((await agent.get('/author/lesson-0/versions/2')).status).toBe(404)
  const copy = await agent.post('/author/lesson-0/duplicate')
  expect((await agent.get(copy.headers.location!)).text).toContain('(bản sao)')
})

test('minutes are kept as a number, taken away by an empty field, and refused beside their field', async () => {
  const { agent, services } = await author()
  const [lesson] = services.lessonList
  const address = `/author/${lesson!.id}`
  const save = (minutes: string) => agent.post(address).type('form').send({ title: 'Tên', minutes })
  await save('15')
  expect(lesson!.draft.details.minutes).toBe(15)
  expect((await agent.get(address)).text).toMatch(
    /name="minutes"[^>]*value="15"|value="15"[^>]*name="minutes"/,
  )
  await save('')
  expect(lesson!.draft.details).not.toHaveProperty('minutes')
  const asked: unknown[] = []
  services.host.lessons.describe = async (_id, { minutes }) => {
    asked.push(minutes)
    const problem = {
      id: 'lesson-minutes-invalid',
      status: 400,
      path: 'minutes',
      message: '',
      values: { limit: 600 },
    }
    return { ok: false, status: 400, problems: [problem], total: 1 }
  }
  for (const typed of ['0', 'mười', '1,5', '-3', '1e3']) {
    const { status, text } = await save(typed)
    expect(status).toBe(400)
    expect(text).toContain('<a href="#minutes">Nhập số phút là số nguyên, từ 1 đến 600')
    expect(text).toContain(`value="${typed}"`)
  }
  expect(asked).toEqual([0, Number.NaN, Number.NaN, Number.NaN, Number.NaN])
})

test('publishing without a topic asks for it beside its field; a withdrawn lesson says since when', async () => {
  const { agent, services } = await author()
  const [lesson] = services.lessonList
  const problem = { id: 'lesson-topic-missing', status: 400, path: 'topics', message: '' }
  services.host.lessons.publish = async () => ({ ok: false, status: 400, problems: [problem], total: 1 })
  expect((await agent.post(`/author/${lesson!.id}/publish`)).text).toContain('<a href="#topics">Chọn chủ đề')
  await agent.post(`/author/${lesson!.id}/unpublish`)
  expect((await agent.get(`/author/${lesson!.id}`)).text).toContain('Đã rút xuống ngày')
})
