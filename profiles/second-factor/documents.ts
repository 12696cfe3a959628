import { defineCollection } from '../../lrs/index.ts'
import type { PersonId } from '../types.ts'

/** Key: person id. Times in ms. */
export const SECOND_FACTORS = defineCollection<SecondFactorDocument>('profiles.second-factors')
export interface SecondFactorDocument {
  person: PersonId
  /** The secret that the app holds too, encrypted (seal.ts). */
  sealed: string
  since: number
  /** The time step of the last code that was taken: neither it nor an earlier one is taken again. */
  step: number
  /** Asked for by somebody with the password and without a code. */
  removal: { asked: number; due: number; passwordChanges: number } | null
}

/** Key: person id. A secret that was shown and not yet confirmed by a code. */
export const SECOND_FACTOR_DRAFTS = defineCollection<{ sealed: string }>('profiles.second-factor-drafts')

/** Key: person id. Wrong codes, for a growing pause. */
export const SECOND_FACTOR_TRIES = defineCollection<{ count: number; last: number }>(
  'profiles.second-factor-tries',
)
