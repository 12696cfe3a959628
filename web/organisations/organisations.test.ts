import request from 'supertest'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Organisation, OrganisationRole, Person } from '../../profiles/index.ts'
import { AGREEING } from '../../tests/support/agree.ts'
import { type OrganisationsSite, openOrganisationsSite } from '../../tests/support/organisations-site.ts'
import { sampleLessons } from '../testing/sample.ts'
import { PASSWORD } from '../testing/services.ts'
import { type Agent, browser, signIn } from '../testing/site.ts'

const evil = '"><img src=x onerror=alert(1)>'
const PNG = Buffer.alloc(64)
PNG.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
PNG.write('IHDR', 12, 'latin1')
PNG.writeUInt32BE(64, 16)
PNG.writeUInt32BE(64, 20)

let site: OrganisationsSite
let here: Organisation
let there: Organisation
let lan: Person
const agents: Record<string, Agent> = {}

beforeAll(async () => {
  site = await openOrganisationsSite()
  here = await site.organisation('Trung tâm học tập cộng đồng xã Mẫu', { kind: 'community-learning-centre' })
  there = await site.organisation('Trường THPT Sông Hồng')
  lan = await site.person('lan', 'Nguyễn Thị Lan')
  await site.join(here, lan, 'author')
  await site.join(here, await site.person('manager', 'Phạm Văn Quản'), 'manager')
  await site.join(there, await site.person('elsewhere', 'Vũ Thị Nơi Khác'), 'manager')
  await site.person('citizen', 'Nguyễn Thị Ánh Nguyệt')
  for (const who of ['operator', 'manager', 'elsewhere', 'lan', 'citizen']) {
    agents[who] = browser(site.app)
    await signIn(agents[who], who)
  }
})
afterAll(() => site.close())

const form = (who: string, path: string, fields: object) => agents[who]!.post(path).type('form').send(fields)
const address = (one: Organisation) => `/organisations/${one.id}`

describe('who may open what', () => {
  test('each page, by role', async () => {
    const ways: [path: string, operator: number, manager: number, author: number, other: number][] = [
      [address(here), 200, 200, 200, 403],
      [`${address(here)}/leave`, 200, 200, 200, 403],
      [`${address(here)}/members`, 200, 200, 403, 403],
      [`${address(here)}/members/${lan.id}`, 200, 200, 403, 403],
      [`${address(here)}/members/${lan.id}/remove`, 200, 200, 403, 403],
      [`${address(here)}/members/nobody`, 404, 404, 403, 403],
      [`${address(here)}/invitations`, 200, 200, 403, 403],
      [`${address(here)}/invitations/new`, 200, 200, 403, 403],
      ['/organisations/nothing', 404, 404, 404, 404],
      ['/operator/organisations', 200, 403, 403, 403],
      ['/operator/organisations/new', 200, 403, 403, 403],
      [`/operator/organisations/${here.id}`, 200, 403, 403, 403],
      [`/operator/organisations/${here.id}/close`, 200, 403, 403, 403],
      ['/author', 200, 403, 200, 403],
    ]
    for (const [path, ...wanted] of ways) {
      const who = ['operator', 'manager', 'lan', 'citizen']
      const got = await Promise.all(who.map(async (one) => (await agents[one]!.get(path)).status))
      expect(got, path).toEqual(wanted)
      const elsewhere = (await agents.elsewhere!.get(path)).status
      if (path.includes(here.id) && !path.startsWith('/operator')) expect(elsewhere, path).toBe(403)
      const nobody = await request(site.app).get(path)
      expect(nobody.headers.location, path).toContain('/sign-in')
    }
  })

  test('nothing is changed by who may not', async () => {
    const posts = [
      [`${address(here)}/members/${lan.id}`, { roles: ['manager'] }],
      [`${address(here)}/members/${lan.id}/remove`, { reason: 'x' }],
      [`${address(here)}/invitations/new`, { roles: 'author', kind: 'link', uses: 1, days: 1 }],
      [`/operator/organisations/${here.id}`, { name: 'Khác', kind: 'school' }],
      [`/operator/organisations/${here.id}/close`, {}],
      [`/operator/organisations/${here.id}/logo/remove`, {}],
      ['/operator/organisations/new', { name: 'Khác', kind: 'school' }],
    ] as const
    for (const [path, fields] of posts)
      for (const who of ['lan', 'citizen', 'elsewhere'])
        expect((await form(who, path, fields)).status, `${who} ${path}`).toBe(403)
    expect(await site.services.organisations.get(here.id)).toEqual(here)
    expect(await site.services.memberships.get(here.id, lan.id)).toMatchObject({ roles: ['author'] })
  })
})

