import { DAY } from '../projection/time.ts'
import { dayBegin } from '../self-told/day.ts'

const MINUTE = 60_000
/** Where a past day's entries end, when nobody said at what hour it was: eight in the evening. */
const EVENING = 20 * 3_600_000

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
