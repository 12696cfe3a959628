import { describe, expect, test } from 'vitest'
import { sampleRequests } from '../testing/sample.ts'
import { browser, signIn, site } from '../testing/site.ts'

async function operator(full = true) {
  const made = site({ full })
  const agent = browser(made.app)
  await signIn(agent, 'operator')
  return { ...made, agent }
}

const ISSUE = '/lms/sources/quiet/credentials/new'
const USUAL = ['statements/write', 'statements/read/mine', 'state', 'define', 'profile']
const fieldValue = (text: string, id: string) => text.match(new RegExp(`id="${id}"[^>]*value="([^"]+)"`))?.[1]
const hidden = (text: string, name: string) =>
  text.match(new RegExp(`type="hidden" name="${name}" value="([^"]*)"`))?.[1] ?? ''

describe('creating a source', () => {
  test('a form makes it, with home pages and prefixes line by line, and leads on to its credential', async () => {
    const { agent, services } = await operator(false)
    const made = await agent.post('/lms/new').type('form').send({
      name: ' Moodle <b>Mẫu</b> ',
      kind: 'lms',
      homePages: 'https://moodle.example.org\r\n\r\nhttps://moodle.example.org\r\n',
      activityPrefixes: 'https://moodle.example.org/',
    })
    expect(made.status).toBe(303)
    expect(made.headers.location).toBe('/lms/sources/source-1/credentials/new')
    expect(services.sourceList).toMatchObject([
      {
        name: 'Moodle <b>Mẫu</b>',
        kind: 'lms',
        homePages: ['https://moodle.example.org'],
        activityPrefixes: ['https://moodle.example.org/'],
      },
    ])
    expect(services.auditList[0]).toMatchObject({ action: 'source-create', actor: 'operator' })
    const { text } = await agent.get('/lms')
    expect(text).toContain('Moodle &lt;b>Mẫu&lt;/b>')
    expect(text).not.toContain('<b>Mẫu')
  })

  test('what cannot be used is asked for again, and what was typed is kept', async () => {
    const { agent, services } = await operator(false)
    const { status, text } = await agent
      .post('/lms/new')
      .type('form')
      .send({ name: '', kind: 'planet', homePages: 'moodle', activityPrefixes: 'javascript:"><script>' })
    expect(status).toBe(400)
    for (const name of ['name', 'kind', 'homePages', 'activityPrefixes'])
      expect(text).toContain(`<a href="#${name}">`)
    expect(text).toContain('moodle</textarea>')
    expect(text).not.toContain('"><script>')
    expect(services.sourceList).toEqual([])
  })

  test('the product’s own source is looked at and never changed by hand', async () => {
    const { agent } = await operator()
    expect((await agent.get('/lms/sources/product')).status).toBe(200)
    for (const path of ['edit', 'credentials/new']) {
      expect((await agent.get(`/lms/sources/product/${path}`)).status, path).toBe(404)
      expect((await agent.post(`/lms/sources/product/${path}`).type('form').send({ name: 'x' })).status).toBe(
        404,
      )
    }
  })
})

describe('issuing a credential', () => {
  async function issue(fields: Record<string, unknown> = {}) {
    const made = await operator()
    const form = await made.agent.get(ISSUE)
    const key = hidden(form.text, 'key')
    const send = () =>
      made.agent
        .post(ISSUE)
        .type('form')
        .send({ label: 'Máy chủ', scopes: USUAL, key, ...fields })
    return { ...made, key, send, answer: await send() }
  }

  test('the secret stands on one page, that no browser keeps, and never in an address', async () => {
    const { agent, answer, services, key } = await issue()
    expect(answer.status).toBe(200)
    expect(answer.headers['cache-control']).toBe('no-store')
    const secret = fieldValue(answer.text, 'secret')
    expect(secret).toMatch(/^secret-of-/)
    expect(fieldValue(answer.text, 'key')).toBe(key)
    expect(answer.text).not.toMatch(new RegExp(`(?:href|action|src)="[^"]*${secret}`))
    expect(services.credentialList.find((each) => each.key === key)?.scopes).toEqual(USUAL)
    for (const path of [
      '/lms',
      '/lms/credentials',
      '/lms/sources/quiet',
      '/lms/sources/quiet/live',
      ISSUE,
      `/lms/credentials/${key}`,
      '/operator/audit',
    ]) {
      const page = await agent.get(path)
      expect(page.status, path).toBe(200)
      expect(page.text, path).not.toContain(secret)
    }
  })

  test('the same form sent twice issues one credential', async () => {
    const { services, send, key } = await issue()
    const before = services.credentialList.length
    const again = await send()
    expect(again.headers.location).toBe(`/lms/credentials/${key}`)
    expect(services.credentialList).toHaveLength(before)
  })

  test('scopes that reach other sources come with a warning that has to be answered', async () => {
    const wider = { wider: ['statements/read'] }
    const { answer, services } = await issue(wider)
    expect(answer.status).toBe(400)
    expect(answer.text).toContain('<a href="#understood">')
    expect(answer.text).toContain('vượt ra ngoài dữ liệu của nguồn này')
    expect(services.auditList.filter((each) => each.source === 'quiet')).toEqual([])
    const understood = await issue({ ...wider, understood: 'yes' })
    expect(understood.answer.status).toBe(200)
    expect(understood.services.credentialList.at(-1)?.scopes).toContain('statements/read')
  })

  test('a label, a scope and a day ahead are asked for', async () => {
    const { answer } = await issue({ label: ' ', scopes: ['nonsense'], expires: '2020-02-30' })
    expect(answer.status).toBe(400)
    for (const name of ['label', 'scopes', 'expires']) expect(answer.text).toContain(`<a href="#${name}">`)
  })

  test('it expires at the end of the day in Việt Nam', async () => {
    const { services } = await issue({ expires: '2099-12-31' })
    expect(services.credentialList.at(-1)?.expires).toBe(Date.parse('2099-12-31T23:59:59.999+07:00'))
  })
})

