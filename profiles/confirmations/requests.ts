import {
  type Collections,
  type Doc,
  findPage,
  type Operation,
  type Refusal,
  refuse,
} from '../../lrs/index.ts'
import { agreed } from '../consents/agreed.ts'
import type { Audit } from '../create-profiles.ts'
import { noteContact } from '../directory/directory.ts'
import { findOfFamily } from '../merges/family-of.ts'
import { holdersOf, isOneOf } from '../merges/holder.ts'
import { MEMBERSHIPS, ORGANISATIONS } from '../organisations/documents.ts'
import { ORGANISATION_CLOSED, ORGANISATION_UNKNOWN } from '../organisations/problems.ts'
import { RIGHTS } from '../organisations/rights.ts'
import type { OrganisationId } from '../organisations/types.ts'
import type { PersonId } from '../types.ts'
import {
  CONFIRMATIONS,
  type ConfirmationRequest,
  FALLEN,
  keyOf,
  REQUESTS,
  type RequestDocument,
  requestOf,
} from './documents.ts'
import {
  REQUEST_CONFIRMED,
  REQUEST_MANY,
  REQUEST_NOBODY,
  REQUEST_UNKNOWN,
  SUBJECT_GONE,
  SUBJECT_OWN,
} from './problems.ts'
import type { SelfTold } from './subject.ts'
import { cleanWords } from './words.ts'

/** Requests of one person that may wait at once. */
const MOST_OPEN = 20

/**
 * What a person asks an organisation to confirm. Problem ids: `confirm-gone`, `organisation-unknown`,
 * `organisation-closed`, `request-nobody`, `request-confirmed`, `request-many`, `request-unknown`, and those of words.
 */
export interface Requests {
  /** A request that waits already stays, with the new words. */
  ask(input: {
    person: PersonId
    organisation: OrganisationId
    statement: string
    words: string
  }): Promise<ConfirmationRequest | Refusal>
  takeBack(person: PersonId, id: string): Promise<ConfirmationRequest | Refusal>
  decline(input: {
    organisation: OrganisationId
    statement: string
    by: PersonId
    reason: string
  }): Promise<ConfirmationRequest | Refusal>
  /** A request that waits there; null when none does, also because its person agrees to no record. */
  waiting(organisation: OrganisationId, statement: string): Promise<ConfirmationRequest | null>
  /** What waits at an organisation, the oldest first. */
  queue(
    organisation: OrganisationId,
    options: { after?: string; limit: number },
  ): Promise<{ requests: ConfirmationRequest[]; next: string | null }>
  /** At most MOST_COUNTED: who has more to do sees that there is more. */
  countOpen(organisation: OrganisationId): Promise<number>
  /** Latest change first. */
  requestsOf(
    person: PersonId,
    options: { after?: string; limit: number },
  ): Promise<{ requests: ConfirmationRequest[]; next: string | null }>
}

/** Open requests that a centre's page counts. */
export const MOST_COUNTED = 500

