import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { linkId } from '../citizen/link-id.ts'
import { storedStatement } from '../testing/record-store.ts'
import { sampleId } from '../testing/sample.ts'
import { type Agent, browser, signIn, site } from '../testing/site.ts'
import { readIdentifier, writeIdentifier } from './identifier.ts'
import { toldOf } from './statements.ts'

/** The page of a person, by an operator who says why. */
async function person(agent: Agent, id: string) {
  await agent.post(`/operator/people/${id}/purpose`).type('form').send({ purpose: 'account' })
  return agent.get(`/operator/people/${id}`)
}

async function operator(full = true) {
  const made = site({ full })
  const agent = browser(made.app)
  await signIn(agent, 'operator')
  return { ...made, agent }
}
const evil = '"><img src=x onerror=alert(1)>'

describe('an identifier as people write it', () => {
  test.each([
    ['an@Example.ORG', 'mbox:mailto:an@example.org'],
    ['mailto:an@example.org', 'mbox:mailto:an@example.org'],
    ['https://lms.example.org an@example.org', 'account:https://lms.example.org an@example.org'],
    ['https://lms.example.org  Nguyễn An', 'account:https://lms.example.org Nguyễn An'],
    ['urn:suotdoi:people 12', 'account:urn:suotdoi:people 12'],
    ['https://an.example.org/', 'openid:https://an.example.org/'],
    ['AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', `sha1:${'a'.repeat(40)}`],
  ])('%s', (written, key) => expect(readIdentifier(written)).toBe(key))

  test.each(['', 'an', 'Nguyễn An', 'javascript:alert(1)', 'a b@c', '\ud800@example.org', 'x'.repeat(3000)])(
    'is none: %s',
    (written) => expect(readIdentifier(written)).toBeNull(),
  )

  test('is read again as the same key, however it is written', () => {
    const word = fc.stringMatching(/^[a-zà-ỹ0-9.]{1,12}$/u)
    const written = fc.oneof(
      word.map((name) => `${name}@example.org`),
      fc.tuple(word, word).map(([host, name]) => `https://${host}.example ${name}`),
      word.map((name) => `https://example.org/${name}`),
    )
    fc.assert(
      fc.property(written, (text) => {
        const key = readIdentifier(text)
        expect(key).not.toBeNull()
        expect(readIdentifier(writeIdentifier(key!))).toBe(key)
      }),
    )
  })
})

