import { randomUUID } from 'node:crypto'
import { type Problem, type Refusal, refuse } from '../../lrs/index.ts'
import { hasCitizenNumber } from '../citizen-number.ts'
import { findOfFamily } from '../merges/family-of.ts'
import { dayBegin, dayNumberOf, dayOf, isDay } from '../self-told/day.ts'
import {
  activityOf,
  createTeller,
  idFrom,
  type Prepared,
  type SelfToldDeps,
  toldIn,
} from '../self-told/self-told.ts'
import type { PersonId } from '../types.ts'
import { DIARY, type DiaryDocument } from './documents.ts'
import { type Did, statementOf } from './statements.ts'
import { placeInDay } from './when.ts'

/** What somebody says of their own learning. */
export interface DiaryInput {
  what: string
  /** Whole minutes. */
  minutes: number
  did: Did
  /** Local date, `2026-11-24`. */
  day: string
}

export interface DiaryEntry extends DiaryInput {
  id: string
  person: PersonId
  /** When it is said to have ended, ms. */
  at: number
  created: number
}

export interface Diary {
  /** What is wrong with the words alone, before anything is stored. */
  check(input: DiaryInput): Problem[]
  /**
   * `given` is what the person's device calls the entry: sent again it is there once. Problem ids: `diary-…`;
   * `diary-removed` for one that came before and was taken back since.
   */
  add(person: PersonId, input: DiaryInput, given?: string): Promise<DiaryEntry | Refusal>
  /** What was told before is voided; null for an entry of somebody else, or one that was taken back. */
  change(person: PersonId, id: string, input: DiaryInput): Promise<DiaryEntry | Refusal | null>
  /** Null as above. */
  remove(person: PersonId, id: string): Promise<DiaryEntry | null>
  get(person: PersonId, id: string): Promise<DiaryEntry | null>
  /** By day, newest first. */
  of(
    person: PersonId,
    options: { after?: string; limit: number },
  ): Promise<{ entries: DiaryEntry[]; next: string | null }>
  /** Which entry an activity is, if it is one; null when it is none. */
  entryOf(activity: string): string | null
  /** Tells the record store what a kill or an outage kept from it; returns how many entries. */
  resume(): Promise<number>
}

export const DIARY_LIMITS = { what: 200, minutes: 960, perDay: 20 } as const

/** The learning diary: statements like any others, changed and taken back by voiding (self-told/self-told.ts). */
export function createDiary(deps: SelfToldDeps): Diary {
  const { collections, now } = deps
  const teller = createTeller(deps, DIARY)

  /** Entries of the day, without this one. */
  async function others(person: PersonId, dayNumber: number, id: string | null): Promise<DiaryDocument[]> {
    const { docs } = await collections.find(DIARY, {
      index: 'person',
      equals: { person, dayNumber },
      limit: 2 * DIARY_LIMITS.perDay,
    })
    return docs.filter(({ key, value }) => key !== id && value.statement !== null).map(({ value }) => value)
  }

  /** The entry as it is to stand, with its statement; or what is wrong with it. */
  async function prepare(
    person: PersonId,
    id: string,
    input: DiaryInput,
    created: number,
  ): Promise<Prepared<DiaryDocument> | Refusal> {
    const [first, ...rest] = problemsOf(input, now())
    if (first) return refuse(first, ...rest)
    const dayNumber = dayNumberOf(input.day)
    const beside = await others(person, dayNumber, id)
    if (beside.length >= DIARY_LIMITS.perDay) return refuse(MANY)
    const what = input.what.trim().replace(/\s+/gu, ' ')
    const { minutes, did, day } = input
    const at = placeInDay(dayNumber, minutes, beside, now())
    const statement = randomUUID()
    const told = statementOf({
      id: statement,
      actor: teller.actorOf(person),
      activity: activityOf(id),
      at,
      ...{ what, minutes, did },
    })
    return { ok: true, value: { person, what, minutes, did, day, at, created, dayNumber, statement }, told }
  }

  async function get(person: PersonId, id: string): Promise<DiaryEntry | null> {
    const doc = await teller.own(person, id)
    return doc && entryOf(id, doc.value)
  }

  return {
    check: (input) => problemsOf(input, now()),

    async add(person, input, given) {
      const id = given === undefined ? randomUUID() : idFrom(person, given)
      const again = given !== undefined
      if (again && (await teller.cameBefore(id))) return (await get(person, id)) ?? refuse(REMOVED)
      const prepared = await prepare(person, id, input, now())
      if (!prepared.ok) return prepared
      if (await teller.add(id, prepared, again)) return entryOf(id, prepared.value)
      // Two at once sent the same.
      return (await get(person, id)) ?? refuse(REMOVED)
    },

    async change(person, id, input) {
      const changed = await teller.change(person, id, ({ created }) => prepare(person, id, input, created))
      return changed && !('problems' in changed) ? entryOf(id, changed) : changed
    },

    async remove(person, id) {
      const removed = await teller.remove(person, id)
      return removed && entryOf(id, removed)
    },

    get,

    async of(person, { after, limit }) {
      const page = await findOfFamily(collections, DIARY, person, { after, limit })
      const standing = page.docs.filter(({ value }) => value.statement !== null)
      return { entries: standing.map(({ key, value }) => entryOf(key, value)), next: page.next }
    },

    entryOf: toldIn,
    resume: teller.resume,
  }
}

