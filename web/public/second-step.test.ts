import request from 'supertest'
import { expect, test, vi } from 'vitest'
import { FACTOR_CODE } from '../testing/second-factors.ts'
import { PASSWORD } from '../testing/services.ts'
import { type Agent, browser, signIn, site } from '../testing/site.ts'

const ON = () => ({ since: Date.now(), removal: null })
const send = (agent: Agent, code: string) => agent.post('/sign-in/code').type('form').send({ code })
const cookieOf = (answer: { get(name: 'Set-Cookie'): string[] | undefined }) =>
  answer
    .get('Set-Cookie')
    ?.find((each) => each.startsWith('session='))
    ?.split(';')[0]

async function halfWay(fields: Record<string, string> = {}) {
  const made = site()
  made.services.factorOf.set('citizen', ON())
  const agent = browser(made.app)
  const first = await signIn(agent, 'citizen', fields)
  return { ...made, agent, first }
}

test('the password alone opens nothing; the code signs in, each step under a session id of its own', async () => {
  const { app, agent, first } = await halfWay({ next: '/me/transcript' })
  expect(first.headers.location).toBe('/sign-in/code')
  for (const path of ['/me', '/me/second-factor', '/me/sessions'])
    expect((await agent.get(path)).status, path).toBe(303)
  const asked = await agent.get('/sign-in/code')
  expect(asked.text).toContain('autocomplete="one-time-code"')
  expect(asked.headers['cache-control']).toBe('no-store')
  const second = await send(agent, FACTOR_CODE)
  expect(second.headers.location).toBe('/me/transcript')
  expect((await agent.get('/me')).status).toBe(200)
  const [before, after] = [cookieOf(first)!, cookieOf(second)!]
  expect(after).not.toBe(before)
  expect((await request(app).get('/sign-in/code').set('Cookie', before)).headers.location).toContain(
    '/sign-in',
  )
})

test('a wrong or missing code is said beside its field, and the next one is taken', async () => {
  const { agent } = await halfWay()
  const wrong = await send(agent, '111111')
  expect(wrong.status).toBe(403)
  expect(wrong.text).toContain('<a href="#code">Mã chưa đúng')
  expect(wrong.text).not.toContain('111111')
  expect((await send(agent, '')).status).toBe(400)
  expect((await send(agent, FACTOR_CODE)).status).toBe(303)
})

test('a shared device stays one over both steps', async () => {
  const { agent } = await halfWay({ shared: 'yes' })
  const done = await send(agent, FACTOR_CODE)
  expect(done.get('Set-Cookie')?.join()).not.toMatch(/session=[^,]*Expires/)
  expect((await agent.get('/me')).text).toContain('Máy dùng chung: tự đăng xuất')
})

test('after five minutes, or with the password changed meanwhile, it begins anew', async () => {
  const late = await halfWay()
  const now = Date.now()
  const clock = vi.spyOn(Date, 'now').mockReturnValue(now + 5 * 60_000 + 1)
  try {
    const over = await send(late.agent, FACTOR_CODE)
    expect(over.headers.location).toBe('/sign-in?ended=step')
    expect((await late.agent.get('/sign-in?ended=step')).text).toContain('Hãy nhập lại mật khẩu')
  } finally {
    clock.mockRestore()
  }
  const changed = await halfWay()
  changed.services.people.get('citizen')!.passwordChanges = 1
  expect((await send(changed.agent, FACTOR_CODE)).headers.location).toBe('/sign-in?ended=step')
})

test('nobody sends a code without a password before it', async () => {
  const { app } = site()
  expect((await send(browser(app), FACTOR_CODE)).headers.location).toBe('/sign-in?ended=step')
  expect((await browser(app).post('/sign-in/lost')).headers.location).toBe('/sign-in?ended=step')
})

