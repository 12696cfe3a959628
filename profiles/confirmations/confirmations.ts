import { randomUUID } from 'node:crypto'
import {
  type Caller,
  type Collection,
  type Doc,
  findPage,
  type Lrs,
  type Operation,
  type Refusal,
  refuse,
} from '../../lrs/index.ts'
import { agreed } from '../consents/agreed.ts'
import type { Audit } from '../create-profiles.ts'
import { noteContact } from '../directory/directory.ts'
import { findOfFamily } from '../merges/family-of.ts'
import { holdersOf, isOneOf } from '../merges/holder.ts'
import type { OrganisationId } from '../organisations/types.ts'
import { isPaper } from '../projection/levels.ts'
import { resumeWaiting } from '../self-told/resume-waiting.ts'
import type { PersonId } from '../types.ts'
import {
  CONFIRMATIONS,
  type Confirmation,
  type ConfirmationDocument,
  type ConfirmationRequest,
  confirmationOf,
  FALLEN,
  keyOf,
  REQUESTS,
  requestOf,
} from './documents.ts'
import { CONFIRMATION_UNKNOWN, ORIGINAL_UNSEEN, SUBJECT_GONE, SUBJECT_OWN } from './problems.ts'
import { answered, createRequests, type Requests } from './requests.ts'
import { retelling, takingBack } from './statements.ts'
import { createSubjects, type SelfTold, type SubjectDeps } from './subject.ts'
import { cleanWords } from './words.ts'

export interface ConfirmationsDeps extends SubjectDeps {
  lrs: Pick<Lrs, 'recordStatements'>
  /** Speaks as the source of an organisation, which is made when it first has something to tell. */
  centreOf(organisation: OrganisationId): Promise<Caller>
  audit: Audit
  now: () => number
}

export interface ConfirmInput {
  organisation: OrganisationId
  statement: string
  by: PersonId
  /** The original of a paper was seen. */
  original: boolean
}

/**
 * An organisation's word for what somebody told of themselves: a statement by the organisation's own source that tells
 * the same again. Problem ids: `confirm-gone`, `confirm-own`, `confirm-original`, `confirmation-unknown`, those of words
 * (`confirm-reason-…`) and of requests (requests.ts).
 */
export interface Confirmations extends Requests {
  /** What is confirmed already stays as it is. */
  confirm(input: ConfirmInput): Promise<Confirmation | Refusal>
  withdraw(input: {
    organisation: OrganisationId
    statement: string
    by: PersonId
    reason: string
  }): Promise<Confirmation | Refusal>
  get(organisation: OrganisationId, statement: string): Promise<Confirmation | null>
  /** Latest change first; of one organisation, or of all. */
  of(
    whose: { person: PersonId; organisation?: OrganisationId },
    options: { after?: string; limit: number },
  ): Promise<{ confirmations: Confirmation[]; next: string | null }>
  /** What was said of these statements, and asked. */
  about(
    statements: readonly string[],
  ): Promise<{ confirmations: Confirmation[]; requests: ConfirmationRequest[] }>
  /** What a statement by a person of themselves says, while it stands. */
  subject(statement: string): Promise<SelfTold['subject'] | null>
  /** Whose record this would be on now, while they agree to one; null else. */
  shownOf(subject: Confirmation['subject']): Promise<PersonId | null>
  /** The statement of these that can be confirmed; null when none can. */
  confirmable(statements: readonly string[]): Promise<string | null>
  /**
   * What these statements said holds no more, or will not in a moment: their confirmations end before, and requests. Once
   * it resolves nobody confirms them.
   */
  fall(statements: readonly string[]): Promise<void>
  /** Follows statements that were voided or erased already: what was confirmed of them, or by them, ends. */
  followVoided(statements: readonly string[]): Promise<void>
  /** Tells the record store what a kill or an outage kept from it; returns how many confirmations. */
  resume(): Promise<number>
}

const DAY = 86_400_000
/** Confirmations and requests that end in one batch. */
const BATCH = 200
/** A line of the diary has one statement; of a longer line the latest are looked at. */
const LOOKED_AT = 5

