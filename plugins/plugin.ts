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

/** `found`: what it is called; null: nothing was found. `code` as of a delivery. */
export type ScanResult =
  | { ok: true; found: string | null }
  | { ok: false; reason: 'unreachable' | 'refused'; code: string }

/** Looks for malware in what is uploaded. Throws only for bugs, and for what `content` throws. */
export interface MalwareScanner {
  /** `signal` ends the wait. */
  scan(content: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<ScanResult>
  ready(signal: AbortSignal): Promise<Delivery>
}

/** Who a provider says that somebody is. */
export interface ProvenIdentity {
  /** Together they name one person for ever; the subject may be a number that nobody else is to see. */
  issuer: string
  subject: string
  name: string | null
  /** Only what the provider itself has verified. */
  email: string | null
  phone: string | null
}

/** What the browser was sent away with; kept in its session and used once. */
export interface ProviderChecks {
  state: string
  nonce: string
  verifier: string
  /** When it was asked for that they sign in anew, ms; what they proved before that is not taken. */
  anew?: number
}

/**
 * `unreachable`: it does not answer, or not as its own documents say. `declined`: its page was left without signing in.
 * `refused`: the answer does not fit what was asked. `code` is the name of the failure, never its words.
 */
export interface ProviderFailure {
  ok: false
  reason: 'unreachable' | 'declined' | 'refused'
  code: string
}

/** A body that says who somebody is, such as one that speaks OpenID Connect. Throws only for bugs. */
export interface SignInProvider {
  id: string
  /** As its people call it; stands on the button. */
  name: string
  /** Where to send the browser, which comes back to `back`. */
  /** `anew`: who is signed in there already signs in once more. */
  begin(
    back: string,
    options?: { anew?: boolean },
  ): Promise<{ ok: true; url: string; checks: ProviderChecks } | ProviderFailure>
  /** `address` is the one the browser came back to, whole. */
  finish(
    address: string,
    checks: ProviderChecks,
  ): Promise<{ ok: true; identity: ProvenIdentity } | ProviderFailure>
}
