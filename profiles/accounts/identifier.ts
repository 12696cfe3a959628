import { parsePhoneNumberFromString } from 'libphonenumber-js/min'

/** What a person signs in with, in the one spelling under which it is kept. */
export interface SignInIdentifier {
  kind: 'email' | 'phone'
  /** `nguoi.hoc@example.org` (NFC, lower case) or `+84912345678` (E.164). */
  value: string
}

/** Longest e-mail address that SMTP can carry (RFC 5321, 4.5.3.1.3). */
const MAX_EMAIL = 254
const EMAIL = /^[^\s@"<>()[\]\\,;:\p{Cc}]+@[^\s@"<>()[\]\\,;:\p{Cc}.]+(\.[^\s@"<>()[\]\\,;:\p{Cc}.]+)+$/u

/**
 * Reads an e-mail address or a phone number as people write it; a number without country code is Vietnamese
 * (`0912 345 678` is `+84912345678`). Null when it is neither.
 */
export function normaliseIdentifier(text: string): SignInIdentifier | null {
  const trimmed = text.normalize('NFC').trim()
  if (trimmed.length > MAX_EMAIL || !trimmed.isWellFormed()) return null
  if (trimmed.includes('@')) {
    const value = trimmed.toLowerCase()
    return EMAIL.test(value) ? { kind: 'email', value } : null
  }
  const number = parsePhoneNumberFromString(trimmed, { defaultCountry: 'VN', extract: false })
  // An extension is reached by no text message, and two people behind one switchboard are not one account.
  if (!number?.isValid() || number.ext) return null
  return { kind: 'phone', value: number.number }
}
