import { defineCollection } from '../../lrs/index.ts'
import type { Person, PersonId, TakenRole } from '../types.ts'

/** Key: person id. */
export const PERSONS = defineCollection<Person>('profiles.persons', {
  created: ['created'],
  roles: ['roles', 'created'],
})

/** Key: random. Roles in the tenant that were taken away. */
export const TAKEN_ROLES = defineCollection<TakenRole & { person: PersonId }>('profiles.taken-roles', {
  person: ['person', 'at'],
})

/**
 * Key: the normalised identifier, so that uniqueness is by key on every store. `proven` is when its owner last showed
 * that they receive what is sent there; absent: never.
 */
export const IDENTIFIERS = defineCollection<IdentifierDocument>('profiles.identifiers', {
  person: ['person'],
})
export interface IdentifierDocument {
  person: PersonId
  kind: 'email' | 'phone'
  added: number
  proven?: number
}

/** Key: SHA-256 of purpose and identifier, whether an account has it or not (codes.ts). Times in ms. */
export const CODES = defineCollection<CodesDocument>('profiles.codes')
export interface CodesDocument {
  /** When messages went out within a day, oldest first. */
  sent: number[]
  /** One code for each asker. */
  own: { ticket: string; hash: string; tries: number; until: number }[]
  /** Codes that every asker may use. */
  common: { hash: string; until: number }[]
}

/** Key: person id. The one code that staff handed out last. */
export const STAFF_CODES = defineCollection<{ salt: string; hash: string; until: number }>(
  'profiles.staff-codes',
)

/** Key: random. Who handed a code out, to whom, and which document was seen. */
export const STAFF_CODES_ISSUED = defineCollection<{
  person: PersonId
  by: PersonId
  at: number
  document: string
}>('profiles.staff-codes-issued', { person: ['person', 'at'] })

/** Key: person id. The printed codes that are left, as Argon2id under one salt. */
export const RECOVERY_CODES = defineCollection<{ salt: string; hashes: string[]; made: number }>(
  'profiles.recovery-codes',
)

/** Key: person id. Apart from the person, so that no list of persons ever carries a hash. */
export const PASSWORDS = defineCollection<{ hash: string; changed: number }>('profiles.passwords')

/** Key: SHA-256 of the identifier as normalised, whether an account has it or not. */
export const FAILURES = defineCollection<Failures>('profiles.sign-in-failures')
export interface Failures {
  count: number
  last: number
}

/** One document, key `operator`: the hash of the open set-up token, null once there is an operator. */
export const SET_UP = defineCollection<{ tokenHash: string | null; changed: number }>('profiles.set-up')
export const SET_UP_KEY = 'operator'