export function createConfirmations(deps: ConfirmationsDeps): Confirmations {
  const { collections, lrs, centreOf, teller, audit, now } = deps
  const subjectOf = createSubjects(deps)

  /** Tells what is pending, as often as it takes. */
  async function deliver(key: string): Promise<void> {
    for (;;) {
      const doc = await collections.get(CONFIRMATIONS, key)
      if (!doc || doc.value.waiting === null) return
      const caller = await centreOf(doc.value.organisation)
      for (const one of doc.value.pending) {
        const told = await lrs.recordStatements(caller, { version: '2.0.0', statements: [one] })
        if (!told.ok) throw new Error(`A confirmation was refused: ${JSON.stringify(told.problems)}`)
      }
      // Voided by another way in the moment of the confirmation: the feed told of it before there was one to fall.
      if (doc.value.state === 'standing' && !(await subjectOf(doc.value.statement))) {
        await endAll(doc.value.statement)
        continue
      }
      const value = { ...doc.value, pending: [], waiting: null }
      if (await collections.replace(CONFIRMATIONS, key, value, doc.revision)) return
    }
  }

  const note = (
    action: 'confirm' | 'confirm-withdraw',
    {
      organisation,
      statement,
      person,
      by,
    }: Pick<ConfirmationDocument, 'organisation' | 'statement' | 'person'> & { by: PersonId },
  ) => audit({ action, actor: by, subjects: [person, statement], detail: { organisation } })

  /** A standing confirmation as it is when it has ended: what was told is taken back. */
  function ended(
    value: ConfirmationDocument,
    state: 'withdrawn' | 'fallen',
    by: PersonId | null,
    reason: string,
  ): ConfirmationDocument {
    const at = now()
    const back = takingBack(teller, value.organisation, value.telling, at)
    return {
      ...value,
      state,
      ended: { by, at, reason },
      changed: at,
      pending: [...value.pending, back],
      waiting: at,
    }
  }

  /** Every document about a statement: as many organisations may speak of it as there are. */
  async function allAbout<T>(collection: Collection<T>, statement: string): Promise<Doc<T>[]> {
    const docs: Doc<T>[] = []
    let after: string | undefined
    do {
      const asked = { index: 'statement', equals: { statement }, limit: 100, after }
      const page: Awaited<ReturnType<typeof findPage<T>>> = await findPage(collections, collection, asked)
      docs.push(...page.docs)
      after = page.next ?? undefined
    } while (after !== undefined)
    return docs
  }

  /** Ends what stands of a statement, at every organisation. */
  async function endAll(statement: string): Promise<string[]> {
    for (;;) {
      const held = await allAbout(CONFIRMATIONS, statement)
      const falling = held.filter(({ value }) => value.state === 'standing')
      const requests = (await allAbout(REQUESTS, statement)).filter(({ value }) => value.state === 'open')
      const operations: Operation[] = [
        ...falling.map(({ key, value, revision }): Operation => {
          const fallen = ended(value, 'fallen', null, '')
          return { op: 'replace', collection: CONFIRMATIONS, key, revision, value: fallen }
        }),
        ...requests.map(({ key, value, revision }): Operation => {
          const fallen = { ...value, state: 'fallen' as const, changed: now() }
          return { op: 'replace', collection: REQUESTS, key, revision, value: fallen }
        }),
      ]
      let isDone = true
      for (let from = 0; from < operations.length && isDone; from += BATCH)
        isDone = (await collections.batch(operations.slice(from, from + BATCH))).ok
      if (isDone) return held.map(({ key }) => key)
    }
  }

  /** Ends them, and resolves when the record store was told, also of those that another process has ended. */
  async function fallen(statement: string): Promise<void> {
    for (const key of await endAll(statement)) await deliver(key)
  }

  /** What tells a confirmation was taken back by another way, by who answers for the source: so it is withdrawn. */
  async function untold(telling: string): Promise<void> {
    const held = await collections.find(CONFIRMATIONS, { index: 'telling', equals: { telling }, limit: 1 })
    for (const { key } of held.docs)
      for (;;) {
        const doc = await collections.get(CONFIRMATIONS, key)
        if (doc?.value.telling !== telling || doc.value.state !== 'standing') break
        const at = now()
        const gone = { state: 'withdrawn' as const, ended: { by: null, at, reason: '' }, changed: at }
        if (await collections.replace(CONFIRMATIONS, key, { ...doc.value, ...gone }, doc.revision)) break
      }
  }

  const requests = createRequests({ ...deps, subjectOf })

  return {
    ...requests,

    async confirm({ organisation, statement, by, original }) {
      const key = keyOf(organisation, statement)
      for (;;) {
        const found = await subjectOf(statement)
        if (!found || (await collections.get(FALLEN, statement))) return refuse(SUBJECT_GONE)
        const { subject, told } = found
        if (await isOneOf(collections, by, [subject.person, subject.account])) return refuse(SUBJECT_OWN)
        if (isPaper(subject.activity.type) && !original) return refuse(ORIGINAL_UNSEEN)
        const held = await collections.get(CONFIRMATIONS, key)
        const asked = await collections.get(REQUESTS, key)
        if (held?.value.state === 'standing') {
          await deliver(key)
          return confirmationOf(key, held.value)
        }
        const at = now()
        const telling = randomUUID()
        const { person } = subject
        const value: ConfirmationDocument = {
          ...{ organisation, statement, person, subject, by, at, telling },
          original: original && isPaper(subject.activity.type),
          state: 'standing',
          ended: null,
          changed: at,
          // What was on its way before still goes first.
          pending: [
            ...(held?.value.pending ?? []),
            retelling(teller, { id: telling, told, statement, by, organisation }),
          ],
          waiting: at,
        }
        const put = { collection: CONFIRMATIONS, key, value }
        const outcome = await collections.batch([
          held ? { op: 'replace', ...put, revision: held.revision } : { op: 'insert', ...put },
          { op: 'check', collection: FALLEN, key: statement, revision: null },
          ...(asked?.value.state === 'open'
            ? [answered(asked, { state: 'confirmed', by, at, reason: '' })]
            : []),
          noteContact(organisation, person, at),
          note('confirm', value),
        ])
        if (!outcome.ok) continue
        await deliver(key)
        return confirmationOf(key, value)
      }
    },

    async withdraw({ organisation, statement, by, reason: given }) {
      const reason = cleanWords(given, { required: true, path: 'reason' })
      if (typeof reason !== 'string') return refuse(reason)
      const key = keyOf(organisation, statement)
      for (;;) {
        const held = await collections.get(CONFIRMATIONS, key)
        if (held?.value.state !== 'standing') return refuse(CONFIRMATION_UNKNOWN)
        const value = ended(held.value, 'withdrawn', by, reason)
        const outcome = await collections.batch([
          { op: 'replace', collection: CONFIRMATIONS, key, revision: held.revision, value },
          note('confirm-withdraw', { ...value, by }),
        ])
        if (!outcome.ok) continue
        await deliver(key)
        return confirmationOf(key, value)
      }
    },

    async get(organisation, statement) {
      const key = keyOf(organisation, statement)
      const doc = await collections.get(CONFIRMATIONS, key)
      return doc && confirmationOf(key, doc.value)
    },

    async of({ person, organisation }, { after, limit }) {
      const asked = organisation === undefined ? {} : { index: 'both', equals: { organisation } }
      const page = await findOfFamily(collections, CONFIRMATIONS, person, { ...asked, limit, after })
      return { confirmations: page.docs.map(({ key, value }) => confirmationOf(key, value)), next: page.next }
    },

    async about(statements) {
      const said: Awaited<ReturnType<Confirmations['about']>> = { confirmations: [], requests: [] }
      for (const statement of statements.slice(-LOOKED_AT)) {
        const asked = { index: 'statement', equals: { statement }, limit: 20 }
        const [held, open] = [
          await collections.find(CONFIRMATIONS, asked),
          await collections.find(REQUESTS, asked),
        ]
        said.confirmations.push(...held.docs.map(({ key, value }) => confirmationOf(key, value)))
        said.requests.push(...open.docs.map(({ key, value }) => requestOf(key, value)))
      }
      return said
    },

    async subject(statement) {
      return (await subjectOf(statement))?.subject ?? null
    },

    async shownOf({ person }) {
      const holder = (await holdersOf(collections, [person])).get(person)
      return holder && agreed(holder) ? holder.id : null
    },

    async confirmable(statements) {
      for (const statement of statements.slice(-LOOKED_AT).reverse())
        if (await subjectOf(statement)) return statement
      return null
    },

    async fall(statements) {
      for (const statement of statements) {
        await collections.put(FALLEN, statement, { at: now() }, { expires: now() + DAY })
        await fallen(statement)
      }
    },

    async followVoided(statements) {
      for (const statement of statements) {
        await fallen(statement)
        await untold(statement)
      }
    },

    async resume() {
      return resumeWaiting(collections, CONFIRMATIONS, ([key]) => deliver(key!))
    },
  }
}