describe('the operator', () => {
  test('adds an organisation below another, changes it, closes it and opens it again', async () => {
    const page = await agents.operator!.get(`/operator/organisations/new?parent=${here.id}`)
    expect(page.text).toContain(`value="${here.name}"`)
    const empty = await form('operator', '/operator/organisations/new', {
      name: ' ',
      kind: '',
      parent: 'Không có',
    })
    expect(empty.status).toBe(400)
    expect(empty.text).toContain('<a href="#parent">')
    const wrong = await form('operator', '/operator/organisations/new', { name: ' ', kind: '' })
    expect(wrong.text).toContain('<a href="#name">')
    expect(wrong.text).toContain('<a href="#kind">')
    const sent = { name: `Tổ ${evil}`, nameEn: 'Team', kind: 'work-unit', parent: here.name, from: here.id }
    const made = await form('operator', '/operator/organisations/new', sent)
    expect(made.status).toBe(303)
    const shown = await agents.operator!.get(made.headers.location!)
    expect(shown.text).toContain('Tổ &quot;>&lt;img')
    expect(shown.text).not.toContain('<img src=x')
    expect((await agents.operator!.get(address(here))).text).toContain(made.headers.location!)
    const id = made.headers.location!.split('/').at(-1)!
    const edit = `/operator/organisations/${id}`
    await form('operator', edit, { name: 'Tổ Khuyến học', nameEn: '', kind: 'association', parent: '' })
    expect(await site.services.organisations.get(id)).toMatchObject({ name: 'Tổ Khuyến học', parent: null })
    expect(
      (await form('operator', edit, { name: 'Tổ', kind: 'other', parent: 'Tổ Khuyến học' })).text,
    ).toContain('không thể thuộc chính nó')
    const closed = await form('operator', `${edit}/close`, {})
    expect((await agents.operator!.get(closed.headers.location!)).text).toContain(`action="${edit}/open"`)
    await form('operator', `${edit}/open`, {})
    expect(await site.services.organisations.get(id)).toMatchObject({ state: 'active' })
  })

  test('finds one without diacritics, and is told when there is none', async () => {
    const found = await agents.operator!.get('/operator/organisations?q=song+hong')
    expect(found.text).toContain(there.name)
    expect(found.text).not.toContain(here.name)
    expect((await agents.operator!.get('/operator/organisations?q=khong-dau')).text).toContain(
      'Không có tổ chức nào khớp',
    )
  })

  test('sets a logo, which everybody sees and which runs nothing', async () => {
    const edit = `/operator/organisations/${here.id}`
    const sent = await agents.operator!.post(`${edit}/logo`).attach('logo', PNG, 'logo.png')
    expect(sent.status).toBe(303)
    const [, src] = (await agents.lan!.get(address(here))).text.match(/class="logo" src="([^"]+)"/)!
    const { headers, body } = await request(site.app).get(src!)
    expect(headers['content-type']).toBe('image/png')
    expect(headers['content-security-policy']).toBe("default-src 'none'; sandbox")
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(headers['cache-control']).toContain('immutable')
    expect(body).toEqual(PNG)
    for (const [content, status, words] of [
      [Buffer.from('<svg onload="alert(1)"/>'), 400, 'không phải ảnh'],
      [Buffer.alloc(1_000_001), 413, 'lớn hơn'],
    ] as const) {
      const refused = await agents.operator!.post(`${edit}/logo`).attach('logo', content, 'logo.png')
      expect(refused.status).toBe(status)
      expect(refused.text).toMatch(new RegExp(`id="logo-error".*${words}`))
    }
    expect((await agents.operator!.post(`${edit}/logo`).type('form').send({})).status).toBe(400)
    await form('operator', `${edit}/logo/remove`, {})
    expect((await request(site.app).get(src!)).status).toBe(404)
  })
})