describe('statements', () => {
  test('tell of everybody in them, and not of who did it alone', () => {
    const member = [{ mbox: 'mailto:an@example.org' }, { mbox: 'mailto:binh@example.org' }]
    const text = JSON.stringify({
      actor: { objectType: 'Group', member },
      verb: { id: 'http://adlnet.gov/expapi/verbs/commented' },
      object: { objectType: 'Agent', mbox: 'mailto:lan@example.org' },
    })
    expect(toldOf({ text, source: 'lms' })).toEqual(
      ['an', 'binh', 'lan'].map((name) => ({ agent: `mbox:mailto:${name}@example.org`, source: 'lms' })),
    )
  })

  test('are listed fifty a page, newest first, and the way on keeps the filter', async () => {
    const { agent, services } = await operator()
    const verb = 'http://adlnet.gov/expapi/verbs/completed'
    for (let at = 0; at < 240; at++)
      services.statementList.push({
        ...services.statementList[0]!,
        id: sampleId(500 + at),
        position: 500 + at,
      })
    const first = await agent.get(`/operator/statements?verb=${encodeURIComponent(verb)}&source=school`)
    expect(first.text.match(/<th scope="row">/g)).toHaveLength(50)
    const next = first.text
      .match(/href="(\/operator\/statements\?[^"]*after=\d+)"/)?.[1]
      ?.replaceAll('&amp;', '&')
    expect(next).toContain('source=school')
    const second = await agent.get(next!)
    expect(second.text.match(/<th scope="row">/g)).toHaveLength(50)
    expect(services.asked.at(-1)).toMatchObject({
      source: 'school',
      keys: [`verb:${verb}`],
      limit: 50,
      after: 690,
    })
  })

  test('are asked for by every filter, with days of Việt Nam', async () => {
    const { agent, services } = await operator()
    const query = new URLSearchParams({
      agent: 'https://lms.example.org hoc-vien-1',
      activity: 'https://lms.example.org/a/1',
      registration: sampleId(1001).toUpperCase(),
      since: '2026-11-24',
      until: '2026-11-24',
      related: 'yes',
      voided: 'yes',
      ascending: 'yes',
    })
    expect((await agent.get(`/operator/statements?${query}`)).status).toBe(200)
    expect(services.asked.at(-1)).toMatchObject({
      keys: [
        'agent+:account:https://lms.example.org hoc-vien-1',
        'activity+:https://lms.example.org/a/1',
        `registration:${sampleId(1001)}`,
      ],
      since: Date.parse('2026-11-24T00:00:00+07:00') - 1,
      until: Date.parse('2026-11-24T23:59:59.999+07:00'),
      includeVoided: true,
      ascending: true,
    })
  })

  test('a filter that cannot be read is asked for again, and the store is not asked', async () => {
    const { agent, services } = await operator()
    const query = new URLSearchParams({ agent: 'An', verb: evil, registration: '1', since: '2026-02-30' })
    const { status, text } = await agent.get(`/operator/statements?${query}`)
    expect(status).toBe(400)
    for (const name of ['agent', 'verb', 'registration', 'since'])
      expect(text).toContain(`<a href="#${name}">`)
    expect(text).not.toContain('<img')
    expect(services.asked).toEqual([])
  })

  test('an id opens its statement; one that is none, and one that is not there, are told', async () => {
    const { agent } = await operator()
    const open = (id: string) => agent.get(`/operator/statements?id=${id}`)
    expect((await open(sampleId(3))).headers.location).toBe(`/operator/statements/${sampleId(3)}`)
    expect((await open('3')).status).toBe(400)
    expect((await open(sampleId(9999))).status).toBe(404)
    expect((await agent.get('/operator/statements/3')).status).toBe(404)
  })

  test('a voided one says so, and names what voided it', async () => {
    const { agent } = await operator()
    const { text } = await agent.get(`/operator/statements/${sampleId(3)}`)
    expect(text).toContain('Câu này đã bị hủy hiệu lực')
    expect(text).toContain(`href="/operator/statements/${sampleId(4)}"`)
    const voiding = (await agent.get(`/operator/statements/${sampleId(4)}`)).text
    expect(voiding).toContain('Đây là một câu hủy')
    expect(voiding).toContain(`href="/operator/statements/${sampleId(3)}"`)
  })

  test('a voiding statement of another source without the scope is shown with the reason, and has no effect', async () => {
    const { agent } = await operator()
    const { text } = await agent.get(`/operator/statements/${sampleId(5)}`)
    expect(text).toContain('Có câu hủy không có hiệu lực')
    expect(text).toContain(
      'của nguồn “TTHTCĐ xã Mẫu”: nguồn khác chỉ hủy được khi khóa có quyền statements/void',
    )
    expect(text).toContain('Câu này vẫn được tính')
    expect(text).not.toContain('Câu này đã bị hủy')
  })

  test('the text is shown as stored, and given to the letter', async () => {
    const { agent, services } = await operator()
    const text =
      '{"actor":{"mbox":"mailto:a@example.org"},"verb":{"id":"http://example.org/v"},"object":{"id":"http://example.org/a"},"result":{"score":{"raw":1.50}}}'
    services.statementList.push(storedStatement({ id: sampleId(2000), text, position: 2000 }))
    const shown = await agent.get(`/operator/statements/${sampleId(2000)}`)
    expect(shown.text).toContain('&quot;raw&quot;: 1.50')
    const raw = await agent.get(`/operator/statements/${sampleId(2000)}/raw`)
    expect(raw.text).toBe(text)
    expect(raw.headers['content-type']).toContain('application/json')
    expect((await agent.get(`/operator/statements/${sampleId(3000)}/raw`)).status).toBe(404)
  })

  test('what systems wrote is text and never markup, for every kind of actor and object', async () => {
    const { agent, services } = await operator()
    const kinds = [
      { id: 'http://example.org/a', definition: { name: { vi: evil } } },
      { objectType: 'Agent', name: evil, mbox: 'mailto:a@example.org' },
      { objectType: 'Group', member: [{ mbox: 'mailto:a@example.org' }] },
      { objectType: 'StatementRef', id: sampleId(1) },
      { objectType: 'SubStatement', actor: {}, verb: { id: 'x:y' }, object: { id: 'x:y' } },
    ]
    for (const [at, object] of kinds.entries()) {
      const id = sampleId(2100 + at)
      const text = JSON.stringify({
        actor:
          at % 2
            ? { name: evil, account: { homePage: 'x:y', name: evil } }
            : { objectType: 'Group', member: [] },
        verb: { id: 'http://example.org/v', display: { vi: evil } },
        object,
        result: { response: evil, duration: 'P1Y', score: { scaled: 0.5 } },
        context: { platform: evil, registration: sampleId(1) },
        attachments: [
          {
            display: { vi: evil },
            usageType: 'x:y',
            contentType: evil,
            length: 1,
            sha2: 'b',
            fileUrl: `javascript:${evil}`,
          },
        ],
      })
      services.statementList.push(storedStatement({ id, text, position: 2100 + at }))
      const page = await agent.get(`/operator/statements/${id}`)
      expect(page.status).toBe(200)
      expect(page.text).not.toContain('<img')
      expect(page.text).not.toMatch(/href="javascript/)
    }
    const list = await agent.get('/operator/statements')
    expect(list.text).toContain('&lt;img')
    expect(list.text).not.toContain('<img')
  })
})

