import { localDay, localMinute } from '../projection/time.ts'
import { HOURS } from './rules.ts'
import { MINUTES_OF_DAY, type Runs } from './runs.ts'

/** What one statement tells of one local day. */
export interface Sitting {
  day: number
  /** Minutes that its duration covers. */
  told: Runs
  /** The minute in which it was told. */
  seen: Runs
}

/**
 * The time before `at` that a duration covers, in minutes, where a minute that was begun counts: on the day itself, and
 * on the one before where it began there.
 */
export function sittingsOf({ at, duration }: { at: number; duration: number | null }): Sitting[] {
  const day = localDay(at)
  const end = localMinute(at) + 1
  const minutes = Math.min(HOURS.longestSitting, Math.ceil((duration ?? 0) / 60_000))
  const from = end - minutes
  const own: Sitting = { day, told: minutes === 0 ? [] : [Math.max(0, from), end], seen: [end - 1, end] }
  return from >= 0 ? [own] : [own, { day: day - 1, told: [MINUTES_OF_DAY + from, MINUTES_OF_DAY], seen: [] }]
}