describe('who manages an organisation', () => {
  test('gives and takes roles, which count with the next page that is opened', async () => {
    const path = `${address(here)}/members/${lan.id}`
    expect((await agents.lan!.get(`${address(here)}/members`)).status).toBe(403)
    await form('manager', path, { roles: ['author', 'manager'] })
    expect((await agents.lan!.get(`${address(here)}/members`)).status).toBe(200)
    const without = await form('manager', path, { roles: 'author' })
    expect(without.status).toBe(400)
    expect(without.text).toContain('<a href="#reason">Viết vì sao rút vai trò.')
    await form('manager', path, { roles: 'author', reason: `chuyển ${evil}` })
    expect((await agents.lan!.get(`${address(here)}/members`)).status).toBe(403)
    const { text } = await agents.manager!.get(path)
    expect(text).toContain('chuyển &quot;>&lt;img')
    expect(text).toContain('Phạm Văn Quản')
    expect((await form('manager', path, {})).text).toContain('<a href="#roles">Chọn ít nhất một vai trò.')
    // A role that the form did not offer.
    await form('manager', path, { roles: ['author', 'officer'] })
    expect(await site.services.memberships.get(here.id, lan.id)).toMatchObject({ roles: ['author'] })
  })

  test('keeps an officer as the operator made them, and cannot remove them', async () => {
    const officer = await site.person('officer', 'Trần Cán Bộ')
    await site.join(here, officer, 'officer', 'author')
    const path = `${address(here)}/members/${officer.id}`
    const { text } = await agents.manager!.get(path)
    expect(text).toContain('do người vận hành giao')
    expect(text).not.toContain('value="officer"')
    expect(text).not.toContain(`${path}/remove`)
    await form('manager', path, { roles: 'editor', reason: 'đổi việc' })
    expect(await site.services.memberships.get(here.id, officer.id)).toMatchObject({
      roles: ['editor', 'officer'],
    })
    expect((await form('manager', `${path}/remove`, { reason: 'x' })).status).toBe(403)
    expect((await form('operator', `${path}/remove`, { reason: 'x' })).status).toBe(303)
  })

  test('finds members by what they sign in with, and learns of no account outside', async () => {
    const list = `${address(here)}/members`
    expect((await form('manager', list, { who: 'lan@example.org' })).headers.location).toBe(
      `${list}/${lan.id}`,
    )
    const [outside, nobody] = [
      await form('manager', list, { who: 'citizen@example.org' }),
      await form('manager', list, { who: 'citizeN@example.com' }),
    ]
    expect(outside.status).toBe(404)
    const plain = (text: string) =>
      text.replaceAll(/citizen@example\.(org|com)/gi, '').replaceAll(/id="[^"]*"/g, '')
    expect(plain(outside.text)).toBe(plain(nobody.text))
  })

  test('removes a member with a reason; what was is still told', async () => {
    const gone = await site.person('gone', 'Đỗ Văn Nghỉ')
    await site.join(here, gone, 'author')
    const path = `${address(here)}/members/${gone.id}`
    expect((await form('manager', `${path}/remove`, { reason: ' ' })).status).toBe(400)
    await form('manager', `${path}/remove`, { reason: 'nghỉ hưu' })
    const { text } = await agents.manager!.get(path)
    expect(text).toContain('Người này không còn là thành viên.')
    expect(text).toContain('nghỉ hưu')
    expect((await agents.manager!.get(`${address(here)}/members`)).text).not.toContain('Đỗ Văn Nghỉ')
  })

  test('sees 50 of three hundred a page, whole on the way through', async () => {
    const large = await site.organisation('Hội Khuyến học tỉnh Mẫu', { kind: 'association' })
    await site.fill(large, 300, (at) => `Hội viên số ${at}`)
    const seen = new Set<string>()
    for (let next: string | undefined = `${address(large)}/members?role=author`; next; ) {
      const { text } = await agents.operator!.get(next)
      for (const [, name] of text.matchAll(/(Hội viên số \d+)</g)) seen.add(name!)
      expect(text.match(/<th scope="row">/g)).toHaveLength(50)
      // The way on, or only the way back to the start.
      const onward = text.split('class="pager"')[1]?.match(/href="([^"]*after=[^"]*)"/)?.[1]
      next = onward?.replaceAll('&amp;', '&')
    }
    expect(seen.size).toBe(300)
    const { text } = await agents.operator!.get(`${address(large)}/members?q=hoi+vien+299`)
    expect(text).toContain('Hội viên số 299')
    expect(text.match(/<th scope="row">/g)).toHaveLength(1)
    expect((await agents.operator!.get(`${address(large)}/members?q=khong`)).text).toContain(
      'Không có thành viên nào khớp',
    )
  })
})

