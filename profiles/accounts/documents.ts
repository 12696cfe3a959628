import { defineCollection } from '../../lrs/index.ts'
import type { Person, PersonId } from '../types.ts'

/** Key: person id. */
export const PERSONS = defineCollection<Person>('profiles.persons', { created: ['created'] })

/** Key: the normalised identifier, so that uniqueness is by key on every store. */
export const IDENTIFIERS = defineCollection<{ person: PersonId; kind: 'email' | 'phone'; added: number }>(
  'profiles.identifiers',
  { person: ['person'] },
)

/** Key: person id. Apart from the person, so that no list of persons ever carries a hash. */
export const PASSWORDS = defineCollection<{ hash: string; changed: number }>('profiles.passwords')

/** Key: SHA-256 of the identifier as normalised, whether an account has it or not. */
export const FAILURES = defineCollection<{ count: number; last: number }>('profiles.sign-in-failures')

/** One document, key `operator`: the hash of the open set-up token, null once there is an operator. */
export const SET_UP = defineCollection<{ tokenHash: string | null; changed: number }>('profiles.set-up')
export const SET_UP_KEY = 'operator'
