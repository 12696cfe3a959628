import { expect, test } from 'vitest'
import { browser, signIn, site } from '../testing/site.ts'

async function citizen(full = true) {
  const made = site({ full })
  const agent = browser(made.app)
  await signIn(agent, 'citizen')
  return { ...made, agent }
}
const linesIn = (text: string) =>
  [...text.matchAll(/href="\/me\/transcript\/(line-\d+)"/g)].map(([, id]) => id!)

test('the newest year is told in figures, each drawing with its table, and another year is a link', async () => {
  const { agent, services } = await citizen()
  const { text } = await agent.get('/me/transcript')
  const years = (await services.transcript.years('citizen'))!
  expect(text).toContain(`<h2>Năm ${years[0]!.year}</h2>`)
  for (const word of ['Học – Hỏi – Hiểu – Hành', 'Thời gian học theo chủ đề', 'Thời gian học theo tháng'])
    expect(text).toContain(word)
  expect(text.match(/<figure/g)).toHaveLength(text.match(/Xem số liệu/g)!.length)
  expect(text).toContain('Chưa tính 1 giờ 35 phút: cùng lúc đó đã tính việc học khác.')
  const before = await agent.get(`/me/transcript?year=${years[1]!.year}`)
  expect(before.text).toContain(`<h2>Năm ${years[1]!.year}</h2>`)
  expect(before.text).not.toContain('life-now')
})

test('filters combine, stay in the fields, and go along to the next page', async () => {
  const { agent, services } = await citizen()
  const { text } = await agent.get('/me/transcript?q=rac+tai+nha&kind=lesson')
  const found = linesIn(text)
  expect(found.length).toBeGreaterThan(3)
  for (const id of found) {
    const line = services.lines.find((each) => each.id === id)!
    expect([line.activity.name.vi, line.kind]).toEqual(['Phân loại rác tại nhà', 'lesson'])
  }
  expect(text).toContain('value="rac tai nha"')
  expect(text).toMatch(/<option value="lesson" selected/)
  expect(text).not.toContain('<figure')
  const none = await agent.get('/me/transcript?topic=none')
  expect(none.text).toMatch(/<option value="none" selected/)
  const next = none.text.match(/class="button" href="(\/me\/transcript\?[^"]*after=[^"]*)"/)?.[1]
  expect(next ?? 'topic=none').toContain('topic=none')
})

test('a filter that fits nothing says so; one that makes no sense is as if it were not asked', async () => {
  const { agent } = await citizen()
  expect((await agent.get('/me/transcript?q=khongco')).text).toContain('Không có mục nào khớp')
  const all = linesIn((await agent.get('/me/transcript')).text)
  expect(all.length).toBeGreaterThan(20)
  for (const query of ['kind=x', 'year=abcd', 'month=13', 'h=__proto__', 'q=&topic='])
    expect(linesIn((await agent.get(`/me/transcript?${query}`)).text), query).toEqual(all)
})

test('a page whose filters looked at much and found nothing leads on', async () => {
  const { agent, services } = await citizen()
  services.transcript.lines = async () => ({ lines: [], next: 'further' })
  const { text } = await agent.get('/me/transcript?q=hiem&kind=test')
  expect(text).toContain('Xem tiếp các mục cũ hơn')
  expect(text).toContain('q=hiem&amp;kind=test&amp;after=further')
})

test('the page of a line tells its class, its attempts and what does not count', async () => {
  const { agent } = await citizen()
  const { text } = await agent.get('/me/transcript/line-3')
  expect(text).toContain('<dt>Số lần làm</dt><dd>3 lần · cao nhất 9/10 · lần cuối 8/10</dd>')
  expect(text).toContain('<dt>Loại</dt><dd>Kiểm tra</dd>')
  expect((await agent.get('/me/transcript/line-12')).text).toContain('Chưa tính 20 phút')
  expect((await agent.get('/me/transcript/line-5')).text).toContain('<dt>Chủ đề</dt><dd>chưa phân loại</dd>')
})

test('markup in what is searched for stays text', async () => {
  const { agent } = await citizen()
  const { text } = await agent.get(`/me/transcript?q=${encodeURIComponent('"><img src=x onerror=alert(1)>')}`)
  expect(text).not.toContain('<img')
})

test('a page of fifty lines with all its figures stays small', async () => {
  const { agent } = await citizen()
  const { text } = await agent.get('/me/transcript')
  expect(Buffer.byteLength(text)).toBeLessThan(150_000)
})

