import { randomUUID } from 'node:crypto'
import {
  type Caller,
  type Collections,
  type Doc,
  findPage,
  type Lrs,
  type Problem,
  type Refusal,
  refuse,
} from '../../lrs/index.ts'
import { voidedIn } from '../confirmations/statements.ts'
import type { PersonId } from '../types.ts'
import { DIARY, type DiaryDocument } from './documents.ts'
import { type Did, statementOf, voidOf } from './statements.ts'
import { dayBegin, dayNumberOf, dayOf, isDay, placeInDay } from './when.ts'

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
  add(person: PersonId, input: DiaryInput): Promise<DiaryEntry | Refusal>
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
  /** Which entry an activity is; null when it is none. */
  entryOf(activity: string): string | null
  /** Tells the record store what a kill or an outage kept from it; returns how many entries. */
  resume(): Promise<number>
}

export const DIARY_LIMITS = { what: 200, minutes: 960, perDay: 20 } as const
const ACTIVITY = 'urn:uuid:'

export interface DiaryDeps {
  collections: Collections
  lrs: Pick<Lrs, 'recordStatements'>
  /** The source that stands for what people say of themselves. */
  caller: Caller
  /** Home page of the accounts under which the product itself records. */
  accountHomePage: string
  /** Ends what others said of these statements, before they are voided. */
  fall(statements: readonly string[]): Promise<void>
  now: () => number
}

/**
 * The learning diary: statements like any others, under the account that the product gives each person, by a source whose
 * level is *tự khai*. A change voids what was told before, so nothing is told twice and nothing is hidden.
 */
export function createDiary({ collections, lrs, caller, accountHomePage, fall, now }: DiaryDeps): Diary {
  const actorOf = (person: PersonId) => ({
    objectType: 'Agent',
    account: { homePage: accountHomePage, name: person },
  })

  /** Tells what is pending, as often as it takes; the entry's document is gone when nothing of it stands. */
  async function deliver(id: string): Promise<void> {
    for (;;) {
      const doc = await collections.get(DIARY, id)
      if (!doc || doc.value.waiting === null) return
      await fall(voidedIn(doc.value.pending))
      const told = await lrs.recordStatements(caller, { version: '2.0.0', statements: doc.value.pending })
      if (!told.ok) throw new Error(`A diary entry was refused: ${JSON.stringify(told.problems)}`)
      const done =
        doc.value.statement === null
          ? (await collections.batch([{ op: 'delete', collection: DIARY, key: id, revision: doc.revision }]))
              .ok
          : await collections.replace(DIARY, id, { ...doc.value, pending: [], waiting: null }, doc.revision)
      if (done) return
    }
  }

  async function own(person: PersonId, id: string): Promise<Doc<DiaryDocument> | null> {
    const doc = await collections.get(DIARY, id)
    return doc?.value.person === person && doc.value.statement !== null ? doc : null
  }

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
  async function prepare(person: PersonId, id: string, input: DiaryInput, created: number) {
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
      actor: actorOf(person),
      activity: `${ACTIVITY}${id}`,
      at,
      ...{ what, minutes, did },
    })
    const entry = { person, what, minutes, did, day, at, created, dayNumber, statement }
    return { ok: true as const, entry, told }
  }

  return {
    async add(person, input) {
      const id = randomUUID()
      const prepared = await prepare(person, id, input, now())
      if (!prepared.ok) return prepared
      await collections.insert(DIARY, id, {
        ...prepared.entry,
        pending: [prepared.told],
        waiting: now(),
      })
      await deliver(id)
      return entryOf(id, prepared.entry)
    },

    async change(person, id, input) {
      for (;;) {
        await deliver(id)
        const doc = await own(person, id)
        if (!doc) return null
        const prepared = await prepare(person, id, input, doc.value.created)
        if (!prepared.ok) return prepared
        const value: DiaryDocument = {
          ...prepared.entry,
          pending: [voidOf(actorOf(person), doc.value.statement!, now()), prepared.told],
          waiting: now(),
        }
        if (!(await collections.replace(DIARY, id, value, doc.revision))) continue
        await deliver(id)
        return entryOf(id, value)
      }
    },

    async remove(person, id) {
      for (;;) {
        await deliver(id)
        const doc = await own(person, id)
        if (!doc) return null
        const value: DiaryDocument = {
          ...doc.value,
          statement: null,
          pending: [voidOf(actorOf(person), doc.value.statement!, now())],
          waiting: now(),
        }
        if (!(await collections.replace(DIARY, id, value, doc.revision))) continue
        await deliver(id)
        return entryOf(id, doc.value)
      }
    },

    async get(person, id) {
      const doc = await own(person, id)
      return doc && entryOf(id, doc.value)
    },

    async of(person, { after, limit }) {
      const page = await findPage(collections, DIARY, {
        index: 'person',
        equals: { person },
        descending: true,
        limit,
        after,
      })
      const standing = page.docs.filter(({ value }) => value.statement !== null)
      return { entries: standing.map(({ key, value }) => entryOf(key, value)), next: page.next }
    },

    entryOf: (activity) => (activity.startsWith(ACTIVITY) ? activity.slice(ACTIVITY.length) : null),

    async resume() {
      let told = 0
      for (;;) {
        const { docs } = await collections.find(DIARY, { index: 'waiting', range: { gt: 0 }, limit: 100 })
        if (docs.length === 0) return told
        for (const { key } of docs) await deliver(key)
        told += docs.length
      }
    },
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
