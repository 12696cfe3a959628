import request from 'supertest'
import { expect, test, vi } from 'vitest'
import { PASSWORD } from '../testing/services.ts'
import { type Agent, browser, signIn, site } from '../testing/site.ts'

const ANDROID =
  'Mozilla/5.0 (Linux; Android 13; A13) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36'
const keysOn = (text: string) =>
  [...text.matchAll(/name="session" value="([^"]+)"/g)].map(([, key]) => key ?? '')
const isIn = async (agent: Agent) => (await agent.get('/me')).status === 200

async function twoDevices() {
  const made = site()
  const [here, phone] = [browser(made.app), browser(made.app)]
  await signIn(here, 'citizen')
  phone.set('User-Agent', ANDROID)
  await signIn(phone, 'citizen', { shared: 'yes' })
  return { ...made, here, phone }
}

test('each device is named in plain words, this one is marked, and the cookie is on no page', async () => {
  const { here, phone } = await twoDevices()
  const { text } = await here.get('/me/sessions')
  expect(text).toContain('Chrome trên Android')
  expect(text).toContain('máy dùng chung')
  expect(text.match(/Máy này, đang dùng/g)).toHaveLength(1)
  expect(keysOn(text)).toHaveLength(1)
  // What stands on the page is no way in.
  const forged = await request(site().app)
    .get('/me')
    .set('Cookie', `session=s%3A${keysOn(text)[0]}.x`)
  expect(forged.status).toBe(303)
  expect((await phone.get('/me/sessions?lang=en')).text).toContain('This device, in use')
})

test('one device is signed out from another; its own next page leads to signing in', async () => {
  const { here, phone } = await twoDevices()
  const [key = ''] = keysOn((await here.get('/me/sessions')).text)
  const ended = await here.post('/me/sessions/end').type('form').send({ session: key })
  expect(ended.status).toBe(303)
  expect((await here.get('/me/sessions')).text).toContain('Đã đăng xuất máy đó.')
  const next = await phone.get('/me')
  expect(next.status).toBe(303)
  expect(next.headers['clear-site-data']).toBe('"cache", "storage"')
  expect(await isIn(here)).toBe(true)
  expect(keysOn((await here.get('/me/sessions')).text)).toEqual([])
})

test('everywhere else at once, and the audit says so', async () => {
  const { app, services, here, phone } = await twoDevices()
  const third = browser(app)
  await signIn(third, 'citizen')
  const stranger = browser(app)
  await signIn(stranger, 'author')
  await here.post('/me/sessions/end-others')
  expect((await here.get('/me/sessions')).text).toContain('Đã đăng xuất 2 máy khác.')
  expect(await isIn(phone)).toBe(false)
  expect(await isIn(third)).toBe(false)
  expect(await isIn(here)).toBe(true)
  expect(await isIn(stranger)).toBe(true)
  expect(services.auditList[0]).toMatchObject({ action: 'sessions-end', subjects: ['citizen'] })
})

test('nobody ends a session of somebody else', async () => {
  const { app, here } = await twoDevices()
  const [key = ''] = keysOn((await here.get('/me/sessions')).text)
  const stranger = browser(app)
  await signIn(stranger, 'author')
  await stranger.post('/me/sessions/end').type('form').send({ session: key })
  expect(keysOn((await here.get('/me/sessions')).text)).toEqual([key])
})

test('sessions of an old password are not on the list', async () => {
  const { here } = await twoDevices()
  await here.post('/me/password').type('form').send({ current: PASSWORD, password: 'một câu hoàn toàn mới' })
  expect(keysOn((await here.get('/me/sessions')).text)).toEqual([])
})

test('a shared device: every page says so, leaves without scripts, and ends after fifteen minutes', async () => {
  const { here, phone } = await twoDevices()
  const { text } = await phone.get('/me')
  expect(text).toContain('Máy dùng chung: tự đăng xuất sau 15 phút')
  expect(text).toContain('<noscript><meta http-equiv="refresh" content="900;url=/sign-in?ended=shared"')
  expect((await here.get('/me')).text).not.toContain('Máy dùng chung')
  const now = Date.now()
  const clock = vi.spyOn(Date, 'now')
  try {
    clock.mockReturnValue(now + 14 * 60_000)
    expect((await phone.post('/me/sessions/stay')).status).toBe(200)
    clock.mockReturnValue(now + 28 * 60_000)
    expect(await isIn(phone)).toBe(true)
    clock.mockReturnValue(now + 44 * 60_000)
    const over = await phone.get('/me')
    expect(over.status).toBe(303)
    expect(over.headers['clear-site-data']).toBe('"cache", "storage"')
    expect((await phone.get('/sign-in?ended=shared')).text).toContain('Đã tự đăng xuất vì 15 phút')
    // Said once: the browser has forgotten.
    expect((await phone.get('/')).headers['clear-site-data']).toBeUndefined()
    expect(await isIn(here)).toBe(true)
  } finally {
    clock.mockRestore()
  }
})

test('signing out has the browser forget what it kept', async () => {
  const { phone } = await twoDevices()
  const out = await phone.post('/sign-out')
  expect(out.headers['clear-site-data']).toBe('"cache", "storage"')
  expect((await phone.get('/')).text).toContain('Trên máy này không còn trang nào của bạn.')
})
