import { expect, test, vi } from 'vitest'
import type { Identity, Provider } from '../provider.ts'
import { FACTOR_CODE } from '../testing/second-factors.ts'
import { PASSWORD } from '../testing/services.ts'
import { type Agent, browser, signIn, site } from '../testing/site.ts'

const CHECKS = { state: 's', nonce: 'n', verifier: 'v' }
const LAN: Identity = {
  issuer: 'https://vneid.example',
  subject: '033190012345',
  name: 'Lan <b>',
  email: null,
  phone: '0912345678',
}

/** Pages with one provider, at which whoever comes is `identity`. */
function withProvider(identity: Identity = LAN) {
  const begin = vi.fn<Provider['begin']>(async () => ({
    ok: true,
    url: 'https://vneid.example/auth?state=s',
    checks: CHECKS,
  }))
  const finish = vi.fn<Provider['finish']>(async () => ({ ok: true, identity }))
  const made = site({ providers: [{ id: 'vneid', name: 'VNeID', begin, finish }] })
  return { ...made, begin, finish }
}
async function comeBack(agent: Agent, query = '?device=own&next=/me/transcript') {
  const away = await agent.get(`/sign-in/with/vneid${query}`)
  expect(away.headers.location).toBe('https://vneid.example/auth?state=s')
  return agent.get('/sign-in/with/vneid/back?code=c&state=s')
}

test('the page of signing in offers it, and whose device it is is asked before', async () => {
  const { app, begin, finish } = withProvider()
  const agent = browser(app)
  const { text } = await agent.get('/sign-in?next=/lessons')
  expect(text).toContain('href="/sign-in/with/vneid?next=%2Flessons"')
  const leave = await agent.get('/sign-in/with/vneid?next=/lessons')
  expect(leave.text).toContain('device=shared&amp;next=%2Flessons')
  expect(begin).not.toHaveBeenCalled()
  await comeBack(agent)
  expect(begin).toHaveBeenCalledWith('http://localhost/sign-in/with/vneid/back', { anew: false })
  expect(finish).toHaveBeenCalledWith('http://localhost/sign-in/with/vneid/back?code=c&state=s', CHECKS)
  expect((await agent.get('/sign-in/with/other')).status).toBe(404)
})

test('known to nobody, its person decides on a new record, which it opens from then on', async () => {
  const { app, services } = withProvider()
  const agent = browser(app)
  expect((await comeBack(agent)).headers.location).toBe('/sign-in/with/vneid/new')
  expect((await agent.get('/me')).status).toBe(303)
  const asked = await agent.get('/sign-in/with/vneid/new')
  expect(asked.text).toContain('value="Lan &lt;b>"')
  expect(asked.text).not.toContain(LAN.subject)
  const post = (name: string) => agent.post('/sign-in/with/vneid/new').type('form').send({ name })
  expect((await post('')).status).toBe(400)
  expect((await post('Nguyễn Thị Lan')).headers.location).toBe('/me/transcript')
  expect((await agent.get('/me')).text).toContain('Nguyễn Thị Lan')
  const later = browser(app)
  expect((await comeBack(later, '?device=shared&next=/me')).headers.location).toBe('/me')
  expect((await later.get('/me')).text).toContain('Máy dùng chung: tự đăng xuất')
  expect(services.people.size).toBe(4)
})

test('an e-mail that is somebody’s opens nothing of theirs', async () => {
  const { app } = withProvider({ ...LAN, email: 'citizen@example.org' })
  const agent = browser(app)
  expect((await comeBack(agent)).headers.location).toBe('/sign-in/with/vneid/new')
  await agent.post('/sign-in/with/vneid/new').type('form').send({ name: 'Kẻ khác' })
  const { text } = await agent.get('/me')
  expect(text).toContain('Kẻ khác')
  expect(text).not.toContain('Ánh Nguyệt')
})

test('signed in, it is tied after a press, opens the record, and is removed again', async () => {
  const { app, services } = withProvider()
  const agent = browser(app)
  await signIn(agent, 'citizen')
  expect((await agent.get('/me/sign-in-with')).text).toContain('Nối VNeID')
  await comeBack(agent)
  expect(await services.providerTies.of('citizen')).toEqual([])
  expect((await agent.get('/sign-in/with/vneid/new')).text).toContain('VNeID cho biết bạn là Lan &lt;b>')
  expect((await agent.post('/sign-in/with/vneid/new')).headers.location).toBe('/me/sign-in-with')
  expect(services.auditList[0]).toMatchObject({ action: 'provider-add', subjects: ['citizen'] })
  const other = browser(app)
  await comeBack(other)
  expect((await other.get('/me')).text).toContain('Ánh Nguyệt')
  // To somebody else's record it is not tied.
  const author = browser(app)
  await signIn(author, 'author')
  const taken = await comeBack(author)
  expect(taken.status).toBe(409)
  expect((await author.get('/me')).text).toContain('Trần Văn Soạn')
  const [held] = await services.providerTies.of('citizen')
  await author.post('/me/sign-in-with/remove').type('form').send({ tie: held!.tie })
  expect(await services.providerTies.of('citizen')).toHaveLength(1)
})

