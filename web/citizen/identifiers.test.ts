import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { CODES } from '../../profiles/accounts/documents.ts'
import { AGREEING } from '../../tests/support/agree.ts'
import { openWorld, type World } from '../../tests/support/profiles-world.ts'
import type { FakeServices } from '../testing/services.ts'
import { type Agent, browser, site } from '../testing/site.ts'

const PASSWORD = 'con ong chăm chỉ'
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

const post = (agent: Agent, path: string, fields: Record<string, string> = {}) =>
  agent.post(path).type('form').send(fields)

/** Somebody new, signed in. */
async function somebody(identifier = `nguoi${++count}@example.org`) {
  const agent = browser(app)
  const answer = await post(agent, '/register', { name: 'Lan', identifier, password: PASSWORD, ...AGREEING })
  expect(answer.status).toBe(303)
  return { agent, identifier, to: answer.headers.location as string }
}
/** Long after: nobody remembers which codes went out. */
async function later() {
  const { collections } = world.store
  const { docs } = await collections.scan(CODES, { limit: 1_000 })
  for (const { key } of docs) await collections.delete(CODES, key)
}
/** The code in the newest message. */
const newestCode = () => /\b(\d{6}|\d{4} \d{4} \d{4})\b/.exec(services.outbox?.[0]?.text ?? '')?.[1] ?? 'none'
const other = (code: string) => (code === '000000' ? '111111' : '000000')
async function prove(agent: Agent, identifier: string) {
  await post(agent, '/me/identifiers/prove', { identifier })
  return post(agent, '/me/identifiers/code', { code: newestCode() })
}
async function add(agent: Agent, identifier: string) {
  await post(agent, '/me/identifiers/add', { identifier })
  return post(agent, '/me/identifiers/code', { code: newestCode() })
}
const held = async (identifier: string) => world.profiles.accounts.find(identifier)

describe('registering leads on to a proof', () => {
  test('with one press a code is sent; proven, the reader goes on', async () => {
    const { agent, identifier, to } = await somebody()
    expect(to).toBe('/me/identifiers/start?next=%2F')
    const start = await agent.get(to)
    expect(start.text).toContain(`Gửi mã tới ${identifier}`)
    expect(services.outbox).toEqual([])
    expect((await agent.get('/')).text).toContain(`Bạn chưa xác nhận ${identifier}`)
    const asked = await post(agent, '/me/identifiers/prove', { identifier, next: '/lessons' })
    expect(asked.headers.location).toBe('/me/identifiers/code')
    expect(services.outbox).toMatchObject([{ channel: 'email', to: identifier, language: 'vi' }])
    expect((await agent.get('/me/identifiers/code')).text).toContain(`Đã gửi một mã tới ${identifier}`)
    const wrong = await post(agent, '/me/identifiers/code', { code: other(newestCode()) })
    expect(wrong.status).toBe(403)
    expect(wrong.text).toContain('<a href="#code">Mã chưa đúng')
    const right = await post(agent, '/me/identifiers/code', { code: newestCode() })
    expect(right.headers.location).toBe('/lessons')
    expect((await agent.get('/me/identifiers')).text).toContain('Đã xác nhận ngày')
    expect((await agent.get('/')).text).not.toContain('Bạn chưa xác nhận')
  })

  test('where nothing carries codes it leads to where the reader wanted, and the list says why', async () => {
    Object.assign(services.carried, { email: false, phone: false })
    const { agent, to } = await somebody()
    expect(to).toBe('/')
    const { text } = await agent.get('/me/identifiers')
    expect(text).toContain('Hệ thống chưa được cài để gửi e-mail hay tin nhắn')
    expect(text).not.toContain('Gửi mã xác nhận')
    expect((await agent.get('/me/identifiers/add')).headers.location).toBe('/me/identifiers')
    expect((await agent.get('/')).text).not.toContain('Bạn chưa xác nhận')
  })

  test('a message that nobody takes is a clear page, and the record is safe', async () => {
    const { agent, identifier } = await somebody()
    services.carried.works = false
    await post(agent, '/me/identifiers/prove', { identifier })
    const { text } = await agent.get('/me/identifiers/code')
    expect(text).toContain('Chưa gửi được mã')
    expect(text).not.toContain('Đã gửi một mã')
    const again = await post(agent, '/me/identifiers/prove', { identifier })
    expect(again.status).toBe(303)
    expect((await agent.get('/me/identifiers/code')).text).toContain('chưa đầy một phút')
  })
})

