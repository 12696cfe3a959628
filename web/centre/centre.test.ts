import request from 'supertest'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Organisation, Person } from '../../profiles/index.ts'
import { type CentreSite, openCentreSite } from '../../tests/support/centre-site.ts'
import { type Agent, browser, signIn } from '../testing/site.ts'

let site: CentreSite
let here: Organisation
let there: Organisation
let lan: Person
const agents: Record<string, Agent> = {}

beforeAll(async () => {
  site = await openCentreSite()
  here = await site.organisation('Trung tâm học tập cộng đồng xã Mẫu')
  there = await site.organisation('Trung tâm học tập cộng đồng xã Khác')
  lan = await site.person('lan', 'Nguyễn Thị Lan')
  await site.join(here, await site.person('staff', 'Phạm Văn Xác'), 'centre-staff')
  await site.join(here, await site.person('officer', 'Trần Cán Bộ'), 'officer')
  await site.join(here, await site.person('manager', 'Phạm Văn Quản'), 'manager', 'author', 'editor')
  await site.join(there, await site.person('elsewhere', 'Vũ Thị Nơi Khác'), 'centre-staff')
  await site.person('author', 'Trần Văn Soạn', 'author')
  for (const who of ['operator', 'staff', 'officer', 'manager', 'elsewhere', 'author', 'lan']) {
    agents[who] = browser(site.app)
    await signIn(agents[who], who)
  }
})
afterAll(() => site.close())

const form = (who: string, path: string, fields: object) => agents[who]!.post(path).type('form').send(fields)
const address = () => `/centre/${here.id}`
const personPage = (person: Person) => `${address()}/people/${person.id}`
const lookAt = async (who: string, person: Person) => {
  await form(who, `${personPage(person)}/purpose`, { purpose: 'confirm' })
  return agents[who]!.get(personPage(person))
}
const statementOf = async (person: Person) => (await site.lines(person))[0]!.statements.at(-1)!

test('each page and form is for staff and officers of that organisation, and nobody else', async () => {
  const ways: [method: 'get' | 'post', path: string][] = [
    ['get', address()],
    ['get', `${address()}/people`],
    ['post', `${address()}/people`],
    ['post', `${address()}/code`],
    ['get', personPage(lan)],
    ['post', `${personPage(lan)}/purpose`],
    ['post', `${personPage(lan)}/confirm`],
    ['get', `${personPage(lan)}/recovery-code`],
    ['post', `${personPage(lan)}/recovery-code`],
    ['get', `${address()}/requests`],
    ['post', `${address()}/requests`],
    ['get', `${address()}/confirmations/x/withdraw`],
    ['post', `${address()}/confirmations/x/withdraw`],
    ['get', `${address()}/classes`],
    ['get', `${address()}/classes/new`],
    ['post', `${address()}/classes/new`],
    ['get', `${address()}/classes/x`],
    ['get', `${address()}/classes/x/change`],
    ['post', `${address()}/classes/x/change`],
    ...['codes', 'find', 'people', 'unlist', 'enter', 'take-back'].map((act): ['post', string] => [
      'post',
      `${address()}/classes/x/${act}`,
    ]),
  ]
  for (const [method, path] of ways) {
    for (const who of ['operator', 'manager', 'elsewhere', 'author', 'lan'])
      expect((await agents[who]![method](path)).status, `${who} ${method} ${path}`).toBe(403)
    const allowed = (await agents.officer![method](path)).status
    expect([403, 500].includes(allowed), `officer ${method} ${path} ${allowed}`).toBe(false)
    const nobody = await request(site.app)[method](path).set('Origin', 'http://localhost')
    expect(nobody.headers.location, path).toContain('/sign-in')
  }
  expect((await site.services.profiles.accesses.of(lan.id, { limit: 5 })).accesses).toEqual([])
  expect((await agents.staff!.get('/centre')).headers.location).toBe(address())
  expect((await agents.lan!.get('/centre')).status).toBe(403)
})