describe('people', () => {
  test('are found by e-mail without its standing in an address', async () => {
    const { agent } = await operator()
    const found = await agent.post('/operator/people').type('form').send({ who: 'citizen@example.org' })
    expect(found.headers.location).toBe('/operator/people/citizen')
    const none = await agent.post('/operator/people').type('form').send({ who: evil })
    expect(none.status).toBe(404)
    expect(none.text).not.toContain('<img')
    expect((await agent.get('/operator/people/nobody')).status).toBe(404)
  })

  test('get a role after a page that says what it means', async () => {
    const { agent, services } = await operator()
    const asked = await agent.get('/operator/people/citizen/grant/operator')
    expect(asked.text).toContain('thấy mọi câu ghi nhận của mọi người')
    expect(services.people.get('citizen')?.roles).toEqual(['citizen'])
    expect((await agent.post('/operator/people/citizen/grant/author')).status).toBe(303)
    expect(services.people.get('citizen')?.roles).toContain('author')
    expect((await agent.post('/operator/people/citizen/grant/emperor')).status).toBe(404)
  })

  const account = 'https://lms.example.org hoc-vien-1'
  const paper = { number: '12/QĐ-UBND', date: '2026-11-12' }
  test('an account is linked after a page that says what will happen, with the reason and who did it', async () => {
    const { agent, services } = await operator()
    const send = (fields: Record<string, string>) =>
      agent.post('/operator/people/citizen/link').type('form').send(fields)
    const empty = await send({ identifier: 'An', reason: '' })
    expect(empty.status).toBe(400)
    expect(empty.text).toContain('<a href="#identifier">')
    expect(empty.text).toContain('<a href="#reason">')
    expect(empty.text).toContain('<a href="#number">')
    expect(empty.text).toContain('<a href="#date">')
    const office = await send({
      identifier: 'vanthu@truong.example',
      reason: 'x',
      ...paper,
      confirmed: 'yes',
    })
    expect(office.status).toBe(400)
    expect(office.text).toContain('địa chỉ chung của cơ quan')
    const before = services.linkList.length
    const asked = await send({ identifier: account, reason: 'Trường xác nhận', ...paper })
    expect(asked.status).toBe(200)
    expect(asked.text).toContain('Nối tài khoản này với Nguyễn Thị Ánh Nguyệt?')
    expect(services.asked.at(-1)?.keys).toEqual([`actor:account:${account}`])
    expect(services.linkList).toHaveLength(before)
    const done = await send({ identifier: account, reason: 'Trường xác nhận', ...paper, confirmed: 'yes' })
    expect(done.headers.location).toBe('/operator/people/citizen')
    expect(services.linkList.at(-1)).toMatchObject({
      agent: `account:${account}`,
      person: 'citizen',
      how: 'operator',
      proof: { document: paper },
      by: 'operator',
      reason: 'Trường xác nhận',
    })
  })

  test('accounts of the same name are a hint that begins a link, without the account in an address', async () => {
    const { agent, services } = await operator()
    const key = 'account:https://lms.example.org anh.nguyet'
    services.claimLists.namesakes.push({ source: 'school', agent: key, name: 'Anh Nguyet' })
    expect((await person(agent, 'citizen')).text).toContain('anh.nguyet')
    const begun = await agent
      .post('/operator/people/citizen/link/begin')
      .type('form')
      .send({ identifier: 'https://lms.example.org anh.nguyet' })
    expect(begun.text).toContain('value="https://lms.example.org anh.nguyet"')
    expect(services.linkList).toHaveLength(1)
  })

  test('two that are one are merged after a page that says what happens, and taken apart again', async () => {
    const { agent, services } = await operator()
    const send = (from: string, fields: Record<string, string>) =>
      agent.post(`/operator/people/${from}/merge`).type('form').send(fields)
    const empty = await send('citizen', { into: 'nobody', reason: '' })
    expect(empty.status).toBe(400)
    expect(empty.text).toContain('<a href="#into">')
    expect(empty.text).toContain('<a href="#reason">')
    const held = await send('author', { into: 'citizen', reason: 'x', confirmed: 'yes' })
    expect(held.status).toBe(409)
    expect(held.text).toContain('có quyền')
    const asked = await send('citizen', { into: 'author@example.org', reason: 'Cùng một người' })
    expect(asked.text).toContain('Hợp nhất Nguyễn Thị Ánh Nguyệt vào Trần Văn Soạn?')
    expect(services.mergeList).toEqual([])
    await send('citizen', { into: 'author', reason: 'Cùng một người', confirmed: 'yes' })
    expect(services.mergeList).toMatchObject([{ from: 'citizen', into: 'author', by: 'operator' }])
    expect((await person(agent, 'author')).text).toContain('Đã hợp nhất vào đây: Nguyễn Thị')
    const undo = '/operator/people/citizen/merge/undo'
    expect((await person(agent, 'citizen')).text).toContain(`href="${undo}"`)
    expect((await agent.post(undo)).status).toBe(400)
    await agent.post(undo).type('form').send({ reason: 'Nhầm' })
    expect(services.mergeList[0]?.undone).toMatchObject({ by: 'operator', reason: 'Nhầm' })
    expect((await agent.get(undo)).status).toBe(404)
  })

  test('an account of somebody else is not taken over', async () => {
    const { agent } = await operator()
    const { status, text } = await agent
      .post('/operator/people/author/link')
      .type('form')
      .send({ identifier: 'https://lms.example.org an.nguyen', reason: 'x', ...paper, confirmed: 'yes' })
    expect(status).toBe(409)
    expect(text).toContain('đang nối với người khác (Nguyễn Thị Ánh Nguyệt)')
  })

  test('a link ends with a reason, and its address does not name the account', async () => {
    const { agent, services } = await operator()
    const [link] = services.linkList
    const path = `/operator/people/citizen/links/${linkId(link!.agent)}/unlink`
    expect((await person(agent, 'citizen')).text).toContain(`href="${path}"`)
    expect(path).not.toContain('an.nguyen')
    expect((await agent.post(path).type('form').send({ reason: ' ' })).status).toBe(400)
    expect(link?.until).toBeNull()
    await agent.post(path).type('form').send({ reason: 'Nối nhầm' })
    expect(link).toMatchObject({ ended: { by: 'operator', reason: 'Nối nhầm' } })
    expect((await agent.get(path)).status).toBe(404)
    expect((await person(agent, 'citizen')).text).toContain('Nối nhầm')
  })
})