test('an operator who signed in with one step gives and takes no more than who manages', async () => {
  const strict = await openOrganisationsSite({ secondStep: true })
  try {
    const one = await strict.organisation('Trung tâm')
    const [boss, lan, officer] = [
      await strict.person('boss', 'Bà Vận', 'operator'),
      await strict.person('lan', 'Lan'),
      await strict.person('officer', 'Trần Cán Bộ'),
    ]
    await strict.join(one, boss, 'manager')
    await strict.join(one, lan, 'author')
    await strict.join(one, officer, 'officer')
    const agent = browser(strict.app)
    await signIn(agent, 'boss')
    const send = (path: string, fields: object) =>
      agent
        .post(`${address(one)}${path}`)
        .type('form')
        .send(fields)
    await send(`/members/${lan.id}`, { roles: ['author', 'officer'] })
    expect(await strict.services.memberships.get(one.id, lan.id)).toMatchObject({ roles: ['author'] })
    expect((await send(`/members/${officer.id}/remove`, { reason: 'x' })).status).toBe(403)
    expect(await strict.services.memberships.get(one.id, officer.id)).not.toBeNull()
    const invite = { roles: 'officer', kind: 'link', uses: '1', days: '7' }
    expect((await send('/invitations/new', invite)).status).toBe(400)
  } finally {
    await strict.close()
  }
})

describe('a member', () => {
  test('sees their organisations, and leaves by themselves', async () => {
    const binh = await site.person('binh', 'Lê Bình')
    await site.join(here, binh, 'editor')
    agents.binh = browser(site.app)
    await signIn(agents.binh, 'binh')
    const { text } = await agents.binh.get('/me')
    expect(text).toContain(here.name)
    expect(text).toContain('biên tập')
    expect(text).toContain('href="/author"')
    expect((await form('binh', `${address(here)}/leave`, {})).headers.location).toBe('/me')
    expect((await agents.binh.get('/me')).text).toContain(`Bạn đã rời ${here.name}`)
    expect((await agents.binh.get(address(here))).status).toBe(403)
    expect((await agents.binh.get('/author')).status).toBe(403)
  })
})

test('a request of a member of many organisations reads as much as anybody’s', async () => {
  const many = await site.person('many', 'Cao Nhiều')
  for (let at = 0; at < 5; at++)
    await site.join(await site.organisation(`Chi hội ${at}`), many, 'author', 'manager')
  agents.many = browser(site.app)
  await signIn(agents.many, 'many')
  const { collections } = site.world.store
  const readsOf = async (who: string) => {
    await agents[who]!.get('/me/password')
    const spied = [
      vi.spyOn(collections, 'get'),
      vi.spyOn(collections, 'getMany'),
      vi.spyOn(collections, 'find'),
    ]
    expect((await agents[who]!.get('/me/password')).status).toBe(200)
    const reads = spied.flatMap((spy) => spy.mock.calls.map(([collection]) => collection.name))
    for (const spy of spied) spy.mockRestore()
    return reads
  }
  const reads = await readsOf('many')
  expect(reads.filter((name) => name === 'profiles.persons')).toHaveLength(1)
  expect(reads).toEqual(await readsOf('citizen'))
})

