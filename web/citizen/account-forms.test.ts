import request from 'supertest'
import { expect, test, vi } from 'vitest'
import { PASSWORD } from '../testing/services.ts'
import { browser, signIn, site } from '../testing/site.ts'

async function citizen() {
  const made = site()
  const agent = browser(made.app)
  const answer = await signIn(agent, 'citizen')
  const cookie = answer.get('Set-Cookie')?.find((each) => each.startsWith('session='))
  return { ...made, agent, cookie: cookie!.split(';')[0]! }
}
const NEW = 'một câu hoàn toàn mới'

test('name and language are kept with the account, and this device follows', async () => {
  const { app, agent, services } = await citizen()
  const { text } = await agent.get('/me/change')
  expect(text).toContain('value="Nguyễn Thị Ánh Nguyệt"')
  const saved = await agent.post('/me/change').type('form').send({ name: '<b>Nguyệt</b>', language: 'en' })
  expect(saved.status).toBe(303)
  expect(services.people.get('citizen')).toMatchObject({ name: '<b>Nguyệt</b>', language: 'en' })
  const page = await agent.get(saved.headers.location!)
  expect(page.text).toContain('<html lang="en">')
  expect(page.text).toContain('Saved.')
  expect(page.text).toContain('&lt;b>Nguyệt')
  expect((await agent.get('/')).text).toContain('<html lang="en">')
  // On another device nothing was chosen: the account’s language is used.
  const other = browser(app)
  expect((await other.get('/')).text).toContain('<html lang="vi">')
  await signIn(other, 'citizen')
  expect((await other.get('/')).text).toContain('<html lang="en">')
})

test('what is wrong with a name stands beside its field, and nothing is changed', async () => {
  const { agent, services } = await citizen()
  const { status, text } = await agent.post('/me/change').type('form').send({ name: ' ', language: 'en' })
  expect(status).toBe(400)
  expect(text).toContain('<a href="#name">Nhập họ và tên.</a>')
  expect(services.people.get('citizen')?.language).toBe('vi')
})

test('a new password ends every other session; this one goes on under another id', async () => {
  const { app, agent, cookie, services } = await citizen()
  const elsewhere = browser(app)
  await signIn(elsewhere, 'citizen')
  const proven = { kind: 'email', value: 'nguyet@mau.example', added: 0, proven: 1 } as const
  vi.spyOn(services.identifiers, 'of').mockResolvedValue([proven])
  services.carried.email = true
  const changed = await agent.post('/me/password').type('form').send({ current: PASSWORD, password: NEW })
  expect(changed.headers.location).toBe('/me')
  // Whoever did not do it learns of it where the thief cannot hide it.
  await expect
    .poll(() => services.outbox?.find(({ to }) => to === proven.value)?.text)
    .toContain('mật khẩu tài khoản của bạn vừa được đổi')
  const page = await agent.get('/me')
  expect(page.status).toBe(200)
  expect(page.text).toContain('Đã đổi mật khẩu.')
  expect((await elsewhere.get('/me')).status).toBe(303)
  expect((await request(app).get('/me').set('Cookie', cookie)).status).toBe(303)
  expect(services.people.get('citizen')?.password).toBe(NEW)
})

test('on a shared device the session stays one that ends with the browser', async () => {
  const { app } = site()
  const agent = browser(app)
  await signIn(agent, 'citizen', { shared: 'yes' })
  const changed = await agent.post('/me/password').type('form').send({ current: PASSWORD, password: NEW })
  const cookie = changed.get('Set-Cookie')?.find((each) => each.startsWith('session='))
  expect(cookie).toBeDefined()
  expect(cookie).not.toMatch(/Expires=|Max-Age=/)
})

test('without the password in use nothing is changed, no secret comes back, and ten tries are enough', async () => {
  const { agent, services } = await citizen()
  const empty = await agent.post('/me/password').type('form').send({})
  expect(empty.status).toBe(400)
  expect(empty.text).toContain('<a href="#current">')
  expect(empty.text).toContain('<a href="#password">')
  const short = await agent.post('/me/password').type('form').send({ current: PASSWORD, password: 'ngắn' })
  expect(short.text).toContain('<a href="#password">Mật khẩu còn ngắn')
  expect(short.text).not.toContain(`value="${PASSWORD}"`)
  const tries = vi.spyOn(services.accounts, 'changePassword')
  const guess = () => agent.post('/me/password').type('form').send({ current: 'đoán mò đây', password: NEW })
  for (let at = 0; at < 8; at++) {
    const { status, text } = await guess()
    expect(status).toBe(403)
    expect(text).toContain('<a href="#current">Mật khẩu đang dùng chưa đúng.')
    expect(text).not.toContain('đoán mò đây')
  }
  expect((await guess()).status).toBe(429)
  expect(tries).toHaveBeenCalledTimes(8)
  expect(services.people.get('citizen')?.password).toBe(PASSWORD)
})

test('only who is signed in comes here, by a form of ours', async () => {
  const { app } = site()
  for (const path of ['/me/change', '/me/password']) {
    expect((await request(app).get(path)).headers.location).toContain('/sign-in')
    expect((await browser(app).post(path)).headers.location).toBe('/sign-in')
    expect((await request(app).post(path)).status).toBe(403)
  }
})
