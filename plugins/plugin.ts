/** What the product gives to, and asks of, each way in or out of it. Plugins know this file and nothing else of it. */

/** What a messenger reaches people by: an e-mail address, or a phone number in E.164 (`+84912345678`). */
export type Channel = 'email' | 'phone'

export interface Message {
  to: string
  /** E-mail alone has one. */
  subject?: string
  /** Plain text. */
  text: string
  language: 'vi' | 'en'
}

/**
 * `unreachable`: nobody answered, or not in time; a second try may help. `refused`: the other side said no. `code` is its
 * number or the name of the failure, never its words: those may quote the address or the text.
 */
export type Delivery = { ok: true } | { ok: false; reason: 'unreachable' | 'refused'; code: string }

/** Carries messages by one channel. Throws only for bugs. */
export interface Messenger {
  channel: Channel
  /** Hands one message over to whoever carries it on; `signal` ends the wait. */
  send(message: Message, signal: AbortSignal): Promise<Delivery>
  /** Whether messages could be handed over now; sends none. */
  ready(signal: AbortSignal): Promise<Delivery>
}
