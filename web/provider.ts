/** A body that says who somebody is; its texts are for the page, its failures for the log. */
export interface Provider {
  id: string
  /** As its people call it. */
  name: string
  /** `anew`: who is signed in there already signs in once more. */
  begin(
    back: string,
    options?: { anew?: boolean },
  ): Promise<{ ok: true; url: string; checks: Checks } | Failure>
  finish(address: string, checks: Checks): Promise<{ ok: true; identity: Identity } | Failure>
}
export interface Checks {
  state: string
  nonce: string
  verifier: string
  anew?: number
}
interface Failure {
  ok: false
  reason: 'unreachable' | 'declined' | 'refused'
  code: string
}
export interface Identity {
  issuer: string
  subject: string
  name: string | null
  email: string | null
  phone: string | null
}

/** Sent to a provider, in the session of who was. */
export interface SentAway {
  provider: string
  checks: Checks
  shared: boolean
  /** Where to go in the end; a path of ours. */
  next: string
  /** Ms. */
  until: number
}

/** Back from a provider that nobody here was tied to, waiting for what its person decides. */
export interface Newcomer {
  provider: string
  tie: string
  name: string | null
  /** Verified by the provider. */
  identifier: string | null
  shared: boolean
  next: string
  /** Ms. */
  until: number
}

export const PROVIDER_LASTS = 10 * 60_000
