import request from 'supertest'
import { describe, expect, test, vi } from 'vitest'
import { AGREEING } from '../../tests/support/agree.ts'
import { PASSWORD, SETUP_TOKEN } from '../testing/services.ts'
import { browser, ORIGIN, signIn, site } from '../testing/site.ts'

const cookieOf = (answer: { get(name: 'Set-Cookie'): string[] | undefined }) =>
  answer.get('Set-Cookie')?.find((each) => each.startsWith('session='))

describe('forms from elsewhere are refused', () => {
  const { app } = site()
  const send = (headers: Record<string, string>) =>
    request(app)
      .post('/sign-in')
      .set(headers)
      .type('form')
      .send({ identifier: 'citizen@example.org', password: PASSWORD })

  test.each([
    ['a form of another site', { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' }],
    [
      'a form of a neighbour under one domain',
      { 'Sec-Fetch-Site': 'same-site', Origin: 'http://x.localhost' },
    ],
    ['an older browser on another site', { Origin: 'https://evil.example' }],
    ['a page without an origin', { Origin: 'null' }],
    ['an old browser on another site', { Referer: 'https://evil.example/localhost' }],
    ['a program that names no page', {}],
  ])('%s', async (_name, headers) => {
    const answer = await send(headers as Record<string, string>)
    expect(answer.status).toBe(403)
    expect(cookieOf(answer)).toBeUndefined()
  })

  test.each([
    ['fetch metadata', { 'Sec-Fetch-Site': 'same-origin', Origin: ORIGIN }],
    ['origin', { Origin: ORIGIN }],
    ['referrer', { Referer: `${ORIGIN}/sign-in` }],
  ])('our own page is known by %s', async (_name, headers) => {
    expect((await send(headers as Record<string, string>)).status).toBe(303)
  })

  test('every way that changes something is guarded', async () => {
    for (const path of [
      '/sign-out',
      '/register',
      '/setup/x',
      '/author/upload',
      '/author/lesson-0/delete',
      '/attempts/x/renew',
    ]) {
      expect((await request(app).post(path)).status, path).toBe(403)
    }
  })
})

describe('signing in', () => {
  test('gives the session a new id, so one planted before is worth nothing', async () => {
    const { app } = site()
    const agent = browser(app)
    await signIn(agent, 'citizen')
    // Signed in once more with the old cookie: another id again.
    const before = cookieOf(await signIn(agent, 'author'))
    const after = cookieOf(await signIn(agent, 'citizen'))
    expect(before).toBeDefined()
    expect(after).toBeDefined()
    expect(after!.split(';')[0]).not.toBe(before!.split(';')[0])
    const planted = await request(app).get('/me').set('Cookie', before!.split(';')[0]!)
    expect(planted.status).toBe(303)
  })

  test('a cookie that we did not sign opens nothing', async () => {
    const { app } = site()
    const answer = await request(app).get('/me').set('Cookie', 'session=s%3Aabc.def')
    expect(answer.status).toBe(303)
  })

  test('on a shared device the cookie ends with the browser', async () => {
    const { app } = site()
    expect(cookieOf(await signIn(browser(app), 'citizen'))).toContain('Expires=')
    const shared = cookieOf(await signIn(browser(app), 'citizen', { shared: 'yes' }))
    expect(shared).toBeDefined()
    expect(shared).not.toMatch(/Expires=|Max-Age=/)
  })

  test('signing out ends the session on the server', async () => {
    const { app } = site()
    const agent = browser(app)
    const cookie = cookieOf(await signIn(agent, 'citizen'))!.split(';')[0]!
    expect((await request(app).get('/me').set('Cookie', cookie)).status).toBe(200)
    expect((await agent.post('/sign-out')).status).toBe(303)
    expect((await request(app).get('/me').set('Cookie', cookie)).status).toBe(303)
  })

  test('a wrong password and an unknown account get the same words', async () => {
    const { app } = site()
    const wrong = await signIn(browser(app), 'citizen', { password: 'something else' })
    const unknown = await signIn(browser(app), 'nobody', { password: 'something else' })
    expect(wrong.status).toBe(401)
    expect(unknown.status).toBe(401)
    expect(wrong.text.replaceAll('citizen@', '')).toBe(unknown.text.replaceAll('nobody@', ''))
    expect(wrong.text).toContain('value="citizen@example.org"')
    expect(wrong.text).not.toContain('something else')
  })

  test('what is missing is said beside its field', async () => {
    const { app } = site()
    const { status, text } = await signIn(browser(app), 'citizen', { identifier: '', password: '' })
    expect(status).toBe(400)
    expect(text).toContain('<a href="#identifier">')
    expect(text).toContain('<a href="#password">')
  })

  test('a role taken away is gone with the next page', async () => {
    const { app, services } = site()
    const agent = browser(app)
    await signIn(agent, 'author')
    expect((await agent.get('/author')).status).toBe(200)
    services.people.get('author')!.roles.length = 1
    expect((await agent.get('/author')).status).toBe(403)
  })
})

describe('guessing', () => {
  test('ten wrong tries on one account from one address, then a pause; others are not held up', async () => {
    const { app } = site()
    const agent = browser(app)
    for (let at = 0; at < 10; at++) {
      expect((await signIn(agent, 'citizen', { password: 'wrong wrong' })).status).toBe(401)
    }
    const answer = await signIn(agent, 'citizen')
    expect(answer.status).toBe(429)
    expect(answer.text).toContain('15 phút')
    expect((await signIn(agent, 'author')).status).toBe(303)
  })

  test('one account tried from many addresses waits longer each time, five minutes at most', async () => {
    const { app, services } = site()
    const now = Date.now()
    const tries = vi.spyOn(services.accounts, 'failures')
    tries.mockResolvedValue({ count: 12, last: now })
    expect((await signIn(browser(app), 'citizen')).status).toBe(429)
    tries.mockResolvedValue({ count: 500, last: now - 5 * 60_000 - 1000 })
    expect((await signIn(browser(app), 'citizen')).status).toBe(303)
  })

  test('a device that is known for the account is not held up by strangers, at its address or any other', async () => {
    const { app, services } = site()
    const own = browser(app)
    await signIn(own, 'citizen')
    await own.post('/sign-out')
    const stranger = browser(app)
    for (const who of ['citizen', 'author', 'operator', 'a', 'b', 'c', 'd'])
      for (let at = 0; at < 10; at++) await signIn(stranger, who, { password: 'wrong wrong' })
    vi.spyOn(services.accounts, 'failures').mockResolvedValue({ count: 500, last: Date.now() })
    for (const agent of [stranger, browser(app)]) expect((await signIn(agent, 'citizen')).status).toBe(429)
    expect((await signIn(own, 'citizen')).status).toBe(303)
    // It is known for that account alone, and its own tries are counted too.
    await own.post('/sign-out')
    expect((await signIn(own, 'author')).status).toBe(429)
    for (let at = 0; at < 10; at++) await signIn(own, 'citizen', { password: 'wrong wrong' })
    expect((await signIn(own, 'citizen')).status).toBe(429)
  })

  test('a cookie that we did not make is known for nothing; a shared device gets none', async () => {
    const { app, services } = site()
    const shared = await signIn(browser(app), 'citizen', { shared: 'yes' })
    expect(shared.get('Set-Cookie')?.join()).not.toContain('known=')
    const cookie = (await signIn(browser(app), 'citizen'))
      .get('Set-Cookie')
      ?.find((each) => each.startsWith('known='))
    expect(cookie).toMatch(/^known=[\w.-]+; .*Path=\/sign-in; .*HttpOnly; SameSite=Lax/)
    expect(cookie).not.toContain('citizen')
    vi.spyOn(services.accounts, 'failures').mockResolvedValue({ count: 500, last: Date.now() })
    const value = cookie!.split(';')[0]!
    for (const [sent, status] of [
      [value, 303],
      [value.replace('.', '.x'), 429],
      ['known=a.b~~.~c', 429],
    ] as const) {
      const answer = await browser(app).post('/sign-in').set('Cookie', sent).type('form').send({
        identifier: 'citizen@example.org',
        password: PASSWORD,
      })
      expect(answer.status, sent).toBe(status)
    }
  })

  test('thirty people who sign in behind one address are not held up', async () => {
    const { app } = site()
    for (let at = 0; at < 80; at++) expect((await signIn(browser(app), 'citizen')).status).toBe(303)
  })
})

test('a record started at a shared device begins as a session that leaves nothing there', async () => {
  const { app } = site()
  const agent = browser(app)
  const sent = {
    name: 'An',
    identifier: '0912345678',
    password: 'mot cau dai de nho',
    shared: 'yes',
    ...AGREEING,
  }
  const wrong = await agent
    .post('/register')
    .type('form')
    .send({ ...sent, name: '' })
  expect(wrong.text).toMatch(/id="shared"[^>]* checked/)
  expect(wrong.headers['cache-control']).toBe('no-store')
  const answer = await agent.post('/register').type('form').send(sent)
  expect(cookieOf(answer)).not.toMatch(/Expires=|Max-Age=/)
  expect((await agent.get('/me')).text).toContain('Máy dùng chung: tự đăng xuất')
})

describe('starting a record', () => {
  const sent = { name: '<b>An</b>', identifier: '0912345678', password: 'mot cau dai de nho', ...AGREEING }

  test('signs the new citizen in and greets them, once', async () => {
    const { app, services } = site()
    const agent = browser(app)
    const answer = await agent
      .post('/register')
      .type('form')
      .send({ ...sent, next: '/lessons' })
    expect(answer.status).toBe(303)
    expect(answer.headers.location).toBe('/lessons')
    const { text } = await agent.get('/lessons')
    expect(text).toContain('Chào mừng &lt;b>An')
    expect(text).not.toContain('<b>An')
    expect((await agent.get('/lessons')).text).not.toContain('Chào mừng')
    expect([...services.people.values()].at(-1)?.roles).toEqual(['citizen'])
  })

  test('a refusal of profiles stands beside its field, in the reader’s language', async () => {
    const { app } = site()
    const agent = browser(app)
    const short = await agent
      .post('/register?lang=en')
      .type('form')
      .send({ ...sent, password: 'short' })
    expect(short.status).toBe(400)
    expect(short.text).toContain('<a href="#password">The password is short: use at least 8 characters.</a>')
    expect(short.text).not.toContain('value="short"')
    const taken = await agent
      .post('/register')
      .type('form')
      .send({ ...sent, identifier: 'author@example.org' })
    expect(taken.status).toBe(409)
    expect(taken.text).toContain('<a href="#identifier">')
  })
})

test('a class registers behind one address; a program does not go on making accounts', async () => {
  const { app, services } = site()
  const register = (at: number) =>
    browser(app)
      .post('/register')
      .type('form')
      .send({ name: 'An', identifier: `an${at}@example.org`, password: 'mot cau dai de nho', ...AGREEING })
  for (let at = 0; at < 100; at++) expect((await register(at)).status, String(at)).toBe(303)
  expect((await register(100)).status).toBe(429)
  expect(services.people.size).toBe(103)
})

describe('the first operator', () => {
  const sent = { name: 'Vận', identifier: 'first@example.org', password: 'mot cau dai de nho' }

  test('is made by the holder of the set-up link', async () => {
    const { app } = site()
    const agent = browser(app)
    const answer = await agent.post(`/setup/${SETUP_TOKEN}`).type('form').send(sent)
    expect(answer.headers.location).toBe('/operator')
    expect((await agent.get('/author')).status).toBe(200)
  })

  test('and by nobody else', async () => {
    const { app } = site()
    const agent = browser(app)
    expect((await agent.post('/setup/wrong').type('form').send(sent)).status).toBe(403)
    expect((await agent.get('/author')).status).toBe(303)
  })
})