type Standing = Omit<DiaryDocument, 'pending' | 'waiting'>

function entryOf(id: string, { person, what, minutes, did, day, at, created }: Standing): DiaryEntry {
  return { id, person, what, minutes, did, day, at, created }
}

function problemsOf({ what, minutes, did, day }: DiaryInput, now: number): Problem[] {
  const words = what.trim()
  return [
    ...(words === '' ? [WHAT_MISSING] : [...words].length > DIARY_LIMITS.what ? [WHAT_LONG] : []),
    ...(words.isWellFormed() && !/\p{Cc}/u.test(words) ? [] : [WHAT_BAD]),
    ...(hasCitizenNumber(words) ? [WHAT_NUMBER] : []),
    ...(Number.isInteger(minutes) && minutes >= 1 && minutes <= DIARY_LIMITS.minutes ? [] : [MINUTES_WRONG]),
    ...(['hoc', 'hoi', 'hieu', 'hanh'].includes(did) ? [] : [DID_MISSING]),
    ...(isDay(day) && dayBegin(dayNumberOf(day)) > Date.UTC(1900, 0, 1) ? [] : [DAY_WRONG]),
    ...(isDay(day) && day > dayOf(now) ? [DAY_LATER] : []),
  ]
}

const problem = (id: string, path: string, message: string): Problem => ({ id, status: 400, path, message })
const WHAT_MISSING = problem('diary-what-missing', 'what', 'Write in a few words what you learned.')
const WHAT_LONG = problem('diary-what-long', 'what', `Say it in at most ${DIARY_LIMITS.what} characters.`)
const WHAT_BAD = problem(
  'diary-what-bad',
  'what',
  'There is a character in it that is no text. Write it again.',
)
const WHAT_NUMBER = problem('diary-what-number', 'what', 'Do not write a citizen number here.')
const MINUTES_WRONG = problem(
  'diary-minutes-wrong',
  'minutes',
  `Say how many minutes it took: from 1 to ${DIARY_LIMITS.minutes}.`,
)
const DID_MISSING = problem(
  'diary-did-missing',
  'did',
  'Choose what it was: learning, asking, understanding or doing.',
)
const DAY_WRONG = problem('diary-day-wrong', 'day', 'Write the day as a date, like 24/11/2026.')
const DAY_LATER = problem('diary-day-later', 'day', 'This day is still to come. Write it down when it was.')
const MANY: Problem = {
  id: 'diary-many',
  status: 409,
  path: 'day',
  message: `There are ${DIARY_LIMITS.perDay} entries of this day already. Put some of them together.`,
}
const REMOVED: Problem = {
  id: 'diary-removed',
  status: 410,
  path: 'what',
  message: 'This entry came before, and was taken back since. Write it anew if it is to stand.',
}
