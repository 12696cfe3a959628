import { expect, test } from 'vitest'
import { sampleLines } from '../testing/sample.ts'
import { browser, signIn, site } from '../testing/site.ts'

async function citizen(count = 300) {
  const made = site({ full: true })
  made.services.lines.splice(0, Number.POSITIVE_INFINITY, ...sampleLines('citizen', count))
  const agent = browser(made.app)
  await signIn(agent, 'citizen')
  const print = async (query = '') => (await agent.get(`/me/record/print${query}`)).text
  return { ...made, agent, print }
}
/** Rows of the years' tables. */
const rows = (text: string) => text.match(/<tr><td>\d\d\/\d\d\/\d{4}<\/td>/g) ?? []

test('all of the record, by year, with whose it is and what each level means', async () => {
  const { print } = await citizen()
  const text = await print()
  expect(rows(text)).toHaveLength(300)
  expect(text).toContain('Nguyễn Thị Ánh Nguyệt')
  expect(text).toContain('Mỗi mức nghĩa là gì')
  expect(text.indexOf('<h3>2026</h3>')).toBeLessThan(text.indexOf('<h3>2025</h3>'))
})

test('years and topics are chosen, several of each', async () => {
  const { print, services } = await citizen()
  const years = [...new Set(services.lines.map(({ at }) => new Date(at).getUTCFullYear()))]
  const some = await print(`?year=${years[0]}&year=${years[1]}`)
  expect(rows(some).length).toBeGreaterThan(rows(await print(`?year=${years[0]}`)).length)
  const [topic, other] = [...new Set(services.lines.flatMap(({ topic: one }) => one ?? []))]
  const wanted = services.lines.filter((line) => line.topic === topic || line.topic === other)
  const both = await print(`?topic=${encodeURIComponent(topic!)}&topic=${encodeURIComponent(other!)}`)
  expect(rows(both)).toHaveLength(wanted.length)
  const days = rows(both).map((row) => row.slice(8, 18).split('/').reverse().join(''))
  expect(days).toEqual(days.toSorted().reverse())
  expect(rows(await print('?topic=none'))).toHaveLength(
    services.lines.filter(({ topic: one }) => !one).length,
  )
  expect(await print('?year=1999')).toContain('Không có mục nào khớp')
  expect(rows(await print('?year=abc&topic='))).toHaveLength(300)
})

test('what is hidden is left out unless it is for oneself, and what is looked at says so', async () => {
  const { print, services } = await citizen()
  await services.hidden.set('citizen', 'line-3', true)
  await services.disputes.make('citizen', 'line-4', { kind: 'result', words: '', asksVoid: false })
  const text = await print()
  expect(rows(text)).toHaveLength(299)
  expect(text).toContain('(Đang được xem lại từ')
  const own = await print('?hidden=yes')
  expect(rows(own)).toHaveLength(300)
  expect(own).toContain('Bản này để riêng')
})

test('a long record stops at two thousand lines, and says so', async () => {
  const { print } = await citizen(2_500)
  const text = await print()
  expect(rows(text)).toHaveLength(2_000)
  expect(text).toContain('Chỉ in 2.000 mục mới nhất')
})

test('what is hidden takes no place of what is printed', async () => {
  const { print, services } = await citizen(2_001)
  for (const { id } of services.lines.slice(0, 1)) await services.hidden.set('citizen', id, true)
  const text = await print()
  expect(rows(text)).toHaveLength(2_000)
  expect(text).not.toContain('Chỉ in 2.000 mục mới nhất')
})

test('however much is chosen, so many pages are read and no more', async () => {
  const { print, services } = await citizen()
  let reads = 0
  const { lines } = services.transcript
  services.transcript.lines = (person, options) => {
    reads++
    expect(options.filter?.topics?.length ?? 0).toBeLessThanOrEqual(40)
    // As a record does where nothing of what is looked at fits.
    return lines(person, options).then(() => ({ lines: [], next: 'further' }))
  }
  const many = (name: string, from: number) =>
    Array.from({ length: 40 }, (_, at) => `${name}=${from - at}`).join('&')
  expect(await print(`?${many('year', 2026)}&${many('topic', 40)}`)).toContain('Chỉ in')
  expect(reads).toBe(60)
})

test('while something is taken out of the record nothing is printed, and it says why', async () => {
  const { print, services } = await citizen()
  services.transcript.years = async () => null
  const text = await print()
  expect(rows(text)).toHaveLength(0)
  expect(text).toContain('đang được tính lại')
})

test('the margins name the person, as text whatever they are called', async () => {
  const { agent, services } = await citizen()
  services.people.get('citizen')!.name = '"; } body { display: none } @page { "\\'
  const answer = await agent.get('/me/record/print.css')
  expect(answer.headers['content-type']).toContain('text/css')
  expect(answer.headers['cache-control']).toBe('no-store')
  expect(answer.text).not.toMatch(/body|display/)
  expect(answer.text.match(/[{}]/g)).toHaveLength(6)
  expect((await browser((await citizen()).app).get('/me/record/print.css')).status).toBe(303)
})