describe('adding', () => {
  test('asks for the password, then for the code; the other channels hear of it', async () => {
    const { agent, identifier } = await somebody()
    await prove(agent, identifier)
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 11 * 60_000)
    for (const path of ['/me/identifiers/add', '/me/identifiers/remove', '/me/recovery-codes'])
      expect((await post(agent, path, { identifier: '0912 000 001' })).headers.location).toMatch(
        /^\/me\/confirm/,
      )
    vi.restoreAllMocks()
    expect(services.outbox?.map(({ to }) => to)).toEqual([identifier])
    expect((await add(agent, '0912 000 001')).status).toBe(303)
    expect(await held('0912 000 001')).toEqual(await held(identifier))
    await expect
      .poll(() => services.outbox?.[0])
      .toMatchObject({ to: identifier, subject: expect.stringContaining('thay đổi') })
    expect(services.outbox?.filter(({ text }) => text.includes('được thêm'))).toHaveLength(1)
  })

  test('one that is somebody else’s is refused after the proof alone, as a stranger would be', async () => {
    const first = await somebody('0912 000 002')
    await prove(first.agent, '+84912000002')
    await later()
    const second = await somebody()
    const asked = await post(second.agent, '/me/identifiers/add', { identifier: '0912000002' })
    expect(asked.headers.location).toBe('/me/identifiers/code')
    const refused = await post(second.agent, '/me/identifiers/code', { code: newestCode() })
    expect(refused.status).toBe(409)
    expect(refused.text).toContain('E-mail hoặc số điện thoại này đã có hồ sơ')
    expect(await held('0912000002')).toEqual(await held(first.identifier))
    // The code is used up.
    const again = await post(second.agent, '/me/identifiers/code', { code: newestCode() })
    expect(again.text).toContain('Mã đã hết hạn hoặc chưa có mã nào')
  })

  test('one that somebody only claimed goes to who proves it, unless it is all that they have', async () => {
    const claimer = await somebody('0912 000 003')
    const owner = await somebody()
    expect((await add(owner.agent, '0912000003')).status).toBe(409)
    expect(await held('0912000003')).not.toEqual(await held(owner.identifier))
    // With another one that is proven, the claim yields, and who claimed it is told.
    const proven = `them${++count}@example.org`
    expect((await add(claimer.agent, proven)).status).toBe(303)
    await later()
    expect((await add(owner.agent, '0912000003')).status).toBe(303)
    expect(await held('0912000003')).toEqual(await held(owner.identifier))
    await expect
      .poll(() => services.outbox?.find(({ to, text }) => to === proven && text.includes('được gỡ')))
      .toBeDefined()
  })

  test('nobody proves one for which this browser asked no code', async () => {
    const { agent } = await somebody()
    expect((await post(agent, '/me/identifiers/code', { code: '123456' })).headers.location).toBe(
      '/me/identifiers',
    )
    const asked = await post(agent, '/me/identifiers/prove', { identifier: 'somebody-else@example.org' })
    expect(asked.headers.location).toBe('/me/identifiers')
    expect(services.outbox).toEqual([])
  })
})

describe('removing', () => {
  test('asks first, tells the one that goes too, and never takes the last', async () => {
    const { agent, identifier } = await somebody()
    await prove(agent, identifier)
    expect((await agent.get('/me/identifiers')).text).not.toContain('>Gỡ<')
    const last = await post(agent, '/me/identifiers/remove', { identifier, sure: 'yes' })
    expect(last.status).toBe(409)
    await add(agent, '0912 000 004')
    const asks = await post(agent, '/me/identifiers/remove', { identifier })
    expect(asks.text).toContain(`Gỡ ${identifier}?`)
    expect(await held(identifier)).not.toBeNull()
    const gone = await post(agent, '/me/identifiers/remove', { identifier, sure: 'yes' })
    expect(gone.status).toBe(303)
    expect(await held(identifier)).toBeNull()
    await expect
      .poll(() =>
        services.outbox
          ?.filter(({ text }) => text.includes('được gỡ'))
          .map(({ to }) => to)
          .sort(),
      )
      .toEqual(['+84912000004', identifier].sort())
    expect((await post(agent, '/me/identifiers/remove', { identifier })).headers.location).toBe(
      '/me/identifiers',
    )
  })
})

test('no page, address or message of one person names what is another’s', async () => {
  const { agent } = await somebody()
  const pages = await Promise.all(
    ['/me/identifiers', '/me/identifiers/add', '/me'].map((path) => agent.get(path)),
  )
  for (const { text, status } of pages) {
    expect(status).toBe(200)
    expect(text).not.toContain('nguoi1@example.org')
  }
})

test('visitors are led to sign in', async () => {
  for (const path of ['/me/identifiers', '/me/identifiers/add', '/me/identifiers/code', '/me/recovery-codes'])
    expect((await browser(app).get(path)).headers.location, path).toBe(
      `/sign-in?next=${encodeURIComponent(path)}`,
    )
  for (const path of ['add', 'prove', 'code', 'remove'])
    expect((await post(browser(app), `/me/identifiers/${path}`)).headers.location).toBe('/sign-in')
})
