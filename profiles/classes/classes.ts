import { randomUUID } from 'node:crypto'
import {
  type Caller,
  type Collections,
  type Doc,
  findPage,
  type Lrs,
  type Operation,
  type Problem,
  type Refusal,
  refuse,
} from '../../lrs/index.ts'
import { type Teller, takingBack } from '../confirmations/statements.ts'
import { cleanWords } from '../confirmations/words.ts'
import type { Audit } from '../create-profiles.ts'
import { noteContact } from '../directory/directory.ts'
import { holdersOf } from '../merges/holder.ts'
import type { OrganisationId } from '../organisations/types.ts'
import { resumeWaiting } from '../self-told/resume-waiting.ts'
import type { Person, PersonId } from '../types.ts'
import { CLASS_LIMITS, cleanClass, endOf } from './details.ts'
import {
  ATTENDANCES,
  type AttendanceDocument,
  attendanceKey,
  CLASSES,
  type ClassDetails,
  type TaughtClass,
} from './documents.ts'
import { attendanceOf } from './statements.ts'

export interface ClassesDeps {
  collections: Collections
  lrs: Pick<Lrs, 'recordStatements'>
  /** Speaks as the source of an organisation. */
  centreOf(organisation: OrganisationId): Promise<Caller>
  teller: Teller
  /** Topics on offer. */
  topics(): Promise<readonly { id: string }[]>
  audit: Audit
  now: () => number
}

export interface Attendee {
  person: PersonId
  /** Whose record theirs is a part of now. */
  holder: PersonId
  name: string
  state: AttendanceDocument['state']
  changed: number
}

/** Whose class, and who does it. */
interface At {
  organisation: OrganisationId
  class: string
  by: PersonId
}

/**
 * Classes of an organisation, with who came. Problem ids: `class-…` (details.ts), `class-unknown`, `class-many`,
 * `class-early`, `class-entered`, and those of words.
 */
export interface Classes {
  create(
    of: { organisation: OrganisationId; by: PersonId },
    details: ClassDetails,
  ): Promise<TaughtClass | Refusal>
  /** Before anything of it is told, or after all of it was taken back (`class-entered` else). */
  change(at: At, details: ClassDetails): Promise<TaughtClass | Refusal>
  get(organisation: OrganisationId, id: string): Promise<TaughtClass | null>
  /** The latest first. */
  of(
    organisation: OrganisationId,
    options: { after?: string; limit: number },
  ): Promise<{ classes: TaughtClass[]; next: string | null }>
  /** Puts people on the list, who are there already or were taken off it too; how many came on it. */
  list(at: At, persons: readonly PersonId[]): Promise<{ ok: true; added: number } | Refusal>
  /** Takes one off the list, of whom nothing was told. */
  unlist(at: At, person: PersonId): Promise<void>
  people(
    id: string,
    options: { after?: string; limit: number },
  ): Promise<{ people: Attendee[]; next: string | null }>
  /** One of a class; null for who is not in it. */
  attendee(id: string, person: PersonId): Promise<Attendee | null>
  counts(id: string): Promise<Record<AttendanceDocument['state'] | 'waiting', number>>
  /**
   * Tells of everybody on the list that they came, but of who does it. What an outage cuts short goes on with `resume`; to
   * do it again tells nothing twice.
   */
  enter(at: At): Promise<{ ok: true; entered: number } | Refusal>
  /** Takes back what was told of one, or of all. */
  takeBack(
    at: At & { person: PersonId | null; reason: string },
  ): Promise<{ ok: true; taken: number } | Refusal>
  /** Follows statements that were voided or erased by another way: what they told is taken back. */
  followVoided(statements: readonly string[]): Promise<void>
  /** Tells the record store what a kill or an outage kept from it; returns how many. */
  resume(): Promise<number>
}

/** People of one step: each makes three operations of a batch of 1,000 at most. */
const STEP = 200

