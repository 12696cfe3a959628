import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Request, Response } from 'express'
import { normaliseIdentifier } from '../profiles/index.ts'
import type { WebServices } from './services.ts'

const COOKIE = 'known'
const YEAR_MS = 365 * 86_400_000
/** A family shares a device; more are forgotten, the oldest first. */
const MOST = 5

/**
 * Browsers on which an account was signed in to before. Whoever tries passwords makes an account wait, and an address
 * too; its owner, on a device that is known, does not wait with them: tries there are counted by themselves. So guessing
 * is held up, and nobody can hold up anybody else.
 *
 * The cookie says nothing of whose device it is: for each account a random number, and a keyed hash of it with the
 * identifier. It opens nothing without the password. A shared device gets none.
 */
export function knownDevices({ sessionSecret, publicUrl }: Pick<WebServices, 'sessionSecret' | 'publicUrl'>) {
  const hashOf = (identifier: string, number: string) =>
    createHmac('sha256', sessionSecret)
      .update(JSON.stringify(['known device', normaliseIdentifier(identifier)?.value ?? '', number]))
      .digest('base64url')

  /** The random number under which this browser is known for the account; null when it is not. */
  function of(req: Request, identifier: string): string | null {
    const known = entriesOf(req).find(([number, hash]) => isSame(hash, hashOf(identifier, number)))
    return known?.[0] ?? null
  }

  function remember(req: Request, res: Response, identifier: string): void {
    const known = of(req, identifier)
    const number = known ?? randomBytes(16).toString('base64url')
    const others = entriesOf(req).filter(([each]) => each !== known)
    const entries = [[number, hashOf(identifier, number)] as const, ...others].slice(0, MOST)
    res.cookie(COOKIE, entries.map((entry) => entry.join('.')).join('~'), {
      maxAge: YEAR_MS,
      httpOnly: true,
      sameSite: 'lax',
      secure: publicUrl.startsWith('https:'),
      path: '/sign-in',
    })
  }

  return { of, remember }
}

function entriesOf(req: Request): (readonly [number: string, hash: string])[] {
  const value: unknown = req.cookies?.[COOKIE]
  if (typeof value !== 'string') return []
  return value
    .split('~')
    .slice(0, MOST)
    .map((entry) => entry.split('.'))
    .map(([number = '', hash = '']) => [number, hash] as const)
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
