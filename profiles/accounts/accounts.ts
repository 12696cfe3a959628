import { createHash, randomUUID } from 'node:crypto'
import {
  type Collections,
  type Doc,
  findPage,
  type Operation,
  type Problem,
  refuse,
} from '../../lrs/index.ts'
import type { Audit } from '../create-profiles.ts'
import type { Accounts, Person } from '../types.ts'
import { createChange } from './change.ts'
import { FAILURES, type Failures, IDENTIFIERS, PASSWORDS, PERSONS } from './documents.ts'
import { normaliseIdentifier } from './identifier.ts'
import { hashPassword, verifyPassword } from './password.ts'
import { prepareRegistration } from './registration.ts'
import { createRoles } from './roles.ts'
import { createSetUp } from './set-up.ts'

/** For how long a failed sign-in is remembered. */
const FAILURE_MEMORY = 86_400_000

export interface AccountsDeps {
  collections: Collections
  /** What else belongs to a new person, stored with it: the link to the product's own account. */
  belongings(person: Person): Operation[]
  audit: Audit
  now: () => number
}

export async function createAccounts({
  collections,
  belongings,
  audit,
  now,
}: AccountsDeps): Promise<Accounts> {
  const setUp = createSetUp(collections, now)
  // What an identifier without account is compared with, so that it takes as long as one with.
  const nobody = await hashPassword(randomUUID())

  const store = async (person: Person, operations: Operation[]) =>
    collections.batch([...operations, ...belongings(person)])

  /** Each one, also of many that fail at once. */
  async function countFailure(key: string, read: Doc<Failures> | null): Promise<void> {
    for (let known = read; ; known = await collections.get(FAILURES, key)) {
      const value = { count: (known?.value.count ?? 0) + 1, last: now() }
      const options = { expires: now() + FAILURE_MEMORY }
      const counted = known
        ? await collections.replace(FAILURES, key, value, known.revision, options)
        : await collections.insert(FAILURES, key, value, options)
      if (counted) return
    }
  }

  const accounts: Accounts = {
    ...createChange(collections, audit, now),
    ...createRoles({ collections, setUp, audit, now }),

    async register(input) {
      const registration = await prepareRegistration(input, ['citizen'], { audit, now: now() })
      if (!registration.ok) return registration
      const { person, operations } = registration
      const outcome = await store(person, operations)
      return outcome.ok ? person : refuse(IDENTIFIER_TAKEN)
    },

    async verify(identifier, password) {
      // The same reads, the same hash and, when it fails, the same write for all, whether there is an account or not.
      const failures = failuresKey(identifier)
      const name = normaliseIdentifier(identifier)?.value ?? 'nobody'
      const id = (await collections.get(IDENTIFIERS, name))?.value.person ?? 'nobody'
      const stored = await collections.get(PASSWORDS, id)
      const person = await collections.get(PERSONS, id)
      const known = await collections.get(FAILURES, failures)
      const right = await verifyPassword(stored?.value.hash ?? nobody, password)
      if (right && stored && person) {
        if (known) await collections.delete(FAILURES, failures)
        return person.value
      }
      await countFailure(failures, known)
      return null
    },

    async failures(identifier) {
      const known = await collections.get(FAILURES, failuresKey(identifier))
      return known?.value ?? { count: 0, last: null }
    },

    async get(id) {
      return (await collections.get(PERSONS, id))?.value ?? null
    },

    async find(identifier) {
      const normal = normaliseIdentifier(identifier)
      const entry = normal && (await collections.get(IDENTIFIERS, normal.value))
      return entry ? accounts.get(entry.value.person) : null
    },

    async list({ role, after, limit }) {
      const asked = role === undefined ? { index: 'created' } : { index: 'roles', equals: { roles: role } }
      const page = await findPage(collections, PERSONS, { ...asked, descending: true, limit, after })
      return { persons: page.docs.map((doc) => doc.value), next: page.next }
    },

    setupToken: setUp.issue,

    async setUpProblem(token) {
      const use = await setUp.use(token)
      return 'op' in use ? null : refuse(use)
    },

    async setUp(token, input) {
      const before = await setUp.use(token)
      if (!('op' in before)) return refuse(before)
      const registration = await prepareRegistration(input, ['citizen', 'operator'], { audit, now: now() })
      if (!registration.ok) return registration
      const { person, operations } = registration
      const granted = audit({
        action: 'role-grant',
        actor: person.id,
        subjects: [person.id],
        detail: { role: 'operator', how: 'set-up link' },
      })
      const outcome = await store(person, [before, granted, ...operations])
      if (outcome.ok) return person
      // Either the token was used a moment ago, or the identifier is taken: the first is told first.
      const after = await setUp.use(token)
      return refuse('op' in after ? IDENTIFIER_TAKEN : after)
    },
  }
  return accounts
}

/** Hashed, because what was typed there by mistake may be a password. */
export function failuresKey(identifier: string): string {
  const name = normaliseIdentifier(identifier)?.value ?? identifier
  return createHash('sha256').update(name).digest('base64url')
}

export const IDENTIFIER_TAKEN: Problem = {
  id: 'identifier-taken',
  status: 409,
  path: 'identifier',
  message: 'There is an account with this e-mail or phone number. Sign in with it, or use another.',
}
