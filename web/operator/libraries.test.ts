import { describe, expect, test } from 'vitest'
import { browser, signIn, site } from '../testing/site.ts'

const WAITING = '/operator/libraries/waiting'

async function operator() {
  const made = site({ full: true })
  const sent: { to: string; subject?: string; text: string }[] = []
  made.services.messages.carries = () => true
  made.services.messages.send = async (_channel, message) => {
    sent.push(message)
    return true
  }
  made.services.identifiers.of = async () => [
    { kind: 'email', value: 'soan@truong.example', proven: 1, added: 1 },
  ]
  const agent = browser(made.app)
  await signIn(agent, 'operator')
  return { ...made, agent, sent }
}

describe('libraries that wait', () => {
  test('are approved once; authors of what is released get an e-mail', async () => {
    const { agent, sent } = await operator()
    const done = await agent.post(`${WAITING}/request-1`)
    expect([done.status, done.headers.location]).toEqual([303, '/operator/libraries'])
    const list = (await agent.get('/operator/libraries')).text
    expect(list).toContain('1 bài không còn phải chờ')
    expect(list).not.toContain(`${WAITING}/request-1`)
    expect(sent).toHaveLength(1)
    expect(sent[0]).toMatchObject({
      to: 'soan@truong.example',
      subject: 'Bài “Quản lý nước tưới” đã chạy được',
    })
    expect(sent[0]!.text).toContain('/author/lesson-3')
    expect((await agent.get(`${WAITING}/request-1`)).text).toContain('Đã cho phép lúc')
  })

  test('are refused with a reason, which is asked for and sent', async () => {
    const { agent, sent } = await operator()
    const without = await agent.post(`${WAITING}/request-1/refuse`).type('form').send({ reason: ' ' })
    expect(without.status).toBe(400)
    expect(without.text).toContain('Viết lý do để người gửi biết phải làm gì.')
    const reason = 'Lấy bản từ h5p.org <b>'
    expect(
      (await agent.post(`${WAITING}/request-1/refuse`).type('form').send({ reason })).headers.location,
    ).toBe('/operator/libraries')
    expect(sent[0]!.text).toContain(reason)
    expect((await agent.get(`${WAITING}/request-1`)).text).toContain('Lấy bản từ h5p.org &lt;b>')
  })

  test('show what differs escaped; what is not there is not found', async () => {
    const { agent } = await operator()
    const build = `${WAITING}/request-1/H5P.MultiChoice-1.16.17-0123456789abcdef`
    const page = (await agent.get(`${build}?file=multichoice.js`)).text
    expect(page).toContain('label: &quot;&lt;b>&quot;')
    expect(page).not.toContain('"<b>"')
    for (const path of [`${WAITING}/none`, `${WAITING}/request-1/none`, '/operator/libraries/none'])
      expect((await agent.get(path)).status, path).toBe(404)
  })

  test('and a scanner that does not answer are told on the overview', async () => {
    const { agent, services } = await operator()
    expect((await agent.get('/operator')).text).toContain('2 đề nghị thư viện đang chờ bạn duyệt.')
    services.malware = { ready: async () => false }
    expect((await agent.get('/operator')).text).toContain('Trình quét mã độc không trả lời')
  })
})