test('a search tells no more than what tells namesakes apart; opening asks why, and the person sees it', async () => {
  const wrong = await form('staff', `${address()}/people`, { q: 'l', purpose: '' })
  expect(wrong.status).toBe(400)
  expect(wrong.text).toContain('<a href="#purpose">Chọn mục đích xem.')
  const short = await form('staff', `${address()}/people`, { q: 'l', purpose: 'confirm' })
  expect(short.text).toContain('<a href="#q">Gõ ít nhất hai chữ cái')
  const numbered = await form('staff', `${address()}/people`, { q: 'lan 001099012345', purpose: 'confirm' })
  expect(numbered.status).toBe(400)
  expect(numbered.text).toContain('<a href="#q">Không tìm bằng số định danh.')
  const found = await form('staff', `${address()}/people`, { q: 'lan nguyen', purpose: 'confirm' })
  expect(found.text).toContain('Nguyễn Thị Lan')
  expect(found.text).toContain('l•••@…')
  expect(found.text).not.toContain('lan@example.org')

  const asked = await agents.staff!.get(personPage(lan))
  expect(asked.text).toContain('Xem hồ sơ để làm gì?')
  const number = { purpose: 'other', words: 'CCCD 001099012345' }
  expect((await form('staff', `${personPage(lan)}/purpose`, number)).status).toBe(400)
  expect((await lookAt('staff', lan)).text).toContain('Không có mục tự khai nào để xác nhận')
  const seen = await agents.lan!.get('/me/access')
  expect(seen.text).toContain('Phạm Văn Xác')
  expect(seen.text).toContain('Trung tâm học tập cộng đồng xã Mẫu')
  expect(seen.text).toContain('xác nhận việc học')
  expect((await agents.staff!.get('/me/access')).text).toContain('Chưa ai xem hồ sơ của bạn')
})

test('an operator says why before a person’s page opens, and is seen by them', async () => {
  const nhat = await site.person('nhat', 'Lê Nhật')
  const address = `/operator/people/${nhat.id}`
  const asked = await agents.operator!.get(address)
  expect(asked.text).toContain('Xem hồ sơ để làm gì?')
  expect(asked.text).not.toContain(`${address}/link`)
  const give = (fields: object) => agents.operator!.post(`${address}/purpose`).type('form').send(fields)
  expect((await give({ purpose: '' })).status).toBe(400)
  expect((await give({ purpose: 'other', words: 'theo số 034090000123' })).status).toBe(400)
  expect((await give({ purpose: 'account' })).headers.location).toBe(address)
  expect((await agents.operator!.get(address)).text).toContain(`${address}/link`)
  agents.nhat = browser(site.app)
  await signIn(agents.nhat, 'nhat')
  const { text } = await agents.nhat.get('/me/access')
  expect(text).toContain('Lê Thị Vận')
  expect(text).toContain('giúp lấy lại tài khoản')
  await site.learn(nhat, 'cách ghép cây')
  await agents.operator!.get('/operator/statements')
  expect((await agents.nhat.get('/me/access')).text).toContain('ghi nhận gốc')
})

test('an operator who opens what stands behind a person’s page by its address is seen too', async () => {
  const thu = await site.person('thu', 'Vũ Thu')
  const seen = async () => (await site.services.profiles.accesses.of(thu.id, { limit: 9 })).accesses
  await agents.operator!.get(`/operator/people/${thu.id}/recovery-code`)
  expect(await seen()).toMatchObject([{ what: 'account', purpose: 'operation', organisation: null }])
  const give = { purpose: 'account' }
  await agents.operator!.post(`/operator/people/${thu.id}/purpose`).type('form').send(give)
  await agents.operator!.get(`/operator/people/${thu.id}/merge`)
  expect((await seen()).map(({ purpose }) => purpose).sort()).toEqual(['account', 'operation'])
})

