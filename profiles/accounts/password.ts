import { hash, verify } from '@node-rs/argon2'
import type { Problem } from '../../lrs/index.ts'
import type { Person } from '../types.ts'
import { foldWord, isCommonPassword } from './common-passwords.ts'
import type { SignInIdentifier } from './identifier.ts'

/**
 * NIST SP 800-63B-4, 3.1.1.2 asks for 15 where nothing else is asked for, and for room for at least 64, counted in code
 * points. People who act for others need as many; citizens 8 (docs/adr/0022-passwords.md).
 */
const MIN_LENGTH = { citizen: 8, worker: 15 } as const
const MAX_LENGTH = 128

/** Argon2id as OWASP's password storage sheet asks for: 19 MiB, two passes, one lane. */
export const ARGON2 = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

/**
 * What NIST SP 800-63B refuses and nothing else: no rules of composition. Problem ids: `password-too-short`,
 * `password-too-short-for-role`, `password-too-long`, `password-not-text`, `password-common`, `password-like-account`.
 */
export function passwordProblems(
  password: string,
  account: { identifier: SignInIdentifier | null; name: string; forOthers?: boolean },
): Problem[] {
  const problem = (id: string, message: string): Problem[] => [{ id, status: 400, path: 'password', message }]
  if (!password.isWellFormed())
    return problem('password-not-text', 'The password holds a broken character. Type it again.')
  const normal = password.normalize('NFC')
  const length = [...normal].length
  const least = MIN_LENGTH[account.forOthers ? 'worker' : 'citizen']
  if (length < least)
    return problem(
      account.forOthers ? 'password-too-short-for-role' : 'password-too-short',
      `The password has ${length} characters. Use at least ${least}; a few words in a row are easy to keep in mind.`,
    )
  if (length > MAX_LENGTH)
    return problem('password-too-long', `The password has ${length} characters. Use at most ${MAX_LENGTH}.`)
  if (isCommonPassword(normal))
    return problem(
      'password-common',
      'This password is one of the first that others try. Choose another, for example a few words that only you would put together.',
    )
  if (isLikeAccount(normal, account))
    return problem(
      'password-like-account',
      'The password is the same as your name, e-mail or phone number. Choose one that nobody can read off your account.',
    )
  return []
}

/** Whether what this person may do is more than to keep a record of their own. */
export function actsForOthers({ roles, memberships = [] }: Pick<Person, 'roles' | 'memberships'>): boolean {
  return roles.some((role) => role !== 'citizen') || memberships.some((each) => each.roles.length > 0)
}

function isLikeAccount(
  password: string,
  { identifier, name }: { identifier: SignInIdentifier | null; name: string },
): boolean {
  const told = [name]
  if (identifier?.kind === 'email') told.push(identifier.value, identifier.value.split('@')[0]!)
  const words = told.map(foldWord).filter((word) => word !== '')
  if (words.includes(foldWord(password))) return true
  if (identifier?.kind !== 'phone') return false
  // The same number as dialled at home, from abroad, and with any grouping.
  const digits = password.replace(/[\s().+-]/g, '')
  return (
    /^\d+$/.test(digits) && digits.replace(/^(00)?84|^0/, '') === identifier.value.slice(1).replace(/^84/, '')
  )
}

/** PHC string of the password in NFC. */
export function hashPassword(password: string): Promise<string> {
  return hash(password.normalize('NFC'), ARGON2)
}

/** Compares in the time that the hash takes, whatever the password is. */
export function verifyPassword(phc: string, password: string): Promise<boolean> {
  // A longer one is never set; it must not cost more than any other either.
  return verify(phc, password.slice(0, 4 * MAX_LENGTH).normalize('NFC'))
}
