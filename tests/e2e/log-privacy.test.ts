import { createServer, type Server, type Socket } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { AGREEING } from '../support/agree.ts'
import { type Product, run, startProduct } from '../support/product.ts'

/** Everything private that is sent below, by whatever way. None of it may be in the log, in any spelling. */
const PRIVATE = {
  operator: 'Lê Thị Vận Hành',
  operatorMail: 'van-hanh-rieng@tinh.example',
  citizen: 'Nguyễn Thị Mến Riêng',
  phone: '0987654321',
  password: 'cây tre trăm đốt 1954',
  wrongPassword: 'cay khe an mot qua tra cuc vang',
  citizenNumber: '034199012345',
  actorMail: 'hoc-vien-rieng@truong.example',
  actorAccount: 'hoc-vien-so-77031',
  response: 'câu trả lời riêng của học viên',
  document: 'ghi chú riêng trong tài liệu',
  fileName: 'bai-rieng-cua-co-Men.h5p',
  reason: 'Đối chiếu căn cước ở phường',
  wrongSecret: 'mot-khoa-bi-mat-sai-hoan-toan',
  token: 'ma-thong-bao-rieng-5b1f',
} as const

/** A bug in the middle of requests: from the first SIGUSR2 on nothing can be parsed; the second one ends the process. */
const BUGS = `
  let signals = 0
  process.on('SIGUSR2', () => {
    if (++signals === 2) throw Object.assign(new Error('a bug'), { body: process.env.PRIVATE })
    JSON.parse = (text) => { throw Object.assign(new TypeError('a bug'), { text }) }
  })
`

let product: Product
let mail: Server
const secrets = new Set<string>()
beforeAll(async () => {
  mail = createServer(refuseMail)
  await new Promise<void>((done) => mail.listen(0, '127.0.0.1', done))
  const { port } = mail.address() as { port: number }
  product = await startProduct({
    env: {
      LOG_LEVEL: 'trace',
      PRIVATE: JSON.stringify(PRIVATE),
      SMTP_URL: `smtp://ten:${PRIVATE.wrongSecret}@127.0.0.1:${port}`,
      MAIL_FROM: 'hoctap@tinh.example',
    },
    nodeFlags: ['--import', `data:text/javascript,${encodeURIComponent(BUGS)}`],
  })
  secrets.add(product.credential.secret).add(product.setupUrl.split('/').at(-1) ?? '')
})
afterAll(async () => {
  mail.close()
  await product.stop()
})

/** Takes a whole message, and then refuses it by quoting all that was said. */
function refuseMail(socket: Socket): void {
  let heard = ''
  let data = false
  const say = (line: string) => socket.write(`${line}\r\n`)
  say('220 mail.example')
  socket.on('error', () => {})
  socket.on('data', (chunk) => {
    heard += chunk
    const line = String(chunk).trimEnd()
    if (data && !line.endsWith('\r\n.') && line !== '.') return
    if (data) {
      for (const [code] of heard.matchAll(/\b\d{6}\b/g)) secrets.add(code)
      say(`554 no: ${heard.replace(/\s+/g, ' ')}`)
    } else if (line.startsWith('EHLO')) say('250-mail.example\r\n250 AUTH PLAIN')
    else if (line.startsWith('AUTH')) say('235 yes')
    else say(line === 'DATA' ? '354 go on' : '250 yes')
    data = line === 'DATA'
  })
}

const basic = (secret: string) =>
  `Basic ${Buffer.from(`${product.credential.key}:${secret}`).toString('base64')}`
function xapi(
  method: string,
  path: string,
  body?: unknown,
  about: Record<string, string> = {},
): Promise<number> {
  const headers = {
    Authorization: basic(product.credential.secret),
    'X-Experience-API-Version': '1.0.3',
    'Content-Type': 'application/json',
    ...about,
  }
  const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }
  return fetch(`${product.url}/xapi/${path}`, { method, headers, ...sent }).then(statusOf)
}
async function statusOf(answer: Response): Promise<number> {
  await answer.arrayBuffer()
  return answer.status
}
/** A form as a browser sends it; answers the cookie. */
async function form(path: string, fields: Record<string, string>, cookie = '') {
  const answer = await fetch(`${product.url}${path}`, {
    method: 'POST',
    headers: { Origin: product.url, Cookie: cookie },
    body: new URLSearchParams(fields),
    redirect: 'manual',
  })
  await answer.arrayBuffer()
  const set = answer.headers.getSetCookie().map((one) => one.split(';')[0] ?? '')
  for (const one of set) secrets.add(decodeURIComponent(one.split('=')[1] ?? ''))
  // A cookie that was taken away.
  secrets.delete('')
  return { status: answer.status, cookie: set.join('; ') }
}