describe('an invitation', () => {
  async function invite(fields: object = {}, who = 'manager') {
    const sent = { roles: 'author', kind: 'link', uses: '1', days: '7', ...fields }
    const { text, headers } = await form(who, `${address(here)}/invitations/new`, sent)
    expect(headers['cache-control']).toBe('no-store')
    return text.match(/id="secret"(?: value="|>)([^"<]+)/)![1]!
  }

  test('is seen without an account, accepted after registering, and in no address on the way', async () => {
    const link = await invite()
    expect(link).toMatch(/^http:\/\/localhost\/join#[\w-]{22}$/)
    const agent = browser(site.app)
    const posted = await agent
      .post('/join')
      .type('form')
      .send({ invitation: link.split('#')[1] })
    expect(posted.headers.location).toBe('/join')
    const [cookie] = posted.get('Set-Cookie') ?? []
    expect(cookie).toMatch(/^invitation=[\w-]{22}; Path=\/join; HttpOnly; SameSite=Lax$/)
    const seen = await agent.get('/join')
    expect(seen.text).toContain(`${here.name} mời bạn`)
    expect(seen.text).toContain('Phạm Văn Quản')
    expect(seen.text).toContain('soạn bài học')
    expect(seen.text).toContain('href="/register?next=/join"')
    expect(seen.text).not.toContain(link.split('#')[1])
    expect((await agent.post('/join/accept')).headers.location).toBe('/sign-in')
    const fields = {
      name: 'Hoàng Mới',
      identifier: 'moi@example.org',
      password: PASSWORD,
      next: '/join',
      ...AGREEING,
    }
    expect((await agent.post('/register').type('form').send(fields)).headers.location).toBe('/join')
    expect((await agent.get('/join')).text).toContain('Bạn đang đăng nhập là Hoàng Mới.')
    const accepted = await agent.post('/join/accept')
    expect(accepted.headers.location).toBe(address(here))
    expect((await agent.get(address(here))).text).toContain(`Bạn đã vào ${here.name}`)
    expect((await agent.get('/author')).status).toBe(200)
    // The cookie is gone, and the link is used.
    expect((await agent.get('/join')).text).toContain('Nhập mã tám chữ')
    const again = await agent.post('/join').type('form').send({ invitation: link })
    expect(again.status).toBe(404)
    expect(again.text).toContain('<a href="#invitation">Lời mời này không dùng được')
  })

  test('by code is typed as it was heard; declined, it gives nothing', async () => {
    const code = await invite({ kind: 'code', roles: 'centre-staff' })
    expect(code).toMatch(/^[A-Z]{4}-[A-Z]{4}$/)
    await form('citizen', '/join', { invitation: code.toLowerCase().replace('-', ' ') })
    expect((await agents.citizen!.get('/join')).text).toContain('nhân viên trung tâm')
    expect((await form('citizen', '/join/decline', {})).headers.location).toBe('/')
    expect((await agents.citizen!.get(address(here))).status).toBe(403)
    expect((await form('citizen', '/join', { invitation: code })).status).toBe(404)
  })

  test('is listed without its secret, and taken back', async () => {
    const link = await invite({ uses: '30' })
    const list = `${address(here)}/invitations`
    const { text } = await agents.manager!.get(list)
    expect(text).toContain('0 / 30')
    expect(text).not.toContain(link.split('#')[1])
    const [, id] = text.match(/name="invitation" value="([^"]+)"/)!
    await form('manager', `${list}/revoke`, { invitation: id })
    expect((await form('citizen', '/join', { invitation: link })).status).toBe(404)
    const wrong = await form('manager', `${list}/new`, { kind: 'link', uses: '501', days: 'x' })
    expect(wrong.status).toBe(400)
    for (const name of ['roles', 'uses', 'days']) expect(wrong.text).toContain(`<a href="#${name}">`)
  })

  test('is guessed at twenty times and no more', async () => {
    const guess = () =>
      browser(site.app)
        .post('/join')
        .set('X-Forwarded-For', '203.0.113.9')
        .type('form')
        .send({ invitation: 'ABCD-ABCD' })
    for (let at = 0; at < 20; at++) expect((await guess()).status).toBe(404)
    expect((await guess()).status).toBe(429)
    const other = await browser(site.app)
      .post('/join')
      .set('X-Forwarded-For', '203.0.114.9')
      .type('form')
      .send({ invitation: '' })
    expect(other.status).toBe(400)
  })

  test('to operate comes from the machine, and works for a new account too', async () => {
    const token = await site.services.invitations.makeOperator('cli:root')
    const agent = browser(site.app)
    await agent
      .post('/join')
      .type('form')
      .send({ invitation: `http://localhost/join#${token}` })
    expect((await agent.get('/join')).text).toContain('người quản lý máy chủ')
    const fields = {
      name: 'Người Cứu',
      identifier: 'cuu@example.org',
      password: PASSWORD,
      next: '/join',
      ...AGREEING,
    }
    await agent.post('/register').type('form').send(fields)
    expect((await agent.get('/operator')).status).toBe(403)
    expect((await agent.post('/join/accept')).headers.location).toBe('/operator')
    expect((await agent.get('/operator')).status).toBe(200)
  })
})

