import { createOutbox, type Outbox } from '../plugins/outbox/index.ts'
import type { Channel, Delivery, Messenger } from '../plugins/plugin.ts'
import { createSmsMessenger } from '../plugins/sms-gateway/index.ts'
import { createSmtpMessenger } from '../plugins/smtp/index.ts'
import type { Messages } from '../web/index.ts'
import { type Config, smsGatewayOf } from './config.ts'
import type { Log } from './observability/log.ts'

interface Endable {
  /** Resolves when nothing is under way. */
  ended(): Promise<void>
}

/** Longest that one try may take, and how long what was found out about a messenger is believed, ms. */
const TRY_MS = 10_000
const READY_MS = 30_000
/** One or two may be addresses that do not exist. */
const FAILING = 3

/** Messages to people by what the configuration names; where nothing is sent, development keeps them to be looked at. */
export function createMessages(
  config: Config,
  log: Pick<Log, 'warn'>,
): { messages: Messages & Endable; outbox: Outbox | null } {
  const { smtpUrl: url, mailFrom: from } = config
  const gateway = smsGatewayOf(config)
  const messengers = [
    ...(url && from ? [createSmtpMessenger({ url, from })] : []),
    ...(gateway ? [createSmsMessenger(gateway)] : []),
  ]
  const { outbox, messenger } = createOutbox()
  if (config.development)
    for (const channel of ['email', 'phone'] as const)
      if (!messengers.some((each) => each.channel === channel)) messengers.push(messenger(channel))
  return { messages: messagesBy(messengers, log), outbox: config.development ? outbox : null }
}

/**
 * Each message is tried for at most ten seconds, and once more when nobody answered. What fails is told by channel,
 * reason and code: never to whom or what.
 */
export function messagesBy(
  messengers: readonly Messenger[],
  log: Pick<Log, 'warn'>,
  tryMs = TRY_MS,
): Messages & Endable {
  const found = new Map<Channel, { at: number; ready: Promise<boolean> }>()
  /** How many in a row failed. */
  const inRow = new Map<Channel, number>()
  const underWay = new Set<Promise<unknown>>()
  const of = (channel: Channel) => messengers.find((each) => each.channel === channel)

  async function deliver(
    channel: Channel,
    what: string,
    work: (messenger: Messenger, signal: AbortSignal) => Promise<Delivery>,
  ): Promise<boolean> {
    const messenger = of(channel)
    if (!messenger) return false
    let outcome = await work(messenger, AbortSignal.timeout(tryMs))
    if (!outcome.ok && outcome.reason === 'unreachable')
      outcome = await work(messenger, AbortSignal.timeout(tryMs))
    inRow.set(channel, outcome.ok ? 0 : (inRow.get(channel) ?? 0) + 1)
    if (!outcome.ok) log.warn({ channel, reason: outcome.reason, code: outcome.code }, what)
    return outcome.ok
  }

  return {
    carries: (channel) => of(channel) !== undefined,
    failing: (channel) => (inRow.get(channel) ?? 0) >= FAILING,
    send(channel, message) {
      const sent = deliver(channel, 'message not sent', (messenger, signal) =>
        messenger.send(message, signal),
      )
      const done = sent.finally(() => underWay.delete(done))
      underWay.add(done)
      return done
    },
    ready(channel) {
      const known = found.get(channel)
      if (known && Date.now() - known.at < READY_MS) return known.ready
      const ready = deliver(channel, 'messenger not ready', (messenger, signal) => messenger.ready(signal))
      found.set(channel, { at: Date.now(), ready })
      return ready
    },
    async ended() {
      await Promise.allSettled(underWay)
    },
  }
}
