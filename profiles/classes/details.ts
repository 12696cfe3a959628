import type { Problem } from '../../lrs/index.ts'
import { isShowable } from '../accounts/name.ts'
import { hasCitizenNumber } from '../citizen-number.ts'
import { dayBegin, dayNumberOf, isDay } from '../self-told/day.ts'
import type { ClassDetails } from './documents.ts'

export const CLASS_LIMITS = { name: 200, place: 200, minutes: 960, people: 500, years: 2 } as const
const MINUTE = 60_000
const YEAR = 366 * 24 * 60 * MINUTE

/** When a class ends, ms. */
export function endOf({ day, begin, minutes }: Pick<ClassDetails, 'day' | 'begin' | 'minutes'>): number {
  const [hour = 0, minute = 0] = begin.split(':').map(Number)
  return dayBegin(dayNumberOf(day)) + (hour * 60 + minute + minutes) * MINUTE
}

/** The details as they are kept, or everything that is wrong with them. */
export function cleanClass(
  given: ClassDetails,
  topics: readonly { id: string }[],
  now: number,
): ClassDetails | Problem[] {
  const clean = (text: string) => text.trim().replace(/\s+/gu, ' ')
  const details = { ...given, name: clean(given.name), place: clean(given.place) }
  const { name, topic, day, begin, minutes, place } = details
  const isTime = isDay(day) && /^([01]\d|2[0-3]):[0-5]\d$/.test(begin)
  const hasMinutes = Number.isInteger(minutes) && minutes >= 1 && minutes <= CLASS_LIMITS.minutes
  const far = isTime && hasMinutes && Math.abs(endOf(details) - now) > CLASS_LIMITS.years * YEAR
  const problems = [
    ...(name === '' ? [NAME_MISSING] : [...name].length > CLASS_LIMITS.name ? [NAME_LONG] : []),
    ...(isShowable(name) ? (hasCitizenNumber(name) ? [NUMBER('name')] : []) : [BAD('name')]),
    ...(topic === '' || topics.some(({ id }) => id === topic) ? [] : [TOPIC_UNKNOWN]),
    ...(isDay(day) && !far ? [] : [DAY_WRONG]),
    ...(/^([01]\d|2[0-3]):[0-5]\d$/.test(begin) ? [] : [BEGIN_WRONG]),
    ...(hasMinutes ? [] : [MINUTES_WRONG]),
    ...([...place].length > CLASS_LIMITS.place ? [PLACE_LONG] : []),
    ...(isShowable(place) ? (hasCitizenNumber(place) ? [NUMBER('place')] : []) : [BAD('place')]),
  ]
  return problems.length > 0 ? problems : details
}

const problem = (id: string, path: string, message: string): Problem => ({ id, status: 400, path, message })
const BAD = (path: string) => problem('class-bad', path, 'There is a character in it that is no text.')
const NUMBER = (path: string) => problem('class-number', path, 'Do not write a citizen number here.')
const NAME_MISSING = problem('class-name-missing', 'name', 'Write what the class was about.')
const NAME_LONG = problem('class-name-long', 'name', `Use at most ${CLASS_LIMITS.name} characters.`)
const TOPIC_UNKNOWN = problem('class-topic-unknown', 'topic', 'Choose one of the topics.')
const DAY_WRONG = problem(
  'class-day-wrong',
  'day',
  'Write the day as a date, like 24/11/2026, of these two years.',
)
const BEGIN_WRONG = problem('class-begin-wrong', 'begin', 'Write when it began, like 19:30.')
const MINUTES_WRONG = problem(
  'class-minutes-wrong',
  'minutes',
  `Say how many minutes it took: from 1 to ${CLASS_LIMITS.minutes}.`,
)
const PLACE_LONG = problem('class-place-long', 'place', `Use at most ${CLASS_LIMITS.place} characters.`)
