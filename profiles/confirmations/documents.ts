import { defineCollection } from '../../lrs/index.ts'
import type { OrganisationId } from '../organisations/types.ts'
import type { PersonId } from '../types.ts'

/** What somebody told of themselves, as far as a confirmation speaks of it. */
export interface Subject {
  /** Id of the statement. */
  statement: string
  /** Whose record it is on. */
  person: PersonId
  /** Under whose account it was told: another's where two persons were found to be one. */
  account: PersonId
  activity: { id: string; name: Record<string, string>; type: string | null }
  verb: { id: string; display: Record<string, string> }
  /** When it was, ms, and how long, ms. */
  time: number
  duration: number | null
}

/**
 * `standing` until the organisation withdraws it, or it falls, because what it confirmed was changed, removed or erased.
 */
export interface Confirmation {
  id: string
  organisation: OrganisationId
  subject: Subject
  /** Staff saw the original of a paper. */
  original: boolean
  by: PersonId
  at: number
  state: 'standing' | 'withdrawn' | 'fallen'
  /** Who ended it, null for what follows by itself; the reason is empty there. */
  ended: { by: PersonId | null; at: number; reason: string } | null
}

/**
 * Key: `<organisation>/<statement>`, so that what is confirmed twice is confirmed once. What is to be told the record
 * store is written here first, and told once more after a kill: its ids are in it.
 */
export interface ConfirmationDocument extends Omit<Confirmation, 'id'> {
  person: PersonId
  statement: string
  /** Latest change, ms. */
  changed: number
  /** Id of the statement that tells it. */
  telling: string
  /** Statements on their way, in order. */
  pending: unknown[]
  /** Since when, ms; null when there are none. */
  waiting: number | null
}
export const CONFIRMATIONS = defineCollection<ConfirmationDocument>('profiles.confirmations', {
  person: ['person', 'changed'],
  organisation: ['organisation', 'changed'],
  both: ['organisation', 'person', 'changed'],
  statement: ['statement'],
  telling: ['telling'],
  waiting: ['waiting'],
})

export interface ConfirmationRequest {
  id: string
  organisation: OrganisationId
  subject: Subject
  /** What the person adds; may be empty. */
  words: string
  at: number
  state: 'open' | 'confirmed' | 'declined' | 'taken-back' | 'fallen'
  answered: { by: PersonId; at: number; reason: string } | null
}
/** Key: `<organisation>/<statement>`. */
export interface RequestDocument extends Omit<ConfirmationRequest, 'id'> {
  person: PersonId
  statement: string
  changed: number
}
export const REQUESTS = defineCollection<RequestDocument>('profiles.confirmation-requests', {
  person: ['person', 'changed'],
  open: ['person', 'state'],
  queue: ['organisation', 'state', 'at'],
  statement: ['statement'],
})

/**
 * Key: id of a statement that is about to be voided. Who would confirm it at the same moment finds the place taken; or the
 * confirmation was first, and falls with it.
 */
export const FALLEN = defineCollection<{ at: number }>('profiles.fallen-subjects')

export const keyOf = (organisation: OrganisationId, statement: string) => `${organisation}/${statement}`

export function confirmationOf(id: string, value: ConfirmationDocument): Confirmation {
  const { organisation, subject, original, by, at, state, ended } = value
  return { id, organisation, subject, original, by, at, state, ended }
}

export function requestOf(id: string, value: RequestDocument): ConfirmationRequest {
  const { organisation, subject, words, at, state, answered } = value
  return { id, organisation, subject, words, at, state, answered }
}
