import { expect, test, vi } from 'vitest'
import { createSoftAuthenticator } from '../../tests/support/soft-authenticator.ts'
import { FACTOR_CODE } from '../testing/second-factors.ts'
import { type Agent, browser, ORIGIN, signIn, site } from '../testing/site.ts'

async function withPasskey() {
  const made = site()
  const agent = browser(made.app)
  await signIn(agent, 'citizen')
  const device = createSoftAuthenticator(ORIGIN)
  const { body: options } = await agent.post('/me/passkeys/options')
  const response = device.create(options)
  const send = (name: string) => agent.post('/me/passkeys/new').type('form').send({ name, response })
  return { ...made, agent, device, send }
}

async function signInBy(agent: Agent, answer: (options: object) => string, fields: object = {}) {
  const { body } = await agent.post('/sign-in/passkey/options')
  return agent
    .post('/sign-in/passkey')
    .type('form')
    .send({ response: answer(body), ...fields })
}

test('added under a name, it signs in on its own and counts as two steps', async () => {
  const { app, services, agent, device, send } = await withPasskey()
  expect((await send('<b>Máy của Nguyệt</b>')).headers.location).toBe('/me/passkeys')
  const { text } = await agent.get('/me/passkeys')
  expect(text).toContain('&lt;b>Máy của Nguyệt')
  expect(text).toContain('chưa dùng')
  services.factorOf.set('citizen', { since: 0, removal: null })
  const other = browser(app)
  const done = await signInBy(other, (options) => device.get(options), { next: '/me/transcript' })
  expect(done.headers.location).toBe('/me/transcript')
  expect((await other.get('/me')).status).toBe(200)
  expect(services.auditList[0]).toMatchObject({ action: 'passkey-add', subjects: ['citizen'] })
})

test('a device that asked for nothing proves one thing: the second step follows', async () => {
  const { app, services, device, send } = await withPasskey()
  await send('Khóa')
  services.factorOf.set('citizen', { since: 0, removal: null })
  const other = browser(app)
  const half = await signInBy(other, (options) => device.get(options, { verified: false }), {
    shared: 'yes',
  })
  expect(half.headers.location).toBe('/sign-in/code')
  expect((await other.get('/me')).status).toBe(303)
  await other.post('/sign-in/code').type('form').send({ code: FACTOR_CODE })
  expect((await other.get('/me')).text).toContain('Máy dùng chung: tự đăng xuất')
})

test('an answer is taken once, for what it was asked for, within five minutes', async () => {
  const { app, agent, device, send } = await withPasskey()
  expect((await send('')).status).toBe(400)
  // The challenge went with the first answer.
  expect((await send('Khóa')).status).toBe(403)
  const { body } = await agent.post('/me/passkeys/options')
  await agent
    .post('/me/passkeys/new')
    .type('form')
    .send({ name: 'Khóa', response: device.create(body) })
  const other = browser(app)
  let taken = ''
  await signInBy(other, (options) => {
    taken = device.get(options)
    return taken
  })
  await other.post('/sign-out')
  const again = await other.post('/sign-in/passkey').type('form').send({ response: taken })
  expect(again.headers.location).toMatch(/^\/sign-in\?ended=passkey/)
  const elsewhere = await browser(app).post('/sign-in/passkey').type('form').send({ response: taken })
  expect(elsewhere.headers.location).toMatch(/^\/sign-in\?ended=passkey/)
  expect((await other.get('/sign-in?ended=passkey')).text).toContain('Khóa này không dùng được ở đây')
  const now = Date.now()
  const clock = vi.spyOn(Date, 'now')
  try {
    const { body: late } = await other.post('/sign-in/passkey/options')
    clock.mockReturnValue(now + 6 * 60_000)
    const answer = await other
      .post('/sign-in/passkey')
      .type('form')
      .send({ response: device.get(late) })
    expect(answer.headers.location).toMatch(/^\/sign-in\?ended=passkey/)
  } finally {
    clock.mockRestore()
  }
})

test('what was asked for adding opens nothing, and a removed one neither', async () => {
  const { app, services, agent, device, send } = await withPasskey()
  await send('Khóa')
  const other = browser(app)
  await signIn(other, 'author')
  const { body } = await other.post('/me/passkeys/options')
  const crossed = await other
    .post('/sign-in/passkey')
    .type('form')
    .send({ response: device.get(body) })
  expect(crossed.headers.location).toBe('/')
  expect((await other.get('/me')).text).toContain('Trần Văn Soạn')
  const [held] = await services.passkeys.of('citizen')
  await other.post('/me/passkeys/remove').type('form').send({ passkey: held!.id })
  expect(await services.passkeys.of('citizen')).toHaveLength(1)
  await agent.post('/me/passkeys/remove').type('form').send({ passkey: held!.id })
  expect(await services.passkeys.of('citizen')).toEqual([])
  const refused = await signInBy(browser(app), (options) => device.get(options))
  expect(refused.headers.location).toMatch(/^\/sign-in\?ended=passkey/)
})

test('without scripts the pages say that they are needed; at an address of numbers, that it cannot be', async () => {
  const { app } = site()
  const agent = browser(app)
  expect((await agent.get('/sign-in')).text).toContain(
    '<noscript><p class="muted">Khóa thiết bị cần JavaScript',
  )
  const numbers = site({ publicUrl: 'http://127.0.0.1:8080' })
  const there = browser(numbers.app).set('Origin', 'http://127.0.0.1:8080') as unknown as Agent
  expect((await there.get('/sign-in')).text).not.toContain('data-passkey')
  await signIn(there, 'citizen')
  expect((await there.get('/me/passkeys')).text).toContain('chưa có tên miền')
})