export function createRequests({
  collections,
  subjectOf,
  audit,
  now,
}: {
  collections: Collections
  subjectOf(statement: string): Promise<SelfTold | null>
  audit: Audit
  now: () => number
}): Requests {
  /** The checks that somebody there may answer, or why not. */
  async function answerable(organisation: OrganisationId): Promise<Operation | Refusal> {
    const place = await collections.get(ORGANISATIONS, organisation)
    if (!place) return refuse(ORGANISATION_UNKNOWN)
    if (place.value.state === 'closed') return refuse(ORGANISATION_CLOSED)
    for (const roles of RIGHTS['confirm-learning'].organisation) {
      const equals = { organisation, roles }
      const staff = await collections.find(MEMBERSHIPS, { index: 'role', equals, limit: 1 })
      if (staff.docs.length > 0)
        return { op: 'check', collection: ORGANISATIONS, key: organisation, revision: place.revision }
    }
    return refuse(REQUEST_NOBODY)
  }

  /**
   * Who takes their consent back asks for nothing to be put on their record: what they asked is silent until they agree
   * again. Each with whose record it would be on now.
   */
  async function asking(docs: readonly Doc<RequestDocument>[]): Promise<ConfirmationRequest[]> {
    const holders = await holdersOf(
      collections,
      docs.map(({ value }) => value.person),
    )
    return docs.flatMap(({ key, value }) => {
      const holder = holders.get(value.person)
      if (!holder || !agreed(holder)) return []
      const request = requestOf(key, value)
      return [{ ...request, subject: { ...request.subject, person: holder.id } }]
    })
  }

  const agreeing = async (person: PersonId) => agreed((await holdersOf(collections, [person])).get(person))

  return {
    async ask({ person, organisation, statement, words: given }) {
      const words = cleanWords(given, { required: false, path: 'words' })
      if (typeof words !== 'string') return refuse(words)
      const key = keyOf(organisation, statement)
      for (;;) {
        const found = await subjectOf(statement)
        if (found?.subject.person !== person || (await collections.get(FALLEN, statement)))
          return refuse(SUBJECT_GONE)
        const check = await answerable(organisation)
        if ('ok' in check) return check
        if ((await collections.get(CONFIRMATIONS, key))?.value.state === 'standing')
          return refuse(REQUEST_CONFIRMED)
        const held = await collections.get(REQUESTS, key)
        const isOpen = held?.value.state === 'open'
        const equals = { person, state: 'open' }
        if (!isOpen && (await collections.count(REQUESTS, { index: 'open', equals })) >= MOST_OPEN)
          return refuse(REQUEST_MANY)
        const at = now()
        const value: RequestDocument = {
          ...{ organisation, statement, person, subject: found.subject, words },
          at: isOpen ? held.value.at : at,
          state: 'open',
          answered: null,
          changed: at,
        }
        const put = { collection: REQUESTS, key, value }
        const outcome = await collections.batch([
          held ? { op: 'replace', ...put, revision: held.revision } : { op: 'insert', ...put },
          check,
          { op: 'check', collection: FALLEN, key: statement, revision: null },
          noteContact(organisation, person, at),
        ])
        if (outcome.ok) return requestOf(key, value)
      }
    },

    async takeBack(person, id) {
      for (;;) {
        const held = await collections.get(REQUESTS, id)
        if (held?.value.person !== person || held.value.state !== 'open') return refuse(REQUEST_UNKNOWN)
        const value = { ...held.value, state: 'taken-back' as const, changed: now() }
        if (await collections.replace(REQUESTS, id, value, held.revision)) return requestOf(id, value)
      }
    },

    async decline({ organisation, statement, by, reason: given }) {
      const reason = cleanWords(given, { required: true, path: 'reason' })
      if (typeof reason !== 'string') return refuse(reason)
      const key = keyOf(organisation, statement)
      for (;;) {
        const held = await collections.get(REQUESTS, key)
        if (held?.value.state !== 'open') return refuse(REQUEST_UNKNOWN)
        const { person, subject } = held.value
        if (!(await agreeing(person))) return refuse(REQUEST_UNKNOWN)
        if (await isOneOf(collections, by, [person, subject.account])) return refuse(SUBJECT_OWN)
        const operation = answered(held, { state: 'declined', by, at: now(), reason })
        const detail = { organisation }
        const outcome = await collections.batch([
          operation,
          audit({ action: 'confirm-decline', actor: by, subjects: [person, statement], detail }),
        ])
        if (outcome.ok) return requestOf(key, operation.value)
      }
    },

    async waiting(organisation, statement) {
      const key = keyOf(organisation, statement)
      const doc = await collections.get(REQUESTS, key)
      return doc?.value.state === 'open' ? ((await asking([doc]))[0] ?? null) : null
    },

    async queue(organisation, { after, limit }) {
      const equals = { organisation, state: 'open' }
      const page = await findPage(collections, REQUESTS, { index: 'queue', equals, limit, after })
      return { requests: await asking(page.docs), next: page.next }
    },

    async countOpen(organisation) {
      const equals = { organisation, state: 'open' }
      let count = 0
      let after: string | undefined
      do {
        const page: Awaited<ReturnType<typeof findPage<RequestDocument>>> = await findPage(
          collections,
          REQUESTS,
          { index: 'queue', equals, limit: 500, after },
        )
        count += (await asking(page.docs)).length
        after = page.next ?? undefined
      } while (after !== undefined && count < MOST_COUNTED)
      return Math.min(count, MOST_COUNTED)
    },

    async requestsOf(person, { after, limit }) {
      const page = await findOfFamily(collections, REQUESTS, person, { limit, after })
      return { requests: page.docs.map(({ key, value }) => requestOf(key, value)), next: page.next }
    },
  }
}

/** What answers an open request, for the batch of the answer. */
export function answered(
  { key, value, revision }: Doc<RequestDocument>,
  { state, by, at, reason }: { state: 'confirmed' | 'declined'; by: PersonId; at: number; reason: string },
): Extract<Operation, { op: 'replace' }> & { value: RequestDocument } {
  return {
    op: 'replace',
    collection: REQUESTS,
    key,
    revision,
    value: { ...value, state, answered: { by, at, reason }, changed: at },
  }
}
