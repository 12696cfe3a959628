import { Secret, TOTP } from 'otpauth'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { CODES, IDENTIFIERS } from '../../profiles/accounts/documents.ts'
import { openWorld, type World } from '../../tests/support/profiles-world.ts'
import type { FakeServices } from '../testing/services.ts'
import { type Agent, browser, site } from '../testing/site.ts'

const PASSWORD = 'con ong chăm chỉ'
const NEW = 'cánh đồng lúa chín'
let world: World
let app: ReturnType<typeof site>['app']
let services: FakeServices
let count = 0

beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())
beforeEach(() => {
  ;({ app, services } = site({
    change(fake) {
      const { accounts, identifiers, recovery } = world.profiles
      Object.assign(fake, { accounts, identifiers, recovery })
      Object.assign(fake.carried, { email: true, phone: true })
    },
  }))
})

const email = () => `nguoi${++count}@example.org`
const post = (agent: Agent, path: string, fields: Record<string, string> = {}) =>
  agent.post(path).type('form').send(fields)
async function signedIn(identifier: string, password: string) {
  const agent = browser(app)
  return { agent, status: (await post(agent, '/sign-in', { identifier, password })).status }
}
async function sent(to: string) {
  await expect.poll(() => services.outbox?.[0]?.to).toBe(to)
  return /\b\d{6}\b/.exec(services.outbox![0]!.text)![0]
}
const other = (code: string) => (code === '000000' ? '111111' : '000000')

describe('by a code', () => {
  test('a new password, every session over, a notice to what is proven; a code works once', async () => {
    const identifier = email()
    await world.person(identifier)
    const before = await signedIn(identifier, PASSWORD)
    const agent = browser(app)
    expect((await agent.get('/sign-in')).text).toContain('href="/recover"')
    expect((await post(agent, '/recover', { identifier })).headers.location).toBe('/recover/code')
    const code = await sent(identifier)
    expect((await agent.get('/recover/code')).text).toContain(`Nếu có hồ sơ với ${identifier}`)
    const short = await post(agent, '/recover/code', { code, password: 'ngắn' })
    expect(short.status).toBe(400)
    expect(short.text).toContain(`value="${code}"`)
    expect(short.headers['cache-control']).toBe('no-store')
    const like = await post(agent, '/recover/code', { code, password: identifier })
    expect(like.text).toContain('<a href="#password">')
    const done = await post(agent, '/recover/code', { code, password: NEW })
    expect(done.headers.location).toBe('/sign-in')
    expect((await agent.get('/sign-in')).text).toContain('Đã đặt mật khẩu mới')
    expect((await before.agent.get('/me')).status).toBe(303)
    expect((await signedIn(identifier, PASSWORD)).status).toBe(401)
    expect((await signedIn(identifier, NEW)).status).toBe(303)
    await expect.poll(() => services.outbox?.[0]?.text).toContain('vừa được đặt lại')
    expect((await agent.get('/recover/code')).headers.location).toBe('/recover')
    // Receiving the code was a proof too.
    const person = await world.profiles.accounts.find(identifier)
    expect(await world.profiles.identifiers.of(person!.id)).toMatchObject([{ proven: expect.any(Number) }])
  })

  test('a wrong code changes nothing, and five end it', async () => {
    const identifier = email()
    await world.person(identifier)
    const agent = browser(app)
    await post(agent, '/recover', { identifier })
    const code = await sent(identifier)
    for (let at = 0; at < 4; at++) {
      const answer = await post(agent, '/recover/code', { code: other(code), password: NEW })
      expect(answer.status).toBe(403)
      expect(answer.text).toContain('<a href="#code">Mã chưa đúng')
    }
    expect((await post(agent, '/recover/code', { code: other(code), password: NEW })).text).toContain(
      'Xin mã mới',
    )
    expect((await post(agent, '/recover/code', { code, password: NEW })).status).toBe(403)
    expect((await signedIn(identifier, PASSWORD)).status).toBe(303)
  })

  test('who recovers is not held up by strangers who tried passwords', async () => {
    const identifier = email()
    await world.person(identifier)
    for (let at = 0; at < 12; at++) await world.profiles.accounts.verify(identifier, 'sai sai sai sai')
    expect((await signedIn(identifier, PASSWORD)).status).toBe(429)
    const agent = browser(app)
    await post(agent, '/recover', { identifier })
    await post(agent, '/recover/code', { code: await sent(identifier), password: NEW })
    expect((await signedIn(identifier, NEW)).status).toBe(303)
  })

  test('a code of one browser is of no use in another', async () => {
    const identifier = email()
    await world.person(identifier)
    const [mine, theirs] = [browser(app), browser(app)]
    await post(mine, '/recover', { identifier })
    const code = await sent(identifier)
    await post(theirs, '/recover', { identifier })
    expect((await theirs.get('/recover/code')).text).toContain('chưa đầy một phút')
    expect((await post(theirs, '/recover/code', { code, password: NEW })).status).toBe(403)
    expect((await post(mine, '/recover/code', { code, password: NEW })).status).toBe(303)
  })

  test('two presses at once set one password', async () => {
    const identifier = email()
    await world.person(identifier)
    const agent = browser(app)
    await post(agent, '/recover', { identifier })
    const code = await sent(identifier)
    const answers = await Promise.all(
      [NEW, `${NEW} khác`].map((password) => post(agent, '/recover/code', { code, password })),
    )
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1)
  })

  test('an identifier that somebody only claimed opens no account with a proven one', async () => {
    const proven = email()
    const id = await world.person(proven)
    const claimed = email()
    const { collections } = world.store
    const doc = await collections.get(IDENTIFIERS, proven)
    await collections.put(IDENTIFIERS, proven, { ...doc!.value, proven: 1 })
    await collections.put(IDENTIFIERS, claimed, { person: id, kind: 'email', added: 2 })
    const agent = browser(app)
    expect((await post(agent, '/recover', { identifier: claimed })).headers.location).toBe('/recover/code')
    await post(browser(app), '/recover', { identifier: proven })
    await sent(proven)
    expect(services.outbox?.map(({ to }) => to)).toEqual([proven])
  })
})