test('an organisation is what its sources tell; without any there is no such filter', async () => {
  const { agent, services } = await citizen()
  expect((await agent.get('/me/transcript')).text).not.toContain('name="org"')
  const sources = await services.sources.list()
  services.sources.list = async () =>
    sources.map((source) => (source.id === 'centre' ? { ...source, organisation: 'org-1' } : source))
  const organisation = { id: 'org-1', name: 'Trung tâm xã Mẫu' } as never
  services.organisations.getMany = async () => new Map([['org-1', organisation]])
  const { text } = await agent.get('/me/transcript?org=org-1')
  expect(text).toMatch(/<option value="org-1" selected[^>]*>Trung tâm xã Mẫu/)
  const found = linesIn(text).map((id) => services.lines.find((each) => each.id === id)!.source)
  expect(new Set(found)).toEqual(new Set(['centre']))
  expect(linesIn((await agent.get('/me/transcript?org=elsewhere')).text)).toEqual([])
})

test('what stands behind a line is told from the newest on, with some of each who tells of it', async () => {
  const { agent, services } = await citizen()
  const line = services.lines.find(({ id }) => id === 'line-1')!
  const [first, second] = line.tellers!
  const many = Array.from({ length: 200 }, (_, n) => `many-${n}`)
  const tellers = [
    { ...first!, statements: many, statementCount: 900 },
    { ...second!, statements: ['one'] },
  ]
  services.transcript.line = async () => ({ ...line, statements: many, statementCount: 900, tellers })
  services.lrs.getStatement = async (_, id) => {
    const at = new Date(Date.UTC(2026, 0, 1 + Number(id.split('-')[1] ?? 0))).toISOString()
    const text = JSON.stringify({ id, timestamp: at, object: { definition: { name: { vi: id } } } })
    return { id, text, stored: 0, voided: false } as Awaited<ReturnType<typeof services.lrs.getStatement>>
  }
  const { text } = await agent.get('/me/transcript/line-1')
  const listed = [...text.matchAll(/: (many-\d+|one)<\/p>/g)].map(([, id]) => id)
  expect(listed).toEqual([...Array.from({ length: 49 }, (_, n) => `many-${199 - n}`), 'one'])
  expect(text).toContain('mới nhất trước')

  const all = [...text.matchAll(/href="([^"]*\/events\?of=[^"]*)"/g)].map(([, href]) => href!)
  expect(all).toHaveLength(2)
  const page = async (address: string) => {
    const { text } = await agent.get(address.replaceAll('&amp;', '&'))
    const next = text.match(/class="button" href="([^"]*\/events\?[^"]*after=[^"]*)"/)?.[1]
    return { ids: [...text.matchAll(/: (many-\d+|one)<\/p>/g)].map(([, id]) => id!), next }
  }
  const seen: string[] = []
  for (let next = all[0], pages = 0; next !== undefined && pages < 9; pages++) {
    const found = await page(next)
    seen.push(...found.ids)
    next = found.next
  }
  expect(seen).toEqual(many.toReversed())
  expect((await page(all[1]!)).ids).toEqual(['one'])
  expect((await agent.get('/me/transcript/line-1/events?of=line-2')).status).toBe(404)
})

test('a course says how many parts it has, shows the first and leads to all, and a part names its course', async () => {
  const { agent, services } = await citizen()
  const { lines } = await services.transcript.lines('citizen', { limit: 1000 })
  const course = lines.find(({ kind }) => kind === 'course')!
  const { lines: parts } = await services.transcript.parts('citizen', course.id, { limit: 100 })
  const name = course.activity.name.vi!
  const list = await agent.get('/me/transcript?kind=course')
  expect(list.text).toContain(`gồm ${parts.length} phần`)
  const own = await agent.get(`/me/transcript/${course.id}`)
  expect(own.text).toContain('Các phần của khóa học')
  expect(linesIn(own.text)).toContain(parts[0]!.id)
  expect(linesIn(own.text)).not.toContain(parts.at(-1)!.id)
  expect(own.text).toContain(`href="/me/transcript/${course.id}/parts"`)
  const all = await agent.get(`/me/transcript/${course.id}/parts`)
  expect(linesIn(all.text).filter((id) => id !== course.id)).toEqual(parts.map(({ id }) => id))
  const part = await agent.get(`/me/transcript/${parts[0]!.id}`)
  expect(part.text).toMatch(new RegExp(`Thuộc khóa học[^]*href="/me/transcript/${course.id}"[^>]*>${name}`))
  expect((await agent.get('/me/transcript/of-nobody/parts')).status).toBe(404)
})

test('a source is told with its organisation, where its name does not say it', async () => {
  const { agent, services } = await citizen()
  const { lines } = await services.transcript.lines('citizen', { limit: 20 })
  const { source } = lines[0]!
  const list = services.sources.list
  services.sources.list = async () =>
    (await list()).map((each) =>
      each.id === source ? { ...each, name: 'Moodle', organisation: 'house' } : each,
    )
  services.organisations.getMany = async () =>
    new Map([['house', { id: 'house', name: 'Trường Sông Hồng' }]]) as never
  const owned = 'Moodle (Trường Sông Hồng)'
  for (const path of ['/me/transcript', `/me/transcript/${lines[0]!.id}`, '/me/record/print'])
    expect((await agent.get(path)).text).toContain(owned)
})