describe('lessons of an organisation', () => {
  async function signedIn(who: string, name: string, ...roles: OrganisationRole[]) {
    const person = await site.person(who, name)
    await site.join(here, person, ...roles)
    agents[who] = browser(site.app)
    await signIn(agents[who], who)
    return person
  }
  const lessonBy = (author: string, id: string, organisation = here.id) => {
    const lesson = { ...sampleLessons(author, 4)[3]!, id, title: `Bài ${id}`, organisation }
    site.services.lessonList.push(lesson)
    return lesson
  }

  test('are changed by their author and by editors, listed for who manages, and nobody else’s', async () => {
    const writer = await signedIn('writer', 'Mai Soạn', 'author')
    await signedIn('editor', 'Bùi Biên', 'editor')
    lessonBy(writer.id, 'of-here')
    const ways = { writer: 200, editor: 200, operator: 200, lan: 403, manager: 403, elsewhere: 403 }
    for (const [who, status] of Object.entries(ways))
      expect((await agents[who]!.get('/author/of-here')).status, who).toBe(status)
    await form('editor', '/author/of-here/publish', {})
    expect(site.services.lessonList.find(({ id }) => id === 'of-here')?.status).toBe('published')
    const list = `${address(here)}/lessons`
    expect((await agents.editor!.get(list)).text).toContain('href="/author/of-here"')
    const seen = (await agents.manager!.get(list)).text
    expect(seen).toContain('Mai Soạn')
    expect(seen).not.toContain('href="/author/of-here"')
    expect((await agents.writer!.get(list)).status).toBe(403)
  })

  test('of a closed organisation are the operator’s alone', async () => {
    const shut = await site.organisation('Trường sắp đóng')
    await site.join(shut, lan, 'author', 'editor')
    lessonBy(lan.id, 'of-shut', shut.id)
    expect((await agents.lan!.get('/author/of-shut')).status).toBe(200)
    await site.services.organisations.setState(shut.id, 'closed', 'op')
    expect((await agents.lan!.get('/author/of-shut')).status).toBe(403)
    expect((await agents.lan!.get('/lessons/of-shut/play')).status).toBe(404)
    expect((await agents.operator!.get('/author/of-shut')).status).toBe(200)
    await site.services.memberships.leave(shut.id, lan.id)
  })

  test('stay when their author leaves, and are handed to another author', async () => {
    const leaver = await signedIn('leaver', 'Ngô Văn Đi', 'author')
    const heir = await signedIn('heir', 'Lý Thị Nhận', 'author')
    lessonBy(leaver.id, 'left')
    await site.services.memberships.leave(here.id, leaver.id)
    expect((await agents.leaver!.get('/author/left')).status).toBe(403)
    const path = `${address(here)}/members/${leaver.id}/lessons`
    const { text } = await agents.manager!.get(path)
    expect(text).toContain('1 bài soạn cho tổ chức này')
    expect(text).toContain(`value="${heir.id}"`)
    expect(text).not.toContain(`value="${leaver.id}"`)
    const outside = (await site.services.accounts.find('citizen@example.org'))!
    for (const to of ['', 'nobody', leaver.id, outside.id]) {
      const wrong = await form('manager', path, { to })
      expect(wrong.status, to).toBe(400)
      expect(wrong.text).toContain('<a href="#to">')
    }
    for (const who of ['heir', 'editor', 'elsewhere'])
      expect((await form(who, path, { to: heir.id })).status).toBe(403)
    const done = await form('manager', path, { to: heir.id })
    expect((await agents.manager!.get(done.headers.location!)).text).toContain(
      'Đã chuyển 1 bài sang Lý Thị Nhận.',
    )
    expect((await agents.heir!.get('/author/left')).status).toBe(200)
    expect((await agents.manager!.get(path)).text).toContain('không có bài học nào')
  })

  test('are uploaded for an organisation of one’s own, and for no other', async () => {
    const uploader = await signedIn('uploader', 'Tạ Tải', 'author')
    const page = (await agents.uploader!.get('/author/upload')).text
    expect(page).toContain(`<option value="${here.id}" selected`)
    expect(page).not.toContain(there.id)
    const upload = (organisation: string) =>
      agents
        .uploader!.post('/author/upload')
        .field('organisation', organisation)
        .attach('package', Buffer.from('PK'), 'bai.h5p')
    for (const wrong of ['', there.id]) {
      const refused = await upload(wrong)
      expect(refused.status).toBe(400)
      expect(refused.text).toContain('<a href="#organisation">')
    }
    const before = site.services.uploads.length
    expect((await upload(here.id)).status).toBe(303)
    expect(site.services.uploads.slice(before)).toMatchObject([{ organisation: here.id }])
    // One of the whole tenant's has a lesson of none, which goes to an organisation once.
    await site.services.accounts.grant(uploader.id, 'author', 'op')
    const lesson = { ...sampleLessons(uploader.id, 1)[0]!, id: 'of-none' }
    site.services.lessonList.push(lesson)
    expect((await form('uploader', '/author/of-none/organisation', { organisation: there.id })).status).toBe(
      400,
    )
    await form('uploader', '/author/of-none/organisation', { organisation: here.id })
    expect(lesson).toMatchObject({ organisation: here.id })
    expect((await agents.uploader!.get('/author/of-none')).text).toContain(here.name)
  })
})