describe('changing a credential', () => {
  test('a new secret is shown once, and the old one stays valid until a time that is said', async () => {
    const { agent, services } = await operator()
    const form = await agent.get('/lms/credentials/school-key-2/rotate')
    const fields = { overlap: '24', expires: hidden(form.text, 'expires') }
    const rotate = () => agent.post('/lms/credentials/school-key-2/rotate').type('form').send(fields)
    const { text, headers } = await rotate()
    expect(headers['cache-control']).toBe('no-store')
    expect(fieldValue(text, 'secret')).toMatch(/^secret-of-/)
    expect(text).toContain('Khóa cũ school-key-2 còn dùng được tới')
    expect(services.credentialList.find((each) => each.key === 'school-key-2')?.expires).toBeGreaterThan(
      Date.now(),
    )
    const before = services.credentialList.length
    expect((await rotate()).headers.location).toBe('/lms/sources/school')
    expect(services.credentialList).toHaveLength(before)
  })

  test('a secret that leaked ends at once', async () => {
    const { agent } = await operator()
    const { text } = await agent
      .post('/lms/credentials/school-key-2/rotate')
      .type('form')
      .send({ overlap: '0', expires: 'null' })
    expect(text).toContain('Khóa cũ school-key-2 đã ngừng ngay lúc này')
  })

  test('scopes are taken away and never added', async () => {
    const { agent, services } = await operator()
    const narrow = (scopes: string[]) =>
      agent.post('/lms/credentials/centre-key/narrow').type('form').send({ scopes })
    const page = await agent.get('/lms/credentials/centre-key/narrow')
    expect(page.text).toContain('value="statements/read/mine"')
    expect(page.text).not.toContain('value="statements/void"')
    expect((await narrow(['statements/void'])).status).toBe(409)
    expect((await narrow([])).status).toBe(400)
    expect((await narrow(['statements/write'])).status).toBe(303)
    expect(services.credentialList.find((each) => each.key === 'centre-key')?.scopes).toEqual([
      'statements/write',
    ])
  })

  test('revoking asks first; what is revoked cannot be changed any more', async () => {
    const { agent, services } = await operator()
    const { text } = await agent.get('/lms/credentials/centre-key/revoke')
    expect(text).toContain('action="/lms/credentials/centre-key/revoke"')
    await agent.post('/lms/credentials/centre-key/revoke')
    expect(services.credentialList.find((each) => each.key === 'centre-key')?.revoked).not.toBeNull()
    expect((await agent.get('/lms/credentials/centre-key/rotate')).headers.location).toBe(
      '/lms/credentials/centre-key',
    )
    expect((await agent.get('/lms/credentials/centre-key')).text).not.toContain('/centre-key/rotate')
  })

  test('a key that is none is a 404', async () => {
    const { agent } = await operator()
    expect((await agent.get('/lms/credentials/nothing')).status).toBe(404)
    expect((await agent.get('/lms/sources/nothing/live')).status).toBe(404)
  })
})