test('without the phone: asked for once, told to the owner, seen on their other devices, and stopped there', async () => {
  const { app, services, agent } = await halfWay()
  services.factorOf.delete('citizen')
  const home = browser(app)
  await signIn(home, 'citizen')
  services.factorOf.set('citizen', ON())
  services.carried.email = true
  services.identifierList.push({
    person: 'citizen',
    kind: 'email',
    value: 'citizen@example.org',
    added: 0,
    proven: 1,
  })
  expect((await agent.get('/sign-in/lost')).text).toContain('Xin tắt sau 24 giờ')
  for (let time = 0; time < 2; time++) {
    const asked = await agent.post('/sign-in/lost')
    expect(asked.text).toContain('Xác nhận hai bước sẽ tắt lúc')
  }
  await vi.waitFor(() => expect(services.outbox).toHaveLength(1))
  expect(services.outbox?.[0]?.text).toContain('xin tắt xác nhận hai bước')
  for (const path of ['/', '/me/second-factor'])
    expect((await home.get(path)).text, path).toContain('Có người xin tắt xác nhận hai bước')
  await home.post('/me/second-factor/keep')
  expect((await home.get('/')).text).not.toContain('Có người xin tắt')
  expect(services.factorOf.get('citizen')?.removal).toBeNull()
})

test('turning it on: secret as QR and text, confirmed by a code, and sessions of one step are over', async () => {
  const { app, services } = site()
  const [agent, other] = [browser(app), browser(app)]
  await signIn(agent, 'citizen')
  await signIn(other, 'citizen')
  expect((await agent.get('/me/second-factor/new')).headers.location).toBe('/me/second-factor')
  expect((await agent.post('/me/second-factor/begin')).headers.location).toBe('/me/second-factor/new')
  const shown = await agent.get('/me/second-factor/new')
  expect(shown.text).toContain('JBSW Y3DP EHPK 3PXP')
  expect(shown.text).toContain('class="qr" role="img"')
  expect(shown.headers['cache-control']).toBe('no-store')
  const confirm = (code: string) => agent.post('/me/second-factor/new').type('form').send({ code })
  const wrong = await confirm('111111')
  expect(wrong.status).toBe(403)
  expect(wrong.text).toContain('<a href="#code">')
  expect(wrong.text).toContain('class="qr"')
  expect((await confirm(FACTOR_CODE)).headers.location).toBe('/me/second-factor')
  expect((await agent.get('/me/second-factor')).text).toContain('đang bật')
  expect((await other.get('/me')).status).toBe(303)
  expect(services.factorOf.has('citizen')).toBe(true)
})

test('moving and turning it off ask for a code', async () => {
  const { agent, services } = await halfWay()
  await send(agent, FACTOR_CODE)
  expect((await agent.get('/me/second-factor/move')).status).toBe(200)
  const post = (path: string, code: string) =>
    agent.post(`/me/second-factor/${path}`).type('form').send({ code })
  expect((await post('begin', '111111')).status).toBe(403)
  expect((await agent.get('/me/second-factor/new')).status).toBe(303)
  expect((await post('begin', FACTOR_CODE)).headers.location).toBe('/me/second-factor/new')
  expect((await post('remove', '111111')).status).toBe(403)
  expect(services.factorOf.has('citizen')).toBe(true)
  expect((await post('remove', FACTOR_CODE)).status).toBe(303)
  expect(services.factorOf.has('citizen')).toBe(false)
})

test('after ten minutes the password is asked for again before anything of it is changed', async () => {
  const { app } = site()
  const agent = browser(app)
  await signIn(agent, 'citizen')
  const now = Date.now()
  const clock = vi.spyOn(Date, 'now').mockReturnValue(now + 11 * 60_000)
  try {
    const asked = await agent
      .post('/me/second-factor/begin')
      .set('Referer', 'http://localhost/me/second-factor')
    expect(asked.headers.location).toBe('/me/confirm?next=%2Fme%2Fsecond-factor')
    const confirm = (password: string) =>
      agent.post('/me/confirm').type('form').send({ password, next: '/me/second-factor' })
    expect((await confirm('')).status).toBe(400)
    const wrong = await confirm('something else')
    expect(wrong.status).toBe(403)
    expect(wrong.text).not.toContain('something else')
    expect((await agent.post('/me/second-factor/begin')).headers.location).toContain('/me/confirm')
    expect((await confirm(PASSWORD)).headers.location).toBe('/me/second-factor')
    expect((await agent.post('/me/second-factor/begin')).headers.location).toBe('/me/second-factor/new')
    expect(
      (await agent.post('/me/confirm').type('form').send({ password: PASSWORD, next: '//evil.example' }))
        .headers.location,
    ).toBe('/me')
  } finally {
    clock.mockRestore()
  }
})