test('consumers tell how far they are, since when they lag, and that they retry', async () => {
  const { agent } = await operator()
  const { text } = await agent.get('/operator/consumers')
  for (const words of ['Hồ sơ học tập', 'Theo kịp', '34 mục, từ 4 phút trước', 'ECONNREFUSED', 'Tự thử lại'])
    expect(text).toContain(words)
  expect((await agent.get('/operator/consumers/live')).body.consumers).toContain('34 mục')
})

test('who runs the store sees that records are being made anew, since when and how far it is', async () => {
  const { agent, services } = await operator()
  const live = async () => (await agent.get('/operator/consumers/live')).body.rebuilding
  for (const text of [(await agent.get('/operator/consumers')).text, await live()])
    for (const words of ['Đang dựng lại hồ sơ học tập', 'Bắt đầu 3 phút trước', '42%'])
      expect(text).toContain(words)
  services.rebuilding = async () => null
  expect((await agent.get('/operator/consumers')).text).not.toContain('Đang dựng lại')
  expect(await live()).toBe('')
})

test('the home names what needs attention, and is calm when nothing does', async () => {
  const { agent, services } = await operator()
  const { text } = await agent.get('/operator')
  expect(text).toContain('Bộ xử lý “statistics” đang lỗi')
  expect(text).toContain('Nguồn “TTHTCĐ xã Mẫu”: yêu cầu gần nhất bị từ chối')
  expect(text).toContain('Khóa “Máy chủ Moodle” của “Moodle, Trường THPT Sông Hồng” hết hạn')
  expect(text).not.toContain('sao lưu lần nào')
  const empty = await operator(false)
  empty.services.auditList.push(...services.auditList.filter(({ action }) => action === 'backup'))
  empty.services.secondStepForOperators = true
  empty.services.carried.email = true
  expect((await empty.agent.get('/operator')).text).toContain('Mọi thứ đang chạy')
})