export function createClasses({
  collections,
  lrs,
  centreOf,
  teller,
  topics,
  audit,
  now,
}: ClassesDeps): Classes {
  async function read(organisation: OrganisationId, id: string) {
    const doc = await collections.get(CLASSES, id)
    return doc?.value.organisation === organisation ? doc : null
  }
  async function get(organisation: OrganisationId, id: string): Promise<TaughtClass | null> {
    const doc = await read(organisation, id)
    return doc && { ...doc.value, id }
  }

  /** Everybody of a class: at most CLASS_LIMITS.people were ever listed. */
  async function all(id: string): Promise<Doc<AttendanceDocument>[]> {
    const asked = { index: 'class', equals: { class: id }, limit: CLASS_LIMITS.people }
    return (await collections.find(ATTENDANCES, asked)).docs
  }

  /** Tells who of these is somebody's own self, by a merge too. */
  async function selfAmong(docs: readonly Doc<AttendanceDocument>[], by: PersonId) {
    const persons = docs.map(({ value }) => value.person)
    const holders = await holdersOf(collections, [by, ...persons])
    const holder = (person: PersonId) => holders.get(person)?.id ?? person
    return (person: PersonId) => holder(person) === holder(by)
  }

  /** Tells what is pending of these, as often as it takes. */
  async function deliver(keys: readonly string[]): Promise<void> {
    for (;;) {
      const found = await collections.getMany(ATTENDANCES, keys)
      const docs = [...found.values()].filter(({ value }) => value.waiting !== null)
      const [first] = docs
      if (!first) return
      const caller = await centreOf(first.value.organisation)
      // In the order of each: what is taken back was told.
      const rounds = Math.max(...docs.map(({ value }) => value.pending.length))
      for (let round = 0; round < rounds; round++) {
        const statements = docs.flatMap(({ value }) => value.pending.slice(round, round + 1))
        const told = await lrs.recordStatements(caller, { version: '2.0.0', statements })
        if (!told.ok) throw new Error(`Attendances were refused: ${JSON.stringify(told.problems)}`)
      }
      const outcome = await collections.batch(
        docs.map(({ key, value, revision }): Operation => {
          const done = { ...value, pending: [], waiting: null }
          return { op: 'replace', collection: ATTENDANCES, key, revision, value: done }
        }),
      )
      if (outcome.ok) return
    }
  }

  /**
   * Changes those that `change` changes, in steps that each are durable before they are told. Each step writes the class
   * too: nobody changes what it is called while it is told of.
   */
  async function changeAll(
    { organisation, class: of, by }: At,
    action: 'class-enter' | 'class-take-back',
    change: (
      value: AttendanceDocument,
      held: { of: TaughtClass; isSelf(person: PersonId): boolean },
    ) => Partial<AttendanceDocument> | null,
  ): Promise<number> {
    let changed = 0
    for (;;) {
      const held = await read(organisation, of)
      if (!held) break
      const { value: kept, revision: asRead } = held
      const docs = await all(of)
      const isSelf = await selfAmong(docs, by)
      const step = docs
        .flatMap((doc) => {
          const changes = change(doc.value, { of: { ...kept, id: of }, isSelf })
          return changes ? [{ ...doc, value: { ...doc.value, ...changes, by, changed: now() } }] : []
        })
        .slice(0, STEP)
      if (step.length === 0) break
      const persons = step.map(({ value }) => value.person)
      const outcome = await collections.batch([
        { op: 'replace', collection: CLASSES, key: of, value: kept, revision: asRead },
        ...step.map(
          ({ key, value, revision }): Operation => ({
            op: 'replace',
            collection: ATTENDANCES,
            key,
            revision,
            value: { ...value, waiting: now() },
          }),
        ),
        ...persons.map((person) => noteContact(organisation, person, now())),
        audit({
          action,
          actor: by,
          subjects: persons,
          detail: { organisation, class: of, people: step.length },
        }),
      ])
      if (!outcome.ok) continue
      changed += step.length
      await deliver(step.map(({ key }) => key))
    }
    return changed
  }

  return {
    get,

    async create({ organisation, by }, given) {
      const details = cleanClass(given, await topics(), now())
      if (Array.isArray(details)) return refuse(...(details as [Problem, ...Problem[]]))
      const value = { ...details, organisation, by, at: endOf(details), created: now() }
      const id = randomUUID()
      await collections.insert(CLASSES, id, value)
      return { ...value, id }
    },

    async change(at, given) {
      const details = cleanClass(given, await topics(), now())
      if (Array.isArray(details)) return refuse(...(details as [Problem, ...Problem[]]))
      for (;;) {
        const held = await read(at.organisation, at.class)
        if (!held) return refuse(CLASS_UNKNOWN)
        const people = await all(at.class)
        if (people.some(({ value }) => value.state === 'entered')) return refuse(CLASS_ENTERED)
        const value = { ...held.value, ...details, at: endOf(details) }
        if (await collections.replace(CLASSES, at.class, value, held.revision))
          return { ...value, id: at.class }
      }
    },

    async of(organisation, { after, limit }) {
      const asked = { index: 'organisation', equals: { organisation }, descending: true }
      const page = await findPage(collections, CLASSES, { ...asked, limit, after })
      return { classes: page.docs.map(({ key, value }) => ({ ...value, id: key })), next: page.next }
    },

    async list({ organisation, class: of, by }, persons) {
      const asked = await holdersOf(collections, persons)
      const known = [...asked.values()].map(({ id }) => id)
      for (;;) {
        const taught = await read(organisation, of)
        if (!taught) return refuse(CLASS_UNKNOWN)
        const held = new Map((await all(of)).map((doc) => [doc.value.person, doc]))
        const fresh = [...new Set(known)].filter(
          (person) => (held.get(person)?.value.state ?? 'taken-back') === 'taken-back',
        )
        const others = fresh.filter((person) => !held.has(person)).length
        if (held.size + others > CLASS_LIMITS.people) return refuse(CLASS_MANY)
        if (fresh.length === 0) return { ok: true, added: 0 }
        const at = now()
        const outcome = await collections.batch([
          // Of two lists at once the second counts those of the first.
          { op: 'replace', collection: CLASSES, key: of, value: taught.value, revision: taught.revision },
          ...fresh.map((person): Operation => {
            const before = held.get(person)
            const value: AttendanceDocument = {
              ...{ class: of, organisation, person, added: before?.value.added ?? at, by, changed: at },
              state: 'listed',
              telling: null,
              pending: before?.value.pending ?? [],
              waiting: before?.value.waiting ?? null,
            }
            const put = { collection: ATTENDANCES, key: attendanceKey(of, person), value }
            return before ? { op: 'replace', ...put, revision: before.revision } : { op: 'insert', ...put }
          }),
        ])
        if (outcome.ok) return { ok: true, added: fresh.length }
      }
    },

    async unlist({ organisation, class: of }, person) {
      const key = attendanceKey(of, person)
      for (;;) {
        const doc = await collections.get(ATTENDANCES, key)
        if (doc?.value.organisation !== organisation || doc.value.state !== 'listed') return
        if (doc.value.waiting !== null) {
          await deliver([key])
          continue
        }
        const { revision } = doc
        const outcome = await collections.batch([{ op: 'delete', collection: ATTENDANCES, key, revision }])
        if (outcome.ok) return
      }
    },

    async people(id, { after, limit }) {
      const page = await findPage(collections, ATTENDANCES, {
        index: 'class',
        equals: { class: id },
        limit,
        after,
      })
      const ids = page.docs.map(({ value }) => value.person)
      const holders = await holdersOf(collections, ids)
      return { people: page.docs.map(({ value }) => attendeeOf(value, holders)), next: page.next }
    },

    async attendee(id, person) {
      const doc = await collections.get(ATTENDANCES, attendanceKey(id, person))
      return doc && attendeeOf(doc.value, await holdersOf(collections, [person]))
    },

    async counts(id) {
      const sums = { listed: 0, entered: 0, 'taken-back': 0, waiting: 0 }
      for (const { value } of await all(id)) {
        sums[value.state]++
        if (value.waiting !== null) sums.waiting++
      }
      return sums
    },

    async enter(at) {
      const of = await get(at.organisation, at.class)
      if (!of) return refuse(CLASS_UNKNOWN)
      if (of.at > now()) return refuse(CLASS_EARLY)
      const entered = await changeAll(at, 'class-enter', ({ state, person, pending }, { of, isSelf }) => {
        // Nobody enters themselves: a colleague does.
        if (state !== 'listed' || isSelf(person)) return null
        const telling = randomUUID()
        const told = attendanceOf(teller, { id: telling, of, person, by: at.by })
        return { state: 'entered', telling, pending: [...pending, told] }
      })
      return { ok: true, entered }
    },

    async takeBack({ person: one, reason: given, ...at }) {
      const reason = cleanWords(given, { required: true, path: 'reason' })
      if (typeof reason !== 'string') return refuse(reason)
      if (!(await get(at.organisation, at.class))) return refuse(CLASS_UNKNOWN)
      const taken = await changeAll(at, 'class-take-back', ({ state, person, telling, pending }) => {
        if (state !== 'entered' || telling === null || (one !== null && person !== one)) return null
        const back = takingBack(teller, at.organisation, telling, now())
        return { state: 'taken-back', reason, pending: [...pending, back] }
      })
      return { ok: true, taken }
    },

    async followVoided(statements) {
      for (const telling of statements) {
        const held = await collections.find(ATTENDANCES, { index: 'telling', equals: { telling }, limit: 1 })
        for (const { key } of held.docs)
          for (;;) {
            const doc = await collections.get(ATTENDANCES, key)
            if (doc?.value.telling !== telling || doc.value.state !== 'entered') break
            const value = { ...doc.value, state: 'taken-back' as const, changed: now() }
            if (await collections.replace(ATTENDANCES, key, value, doc.revision)) break
          }
      }
    },

    async resume() {
      // One source at a time.
      const together = (docs: readonly Doc<AttendanceDocument>[]) => [
        ...Map.groupBy(docs, ({ value }) => value.organisation).values(),
      ]
      return resumeWaiting(collections, ATTENDANCES, deliver, { limit: STEP, together })
    },
  }
}

function attendeeOf(
  { person, state, changed }: AttendanceDocument,
  holders: ReadonlyMap<PersonId, Person>,
): Attendee {
  const holder = holders.get(person)
  return { person, state, changed, holder: holder?.id ?? person, name: holder?.name ?? '' }
}

const CLASS_UNKNOWN: Problem = {
  id: 'class-unknown',
  status: 404,
  message: 'There is no such class here.',
}
const CLASS_MANY: Problem = {
  id: 'class-many',
  status: 409,
  path: 'people',
  message: `A class holds at most ${CLASS_LIMITS.people} people here. Write down a second one.`,
}
const CLASS_ENTERED: Problem = {
  id: 'class-entered',
  status: 409,
  path: 'name',
  message: 'It stands on people’s records already. Take it back for all, then change it.',
}
const CLASS_EARLY: Problem = {
  id: 'class-early',
  status: 409,
  path: 'people',
  message: 'This class is not over yet. Enter who came when it has ended.',
}
