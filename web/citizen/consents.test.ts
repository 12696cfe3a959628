import { describe, expect, test } from 'vitest'
import { AGREEING } from '../../tests/support/agree.ts'
import { browser, signIn, site } from '../testing/site.ts'

const SENT = { name: 'An', identifier: '0912345678', password: 'mot cau dai de nho' }
const QUESTION = 'Bạn có đồng ý để hệ thống ghi hồ sơ học tập của bạn không?'

/** A citizen with 300 lines, who says this to a record. */
async function citizen(says: 'yes' | 'no' | null, full = true) {
  const made = site({ full })
  const person = made.services.people.get('citizen')!
  if (says === null) delete person.consents
  else person.consents = { 'learning-record': { answer: says, version: 1, since: Date.now() - 1e9 } }
  const agent = browser(made.app)
  await signIn(agent, 'citizen')
  const post = (path: string, fields: Record<string, string> = {}) =>
    agent.post(path).type('form').send(fields)
  return { ...made, agent, person, post }
}
const answer = (said: 'yes' | 'no', more: Record<string, string> = {}) => ({
  purpose: 'learning-record',
  answer: said,
  words: '1',
  ...more,
})

describe('registering', () => {
  test('asks with nothing chosen, and goes on only with an answer', async () => {
    const { app, services } = site()
    const agent = browser(app)
    const { text } = await agent.get('/register')
    expect(text).toContain(QUESTION)
    expect(text).not.toMatch(/type="radio"[^>]* checked/)
    const before = services.people.size
    const missing = await agent.post('/register').type('form').send(SENT)
    expect(missing.status).toBe(400)
    expect(missing.text).toContain('<a href="#learning-record">Chọn một trong hai')
    expect(services.people.size).toBe(before)
    const other = await agent
      .post('/register')
      .type('form')
      .send({ ...SENT, name: '', 'learning-record': 'no', 'learning-record-words': '1' })
    expect(other.text).toMatch(/value="no" checked/)
  })

  test('takes a no as well as a yes, with where and in which language it was said', async () => {
    for (const [said, language] of [
      ['no', 'vi'],
      ['yes', 'en'],
    ] as const) {
      const { app, services } = site()
      const agent = browser(app)
      const done = await agent
        .post(`/register?lang=${language}`)
        .type('form')
        .send({ ...SENT, ...AGREEING, 'learning-record': said })
      expect(done.status).toBe(303)
      expect(services.answerList).toMatchObject([
        { answer: said, version: 1, where: 'registration', language },
      ])
      const { text } = await agent.get('/?lang=vi')
      expect(text.includes('Hồ sơ học tập chưa được ghi')).toBe(said === 'no')
      expect(text).not.toContain(QUESTION)
    }
  })
})

describe('who was never asked', () => {
  test('finds the question on Hôm nay, both answers alike, and answers it once', async () => {
    const { agent, person, post } = await citizen(null)
    const today = await agent.get('/')
    expect(today.text).toContain(QUESTION)
    expect(today.text.match(/action="\/me\/consents"/g)).toHaveLength(2)
    expect(today.text).toContain('Hồ sơ học tập chưa được ghi')
    const done = await post('/me/consents', answer('no', { next: '/' }))
    expect(done.headers.location).toBe('/')
    expect(person.consents).toMatchObject({ 'learning-record': { answer: 'no' } })
    expect((await agent.get('/')).text).not.toContain(QUESTION)
  })

  test('has no record: every place where it would be says why, and shows nothing of it', async () => {
    const { agent, services } = await citizen(null)
    const record = await agent.get('/me/transcript')
    expect(record.text).toContain(QUESTION)
    expect(record.text).not.toContain('/me/transcript/line-')
    const diary = await agent.get('/me/diary/new')
    expect(diary.text).toContain('chỉ nằm trong nhật ký của bạn')
    expect((await agent.get('/me/links')).text).toContain('chưa gì từ các tài khoản này được gom lại')
    expect((await agent.get(`/lessons/${services.lessonList[0]!.id}`)).text).toContain(
      'kết quả không vào hồ sơ',
    )
  })
})

