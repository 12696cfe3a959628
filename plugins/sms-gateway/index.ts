import { connect } from 'node:net'
import type { Delivery, Messenger } from '../plugin.ts'
import { readTemplate } from './template.ts'

/** How one HTTP gateway for text messages is spoken to. Most brand-name gateways of Vietnam are like this. */
export interface SmsGateway {
  /** For GET it ends in a form: `?to={digits}&text={text}`. */
  url: string
  method: 'POST' | 'PUT' | 'GET'
  /** The header with the secret: `Authorization: Bearer …`. */
  header?: string | undefined
  /** JSON or a form with {to} `+84912345678`, {digits} `84912345678` or {local} `0912345678`, and {text}. */
  body?: string | undefined
  /** What an answer holds when the message was taken: many gateways answer 200 and say in the body that they refused. */
  success?: string | undefined
  /** Diacritics make a text message hold 70 characters in place of 160, and many gateways refuse them. */
  diacritics: boolean
}

/** What is wrong with these settings, by the part that is; null when nothing is. */
export function smsGatewayProblem({
  url,
  method,
  header,
  body,
}: SmsGateway): { part: 'url' | 'header' | 'body'; problem: string } | null {
  if (header !== undefined && !/^[A-Za-z0-9-]+:\s*[!-~][ -~]*$/.test(header))
    return { part: 'header', problem: 'must be a name, a colon and a value of ASCII' }
  if (method === 'GET') {
    const read = readTemplate(new URL(url).search.slice(1))
    return 'problem' in read ? { part: 'url', problem: `${read.problem} behind its question mark` } : null
  }
  if (body === undefined) return { part: 'body', problem: 'is missing, and the gateway needs it' }
  const read = readTemplate(body)
  return 'problem' in read ? { part: 'body', problem: read.problem } : null
}

/** @throws when `smsGatewayProblem` finds one: the settings are checked before. */
export function createSmsMessenger(gateway: SmsGateway): Messenger {
  const problem = smsGatewayProblem(gateway)
  if (problem) throw new Error(`SMS gateway: ${problem.part} ${problem.problem}`)
  const address = new URL(gateway.url)
  const template = readTemplate(gateway.method === 'GET' ? address.search.slice(1) : (gateway.body ?? ''))
  if ('problem' in template) throw new Error(template.problem)
  const [name, ...value] = (gateway.header ?? '').split(':')

  return {
    channel: 'phone',
    async send({ to, text }, signal) {
      const values = {
        to,
        digits: to.slice(1),
        local: to.replace(/^\+84/, '0'),
        text: gateway.diacritics ? text : withoutDiacritics(text),
      }
      const url = new URL(address)
      const filled = template.fill(values)
      if (gateway.method === 'GET') url.search = filled
      return tell(async () => {
        const answer = await fetch(url, {
          method: gateway.method,
          // A redirect would hand the secret and the code to another address.
          redirect: 'error',
          headers: {
            ...(gateway.method !== 'GET' && { 'Content-Type': template.type }),
            ...(name && { [name]: value.join(':').trim() }),
          },
          ...(gateway.method !== 'GET' && { body: filled }),
          signal,
        })
        const said = await answer.text()
        if (answer.status >= 500 || answer.status === 429) return failed('unreachable', answer.status)
        if (!answer.ok) return failed('refused', answer.status)
        if (gateway.success && !said.includes(gateway.success)) return failed('refused', 'answer')
        return { ok: true }
      })
    },
    // No gateway can be asked in one common way: that something listens there is all that is known without a message.
    ready: (signal) => tell(() => reach(address, signal)),
  }
}

const failed = (reason: 'unreachable' | 'refused', code: string | number): Delivery => ({
  ok: false,
  reason,
  code: String(code),
})

async function tell(work: () => Promise<Delivery>): Promise<Delivery> {
  try {
    return await work()
  } catch (error) {
    const { cause, code, name } = error as { cause?: { code?: unknown }; code?: unknown; name?: unknown }
    // The number that a DOMException calls its code says nothing.
    const told = [cause?.code, code, name].find((each) => typeof each === 'string')
    return failed('unreachable', String(told ?? 'unknown'))
  }
}

function reach({ hostname, port, protocol }: URL, signal: AbortSignal): Promise<Delivery> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port || (protocol === 'https:' ? 443 : 80)),
      signal,
    })
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.destroy()
      resolve({ ok: true })
    })
  })
}

function withoutDiacritics(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').replaceAll('đ', 'd').replaceAll('Đ', 'D')
}
