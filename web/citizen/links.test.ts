import { expect, test } from 'vitest'
import { CLAIM_CODE } from '../testing/links.ts'
import { browser, signIn, site } from '../testing/site.ts'
import { linkId } from './link-id.ts'

const AGENT = 'account:https://lms.example.org an.nguyen'

async function citizen(full = true) {
  const made = site({ full })
  const agent = browser(made.app)
  await signIn(agent, 'citizen')
  return { ...made, agent }
}

test('linked accounts are shown with when, how and by which document', async () => {
  const { agent } = await citizen()
  const { text } = await agent.get('/me/links')
  for (const words of [
    'an.nguyen (lms.example.org)',
    'cán bộ nối, theo văn bản số 12/QĐ-UBND ngày 12/11/2026: Trường xác nhận bằng văn bản',
  ])
    expect(text).toContain(words)
  expect((await agent.get('/me')).text).toContain('Đang nối 1 tài khoản')
})

test('without any, the page says what to do', async () => {
  const { agent } = await citizen(false)
  expect((await agent.get('/me/links')).text).toContain('Chưa kết nối nơi học nào khác')
})

test('what is being joined is told with how far it is', async () => {
  const { agent, services } = await citizen()
  services.linkWork.push({ agent: AGENT, done: 1240, joining: true })
  expect((await agent.get('/me/links')).text).toContain('Đang ghép an.nguyen (lms.example.org): đã xem 1.240')
  expect((await agent.get('/me/transcript')).text).toContain('Đang ghép an.nguyen (lms.example.org)')
  services.linkWork[0]!.joining = false
  expect((await agent.get('/me/links')).text).toContain('Đang gỡ an.nguyen')
})

test('an account that is not mine is contested after a page that says what happens; another’s is not found', async () => {
  const { agent, services, app } = await citizen()
  const path = `/me/links/${linkId(AGENT)}/contest`
  expect((await agent.get('/me/links')).text).toContain(`href="${path}"`)
  expect((await agent.get(path)).text).toContain('Ai đã nối sẽ được báo')
  const other = browser(app)
  await signIn(other, 'author')
  expect((await other.post(path)).status).toBe(404)
  expect((await agent.post(path)).headers.location).toBe('/me/links')
  expect(services.linkList[0]!.ended).toMatchObject({ by: 'citizen', contested: true })
  expect((await agent.get('/me/links')).text).toContain('bạn báo không phải của mình')
  const operator = browser(app)
  await signIn(operator, 'operator')
  expect((await operator.get('/operator')).text).toContain('1 tài khoản bạn nối bị người học báo')
  const list = await operator.get('/operator/contested')
  expect(list.text).toContain('an.nguyen')
  const seen = await operator.post(`/operator/contested/${linkId(AGENT)}`)
  expect(seen.headers.location).toBe('/operator/contested')
  expect((await operator.get('/operator/contested')).text).toContain('Không có tài khoản nào bị báo nhầm')
})

test('what waits is shown by source, year and count alone, and answered source by source', async () => {
  const { agent, services } = await citizen()
  const years = [
    { year: 2024, count: 3 },
    { year: 2025, count: 12 },
  ]
  services.waitingList.push({ id: linkId(AGENT), agent: AGENT, source: 'school', years })
  const { text } = await agent.get('/me/links')
  expect(text).toContain('Moodle, Trường THPT Sông Hồng, dưới an.nguyen')
  expect(text).toContain('năm 2025: 12 bản ghi')
  expect((await agent.get('/me')).text).toContain('1 việc đang chờ bạn trả lời')
  const done = await agent
    .post(`/me/links/${linkId(AGENT)}/decide`)
    .type('form')
    .send({ source: 'school', mine: 'yes' })
  expect(done.headers.location).toBe('/me/links')
  expect(services.waitingList).toEqual([])
})

test('a code is shown once and large, after a page that says how to use it', async () => {
  const { agent, services } = await citizen()
  services.claimLists.activities.set('school', 'https://lms.example.org/claim')
  const how = await agent.get('/me/link-code')
  expect(how.text).toContain('Moodle, Trường THPT Sông Hồng')
  expect(how.text).not.toContain(CLAIM_CODE)
  const made = await agent.post('/me/link-code')
  expect(made.text).toContain(CLAIM_CODE)
  expect(made.headers['cache-control']).toBe('no-store')
})

test('a typed code is answered knowing the source and no more of the account than its owner would', async () => {
  const { agent, services, app } = await citizen()
  const mine = { person: 'citizen', source: 'school', at: Date.now() }
  services.claimLists.claims.push(
    { ...mine, id: 'c1', agent: 'mbox:mailto:nguyen.an@example.org' },
    { ...mine, id: 'c2', agent: 'account:https://lms.example.org tran.binh' },
  )
  const { text } = await agent.get('/me/links')
  for (const words of ['Tài khoản ng•••@… ở Moodle, Trường THPT Sông Hồng', 'Tài khoản tr•••'])
    expect(text).toContain(words)
  for (const secret of ['nguyen.an', 'tran.binh']) expect(text).not.toContain(secret)
  const other = browser(app)
  await signIn(other, 'author')
  await other.post('/me/links/claims/c1').type('form').send({ mine: 'yes' })
  expect(services.claimLists.claims).toHaveLength(2)
  await agent.post('/me/links/claims/c1').type('form').send({ mine: 'yes' })
  await agent.post('/me/links/claims/c2').type('form').send({ mine: 'no' })
  expect(services.linkList.at(-1)).toMatchObject({ person: 'citizen', how: 'claim-code' })
  expect(services.claimLists.claims).toEqual([])
  const gone = await agent.post('/me/links/claims/c2').type('form').send({ mine: 'yes' })
  expect(gone.status).toBe(303)
  expect((await agent.get('/me/links')).text).toContain('đã được trả lời, hoặc đã quá hạn')
})

test('suggestions link nothing by themselves', async () => {
  const { agent, services } = await citizen()
  const sha1 = `sha1:${'a'.repeat(40)}`
  services.claimLists.suggestions.push(
    { kind: 'name', source: 'school', count: 2 },
    { kind: 'sha1', agent: sha1, mail: 'an@example.org' },
  )
  const { text } = await agent.get('/me/links')
  expect(text).toContain('Moodle, Trường THPT Sông Hồng: 2 tài khoản trùng tên bạn')
  const before = services.linkList.length
  await agent.post(`/me/links/suggested/${linkId(sha1)}`)
  expect(services.linkList).toHaveLength(before + 1)
  expect((await agent.post('/me/links/suggested/nothing')).status).toBe(404)
})

test('who was merged into another sees that record, acts as a citizen, and is oneself again when it is undone', async () => {
  const { agent, services } = await citizen()
  const own = services.people.get('citizen')!
  own.mergedInto = 'operator'
  expect((await agent.get('/me')).text).toContain('Lê Thị Vận')
  expect((await agent.get('/operator')).status).toBe(403)
  delete own.mergedInto
  expect((await agent.get('/me')).text).toContain('Nguyễn Thị Ánh Nguyệt')
})