test('a credential that asks for a person’s statements is seen by them, once a day', async () => {
  const son = await site.person('son', 'Lý Sơn')
  await site.learn(son, 'sửa xe')
  const { sources, accountHomePage } = site.services
  const source = await sources.create({ name: 'Bảng theo dõi', kind: 'tool' }, 'test')
  if ('ok' in source) throw new Error(JSON.stringify(source))
  const issued = await sources.issue(source.id, { label: 'x', scopes: ['statements/read'] }, 'test')
  if ('ok' in issued) throw new Error(JSON.stringify(issued))
  const agent = JSON.stringify({ account: { homePage: accountHomePage, name: son.id } })
  const seen = async () => (await site.services.profiles.accesses.of(son.id, { limit: 9 })).accesses
  for (const asked of [{ agent }, { agent, related_agents: 'true' }]) {
    const read = await request(site.app)
      .get('/xapi/statements')
      .query(asked)
      .auth(issued.credential.key, issued.secret)
      .set('X-Experience-API-Version', '1.0.3')
    expect(read.body.statements).toHaveLength(1)
    await expect.poll(async () => (await seen()).length).toBe(1)
  }
  // What is read without asking for anybody is a look at everybody whom it tells of.
  const wide = await sources.issue(source.id, { label: 'y', scopes: ['statements/read'] }, 'test')
  if ('ok' in wide) throw new Error(JSON.stringify(wide))
  const all = await request(site.app)
    .get('/xapi/statements')
    .auth(wide.credential.key, wide.secret)
    .set('X-Experience-API-Version', '1.0.3')
  expect(all.body.statements.length).toBeGreaterThan(0)
  await expect.poll(async () => (await seen()).length).toBe(2)
  agents.son = browser(site.app)
  await signIn(agents.son, 'son')
  expect((await agents.son.get('/me/access')).text).toContain('Hệ thống Bảng theo dõi')
})

test('the citizen asks, staff confirm many at once or decline with a reason, and the citizen sees it', async () => {
  await site.learn(lan, 'cách ủ phân <b>')
  const [line] = await site.lines(lan)
  const ask = `/me/transcript/${line!.id}/ask`
  expect((await agents.lan!.get(`/me/transcript/${line!.id}`)).text).toContain(`href="${ask}"`)
  expect((await agents.lan!.get(ask)).status).toBe(200)
  expect((await agents.staff!.get(ask)).status).toBe(404)
  expect((await agents.lan!.get(`${ask}?q=xa+mau`)).text).toContain(here.name)
  const words = await form('lan', ask, { organisation: here.id, words: '001099012345', q: 'xa mau' })
  expect(words.status).toBe(400)
  expect(words.text).toContain('<a href="#words">')
  expect((await form('lan', ask, { organisation: '', q: 'xa mau' })).text).toContain('Chọn một nơi.')
  const sent = await form('lan', ask, { organisation: here.id, words: 'tôi học <i>tối</i>' })
  expect(sent.headers.location).toBe('/me/confirmations')
  expect((await agents.lan!.get('/me/confirmations')).text).toContain('chờ trả lời')

  const unread = (await site.services.profiles.accesses.of(lan.id, { limit: 50 })).accesses.length
  const queue = await agents.staff!.get(`${address()}/requests`)
  // Told to who asked: once, however often the list is loaded.
  await agents.staff!.get(`${address()}/requests`)
  const { accesses } = await site.services.profiles.accesses.of(lan.id, { limit: 50 })
  expect(accesses).toHaveLength(unread + 1)
  expect(accesses[0]).toMatchObject({ what: 'line', purpose: 'request', organisation: here.id })
  expect(queue.text).toContain('Nguyễn Thị Lan: cách ủ phân &lt;b>')
  expect(queue.text).toContain('tôi học &lt;i>')
  expect((await form('staff', `${address()}/requests`, { do: 'confirm' })).status).toBe(400)
  const statement = await statementOf(lan)
  const without = await form('staff', `${address()}/requests`, { do: 'decline', statement, reason: '' })
  expect(without.text).toContain('<a href="#reason">Ghi lý do')
  const done = await form('staff', `${address()}/requests`, { do: 'confirm', statement })
  expect(done.status).toBe(303)
  expect((await agents.staff!.get(`${address()}/requests`)).text).toContain('Không có lời nhờ nào')
  await site.caughtUp()
  expect((await agents.lan!.get('/')).text).toContain('đã xác nhận “cách ủ phân &lt;b>”')
  expect((await agents.lan!.get('/me/transcript')).text).toContain('Xác nhận')

  const withdraw = `${address()}/confirmations/${statement}/withdraw`
  expect((await agents.staff!.get(withdraw)).status).toBe(200)
  expect((await form('elsewhere', withdraw.replace(here.id, there.id), { reason: 'x' })).status).toBe(404)
  expect((await form('staff', withdraw, { reason: ' ' })).status).toBe(400)
  expect((await form('staff', withdraw, { reason: 'nhầm người' })).status).toBe(303)
  expect((await agents.staff!.get(withdraw)).status).toBe(404)
  expect((await agents.lan!.get('/')).text).toContain('đã rút xác nhận “cách ủ phân &lt;b>”: nhầm người')
})