describe('the connection', () => {
  test('says in words what was refused, what to do, and what the server answered', async () => {
    const { agent } = await operator()
    const centre = (await agent.get('/lms/sources/centre')).text
    expect(centre).toMatch(/Yêu cầu gần nhất bị từ chối lúc [\d:]+ \(mã 403\)/)
    expect(centre).toContain('Cấp một khóa khác có quyền cần dùng')
    expect(centre).toContain('This needs the scope statements/read')
    const school = (await agent.get('/lms/sources/school')).text
    expect(school).toMatch(/Câu ghi nhận đầu tiên được lưu lúc \d\d\/\d\d\/\d{4}/)
    expect(school).toContain('Lần bị từ chối gần đây')
  })

  test('a mistyped secret is told as one, and is no use of the key', async () => {
    const { agent, services } = await operator()
    const note = { ...sampleRequests()[0]!, source: 'quiet', credential: 'quiet-key', status: 401 }
    await services.sources.issue('quiet', { label: 'x', key: 'quiet-key' }, 'operator')
    services.requests.note(note)
    expect((await agent.get('/lms/sources/quiet')).text).toContain('Khóa hoặc bí mật không đúng')
    expect((await agent.get('/lms/credentials/quiet-key')).text).toContain(
      'chưa thấy từ khi máy chủ khởi động',
    )
  })

  test('what an LMS says of itself is text, also in the live parts', async () => {
    const { agent, services } = await operator()
    const evil = '<img src=x onerror=alert(1)>'
    services.requests.note({
      ...sampleRequests()[0]!,
      source: 'quiet',
      status: 400,
      problems: [evil],
      userAgent: evil,
    })
    const page = await agent.get('/lms/sources/quiet')
    const live = await agent.get('/lms/sources/quiet/live')
    expect(page.text).not.toContain('<img')
    expect(JSON.stringify(live.body)).not.toContain('<img')
    expect(live.body.requests).toContain('&lt;img')
  })

  test('goes from no credential to waiting, reached and connected', async () => {
    const { agent, services } = await operator()
    const state = async () => (await agent.get('/lms/sources/quiet/live')).body.badge.replace(/<[^>]+>/g, '')
    expect(await state()).toBe('Chưa có khóa')
    await services.sources.issue('quiet', { label: 'x', key: 'quiet-key' }, 'operator')
    expect(await state()).toBe('Đang chờ')
    services.requests.note({ ...sampleRequests()[0]!, source: 'quiet', credential: 'quiet-key' })
    expect(await state()).toBe('Đã gọi tới')
    services.statementList.push({ ...services.statementList[0]!, source: 'quiet', position: 999 })
    expect(await state()).toBe('Đã kết nối')
  })
})

test('only the operator reaches any of it, and no other site starts a change', async () => {
  const { app, services } = site({ full: true })
  const paths = [
    '/lms',
    '/lms/new',
    '/lms/credentials',
    '/lms/sources/school',
    '/lms/sources/school/live',
    ISSUE,
    '/lms/credentials/centre-key/revoke',
  ]
  for (const who of ['citizen', 'author']) {
    const agent = browser(app)
    await signIn(agent, who)
    for (const path of paths) {
      const { status, text } = await agent.get(path)
      expect(status, `${who} ${path}`).toBe(403)
      expect(text).toContain('người vận hành của tỉnh Hưng Yên')
    }
    expect((await agent.post('/lms/credentials/centre-key/revoke')).status).toBe(403)
  }
  for (const path of paths)
    expect((await browser(app).get(path)).headers.location).toMatch(/^\/sign-in\?next=/)
  const operator = browser(app)
  await signIn(operator, 'operator')
  const forged = await operator
    .post('/lms/credentials/centre-key/revoke')
    .set('Origin', 'https://evil.example')
  expect(forged.status).toBe(403)
  expect(services.credentialList.find((each) => each.key === 'centre-key')?.revoked).toBeNull()
})

test('a source’s claim activity is chosen by its IRI, with how to make it in Moodle', async () => {
  const { app, services } = site({ full: true })
  const agent = browser(app)
  await signIn(agent, 'operator')
  const path = '/lms/sources/school/claim-activity'
  expect((await agent.get('/lms/sources/school')).text).toContain('Chưa chọn hoạt động nào')
  expect((await agent.get(path)).text).toContain('Short answer')
  const bad = await agent.post(path).type('form').send({ activity: 'câu hỏi 7' })
  expect(bad.status).toBe(400)
  expect(bad.text).toContain('<a href="#activity">')
  const iri = 'https://lms.example.org/question/question.php?cmid=7&id=12'
  await agent.post(path).type('form').send({ activity: iri })
  expect(services.claimLists.activities.get('school')).toBe(iri)
  expect((await agent.get('/lms/sources/school')).text).toContain('5 mã sai hoặc quá hạn')
  expect((await agent.get('/lms/sources/product/claim-activity')).status).toBe(404)
})
