import { expect, test } from 'vitest'
import { browser, signIn, site } from '../testing/site.ts'

async function cast() {
  const made = site({ full: true })
  const citizen = browser(made.app)
  const operator = browser(made.app)
  await signIn(citizen, 'citizen')
  await signIn(operator, 'operator')
  const send = (agent: typeof citizen, path: string, fields: Record<string, string>) =>
    agent.post(path).type('form').send(fields)
  /** Says that a line is wrong; the address of what was said. */
  const report = async (line = 'line-3', fields: Record<string, string> = {}) => {
    const answer = await send(citizen, `/me/transcript/${line}/dispute`, {
      kind: 'result',
      words: 'Tôi được 9 điểm.\nCô Hoa biết.',
      ...fields,
    })
    return { answer, address: answer.headers.location ?? '' }
  }
  return { ...made, citizen, operator, send, report }
}
const idOf = (address: string) => address.split('/').at(-1)

test('a line is said to be wrong, marked until it is answered, and the answer stands on it and on Hôm nay', async () => {
  const { citizen, operator, send, report } = await cast()
  expect((await citizen.get('/me/transcript/line-3')).text).toContain('href="/me/transcript/line-3/dispute"')
  const { answer, address } = await report()
  expect(answer.status).toBe(303)
  expect((await citizen.get(address)).text).toContain('Tôi được 9 điểm.\nCô Hoa biết.')
  const { text: waiting } = await citizen.get('/me/transcript/line-3')
  expect(waiting).toContain('Đang được xem lại')
  expect(waiting).not.toContain('/me/transcript/line-3/dispute"')
  expect((await citizen.get('/')).text).toContain('1 mục đang được xem lại')
  expect((await citizen.get('/me/disputes')).text).toContain(`href="${address}"`)

  const desk = '/lms/sources/school/disputes'
  expect((await operator.get('/lms/sources/school')).text).toContain('1 lời báo đang chờ trả lời')
  expect((await operator.get(desk)).text).toContain(`href="${desk}/${idOf(address)}"`)
  const { text: form } = await operator.get(`${desk}/${idOf(address)}`)
  expect(form).toContain('Tôi được 9 điểm.')
  expect(form).toContain('Xem dạng gốc (JSON)')
  expect(form).toContain('Hủy một ghi nhận ở nguồn này')
  const silent = await send(operator, `${desk}/${idOf(address)}`, { outcome: 'not-corrected' })
  expect(silent.status).toBe(400)
  expect(silent.text).toContain('Viết vài chữ cho rõ')
  const fields = { outcome: 'not-corrected', words: 'Sổ điểm ghi 7.' }
  expect((await send(operator, `${desk}/${idOf(address)}`, fields)).headers.location).toBe(desk)
  const late = await send(operator, `${desk}/${idOf(address)}`, { outcome: 'corrected' })
  expect(late.status).toBe(409)
  expect(late.text).toContain('Đã có người trả lời trước')
  expect(late.text).toContain('Sổ điểm ghi 7.')
  expect((await operator.get(`${desk}?done=yes`)).text).toContain('Giữ nguyên')

  expect((await citizen.get('/me/transcript/line-3')).text).toContain('Sổ điểm ghi 7.')
  expect((await citizen.get('/')).text).toContain('Đã có trả lời')
  await citizen.post(`${address}/seen`)
  expect((await citizen.get('/')).text).not.toContain('Đã có trả lời')
})

test('what is wrong with what was sent is said beside its field, and nothing is lost', async () => {
  const { report } = await cast()
  const { answer } = await report('line-3', { kind: '', words: 'số 033190012345' })
  expect(answer.status).toBe(400)
  expect(answer.text).toContain('Chọn mục không đúng ở đâu')
  expect(answer.text).toContain('Hãy bỏ số căn cước ra')
  expect(answer.text).toContain('số 033190012345')
  await report()
  const twice = await report()
  expect(twice.answer.status).toBe(409)
  expect(twice.answer.text).toContain('đang được xem lại rồi')
})

test('it can be withdrawn, once', async () => {
  const { citizen, report, operator } = await cast()
  const { address } = await report()
  expect((await citizen.post(`${address}/withdraw`)).headers.location).toBe(address)
  expect((await citizen.get(address)).text).toContain('Đã rút lời báo')
  expect((await operator.get('/lms/sources/school/disputes')).text).toContain('Không có lời báo nào đang chờ')
  expect((await citizen.get('/me/transcript/line-3')).text).toContain('/me/transcript/line-3/dispute"')
})

test('what this product told itself is taken back by the answer', async () => {
  const { report, operator, send, services } = await cast()
  const { address } = await report('line-7')
  const path = `/lms/sources/product/disputes/${idOf(address)}`
  const { text } = await operator.get(path)
  expect(text).toContain('Rút lại ngay')
  expect(text).not.toContain('Hủy một ghi nhận ở nguồn này')
  await send(operator, path, { outcome: 'void' })
  expect(services.diaryStatements).toMatchObject([{ object: { objectType: 'StatementRef' } }])
})

test('a hidden line says so, offers no sharing, is left out where lines are chosen, and comes back', async () => {
  const { citizen, send } = await cast()
  const hide = (hidden: 'yes' | 'no') => send(citizen, '/me/transcript/line-3/hidden', { hidden })
  expect((await hide('yes')).headers.location).toBe('/me/transcript/line-3')
  const { text } = await citizen.get('/me/transcript/line-3')
  expect(text).toContain('Đang ẩn khỏi mọi chia sẻ.')
  expect(text).not.toContain('/me/shares/new?line=line-3')
  const { text: choice } = await citizen.get('/me/shares/new?line=line-3')
  expect(choice).not.toContain('value="line-3"')
  expect(choice).toContain('1 mục đang ẩn khỏi chia sẻ')
  const fields = { step: 'create', line: 'line-3', reader: 'x', purpose: 'y', days: '7' }
  expect((await send(citizen, '/me/shares/new', fields)).status).toBe(409)
  await hide('no')
  expect((await citizen.get('/me/shares/new?line=line-3')).text).toContain('value="line-3"')
})

test('a reader of a share sees which line is looked at, and that one is hidden now', async () => {
  const { app, citizen, send, report } = await cast()
  const shared = await send(citizen, '/me/shares/new', {
    step: 'create',
    reader: 'x',
    purpose: 'y',
    days: '7',
    line: ['line-3', 'line-4'] as unknown as string,
  })
  const path = shared.text.match(/value="http:\/\/localhost(\/s\/[\w-]+)"/)?.[1] ?? ''
  await report('line-3')
  expect((await browser(app).post(path)).text).toContain('Đang được xem lại từ')
  await send(citizen, '/me/transcript/line-4/hidden', { hidden: 'yes' })
  const { text } = await browser(app).post(path)
  expect(text).toContain('Người học đã chọn 2 trong 300 mục')
  expect(text).toContain('1 mục đã chọn, người học không cho xem nữa.')
  expect(text.match(/<tr>/g)).toHaveLength(2)
})

test('words full of markup stay text', async () => {
  const evil = '"><script>alert(1)</script>'
  const { citizen, operator, report } = await cast()
  const { address } = await report('line-3', { words: evil })
  for (const { text } of [
    await citizen.get(address),
    await operator.get(`/lms/sources/school/disputes/${idOf(address)}`),
  ])
    expect(text).not.toContain('<script>alert')
})
