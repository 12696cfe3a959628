import { DAY, OFFSET } from '../projection/time.ts'

const MINUTE = 60_000
/** Where a past day's entries end, when nobody said at what hour it was: eight in the evening. */
const EVENING = 20 * 3_600_000

/** Number of the local day since 1970 of `2026-11-24`. */
export const dayNumberOf = (day: string): number => Math.floor(Date.parse(`${day}T00:00:00Z`) / DAY)

/** When a local day begins, ms. */
export const dayBegin = (dayNumber: number): number => dayNumber * DAY - OFFSET

/** The local date of a time, `2026-11-24`. */
export const dayOf = (at: number): string => new Date(at + OFFSET).toISOString().slice(0, 10)

/** Whether it is a date that the calendar has. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const at = Date.parse(`${text}T00:00:00Z`)
  return Number.isFinite(at) && new Date(at).toISOString().startsWith(text)
}

/**
 * When something of a day is said to have ended: now, or in the evening of a past day; before what else was written of
 * that day, so that two things never took place at once, as far as the day has room.
 */
export function placeInDay(
  dayNumber: number,
  minutes: number,
  beside: readonly { at: number; minutes: number }[],
  now: number,
): number {
  const begin = dayBegin(dayNumber)
  const isToday = now >= begin && now < begin + DAY
  const length = minutes * MINUTE
  let at = isToday ? now : begin + EVENING
  // From the latest to the earliest: whatever overlaps pushes the new one before itself.
  for (const other of [...beside].sort((a, b) => b.at - a.at)) {
    const otherBegin = other.at - other.minutes * MINUTE
    if (otherBegin < at && other.at > at - length) at = otherBegin
  }
  return Math.max(at, begin + MINUTE)
}