test('what was asked for long ago is forgotten, for the next one at that device', async () => {
  const identifier = email()
  const agent = browser(app)
  await post(agent, '/recover', { identifier })
  const page = await agent.get('/recover/code')
  expect(page.text).toContain(identifier)
  expect(page.headers['cache-control']).toBe('no-store')
  vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 11 * 60_000)
  expect((await agent.get('/recover/code')).headers.location).toBe('/recover')
  expect((await post(agent, '/recover/again')).headers.location).toBe('/recover')
  vi.restoreAllMocks()
})

describe('nothing tells whether there is an account', () => {
  /** What a stranger sees, with the identifier itself and what differs with every page left out. */
  async function seen(identifier: string) {
    const agent = browser(app)
    const answers = []
    for (const [path, fields] of [
      ['/recover', { identifier }],
      ['/recover/again', {}],
      ['/recover/code', { code: '000000', password: NEW }],
      ['/recover/printed', { identifier, code: 'AAAA-BBBB-CCCC', password: NEW }],
    ] as const)
      answers.push(await post(agent, path, fields))
    answers.push(await agent.get('/recover/code'))
    return answers.map(({ status, headers, text }) => ({
      status,
      location: headers.location,
      text: text.replaceAll(identifier, 'WHO').replace(/\d\d:\d\d/g, 'TIME'),
    }))
  }

  test('the same answers, and as much is stored', async () => {
    const [known, unknown] = [email(), email()]
    await world.person(known)
    const { collections } = world.store
    const before = await collections.count(CODES)
    expect(await seen(known)).toEqual(await seen(unknown))
    expect(await collections.count(CODES)).toBe(before + 2)
  })

  test('a messenger that is away is told to everybody alike, and one that refuses to nobody', async () => {
    const [known, unknown] = [email(), email()]
    await world.person(known)
    services.carried.works = false
    for (const identifier of [known, unknown]) {
      const answer = await post(browser(app), '/recover', { identifier })
      expect(answer.status).toBe(503)
      expect(answer.text).toContain('Lúc này chưa gửi được mã')
    }
    services.carried.works = true
    vi.spyOn(services.messages, 'send').mockResolvedValue(false)
    for (const identifier of [known, unknown])
      expect((await post(browser(app), '/recover', { identifier })).headers.location).toBe('/recover/code')
  })

  test('nor does the answer wait for the message', async () => {
    const known = email()
    await world.person(known)
    vi.spyOn(services.messages, 'send').mockReturnValue(new Promise(() => {}))
    expect((await post(browser(app), '/recover', { identifier: known })).status).toBe(303)
  })
})

