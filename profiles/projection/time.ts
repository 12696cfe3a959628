import { parse } from 'tinyduration'

export const DAY = 86_400_000
/** Asia/Ho_Chi_Minh has been UTC+7 without summer time since 1975. */
export const OFFSET = 7 * 3_600_000
/** Nobody who learns today learned before. */
const EARLIEST = Date.UTC(1900, 0, 1)
/** A longer duration is a slip of its sender, and would drown all others. */
const LONGEST = 365 * DAY

/** Why a timestamp is not believed. */
export type Misdated = 'after-stored' | 'too-early' | 'no-zone'

/**
 * When something happened, ms: the statement's timestamp, or `stored` where the timestamp lies after it, long before
 * anybody's birth, or says no time zone; and then why.
 */
export function eventTime(timestamp: unknown, stored: number): { at: number; misdated: Misdated | null } {
  if (typeof timestamp !== 'string') return { at: stored, misdated: null }
  const at = Date.parse(timestamp)
  const misdated =
    !/(Z|[+-]\d\d(:?\d\d)?)$/i.test(timestamp) || Number.isNaN(at)
      ? 'no-zone'
      : at > stored
        ? 'after-stored'
        : at < EARLIEST
          ? 'too-early'
          : null
  return { at: misdated === null ? at : stored, misdated }
}

/** Number of the local day (Asia/Ho_Chi_Minh) since 1970. */
export function localDay(at: number): number {
  return Math.floor((at + OFFSET) / DAY)
}

/** The local year. */
export function yearOf(at: number): number {
  return new Date(at + OFFSET).getUTCFullYear()
}

/** Minute of the local day, from 0. */
export function localMinute(at: number): number {
  return Math.floor(((((at + OFFSET) % DAY) + DAY) % DAY) / 60_000)
}

/** The first local day of a month (1 to 12; 13 is the next year's first). */
export function firstDayOf(year: number, month: number): number {
  return Date.UTC(year, month - 1) / DAY
}

/** When a local day begins, ms. */
export function startOfDay(day: number): number {
  return day * DAY - OFFSET
}

/** Year and month (1 to 12) of a local day. */
export function monthOf(day: number): { year: number; month: number } {
  const date = new Date(day * DAY)
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1 }
}

/** An ISO 8601 duration in whole ms (a year as 365 days, a month as 30); null for none, zero, a negative or a senseless one. */
export function durationMs(text: unknown): number | null {
  if (typeof text !== 'string') return null
  try {
    const { negative, years = 0, months = 0, weeks = 0, days = 0, ...time } = parse(text)
    const whole =
      (((years * 365 + months * 30 + weeks * 7 + days) * 24 + (time.hours ?? 0)) * 60 + (time.minutes ?? 0)) *
      60
    const ms = Math.round((whole + (time.seconds ?? 0)) * 1000)
    return negative || !(ms > 0 && ms <= LONGEST) ? null : ms
  } catch {
    return null
  }
}
