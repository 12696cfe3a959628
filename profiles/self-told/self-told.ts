import { createHash } from 'node:crypto'
import {
  type Caller,
  type Collection,
  type Collections,
  type Doc,
  defineCollection,
  type Lrs,
  type Operation,
  type Refusal,
} from '../../lrs/index.ts'
import { voidedIn } from '../confirmations/statements.ts'
import type { PersonId } from '../types.ts'
import { resumeWaiting } from './resume-waiting.ts'
import { voidOf } from './statements.ts'

/**
 * What somebody tells of themselves, and what of it is on its way: it is written here first, so that after a kill it is
 * told once more. The ids of the statements are in it, so they are in the record store once.
 */
export interface SelfTold {
  person: PersonId
  /** Id of the statement that stands; null when it was taken back. */
  statement: string | null
  /** Statements on their way. */
  pending: unknown[]
  /** Since when, ms; null when there are none. */
  waiting: number | null
}

/** Collections of what is told of oneself have it: what is on its way. */
export const WAITING = { waiting: ['waiting'] } as const

export interface SelfToldDeps {
  collections: Collections
  lrs: Pick<Lrs, 'recordStatements'>
  /** The source that stands for what people say of themselves. */
  caller: Caller
  /** Home page of the accounts under which the product itself records. */
  accountHomePage: string
  /** Ends what others said of these statements, before they are voided. */
  fall(statements: readonly string[]): Promise<void>
  /** Removes what else was kept with an activity that its person took back; may be called again. */
  forget(person: PersonId, activity: string): Promise<void>
  now: () => number
}

/** The thing as it is to stand, without what is on its way, and its statement. */
export interface Prepared<T extends SelfTold> {
  ok: true
  value: Omit<T, 'pending' | 'waiting'>
  told: object
}

/** Of what came once from a device that may send it again: that it came. Key: its id. */
const ADDED = defineCollection<{ at: number }>('profiles.self-told-added')
/** How long a device may keep trying. */
const REMEMBERED = 400 * 86_400_000

const ACTIVITY = 'urn:uuid:'
export const activityOf = (id: string): string => `${ACTIVITY}${id}`
/** Which thing an activity is; null when it is none of these. */
export const toldIn = (activity: string): string | null =>
  activity.startsWith(ACTIVITY) ? activity.slice(ACTIVITY.length) : null

/** The id of what a device of this person calls `given`: the same for the same, and another for everybody else. */
export function idFrom(person: PersonId, given: string): string {
  const hex = createHash('sha256')
    .update(JSON.stringify(['self-told', person, given]))
    .digest('hex')
  // RFC 9562, version 8: bits of one's own making.
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/**
 * Statements under the account that the product gives each person, by a source whose level is *tự khai*. A change voids
 * what was told before, so nothing is told twice and nothing is hidden.
 */
export function createTeller<T extends SelfTold>(deps: SelfToldDeps, collection: Collection<T>) {
  const { collections, lrs, caller, now } = deps
  const actorOf = (person: PersonId) => ({
    objectType: 'Agent',
    account: { homePage: deps.accountHomePage, name: person },
  })

  /** Tells what is pending, as often as it takes; the document is gone when nothing of it stands. */
  async function deliver(id: string): Promise<void> {
    for (;;) {
      const doc = await collections.get(collection, id)
      if (!doc || doc.value.waiting === null) return
      await deps.fall(voidedIn(doc.value.pending))
      const told = await lrs.recordStatements(caller, { version: '2.0.0', statements: doc.value.pending })
      if (!told.ok) throw new Error(`What was told of oneself was refused: ${JSON.stringify(told.problems)}`)
      if (doc.value.statement === null) await deps.forget(doc.value.person, activityOf(id))
      const done =
        doc.value.statement === null
          ? (await collections.batch([{ op: 'delete', collection, key: id, revision: doc.revision }])).ok
          : await collections.replace(
              collection,
              id,
              { ...doc.value, pending: [], waiting: null },
              doc.revision,
            )
      if (done) return
    }
  }

  async function own(person: PersonId, id: string): Promise<Doc<T> | null> {
    const doc = await collections.get(collection, id)
    return doc?.value.person === person && doc.value.statement !== null ? doc : null
  }

  return {
    actorOf,
    own,

    /** `false`: it was added before. With `again` it is remembered, for who may send it a second time. */
    async add(id: string, { value, told }: Prepared<T>, again: boolean): Promise<boolean> {
      const at = now()
      const whole = { ...value, pending: [told], waiting: at } as unknown as T
      const remembered: Operation[] = again
        ? [{ op: 'insert', collection: ADDED, key: id, value: { at }, expires: at + REMEMBERED }]
        : []
      const added = await collections.batch([
        { op: 'insert', collection, key: id, value: whole },
        ...remembered,
      ])
      await deliver(id)
      return added.ok
    },

    /** Whether it came before; what an outage kept back of it is told. */
    async cameBefore(id: string): Promise<boolean> {
      if (!(await collections.get(ADDED, id))) return false
      await deliver(id)
      return true
    },

    /** What was told before is voided; null for somebody else’s, or what was taken back. */
    async change(
      person: PersonId,
      id: string,
      prepare: (before: T) => Promise<Prepared<T> | Refusal>,
    ): Promise<T | Refusal | null> {
      for (;;) {
        await deliver(id)
        const doc = await own(person, id)
        if (!doc?.value.statement) return null
        const prepared = await prepare(doc.value)
        if (!prepared.ok) return prepared
        const value = {
          ...prepared.value,
          pending: [voidOf(actorOf(person), doc.value.statement, now()), prepared.told],
          waiting: now(),
        } as unknown as T
        if (!(await collections.replace(collection, id, value, doc.revision))) continue
        await deliver(id)
        return value
      }
    },

    /** Voids it and forgets what was kept with it; null as above. */
    async remove(person: PersonId, id: string): Promise<T | null> {
      for (;;) {
        await deliver(id)
        const doc = await own(person, id)
        if (!doc?.value.statement) return null
        const value: T = {
          ...doc.value,
          statement: null,
          pending: [voidOf(actorOf(person), doc.value.statement, now())],
          waiting: now(),
        }
        if (!(await collections.replace(collection, id, value, doc.revision))) continue
        await deliver(id)
        return doc.value
      }
    },

    /** Tells the record store what a kill or an outage kept from it; returns of how many things. */
    async resume(): Promise<number> {
      return resumeWaiting(collections, collection, ([id]) => deliver(id!))
    },
  }
}
