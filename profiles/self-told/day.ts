import { DAY, OFFSET } from '../projection/time.ts'

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