test('where nothing carries codes, the page says what to do, and offers no form', async () => {
  const { app: silent } = site()
  const { text } = await browser(silent).get('/recover')
  expect(text).toContain('Hệ thống chưa được cài để gửi e-mail hay tin nhắn')
  expect(text).toContain('href="/recover/printed"')
  expect(text).not.toContain('action="/recover"')
  const { app: mailOnly } = site({ change: ({ carried }) => Object.assign(carried, { email: true }) })
  const refused = await post(browser(mailOnly), '/recover', { identifier: '+84912345678' })
  expect(refused.status).toBe(409)
  expect(refused.text).toContain('Ở đây chưa gửi được tin nhắn')
})

describe('by a printed code', () => {
  async function printed() {
    const identifier = email()
    await world.person(identifier)
    const { agent } = await signedIn(identifier, PASSWORD)
    expect((await agent.get('/me/recovery-codes')).text).toContain('Chưa có mã nào')
    const page = await post(agent, '/me/recovery-codes')
    expect(page.headers['cache-control']).toBe('no-store')
    const codes = [...page.text.matchAll(/<code>([A-Z0-9-]{14})<\/code>/g)].map(([, code]) => code!)
    return { identifier, agent, codes }
  }

  test('ten, each of them once, typed in any way; shown once', async () => {
    const { identifier, agent, codes } = await printed()
    expect(new Set(codes).size).toBe(10)
    expect((await agent.get('/me/recovery-codes')).text).toContain('Còn 10 mã')
    const typed = codes[3]!.toLowerCase().replaceAll('-', ' ')
    const recover = (code: string, password: string) =>
      post(browser(app), '/recover/printed', { identifier, code, password })
    expect((await recover(typed, 'ngắn')).status).toBe(400)
    expect((await recover(typed, NEW)).headers.location).toBe('/sign-in')
    expect((await agent.get('/me')).status).toBe(303)
    const again = await signedIn(identifier, NEW)
    expect((await again.agent.get('/me/recovery-codes')).text).toContain('Còn 9 mã')
    const twice = await recover(typed, `${NEW} khác`)
    expect(twice.status).toBe(403)
    expect(twice.text).toContain('Mã này không khớp')
  })

  test('new ones end the old, and one person’s open nobody else’s account', async () => {
    const first = await printed()
    const second = await printed()
    const foreign = { identifier: second.identifier, code: first.codes[0]!, password: NEW }
    expect((await post(browser(app), '/recover/printed', foreign)).status).toBe(403)
    await post(first.agent, '/me/recovery-codes')
    const old = { identifier: first.identifier, code: first.codes[0]!, password: NEW }
    expect((await post(browser(app), '/recover/printed', old)).status).toBe(403)
  })

  test('with two-step sign-in a code from paper is one step, and not the other too', async () => {
    const { identifier, codes } = await printed()
    const person = await world.profiles.accounts.find(identifier)
    await world.profiles.secondFactors.begin(person!)
    const draft = await world.profiles.secondFactors.draft(person!, 'Suốt Đời')
    const code = new TOTP({ secret: Secret.fromBase32(draft!.secret) }).generate()
    expect(await world.profiles.secondFactors.confirm(person!, code)).toMatchObject({ removal: null })
    const recover = (typed: string) =>
      post(browser(app), '/recover/printed', { identifier, code: typed, password: NEW })
    expect((await recover('AAAA-BBBB-CCCC')).text).toContain('Mã này không khớp')
    const refused = await recover(codes[0]!)
    expect(refused.status).toBe(409)
    expect(refused.text).toContain('đăng nhập hai bước')
    expect(await world.profiles.recovery.printed(person!.id)).toMatchObject({ left: 10 })
    // By a code to the e-mail address the password is replaced, and the second step stays.
    const agent = browser(app)
    await post(agent, '/recover', { identifier })
    await post(agent, '/recover/code', { code: await sent(identifier), password: NEW })
    const changed = await world.profiles.accounts.get(person!.id)
    expect(changed?.passwordChanges).toBe(1)
    expect(await world.profiles.secondFactors.of(changed!)).not.toBeNull()
  })

  test('two presses at once use a code once', async () => {
    const { identifier, codes } = await printed()
    const answers = await Promise.all(
      [NEW, `${NEW} khác`].map((password) =>
        post(browser(app), '/recover/printed', { identifier, code: codes[0]!, password }),
      ),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 403])
  })
})

