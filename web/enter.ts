import type { Request } from 'express'
import type { Person } from '../profiles/index.ts'
import type { WebServices } from './services.ts'
import { beginSession, freshSession, saved } from './session.ts'
import { HALF_SIGNED_IN_MS } from './session-store.ts'

/** Between the password and the second step, in the session. */
export interface HalfSignedIn {
  person: string
  passwordChanges: number
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
  { secondFactors }: Pick<WebServices, 'secondFactors'>,
  req: Request,
  person: Person,
  { shared = false, next = '/' }: { shared?: boolean; next?: string } = {},
): Promise<string> {
  if (!(await secondFactors.of(person))) {
    await beginSession(req, person, { shared })
    return next
  }
  await freshSession(req)
  req.session.secondStep = {
    person: person.id,
    passwordChanges: person.passwordChanges ?? 0,
    shared,
    next,
    until: Date.now() + HALF_SIGNED_IN_MS,
  }
  await saved(req)
  return SECOND_STEP
}

/** Who is half-way in, as they are now; null when that is over, or the password was changed meanwhile. */
export async function halfSignedIn(
  { accounts }: Pick<WebServices, 'accounts'>,
  req: Request,
): Promise<{ person: Person; held: HalfSignedIn } | null> {
  const held = req.session.secondStep
  if (!held || held.until < Date.now()) return null
  const person = await accounts.get(held.person)
  return person && (person.passwordChanges ?? 0) === held.passwordChanges ? { person, held } : null
}