test('the home says that no backup was ever made, with the command that makes one, also before anything came in', async () => {
  const { agent } = await operator(false)
  const { text } = await agent.get('/operator')
  expect(text).not.toContain('Mọi thứ đang chạy')
  expect(text).toContain('Chưa sao lưu lần nào')
  expect(text).toContain('npm run suotdoi -- backup /backup/')
  expect(text).toContain('SECOND_STEP=operators')
})

test('the home says that nobody gets a code here, and when messages are not taken', async () => {
  const { agent, services } = await operator(false)
  expect((await agent.get('/operator')).text).toContain('SMTP_URL=smtp://')
  Object.assign(services.carried, { email: true, works: false })
  const { text } = await agent.get('/operator')
  expect(text).not.toContain('SMTP_URL=smtp://')
  expect(text).toContain('E-mail không gửi đi được')
  expect(text).not.toContain('Tin nhắn không gửi đi được')
})

test('the home tells what lessons refused, by kind', async () => {
  const { agent, services } = await operator(false)
  services.host.refusals = async () => [
    { day: '2026-11-28', problem: 'h5p-event-actor-forged', count: 2 },
    { day: '2026-11-27', problem: 'h5p-token-invalid', count: 3 },
    { day: '2026-11-28', problem: 'h5p-events-too-many', count: 7 },
    { day: '2026-11-28', problem: 'h5p-event-id-invalid', count: 9 },
  ]
  const { text } = await agent.get('/operator')
  expect(text).toContain('5 lần mượn danh người khác; 7 lần gửi quá nhiều')
})

