import { defineCollection } from '../../lrs/index.ts'
import type { PersonId } from '../types.ts'
import type { Claim } from './types.ts'

/** Key: SHA-256 of the code. It outlives its `until` by a day: what was typed in time may be read late. */
export const CLAIM_CODES = defineCollection<{ person: PersonId; made: number; until: number }>(
  'profiles.claim-codes',
  { person: ['person'] },
)

/** Key: id of the statement that held the code. `state` stays for a month, so that it is answered once. */
export type ClaimDocument = Omit<Claim, 'id'> & { state: 'waiting' | 'confirmed' | 'refused' }
export const CLAIMS = defineCollection<ClaimDocument>('profiles.claims', {
  person: ['person', 'state', 'at'],
})

/** Key: source id. */
export const CLAIM_ACTIVITIES = defineCollection<{ activity: string; by: string; since: number }>(
  'profiles.claim-activities',
)

/** Key: source id, or a hash of source and account: what was typed there since `begun`, for a day. */
export const CLAIM_TRIES = defineCollection<{ begun: number; right: number; wrong: number }>(
  'profiles.claim-tries',
)

/** Key: hash of source and identifier. The name that a source states for an account, folded for looking it up. */
export const ACCOUNT_NAMES = defineCollection<{
  source: string
  agent: string
  name: string
  folded: string
}>('profiles.account-names', { folded: ['folded', 'source'] })