test('lessons of no organisation are handed to another author by the operator', async () => {
  const [gone, next] = [
    await site.person('gone-author', 'Hồ Văn Thôi', 'author'),
    await site.person('next-author', 'Kiều Thị Tiếp', 'author'),
  ]
  const lesson = { ...sampleLessons(gone.id, 1)[0]!, id: 'of-nobody' }
  site.services.lessonList.push(lesson, { ...lesson, id: 'of-a-place', organisation: there.id })
  const path = `/operator/people/${gone.id}/lessons`
  expect((await agents.operator!.get(path)).text).toContain('1 bài không thuộc tổ chức nào')
  for (const to of ['', 'gone-author@example.org', 'lan@example.org', 'nobody@example.org']) {
    const wrong = await form('operator', path, { to })
    expect(wrong.status, to).toBe(400)
    expect(wrong.text).toContain('<a href="#to">')
  }
  expect((await form('manager', path, { to: 'next-author@example.org' })).status).toBe(403)
  await form('operator', path, { to: 'next-author@example.org' })
  expect(lesson.author).toBe(next.id)
  expect(site.services.lessonList.find(({ id }) => id === 'of-a-place')?.author).toBe(gone.id)
  expect((await agents.operator!.get(path)).text).toContain('không có bài học nào ngoài các tổ chức')
})

test('an operator takes roles of the tenant away, never the last operator’s', async () => {
  const author = await site.person('author', 'Trần Văn Soạn', 'author')
  const path = `/operator/people/${author.id}`
  await form('operator', `${path}/purpose`, { purpose: 'account' })
  expect((await agents.operator!.get(path)).text).toContain(`${path}/take/author`)
  const empty = await form('operator', `${path}/take/author`, { reason: '' })
  expect(empty.text).toContain('<a href="#reason">Viết vì sao rút quyền.')
  await form('operator', `${path}/take/author`, { reason: 'thôi soạn bài' })
  expect((await agents.operator!.get(path)).text).toContain('thôi soạn bài')
  const operators = await site.services.accounts.list({ role: 'operator', limit: 10 })
  const [first, ...others] = operators.persons.filter(({ name }) => name !== 'Lê Thị Vận')
  for (const each of [first, ...others])
    await form('operator', `/operator/people/${each!.id}/take/operator`, { reason: 'dọn dẹp' })
  const { id } = operators.persons.find(({ name }) => name === 'Lê Thị Vận')!
  const last = await form('operator', `/operator/people/${id}/take/operator`, { reason: 'x' })
  expect(last.status).toBe(409)
  expect(last.text).toContain('Đây là người vận hành cuối cùng.')
  expect((await agents.operator!.get('/operator')).status).toBe(200)
})