describe('the audit', () => {
  test('tells every act in words, with who did it and to what', async () => {
    const { agent } = await operator()
    const { text } = await agent.get('/operator/audit')
    for (const words of [
      '1.240 câu trong 13 lần: Moodle, Trường THPT Sông Hồng',
      'khóa centre-key',
      'Hủy hiệu lực một câu',
      'câu của nguồn “Moodle, Trường THPT Sông Hồng”',
      'Nối tài khoản với một người',
      'Cấp quyền',
      'Xóa câu theo luật',
      'LRS_SECRET: not set → set',
      'Sao lưu',
      'lệnh suotdoi, tài khoản root',
      'href="/operator/people/citizen"',
      `href="/operator/statements/${sampleId(3)}"`,
    ])
      expect(text).toContain(words)
    expect(text).toMatch(/<a[^>]*href="\/operator\/people\/operator"[^>]*>Lê Thị Vận</)
  })

  test('is filtered by kind, source, id and day, and the pages keep the filter', async () => {
    const { agent } = await operator()
    const rows = (text: string) => text.match(/<th scope="row">/g)?.length ?? 0
    expect(rows((await agent.get('/operator/audit?source=quiet')).text)).toBe(0)
    expect((await agent.get('/operator/audit?source=quiet')).text).toContain('Không có việc nào khớp')
    expect(rows((await agent.get('/operator/audit?kind=void&source=centre')).text)).toBe(1)
    expect(rows((await agent.get('/operator/audit?who=citizen')).text)).toBe(3)
    const first = (await agent.get('/operator/audit?kind=read&source=school')).text
    expect(rows(first)).toBe(25)
    const next = first.match(/href="(\/operator\/audit\?[^"]*before=[^"]+)"/)?.[1]?.replaceAll('&amp;', '&')
    expect(next).toContain('kind=read&source=school')
    const second = (await agent.get(next!)).text
    expect(rows(second)).toBe(25)
    expect(second).toContain('Về đầu danh sách')
    // A mistyped place leads to the start.
    expect((await agent.get('/operator/audit?before=nowhere')).status).toBe(200)
  })

  test('a filter that cannot be read is told, field by field', async () => {
    const { agent } = await operator()
    const query = new URLSearchParams({ kind: 'x', source: evil, who: 'an@example.org', since: '2026-02-30' })
    const { status, text } = await agent.get(`/operator/audit?${query}`)
    expect(status).toBe(400)
    for (const name of ['kind', 'source', 'who', 'since']) expect(text).toContain(`<a href="#${name}">`)
    expect(text).not.toContain('<img')
    const csv = await agent.get(`/operator/audit.csv?${query}`)
    expect(csv.status).toBe(303)
    expect((await agent.get('/operator/audit?since=2026-11-24&until=2026-11-01')).status).toBe(400)
  })

  test('comes as a file too, with all that the filter finds and no formula', async () => {
    const { agent, services } = await operator()
    services.auditList[0]!.actor = '=cmd("x")'
    const answer = await agent.get('/operator/audit.csv?kind=read')
    expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8')
    expect(answer.headers['content-disposition']).toMatch(/^attachment; filename="nhat-ky-[\d-]+\.csv"$/)
    const lines = answer.text.trimEnd().split('\r\n')
    expect(lines[0]).toBe('\ufefftime,action,actor,source,credential,subjects,of,detail')
    expect(lines).toHaveLength(1 + 122)
    expect(lines[1]).toContain(`"'=cmd(""x"")"`)
  })

  test('an empty one says what will appear', async () => {
    const { agent } = await operator(false)
    const { status, text } = await agent.get('/operator/audit')
    expect(status).toBe(200)
    expect(text).toContain('Chưa có gì trong nhật ký')
    expect(text).not.toContain('audit.csv')
  })

  test('what the operator sees of statements is read in the operator’s name', async () => {
    const { agent, services } = await operator()
    await agent.get('/operator/statements')
    await agent.get('/operator/statements?source=school')
    await agent.get(`/operator/statements/${sampleId(3)}`)
    expect(services.asked.map(({ person }) => person)).toEqual(['operator', 'operator'])
    expect(services.readers).toEqual(['operator'])
  })
})

test('only the operator reaches any of it', async () => {
  const { app, services } = site({ full: true })
  const paths = [
    '',
    '/statements',
    `/statements/${sampleId(3)}`,
    `/statements/${sampleId(3)}/raw`,
    '/consumers',
    '/consumers/live',
    '/people',
    '/people/citizen',
    '/people/citizen/link',
    '/audit',
    '/audit.csv',
  ]
  for (const who of ['citizen', 'author']) {
    const agent = browser(app)
    await signIn(agent, who)
    for (const path of paths) {
      const { status, text } = await agent.get(`/operator${path}`)
      expect(status, `${who} ${path}`).toBe(403)
      expect(text).toContain('người vận hành của tỉnh Hưng Yên')
    }
    expect((await agent.post(`/operator/people/${who}/grant/operator`)).status).toBe(403)
    expect(services.people.get(who)?.roles).not.toContain('operator')
  }
  for (const path of paths)
    expect((await browser(app).get(`/operator${path}`)).headers.location).toMatch(/^\/sign-in\?next=/)
})

test('no other site starts a change', async () => {
  const { agent, services } = await operator()
  const forged = await agent
    .post('/operator/people/citizen/grant/operator')
    .set('Origin', 'https://evil.example')
  expect(forged.status).toBe(403)
  expect(services.people.get('citizen')?.roles).toEqual(['citizen'])
})
