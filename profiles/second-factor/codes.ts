import { Secret, TOTP } from 'otpauth'

/** RFC 6238 with what every app takes: SHA-1, six digits, thirty seconds. */
const PERIOD_S = 30
/** A clock may be off by one step either way (RFC 6238, 5.2). */
const WINDOW = 1

/** 160 random bits, as base32. */
export const newSecret = (): string => new Secret({ size: 20 }).base32

/** What an app reads from the QR code. */
export function addressOf(secret: string, { issuer, label }: { issuer: string; label: string }): string {
  // A colon would divide the label.
  const plain = (text: string) => text.replaceAll(':', ' ')
  return new TOTP({ secret, issuer: plain(issuer), label: plain(label) }).toString()
}

/** The time step whose code this is; null when it is none of now. */
export function stepOf(secret: string, code: string, now: number): number | null {
  const delta = new TOTP({ secret }).validate({ token: code, timestamp: now, window: WINDOW })
  return delta === null ? null : Math.floor(now / 1000 / PERIOD_S) + delta
}
