import { expect, test } from 'vitest'
import { browser, signIn, site } from '../testing/site.ts'

async function today(full: boolean, change?: (services: ReturnType<typeof site>['services']) => void) {
  const { app, services } = site({ full })
  change?.(services)
  const agent = browser(app)
  await signIn(agent, 'citizen')
  return (await agent.get('/')).text
}

test('the week stands in one line, also where nothing was learned or it is counted anew', async () => {
  const week = (minutes: number | null) =>
    today(true, ({ transcript }) => {
      transcript.week = async () => minutes
    })
  expect(await week(80)).toContain('Bảy ngày qua bạn học 1 giờ 20 phút.')
  expect(await week(0)).toContain('Bảy ngày qua chưa có giờ học nào được ghi.')
  expect(await week(null)).toContain('Giờ học đang được tính lại.')
})

test('what waits for a yes is told with the way there, and nothing where nothing waits', async () => {
  const waiting = { id: 'w', agent: 'a', years: [{ year: 2026, count: 3 }] }
  const text = await today(true, ({ claims, links }) => {
    claims.waiting = async () => [{ id: 'c' }] as never
    claims.suggestions = async () => [{ kind: 'name', source: 'moodle', count: 1 }]
    links.waiting = async () => [
      { ...waiting, source: 'moodle' },
      { ...waiting, source: 'moodle' },
      { ...waiting, source: 'centre' },
    ]
  })
  const section = text.match(/<h2>Chờ bạn trả lời<\/h2>[\s\S]*?<\/section>/)?.[0] ?? ''
  expect(section).toContain('1 tài khoản: có phải của bạn không?')
  expect(section).toContain('Bản ghi của 2 nơi chờ bạn nhận')
  expect(section).toContain('1 tài khoản có thể cũng là của bạn')
  expect(section.match(/href="\/me\/links"/g)).toHaveLength(3)
  const quiet = await today(false, ({ claims, links }) => {
    claims.waiting = async () => []
    claims.suggestions = async () => []
    links.waiting = async () => []
  })
  expect(quiet).not.toContain('Chờ bạn trả lời')
})

test('what was begun stands before what is new: lessons of this host, then what other places tell of', async () => {
  const text = await today(true)
  const begun = text.match(/<h2>Đang học dở<\/h2>[\s\S]*?<\/section>/)?.[0] ?? ''
  expect(begun).toContain('Học tiếp')
  const [first] = begun.match(/href="\/lessons\/[^"]+"/) ?? []
  expect(first).toBeDefined()
  expect(begun).toMatch(/href="\/me\/transcript\/line-\d+"/)
  const fresh = text.slice(text.indexOf('<h2>Bài học mới</h2>'))
  expect(fresh).toContain('href="/lessons/')
  expect(fresh).not.toContain(first)
  const none = await today(true, ({ host, transcript }) => {
    host.unfinished = async () => []
    transcript.goingOn = async () => []
    host.lessons.published = async () => ({ lessons: [], next: null })
  })
  expect(none).not.toContain('Đang học dở')
  expect(none).toContain('Chưa có bài học nào')
})