test('staff confirm from a person’s page what they chose, and nothing of somebody else', async () => {
  const binh = await site.person('binh', 'Trần Thị Bình')
  await site.learn(binh, 'nấu ăn')
  await site.learn(binh, 'may vá')
  const chi = await site.person('chi', 'Trần Thị Chi')
  await site.learn(chi, 'đan lát')
  const path = `${personPage(binh)}/confirm`
  const early = await form('staff', path, { statement: await statementOf(binh) })
  expect(early.text).toContain('Xem hồ sơ để làm gì?')
  const page = await lookAt('staff', binh)
  expect(page.text).toContain('nấu ăn')
  expect(page.text).not.toContain('Rút lại')
  expect((await form('staff', path, {})).text).toContain('Chọn ít nhất một mục.')
  const statements = (await site.lines(binh)).map((line) => line.statements.at(-1)!)
  await form('staff', path, { statement: [...statements, await statementOf(chi)] })
  await site.caughtUp()
  const confirmed = async (person: Person) =>
    (await site.services.confirmations.of({ person: person.id }, { limit: 9 })).confirmations.length
  expect([await confirmed(binh), await confirmed(chi)]).toEqual([2, 0])
})

test('who hides from searches by name is opened by code alone', async () => {
  const an = await site.person('an', 'Đặng Ẩn Danh')
  agents.an = browser(site.app)
  await signIn(agents.an, 'an')
  await form('an', '/me/code/findable', { findable: 'no' })
  expect((await form('staff', `${address()}/people`, { q: 'dang an', purpose: 'confirm' })).text).toContain(
    'Không thấy ai',
  )
  expect((await agents.staff!.get(personPage(an))).status).toBe(404)
  const shown = await agents.an.post('/me/code')
  expect(shown.headers['cache-control']).toBe('no-store')
  const [, code] = shown.text.match(/<code>(\d{4} \d{4})<\/code>/)!
  expect((await form('staff', `${address()}/code`, { code: '0000 0000' })).text).toContain('Mã không đúng')
  expect((await form('staff', `${address()}/code`, { code })).headers.location).toBe(personPage(an))
  expect((await agents.staff!.get(personPage(an))).text).toContain('Đặng Ẩn Danh')
  expect((await agents.officer!.get(personPage(an))).status).toBe(404)
})