const statement = {
  actor: { name: PRIVATE.citizen, mbox: `mailto:${PRIVATE.actorMail}` },
  verb: { id: 'http://adlnet.gov/expapi/verbs/answered', display: { vi: 'trả lời' } },
  object: { id: 'https://lms.example/question/1' },
  result: { response: PRIVATE.response, extensions: { 'https://lms.example/so': PRIVATE.citizenNumber } },
}
const agent = JSON.stringify({ account: { homePage: 'https://lms.example', name: PRIVATE.actorAccount } })

test('what is sent to the record store is not in the log, taken or refused', async () => {
  expect(await xapi('POST', 'statements', statement)).toBe(200)
  expect(await xapi('POST', 'statements', { ...statement, actor: { mbox: PRIVATE.actorMail } })).toBe(400)
  expect(await xapi('POST', 'statements', `{"actor": ${PRIVATE.citizen} ${PRIVATE.phone}`)).toBe(400)
  expect(await xapi('POST', 'statements', { ...statement, [PRIVATE.response]: 1 })).toBe(400)
  const mixed = `--x\r\nContent-Type: application/json\r\n\r\n${PRIVATE.citizen}\r\n--${PRIVATE.document}`
  expect(await xapi('POST', 'statements', mixed, { 'Content-Type': 'multipart/mixed; boundary=x' })).toBe(400)
  expect(await xapi('GET', `statements?agent=${encodeURIComponent(agent)}`)).toBe(200)
  expect(await xapi('GET', `statements?agent=${encodeURIComponent(PRIVATE.actorMail)}`)).toBe(400)
  expect(await xapi('GET', `statements?${PRIVATE.token}=${encodeURIComponent(PRIVATE.citizen)}`)).toBe(400)
  const about = `activities/state?activityId=https://a.example&stateId=${PRIVATE.token}&agent=${encodeURIComponent(agent)}`
  expect(
    await xapi('PUT', about, PRIVATE.document, { 'Content-Type': 'text/plain', 'If-None-Match': '*' }),
  ).toBe(204)
  expect(
    await xapi('PUT', about, PRIVATE.document, {
      'Content-Type': 'text/plain',
      'If-Match': `"${PRIVATE.token}"`,
    }),
  ).toBe(412)
  expect(await xapi('GET', about, undefined, { Authorization: basic(PRIVATE.wrongSecret) })).toBe(401)
  expect(await xapi('GET', about, undefined, { Authorization: `Bearer ${PRIVATE.token}` })).toBe(401)
  expect(await xapi('GET', `${PRIVATE.citizenNumber}/${PRIVATE.actorMail}`)).toBe(404)
})