describe('by a code that staff hand over', () => {
  const DOCUMENT = 'Căn cước, Công an tỉnh'
  async function operator() {
    const identifier = email()
    const id = await world.person(identifier)
    await world.profiles.accounts.grant(id, 'operator', 'test')
    const { agent } = await signedIn(identifier, PASSWORD)
    const issue = (person: string, document = DOCUMENT) =>
      post(agent, `/operator/people/${person}/recovery-code`, { document })
    return { id, agent, issue }
  }
  const codeOn = (text: string) => /<code>([A-Z0-9-]{14})<\/code>/.exec(text)?.[1] ?? 'none'
  const recover = (identifier: string, code: string, password = NEW) =>
    post(browser(app), '/recover/printed', { identifier, code, password })

  test('once; who did it and on which document stays, the person is told', async () => {
    const { agent, issue, id: by } = await operator()
    const identifier = email()
    const id = await world.person(identifier)
    const doc = await world.store.collections.get(IDENTIFIERS, identifier)
    await world.store.collections.put(IDENTIFIERS, identifier, { ...doc!.value, proven: 1 })
    await post(agent, `/operator/people/${id}/purpose`, { purpose: 'account' })
    expect((await agent.get(`/operator/people/${id}`)).text).toContain(`/people/${id}/recovery-code`)
    const page = await issue(id)
    expect(page.headers['cache-control']).toBe('no-store')
    await expect.poll(() => services.outbox?.[0]).toMatchObject({ to: identifier })
    expect(services.outbox?.[0]?.text).not.toContain(codeOn(page.text))
    expect((await recover(identifier, codeOn(page.text).toLowerCase())).status).toBe(303)
    expect((await signedIn(identifier, NEW)).status).toBe(303)
    expect((await recover(identifier, codeOn(page.text))).status).toBe(403)
    expect((await agent.get(`/operator/people/${id}/recovery-code`)).text).toContain(DOCUMENT)
    expect(await world.profiles.recovery.issuedByStaff(id)).toMatchObject([{ by, document: DOCUMENT }])
  })

  test('for its person alone, and a new one ends the one before', async () => {
    const { issue } = await operator()
    const [mine, theirs] = [email(), email()]
    const id = await world.person(mine)
    await world.person(theirs)
    const first = codeOn((await issue(id)).text)
    expect((await recover(theirs, first)).status).toBe(403)
    const second = codeOn((await issue(id)).text)
    expect((await recover(mine, first)).status).toBe(403)
    expect((await recover(mine, second)).status).toBe(303)
  })

  test('not without a document, nor with the citizen number, nor to an operator, nor by anybody else', async () => {
    const { issue, id: self } = await operator()
    const identifier = email()
    const id = await world.person(identifier)
    for (const [document, words] of [
      [' ', 'Ghi giấy tờ đã xem'],
      ['x'.repeat(201), 'nhiều nhất 200 ký tự'],
      ['CCCD 034 199 012 345', 'Đừng ghi số định danh'],
    ] as const) {
      const answer = await issue(id, document)
      expect(answer.status).toBe(400)
      expect(answer.text).toContain(words)
    }
    expect((await issue(self)).status).toBe(403)
    const { agent } = await signedIn(identifier, PASSWORD)
    expect((await post(agent, `/operator/people/${id}/recovery-code`, { document: DOCUMENT })).status).toBe(
      403,
    )
    expect(await world.profiles.recovery.issuedByStaff(id)).toEqual([])
  })
})