test('where operators need two steps, one of them is a citizen until then', async () => {
  const { app, services } = site({ secondStep: true })
  const agent = browser(app)
  await signIn(agent, 'operator')
  for (const path of ['/operator', '/operator/people', '/lms', '/author']) {
    const refused = await agent.get(path)
    expect(refused.status, path).toBe(403)
    expect(refused.text, path).toContain('href="/me/second-factor"')
  }
  expect((await agent.get('/me')).text).toContain('yêu cầu người vận hành đăng nhập bằng hai bước')
  await agent.post('/me/second-factor/begin')
  await agent.post('/me/second-factor/new').type('form').send({ code: FACTOR_CODE })
  expect((await agent.get('/operator')).status).toBe(200)
  await agent.post('/sign-out')
  await signIn(agent, 'operator')
  await send(agent, FACTOR_CODE)
  expect((await agent.get('/operator')).status).toBe(200)
  // Others are asked for nothing.
  const author = browser(app)
  await signIn(author, 'author')
  expect((await author.get('/author')).status).toBe(200)
  expect(services.reported).toEqual([])
})

test('by a merged account the codes of the main one are asked for, and nothing of its sign-in is changed', async () => {
  const { app, services } = site()
  services.people.get('citizen')!.mergedInto = 'author'
  services.factorOf.set('author', ON())
  const agent = browser(app)
  expect((await signIn(agent, 'citizen')).headers.location).toBe('/sign-in/code')
  await send(agent, FACTOR_CODE)
  expect((await agent.get('/me')).text).toContain('Trần Văn Soạn')
  expect((await agent.get('/me/sessions')).text).toContain('Máy này, đang dùng')
  for (const path of ['/me/second-factor/remove', '/me/passkeys/new'])
    expect((await agent.get(path)).status, path).toBe(403)
  await agent.post('/me/second-factor/remove').type('form').send({ code: FACTOR_CODE })
  expect(services.factorOf.has('author')).toBe(true)
  const sent = { current: PASSWORD, password: PASSWORD, identifier: 'x@example.org', code: '1' }
  for (const path of [
    'password',
    'recovery-codes',
    ...['add', 'prove', 'code', 'remove'].map((act) => `identifiers/${act}`),
  ])
    expect((await agent.post(`/me/${path}`).type('form').send(sent)).status, path).toBe(403)
})

test('whoever signs in by two steps proves both before the ways in are changed, a new passkey among them', async () => {
  const { agent, services } = await halfWay()
  await send(agent, FACTOR_CODE)
  const now = Date.now()
  const clock = vi.spyOn(Date, 'now').mockReturnValue(now + 11 * 60_000)
  try {
    services.factorOf.set('citizen', ON())
    const next = '/me/passkeys/new'
    expect((await agent.get(next)).headers.location).toBe(`/me/confirm?next=${encodeURIComponent(next)}`)
    const confirm = (code: string) =>
      agent.post('/me/confirm').type('form').send({ password: PASSWORD, code, next })
    expect((await confirm('')).text).toContain('<a href="#code">Nhập mã.')
    expect((await confirm('111111')).status).toBe(403)
    expect((await agent.get(next)).status).toBe(303)
    expect((await confirm(FACTOR_CODE)).headers.location).toBe(next)
    expect((await agent.get(next)).status).toBe(200)
  } finally {
    clock.mockRestore()
  }
})