describe('a class', () => {
  const details = {
    name: 'Phân loại rác',
    day: '2026-11-20',
    begin: '19:30',
    minutes: '60',
    place: 'Nhà văn hóa',
  }

  test('is written down, filled by name and by codes, entered for all, taken back for one', async () => {
    const wrong = await form('staff', `${address()}/classes/new`, { ...details, name: '', minutes: 'x' })
    expect(wrong.text).toContain('<a href="#name">Ghi tên lớp.')
    expect(wrong.text).toContain('<a href="#minutes">')
    const made = await form('staff', `${address()}/classes/new`, details)
    const path = made.headers.location!
    expect((await agents.officer!.get(path)).text).toContain('Phân loại rác')
    expect((await agents.elsewhere!.get(path.replace(here.id, there.id))).status).toBe(404)
    expect((await form('staff', `${path}/change`, { ...details, begin: 'x' })).status).toBe(400)
    await form('staff', `${path}/change`, { ...details, name: 'Phân loại rác tại nhà' })
    expect((await agents.staff!.get(path)).text).toContain('Phân loại rác tại nhà')
    const hung = await site.person('hung', 'Phạm Hùng')
    agents.hung = browser(site.app)
    await signIn(agents.hung, 'hung')
    const [, code] = (await agents.hung.post('/me/code')).text.match(/<code>(\d{4} \d{4})<\/code>/)!
    const codes = await form('staff', `${path}/codes`, { codes: `${code}\n1234 5678` })
    expect(codes.status).toBe(409)
    expect(codes.text).toContain('1234 5678')
    expect(codes.text).toContain('Phạm Hùng')
    expect((await form('staff', `${path}/find`, { q: 'nguyen lan' })).text).toContain(`value="${lan.id}"`)
    await form('staff', `${path}/people`, { person: lan.id })
    expect((await agents.staff!.get(path)).text).toContain('Ghi vào hồ sơ của 2 người')
    const entered = await form('staff', `${path}/enter`, {})
    expect((await agents.staff!.get(entered.headers.location!)).text).toContain(
      'Đã ghi vào hồ sơ của 2 người.',
    )
    await site.caughtUp()
    expect((await site.lines(hung)).map(({ level, kind }) => [level, kind])).toEqual([['xac-nhan', 'class']])
    const back = `${path}/take-back`
    expect((await agents.staff!.get(`${back}?person=${hung.id}`)).text).toContain('Phạm Hùng')
    expect((await form('staff', back, { person: hung.id, reason: '' })).status).toBe(400)
    // Nobody's name is told for their id.
    const hidden = await site.person('hidden', 'Người Ẩn Tên')
    for (const told of [
      await agents.staff!.get(`${back}?person=${hidden.id}`),
      await form('staff', back, { person: hidden.id, reason: '' }),
    ]) {
      expect(told.status).toBe(404)
      expect(told.text).not.toContain('Người Ẩn Tên')
    }
    await form('staff', back, { person: hung.id, reason: 'vắng' })
    await site.caughtUp()
    expect(await site.lines(hung)).toEqual([])
    await form('staff', back, { reason: 'nhầm lớp' })
    await site.caughtUp()
    expect((await agents.staff!.get(path)).text).toContain('đã rút lại')
    await form('staff', `${path}/people`, { person: hung.id })
    expect((await agents.staff!.get(path)).text).toContain('Ghi vào hồ sơ của 1 người')
  })
})

test('staff hand a recovery code to a citizen whose document was seen, never to who acts for others', async () => {
  const mai = await site.person('mai', 'Ngô Thị Mai')
  const path = `${personPage(mai)}/recovery-code`
  expect((await form('staff', path, { document: 'Thẻ căn cước' })).headers.location).toBe(personPage(mai))
  await lookAt('staff', mai)
  expect((await agents.staff!.get(path)).status).toBe(200)
  expect((await form('staff', path, { document: 'số 001099012345' })).status).toBe(400)
  const issued = await form('staff', path, { document: 'Thẻ căn cước, Hưng Yên' })
  expect(issued.text).toMatch(/<code>[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}<\/code>/)
  expect(issued.headers['cache-control']).toBe('no-store')
  const manager = (await site.services.profiles.accounts.find('manager@example.org'))!
  await lookAt('staff', manager)
  const refused = await form('staff', `${personPage(manager)}/recovery-code`, { document: 'Thẻ' })
  expect(refused.status).toBe(403)
  expect(refused.text).toContain('chỉ người vận hành đưa mã được')
})
