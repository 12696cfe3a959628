import { expect, test } from 'vitest'
import { browser, signIn, site } from '../testing/site.ts'

async function citizen() {
  const made = site({ full: true })
  const agent = browser(made.app)
  await signIn(agent, 'citizen')
  return { ...made, agent }
}
const LINE = '/me/transcript/line-1'
const OTHER = '/me/transcript/line-1-school'

test('a line that two sources tell of shows both, in the list and on its page', async () => {
  const { agent } = await citizen()
  const list = (await agent.get('/me/transcript')).text
  const item = list.split('<article').find((each) => each.includes('href="/me/transcript/line-1"'))
  expect(item).toMatch(/Xác nhận.*Hệ thống ghi/s)
  const { text } = await agent.get(LINE)
  expect(text).toContain('Hai nơi cùng kể')
  expect(text).toContain(`href="${OTHER}/split"`)
  expect((await agent.get('/me/transcript/line-2')).text).not.toContain('cùng kể')
})

test('it is split after a word of what will happen, and joined again from the toast or the page', async () => {
  const { agent } = await citizen()
  expect((await agent.get(`${OTHER}/split`)).text).toContain('Tách thành mục riêng?')
  const split = await agent.post(`${OTHER}/split`)
  expect([split.status, split.headers.location]).toEqual([303, OTHER])
  const apart = (await agent.get(OTHER)).text
  expect(apart).toContain('Mục này đã được tách ra')
  expect(apart.match(new RegExp(`action="${OTHER}/join"`, 'g'))).toHaveLength(2)
  expect((await agent.get(LINE)).text).not.toContain('cùng kể')
  const joined = await agent.post(`${OTHER}/join`).type('form').send({ from: 'line-1' })
  expect(joined.headers.location).toBe(LINE)
  expect((await agent.get(LINE)).text).toContain('Đã gộp lại thành một mục.')
})

test('what is not there, or not theirs, is not split or joined', async () => {
  const { agent, app } = await citizen()
  for (const line of ['line-2', 'nothing']) {
    expect((await agent.get(`/me/transcript/${line}/split`)).status).toBe(404)
    expect((await agent.post(`/me/transcript/${line}/split`)).status).toBe(404)
  }
  await agent.post('/me/transcript/line-2/join').type('form').send({ from: 'line-1' })
  expect((await agent.get('/me/transcript/line-2')).text).toContain('không còn là một nữa')
  const other = browser(app)
  await signIn(other, 'author')
  expect((await other.post(`${OTHER}/split`)).status).toBe(404)
  expect((await browser(app).post(`${OTHER}/split`)).headers.location).toContain('/sign-in')
})

test('a time that cannot be is told as such', async () => {
  const { agent } = await citizen()
  expect((await agent.get('/me/transcript')).text).toContain('ngày nhận được')
  expect((await agent.get('/me/transcript/line-4')).text).toContain('tính theo lúc hệ thống nhận được')
})