let operator = ''
test('what people type is not in the log: set-up, registration, sign-in, links, uploads', async () => {
  const setup = new URL(product.setupUrl).pathname
  const own = { name: PRIVATE.operator, identifier: PRIVATE.operatorMail, password: PRIVATE.password }
  expect((await form(setup, { ...own, password: 'ngan' })).status).toBe(400)
  const made = await form(setup, own)
  expect(made.status).toBe(303)
  operator = made.cookie
  const citizen = { name: PRIVATE.citizen, identifier: PRIVATE.phone, password: PRIVATE.password }
  expect((await form('/register', { ...citizen, ...AGREEING })).status).toBe(303)
  expect(
    (await form('/sign-in', { ...citizen, password: PRIVATE.wrongPassword })).status,
  ).toBeGreaterThanOrEqual(400)
  expect((await form(`/sign-in?next=/${PRIVATE.token}`, citizen)).status).toBe(303)
  expect(await statusOf(await fetch(`${product.url}/setup/${PRIVATE.token}`))).toBeGreaterThanOrEqual(400)
  expect(await statusOf(await fetch(`${product.url}/${PRIVATE.phone}?mail=${PRIVATE.actorMail}`))).toBe(404)

  const upload = new FormData()
  upload.append('title', PRIVATE.document)
  upload.append('package', new Blob([PRIVATE.document]), PRIVATE.fileName)
  const headers = { Origin: product.url, Cookie: operator }
  const sent = await fetch(`${product.url}/author/upload`, { method: 'POST', headers, body: upload })
  expect(await statusOf(sent)).toBeGreaterThanOrEqual(400)

  const linked = await run(
    [
      'app/cli/main.ts',
      'link',
      ...['--person', PRIVATE.phone, '--home-page', 'https://lms.example'],
      ...['--account', PRIVATE.actorAccount, '--reason', PRIVATE.reason],
      ...['--document-number', PRIVATE.document, '--document-date', '2026-11-20'],
    ],
    { DATA_DIR: product.dataDir },
  )
  expect([linked.code, linked.err]).toEqual([0, ''])
}, 40_000)

test('nor are invitations, by whatever way they are made, looked at and accepted', async () => {
  const recovered = await run(['app/cli/main.ts', 'operator', 'recover'], { DATA_DIR: product.dataDir })
  const token = recovered.out.trim().split('#')[1] ?? ''
  expect(token).toMatch(/^[\w-]{22}$/)
  secrets.add(token)
  const looked = await form('/join', { invitation: recovered.out.trim() })
  expect([looked.status, looked.cookie]).toEqual([303, `invitation=${token}`])
  const cookie = `${looked.cookie}; ${operator}`
  expect(await statusOf(await fetch(`${product.url}/join`, { headers: { Cookie: cookie } }))).toBe(200)
  expect((await form('/join/accept', {}, cookie)).status).toBe(303)
  expect((await form('/join', { invitation: token })).status).toBe(404)
})

test('nor are codes, whom they go to, or what a mail server says of them', async () => {
  const before = secrets.size
  const asked = await form('/recover', { identifier: PRIVATE.operatorMail })
  expect(asked.status).toBe(303)
  await expect.poll(() => product.logged()).toContain('message not sent')
  expect(secrets.size).toBeGreaterThan(before + 1)
  const [code = ''] = [...secrets].filter((each) => /^\d{6}$/.test(each))
  const wrong = { code: code === '111111' ? '222222' : '111111', password: PRIVATE.password }
  expect((await form('/recover/code', wrong, asked.cookie)).status).toBe(403)
  expect((await form('/recover/code', { code, password: PRIVATE.phone }, asked.cookie)).status).toBe(400)
})

test('bugs in the middle of all this, and a crash, do not write it either', async () => {
  process.kill(product.pid, 'SIGUSR2')
  await setTimeout(200)
  expect(await xapi('POST', 'statements', statement)).toBe(500)
  expect(await xapi('GET', `statements?agent=${encodeURIComponent(agent)}`)).toBe(500)
  await form('/sign-in', { identifier: PRIVATE.phone, password: PRIVATE.password }, operator)
  process.kill(product.pid, 'SIGUSR2')
  expect(await product.ended).toBe(70)

  const logged = product.logged()
  const lines = logged
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines.filter(({ msg }) => msg === 'request').length).toBeGreaterThan(20)
  expect(lines.filter(({ msg, err }) => msg === 'failed' && err).length).toBeGreaterThanOrEqual(2)
  expect(lines.at(-1)).toMatchObject({ msg: 'crashed', level: 60 })
  for (const [what, value] of [
    ...Object.entries(PRIVATE),
    ...[...secrets].map((one) => ['secret', one] as const),
  ]) {
    expect(value.length, what).toBeGreaterThan(5)
    for (const spelling of spellings(value)) expect(logged, `${what} as ${spelling}`).not.toContain(spelling)
  }
})

function spellings(value: string): Set<string> {
  const bytes = Buffer.from(value)
  return new Set([
    value,
    value.toLowerCase(),
    encodeURIComponent(value),
    encodeURIComponent(value).replaceAll('%20', '+'),
    JSON.stringify(value).slice(1, -1),
    value.normalize('NFD'),
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('hex'),
  ])
}
