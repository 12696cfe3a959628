import { defineCollection } from '../../lrs/index.ts'
import type { OrganisationId } from '../organisations/types.ts'
import type { PersonId } from '../types.ts'

/** What staff may give as their purpose, in the order of a list to choose from. */
export const PURPOSES = ['asked', 'confirm', 'class', 'account', 'dispute', 'other'] as const
export type Purpose = (typeof PURPOSES)[number]
/** Purposes that follow from the act itself: running the product, a system's query, answering what the person asked. */
export type OwnPurpose = 'operation' | 'query' | 'request'

/** What was looked at. */
export type LookedAt = 'account' | 'record' | 'line' | 'evidence' | 'statements'

/** One reading of a person's record by somebody else. */
export interface Access {
  person: PersonId
  at: number
  what: LookedAt
  purpose: Purpose | OwnPurpose
  /** The purpose in words, where it is another one. */
  words: string | null
  /** Who read: a person, for an organisation or to run the product; or a credential of a source. */
  reader: PersonId | null
  organisation: OrganisationId | null
  credential: string | null
  source: string | null
}

/** Key: a hash of what is one entry (access.ts). */
export const ACCESSES = defineCollection<Access>('profiles.accesses', { person: ['person', 'at'] })

/** Key: a hash of session, organisation and person. Why somebody looks at a person for now; it expires. */
export interface GivenPurpose {
  purpose: Purpose
  words: string | null
  until: number
}
export const GIVEN_PURPOSES = defineCollection<GivenPurpose>('profiles.given-purposes')
