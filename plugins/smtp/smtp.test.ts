import { createServer, type Server, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { createSmtpMessenger } from './index.ts'

/** A mail server over a real socket that speaks as much of SMTP as a message needs. */
interface MailServer {
  url: string
  /** What came in, as sent: envelope lines and data. */
  heard: string[]
}
/** What it answers to each command; a null says nothing at all. */
type Answers = Record<string, string | null>

const open: { server: Server; sockets: Set<Socket> }[] = []
afterEach(() => {
  for (const { server, sockets } of open.splice(0)) {
    for (const socket of sockets) socket.destroy()
    server.close()
  }
})

async function mailServer(answers: Answers = {}): Promise<MailServer> {
  const heard: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    let data = false
    let rest = ''
    const say = (line: string | null) => line !== null && socket.write(`${line}\r\n`)
    const greeting = answers.greeting === undefined ? '220 mail.example ESMTP' : answers.greeting
    say(greeting)
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      const lines = (rest + chunk.toString('utf8')).split('\r\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        heard.push(line)
        if (data && line !== '.') continue
        const verb = data ? 'END' : (line.split(' ')[0] ?? '').toUpperCase()
        data = verb === 'DATA' && answers.DATA === undefined
        say(answers[verb] === undefined ? (USUAL[verb] ?? '250 OK') : answers[verb])
        if (verb === 'QUIT') socket.end()
      }
    })
  })
  open.push({ server, sockets })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as { port: number }
  return { url: `smtp://127.0.0.1:${port}`, heard }
}
const USUAL: Answers = {
  EHLO: '250-mail.example\r\n250 8BITMIME',
  DATA: '354 Go on',
  QUIT: '221 Bye',
}

const FROM = 'Suốt Đời <hoctap@tinh.example>'
const message = {
  to: 'nguoi.hoc@example.org',
  subject: 'Mã của bạn: 123456',
  text: 'Mã của bạn là 123456.\nĐừng đưa cho ai.',
  language: 'vi',
} as const
const soon = () => AbortSignal.timeout(10_000)

test('one message to one address, as text in Vietnamese, marked as sent by a machine', async () => {
  const { url, heard } = await mailServer()
  expect(await createSmtpMessenger({ url, from: FROM }).send(message, soon())).toEqual({ ok: true })
  expect(heard).toContain('MAIL FROM:<hoctap@tinh.example>')
  expect(heard.filter((line) => line.startsWith('RCPT'))).toEqual(['RCPT TO:<nguoi.hoc@example.org>'])
  expect(heard).toContain('Auto-Submitted: auto-generated')
  expect(heard).toContain('Content-Language: vi')
  const body = heard.slice(heard.indexOf('') + 1, heard.lastIndexOf('.'))
  const coded = heard.find((line) => /^Content-Transfer-Encoding/i.test(line)) ?? ''
  const text = /base64/.test(coded)
    ? Buffer.from(body.join(''), 'base64').toString('utf8')
    : Buffer.from(
        body
          .join('\n')
          .replace(/=\n/g, '')
          .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
        'latin1',
      ).toString('utf8')
  expect(text.trim()).toBe(message.text)
})

test('an address with signs of a list stays one address', async () => {
  const { url, heard } = await mailServer()
  const to = "o'brien+hoc@example.org"
  await createSmtpMessenger({ url, from: FROM }).send({ ...message, to }, soon())
  expect(heard.filter((line) => line.startsWith('RCPT'))).toEqual([`RCPT TO:<${to}>`])
})

test.each<[string, Answers, object]>([
  ['no such mailbox', { RCPT: '550 5.1.1 no nguoi.hoc here' }, { reason: 'refused', code: '550' }],
  ['come again later', { RCPT: '451 4.7.1 later' }, { reason: 'unreachable', code: '451' }],
  ['the text is refused', { END: '554 5.7.1 spam: 123456' }, { reason: 'refused', code: '554' }],
  ['a greeting that refuses', { greeting: '554 go away' }, { reason: 'refused', code: '554' }],
])('%s', async (_name, answers, expected) => {
  const { url } = await mailServer(answers)
  const sent = await createSmtpMessenger({ url, from: FROM }).send(message, soon())
  expect(sent).toEqual({ ok: false, ...expected })
})

test('a server that is silent is left when the time is over; one that is down is told at once', async () => {
  const { url } = await mailServer({ greeting: null })
  const messenger = createSmtpMessenger({ url, from: FROM })
  const silent = { ok: false, reason: 'unreachable', code: 'TimeoutError' }
  expect(await messenger.send(message, AbortSignal.timeout(80))).toMatchObject({
    ok: false,
    reason: 'unreachable',
  })
  expect(await messenger.ready(AbortSignal.timeout(80))).toMatchObject({
    ok: silent.ok,
    reason: silent.reason,
  })
  const down = createSmtpMessenger({ url: 'smtp://127.0.0.1:1', from: FROM })
  expect(await down.send(message, soon())).toMatchObject({ ok: false, reason: 'unreachable' })
  expect(await down.ready(soon())).toMatchObject({ ok: false, reason: 'unreachable' })
})

test('whether it could be reached is found out without a message', async () => {
  const { url, heard } = await mailServer()
  expect(await createSmtpMessenger({ url, from: FROM }).ready(soon())).toEqual({ ok: true })
  expect(heard.filter((line) => /^(MAIL|RCPT|DATA)/.test(line))).toEqual([])
})