describe('Những điều bạn đồng ý', () => {
  test('tells the answer, its words and each time it was given', async () => {
    const { agent, services } = await citizen('yes')
    await services.consents.answer('citizen', {
      purpose: 'learning-record',
      answer: 'yes',
      version: 1,
      language: 'vi',
      where: 'page',
    })
    const { text } = await agent.get('/me/consents')
    expect(text).toContain('Bản 1, từ 28/11/2026')
    expect(text).toContain('trên trang')
    expect(text).toContain('href="/me/consents/learning-record/withdraw"')
    expect((await agent.get('/me')).text).toContain('href="/me/consents"')
  })

  test('is withdrawn after saying what that does; the record is empty on the next page', async () => {
    const { agent, person, post } = await citizen('yes')
    expect((await agent.get('/me/transcript')).text).toContain('/me/transcript/line-')
    const asked = await post('/me/consents', answer('no'))
    expect(asked.headers.location).toBe('/me/consents/learning-record/withdraw')
    expect(person.consents?.['learning-record']?.answer).toBe('yes')
    const said = await agent.get('/me/consents/learning-record/withdraw')
    expect(said.text).toContain('Mọi chia sẻ đang mở kết thúc ngay')
    expect(said.text).toContain('Bản ghi gốc vẫn nằm ở nơi đã gửi')
    await post('/me/consents/learning-record/withdraw')
    expect(person.consents?.['learning-record']?.answer).toBe('no')
    const after = await agent.get('/me/transcript')
    expect(after.text).not.toContain('/me/transcript/line-')
    expect(after.text).toContain('value="yes"')
    const again = await post('/me/consents', answer('yes', { next: '/me/transcript' }))
    expect(again.headers.location).toBe('/me/transcript')
    expect((await agent.get('/me/transcript')).text).toContain('/me/transcript/line-')
  })

  test('shows how far the making or the removing is', async () => {
    const { agent, services, person } = await citizen('yes')
    services.linkWork.push({ agent: 'account:urn:people citizen', done: 1200, joining: true, ours: true })
    expect((await agent.get('/me/consents')).text).toContain('Đang dựng hồ sơ: đã xem 1.200 bản ghi.')
    const record = await agent.get('/me/transcript')
    expect(record.text).toContain('Đang ghép những gì bạn học ở đây: đã xem 1.200 bản ghi.')
    person.consents = { 'learning-record': { answer: 'no', version: 1, since: 0 } }
    expect((await agent.get('/me/consents')).text).toContain('Đang xóa phần đã gom: đã xem 1.200 bản ghi.')
  })

  test('what makes no sense changes nothing: other questions, other answers, words nobody was shown', async () => {
    const { agent, services, person, post } = await citizen('no')
    for (const sent of [
      answer('yes', { purpose: 'constructor' }),
      answer('yes', { answer: 'perhaps' }),
      answer('yes', { words: '2' }),
      answer('yes', { words: '' }),
      {},
    ])
      expect((await post('/me/consents', sent)).headers.location).toBe('/me/consents')
    expect(person.consents?.['learning-record']?.answer).toBe('no')
    expect(services.answerList).toEqual([])
    expect((await agent.get('/me/consents/constructor/withdraw')).status).toBe(404)
    expect((await agent.get('/me/consents/learning-record/withdraw')).headers.location).toBe('/me/consents')
    expect((await post('/me/consents', answer('yes', { next: '//evil.example' }))).headers.location).toBe(
      '/me/consents',
    )
    const stranger = browser(site().app)
    expect((await stranger.get('/me/consents')).headers.location).toMatch(/^\/sign-in/)
  })
})

test('while something is being taken out, the record tells neither hours nor counts', async () => {
  const { agent, services } = await citizen('yes')
  services.transcript.years = async () => null
  services.transcript.count = async () => null
  const { text } = await agent.get('/me/transcript')
  expect(text).toContain('đang được tính lại')
  expect(text).not.toContain('<figure')
  expect(text).toContain('/me/transcript/line-')
  const operator = browser(
    site({ full: true, change: (fake) => Object.assign(fake.transcript, services.transcript) }).app,
  )
  await signIn(operator, 'operator')
  await operator.post('/operator/people/citizen/purpose').type('form').send({ purpose: 'account' })
  expect((await operator.get('/operator/people/citizen')).text).toContain('Đang tính lại')
})
