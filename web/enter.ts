import type { Request } from 'express'
import type { Person } from '../profiles/index.ts'
import type { WebServices } from './services.ts'
import { beginSession, freshSession, saved } from './session.ts'
import { HALF_SIGNED_IN_MS } from './session-store.ts'
import { keptOf } from './sign-in.ts'

/** Between the password and the second step, in the session. */
export interface HalfSignedIn {
  person: string
  passwordChanges: number
  /** Whose codes are asked for: their own, or of the person they were merged into, whose record they see. */
  codesOf: string
  shared: boolean
  /** Where to go in the end; a path of ours. */
  next: string
  /** Until when, ms. */
  until: number
}

export const SECOND_STEP = '/sign-in/code'

/**
 * For who proved one thing, such as the password: signs them in, or leads to the second step where the account has one.
 * Each step has a session id of its own. Returns where to go.
 */
export async function enter(
  services: Pick<WebServices, 'secondFactors' | 'accounts'>,
  req: Request,
  person: Person,
  { shared = false, next = '/' }: { shared?: boolean; next?: string } = {},
): Promise<string> {
  const codesOf = await holderOfCodes(services, person)
  if (codesOf === null) {
    await beginSession(req, person, { shared })
    return next
  }
  await freshSession(req)
  req.session.secondStep = {
    person: person.id,
    passwordChanges: person.passwordChanges ?? 0,
    codesOf,
    shared,
    next,
    until: Date.now() + HALF_SIGNED_IN_MS,
  }
  await saved(req)
  return SECOND_STEP
}

async function holderOfCodes(
  { secondFactors, accounts }: Pick<WebServices, 'secondFactors' | 'accounts'>,
  person: Person,
): Promise<string | null> {
  if (await secondFactors.of(person)) return person.id
  const kept = await keptOf(accounts, person)
  return kept && kept.id !== person.id && (await secondFactors.of(kept)) ? kept.id : null
}

/** Who is half-way in, as they are now; null when that is over, or the password was changed meanwhile. */
export async function halfSignedIn(
  { accounts }: Pick<WebServices, 'accounts'>,
  req: Request,
): Promise<{ person: Person; holder: Person; held: HalfSignedIn } | null> {
  const held = req.session.secondStep
  if (!held || held.until < Date.now()) return null
  const person = await accounts.get(held.person)
  if (!person || (person.passwordChanges ?? 0) !== held.passwordChanges) return null
  const holder = held.codesOf === person.id ? person : await accounts.get(held.codesOf)
  return holder && { person, holder, held }
}
