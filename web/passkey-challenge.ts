import { isIP } from 'node:net'
import type { Request } from 'express'
import type { SiteOfPasskeys } from '../profiles/index.ts'
import type { WebServices } from './services.ts'
import { saved } from './session.ts'

/** What a passkey of this browser is to answer. */
export interface Challenge {
  text: string
  purpose: 'add' | 'sign-in'
  /** Ms. */
  until: number
}
const LASTS = 5 * 60_000

/** Keeps it for the next answer of this browser, in place of one before. */
export async function keepChallenge(
  req: Request,
  purpose: Challenge['purpose'],
  text: string,
): Promise<void> {
  req.session.challenge = { text, purpose, until: Date.now() + LASTS }
  await saved(req)
}

/** Takes it out, so that it is answered once, right or wrong; '' when there is none. */
export async function takeChallenge(req: Request, purpose: Challenge['purpose']): Promise<string> {
  const { challenge } = req.session
  delete req.session.challenge
  if (!challenge) return ''
  await saved(req)
  return challenge.purpose === purpose && challenge.until > Date.now() ? challenge.text : ''
}

export function siteOf({
  publicUrl,
  tenantName,
}: Pick<WebServices, 'publicUrl' | 'tenantName'>): SiteOfPasskeys {
  return { origin: new URL(publicUrl).origin, name: `Suốt Đời, ${tenantName}` }
}

/** A passkey is bound to a name; an address of numbers is none (WebAuthn 3, 5.1.3). */
export function passkeysPossible({ publicUrl }: Pick<WebServices, 'publicUrl'>): boolean {
  return isIP(new URL(publicUrl).hostname.replace(/^\[|\]$/g, '')) === 0
}
