/** The string formats of the specification. Each check is linear in the length of its input, and never throws. */
import { isIri as hasIriSyntax, isUri as hasUriSyntax } from '@hyperjump/uri'

/**
 * The longest text that is matched with a format; a longer one is refused. Identifiers are index keys, and a regular
 * expression over megabytes ends in an exhausted stack.
 */
export const MAX_FORMATTED = 16_384

/** An absolute IRI (RFC 3987), with its scheme; xAPI 1.0.3 Data 4.3. IRLs are held to the same syntax. */
export function isIri(value: string): boolean {
  return value.length <= MAX_FORMATTED && (knownIris.has(value) || learnIri(value))
}

/** The same verbs, types and activities come with nearly every statement, and the syntax takes microseconds to match. */
const knownIris = new Set<string>()
const REMEMBERED = { iris: 10_000, length: 256 }

function learnIri(value: string): boolean {
  if (!hasIriSyntax(value)) return false
  if (value.length <= REMEMBERED.length) {
    if (knownIris.size >= REMEMBERED.iris) knownIris.clear()
    knownIris.add(value)
  }
  return true
}

/** A URI (RFC 3986), for `openid`. */
export function isUri(value: string): boolean {
  return value.length <= MAX_FORMATTED && hasUriSyntax(value)
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** A UUID in standard string form, in any case; variant 2 is recommended, not demanded (1.0.3 Data 4.4). */
export function isUuid(value: string): boolean {
  return UUID.test(value)
}

const DURATION = /^P(?:\d+W|(?=[\dT])(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+S)?)?)$/
/** The fraction of the last component, the only place where ISO 8601 lets one stand. */
const FRACTION = /[.,]\d+(?=[YMWDHS]$)/

/**
 * An ISO 8601 duration with designators (4.4.3.2): `PnYnMnDTnHnMnS` or `PnW`, a fraction only in the last component.
 * 1.0.3 Data 4.6.
 */
export function isDuration(value: string): boolean {
  return value.length <= MAX_FORMATTED && DURATION.test(value.replace(FRACTION, ''))
}

const TIMESTAMP =
  /^(\d{4})-?(\d\d)-?(\d\d)[Tt ](\d\d)(?::?(\d\d)(?::?(\d\d)(?:[.,](\d+))?)?)?([Zz]|[+-]\d\d(?::?\d\d)?)?$/
const INSTANT = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d(?::?\d\d)?)$/

export interface Timestamp {
  /** Whole seconds since 1970 UTC (without a zone, the time is taken as UTC). */
  seconds: number
  /** Digits behind the decimal point, as sent. */
  fraction: string
  /** Minutes east of UTC; null when no zone was given. */
  offset: number | null
}

/**
 * Reads an ISO 8601 date and time, complete or to the minute or hour, extended or basic (1.0.3 Data 4.5). Null when it is
 * none, or when its offset is `-00`, `-0000` or `-00:00`.
 */
export function parseTimestamp(value: string): Timestamp | null {
  const match = value.length <= MAX_FORMATTED && TIMESTAMP.exec(value)
  if (!match) return null
  const [, year, month, day, hour, minute = '0', second = '0', fraction = '', zone] = match
  if (zone && /^-0[0:]*$/.test(zone)) return null
  // A leap second is read as the second after it.
  if (Number(hour) > 24 || Number(minute) > 59 || Number(second) > 60) return null
  if (Number(hour) === 24 && (Number(minute) > 0 || Number(second) > 0 || /[1-9]/.test(fraction))) return null
  const midnight = new Date(0)
  midnight.setUTCFullYear(Number(year), Number(month) - 1, Number(day))
  if (midnight.getUTCMonth() !== Number(month) - 1 || midnight.getUTCDate() !== Number(day)) return null
  const offset = zone === undefined ? null : zoneMinutes(zone)
  if (offset !== null && Number.isNaN(offset)) return null
  const local = midnight.getTime() / 1000 + Number(hour) * 3600 + Number(minute) * 60 + Number(second)
  return { seconds: local - (offset ?? 0) * 60, fraction, offset }
}

/**
 * RFC 3339: complete, extended, with its zone. The offset may also be written `+07` or `+0700`, as many libraries do: it
 * tells the instant, which is kept in UTC anyway (2.0 4.2.7).
 */
export function isInstant(value: string): boolean {
  return value.length <= MAX_FORMATTED && INSTANT.test(value) && parseTimestamp(value) !== null
}

/** The same instant in UTC, to the last digit of its fraction: `2023-05-04T17:00:00.250Z`. */
export function inUtc(timestamp: Timestamp): string {
  const whole = new Date(timestamp.seconds * 1000).toISOString().slice(0, -5)
  return `${whole}${timestamp.fraction ? `.${timestamp.fraction}` : ''}Z`
}

/** Digits of a fraction without the zeros at their end, which say nothing. Linear, unlike `/0+$/`. */
export function withoutTrailingZeros(digits: string): string {
  let end = digits.length
  while (end > 0 && digits[end - 1] === '0') end--
  return digits.slice(0, end)
}

function zoneMinutes(zone: string): number {
  if (zone === 'Z' || zone === 'z') return 0
  const hours = Number(zone.slice(1, 3))
  const minutes = Number(zone.slice(3).replace(':', '') || '0')
  if (hours > 23 || minutes > 59) return Number.NaN
  return (zone[0] === '-' ? -1 : 1) * (hours * 60 + minutes)
}