/** As much later as a proof lasts. */
async function later<T>(work: () => Promise<T>): Promise<T> {
  const clock = vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 11 * 60_000)
  try {
    return await work()
  } finally {
    clock.mockRestore()
  }
}

test('at a device that was left signed in nobody ties an account of their own', async () => {
  const { app, services } = withProvider()
  const agent = browser(app)
  await signIn(agent, 'citizen')
  const back = '/me/confirm?next=%2Fsign-in%2Fwith%2Fvneid%2Fnew'
  await later(async () => {
    await comeBack(agent)
    expect((await agent.post('/sign-in/with/vneid/new')).headers.location).toBe(back)
    expect(await services.providerTies.of('citizen')).toEqual([])
    await agent.post('/me/confirm').type('form').send({ password: PASSWORD, next: '/me' })
    await agent.post('/sign-in/with/vneid/new')
    expect(await services.providerTies.of('citizen')).toHaveLength(1)
  })
})

test('who has no password is confirmed by the provider where others type theirs', async () => {
  const { app, services } = withProvider()
  const agent = browser(app)
  await comeBack(agent)
  await agent.post('/sign-in/with/vneid/new').type('form').send({ name: 'Lan' })
  Object.assign([...services.people.values()].at(-1)!, { password: undefined })
  const print = () => agent.post('/me/recovery-codes').type('form').send({ password: 'gì cũng được' })
  expect((await print()).status).toBe(200)
  await later(async () => {
    expect((await print()).headers.location).toContain('/me/confirm')
    const add = await agent.post('/me/identifiers/add').type('form').send({ password: 'x', identifier: 'x' })
    expect(add.headers.location).toContain('/me/confirm')
    const typed = await agent.post('/me/confirm').type('form').send({ password: 'gì cũng được' })
    expect(typed.status).toBe(403)
  })
})

test('who has a second step is asked for it here too; who is signed in has proven again that it is them', async () => {
  const { app, services, begin } = withProvider()
  await services.providerTies.add('citizen', { tie: services.providerTies.tieOf(LAN), provider: 'vneid' })
  services.factorOf.set('citizen', { since: 0, removal: null })
  const agent = browser(app)
  expect((await comeBack(agent)).headers.location).toBe('/sign-in/code')
  await agent.post('/sign-in/code').type('form').send({ code: FACTOR_CODE })
  const now = Date.now()
  const clock = vi.spyOn(Date, 'now').mockReturnValue(now + 11 * 60_000)
  try {
    const confirm = await agent.get('/me/second-factor/remove')
    expect(confirm.headers.location).toContain('/me/confirm')
    expect((await agent.get(confirm.headers.location!)).text).toContain('/sign-in/with/vneid?device=own')
    expect((await comeBack(agent, '?device=own&next=/me/second-factor/remove')).headers.location).toBe(
      '/me/second-factor/remove',
    )
    // That this browser is still signed in there proves nothing.
    expect(begin).toHaveBeenLastCalledWith(expect.any(String), { anew: true })
    expect((await agent.get('/me/second-factor/remove')).status).toBe(200)
  } finally {
    clock.mockRestore()
  }
})

test('an answer that nobody here was sent for, or a second time, or too late, is refused', async () => {
  const { app, finish } = withProvider()
  const back = '/sign-in/with/vneid/back?code=c&state=s'
  expect((await browser(app).get(back)).status).toBe(400)
  const agent = browser(app)
  await comeBack(agent)
  finish.mockClear()
  expect((await agent.get(back)).status).toBe(400)
  await agent.get('/sign-in/with/vneid?device=own')
  const now = Date.now()
  const clock = vi.spyOn(Date, 'now').mockReturnValue(now + 11 * 60_000)
  expect((await agent.get(back)).status).toBe(400)
  clock.mockRestore()
  expect(finish).not.toHaveBeenCalled()
  expect((await browser(app).post('/sign-in/with/vneid/new')).headers.location).toBe('/sign-in')
})

test('a provider that is down, was left, or answers wrongly is a clear page', async () => {
  const { app, begin, finish } = withProvider()
  const agent = browser(app)
  begin.mockResolvedValueOnce({ ok: false, reason: 'unreachable', code: 'fetch' })
  const down = await agent.get('/sign-in/with/vneid?device=own')
  expect(down.status).toBe(503)
  expect(down.text).toContain('VNeID đang không trả lời')
  for (const [reason, status, words] of [
    ['unreachable', 503, 'đang không trả lời'],
    ['declined', 200, 'Bạn đã dừng ở trang của VNeID'],
    ['refused', 400, 'Không nhận được xác nhận'],
  ] as const) {
    finish.mockResolvedValueOnce({ ok: false, reason, code: 'x' })
    const answer = await comeBack(agent)
    expect(answer.status).toBe(status)
    expect(answer.text).toContain(words)
  }
})

test('where none is configured no page speaks of it', async () => {
  const { app } = site()
  const agent = browser(app)
  expect((await agent.get('/sign-in')).text).not.toContain('/sign-in/with/')
  await signIn(agent, 'citizen')
  expect((await agent.get('/me')).text).not.toContain('/me/sign-in-with')
  expect((await agent.get('/me/sign-in-with')).text).toContain('chưa mở cách đăng nhập nào khác')
})
