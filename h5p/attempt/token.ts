import { createHmac, timingSafeEqual } from 'node:crypto'

/**
 * What a token opens: the page of the frame, the files of a lesson that is not published, or the door for events and
 * state. One never opens the other.
 */
export type Purpose = 'frame' | 'files' | 'events'

/** `<expiry in base 36>.<HMAC-SHA-256>` over purpose, attempt and expiry. */
export function signToken(secret: Buffer, purpose: Purpose, attempt: string, expires: number): string {
  return `${expires.toString(36)}.${mac(secret, purpose, attempt, expires)}`
}

export function checkToken(
  secret: Buffer,
  purpose: Purpose,
  attempt: string,
  token: string,
  now: number,
): 'valid' | 'expired' | 'invalid' {
  const [stamp = '', given = ''] = token.split('.', 2)
  if (!/^[0-9a-z]{1,11}$/.test(stamp)) return 'invalid'
  const expires = Number.parseInt(stamp, 36)
  const expected = Buffer.from(mac(secret, purpose, attempt, expires))
  const actual = Buffer.from(given)
  if (actual.length !== expected.length || !timingSafeEqual(actual, expected)) return 'invalid'
  return now < expires ? 'valid' : 'expired'
}

function mac(secret: Buffer, purpose: Purpose, attempt: string, expires: number): string {
  return createHmac('sha256', secret).update(`${purpose}\n${attempt}\n${expires}`).digest('base64url')
}
