import { expect, test, vi } from 'vitest'
import type { Delivery, Messenger } from '../plugins/plugin.ts'
import { readConfig } from './config.ts'
import { createMessages, messagesBy } from './messages.ts'

const MESSAGE = { to: 'nguoi.hoc@example.org', subject: 'Mã', text: 'Mã 123456', language: 'vi' } as const
const AWAY: Delivery = { ok: false, reason: 'unreachable', code: 'ECONNREFUSED' }
const NO: Delivery = { ok: false, reason: 'refused', code: '550' }
const YES: Delivery = { ok: true }

/** A messenger that answers so, one answer a call, and what the log was told. */
function carried(...answers: (Delivery | 'silent')[]) {
  const log = { warn: vi.fn() }
  const ask = vi.fn((_message: unknown, signal: AbortSignal): Promise<Delivery> => {
    const answer = answers.shift() ?? YES
    if (answer !== 'silent') return Promise.resolve(answer)
    return new Promise((done) => signal.addEventListener('abort', () => done(AWAY)))
  })
  const messenger: Messenger = { channel: 'email', send: ask, ready: (signal) => ask(null, signal) }
  return { messages: messagesBy([messenger], log, 20), ask, log }
}

test('what nobody answered to is tried once more, and no more', async () => {
  const once = carried(AWAY, YES)
  expect(await once.messages.send('email', MESSAGE)).toBe(true)
  expect(once.log.warn).not.toHaveBeenCalled()
  const never = carried(AWAY, AWAY, YES)
  expect(await never.messages.send('email', MESSAGE)).toBe(false)
  expect(never.ask).toHaveBeenCalledTimes(2)
})

test('a refusal is not tried again', async () => {
  const { messages, ask } = carried(NO)
  expect(await messages.send('email', MESSAGE)).toBe(false)
  expect(ask).toHaveBeenCalledTimes(1)
})

test('each try ends when its time is over', async () => {
  const { messages, ask } = carried('silent', 'silent')
  expect(await messages.send('email', MESSAGE)).toBe(false)
  expect(ask).toHaveBeenCalledTimes(2)
})

test('the log learns how it failed: not to whom, nor what', async () => {
  const { messages, log } = carried(NO)
  await messages.send('email', MESSAGE)
  expect(log.warn).toHaveBeenCalledWith(
    { channel: 'email', reason: 'refused', code: '550' },
    'message not sent',
  )
})

test('whether it is ready is asked now and again, not for every visitor', async () => {
  const { messages, ask } = carried(AWAY, AWAY)
  const answers = await Promise.all([messages.ready('email'), messages.ready('email')])
  expect([...answers, await messages.ready('email')]).toEqual([false, false, false])
  expect(ask).toHaveBeenCalledTimes(2)
  expect(await messages.ready('phone')).toBe(false)
})

test('several that fail in a row are told of, until one is taken', async () => {
  const { messages } = carried(NO, NO, NO, YES)
  const failing = []
  for (let at = 0; at < 4; at++) {
    await messages.send('email', MESSAGE)
    failing.push(messages.failing('email'))
  }
  expect(failing).toEqual([false, false, true, false])
  expect(messages.failing('phone')).toBe(false)
})

test('a stop can wait for what is under way', async () => {
  const { messages, ask } = carried('silent')
  const sent = messages.send('email', MESSAGE)
  await messages.ended()
  expect(ask).toHaveBeenCalledTimes(2)
  expect(await sent).toBe(true)
})

test('what is configured is carried; development keeps the rest, anything else has none', async () => {
  const of = (environment: Record<string, string>) => {
    const read = readConfig(environment)
    if (!read.ok) throw new Error(read.messages.join())
    const { messages, outbox } = createMessages(read.config, { warn: vi.fn() })
    return { email: messages.carries('email'), phone: messages.carries('phone'), messages, outbox }
  }
  expect(of({})).toMatchObject({ email: false, phone: false, outbox: null })
  expect(await of({}).messages.send('email', MESSAGE)).toBe(false)
  const mail = { SMTP_URL: 'smtp://mail.example', MAIL_FROM: 'hoctap@tinh.example' }
  expect(of(mail)).toMatchObject({ email: true, phone: false, outbox: null })
  const development = of({ NODE_ENV: 'development' })
  expect(await development.messages.send('phone', { ...MESSAGE, to: '+84912345678' })).toBe(true)
  expect(development.outbox).toMatchObject([{ channel: 'phone', to: '+84912345678' }])
})
