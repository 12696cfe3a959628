import { type Collections, type Problem, type Refusal, refuse } from '../../lrs/index.ts'
import type { Audit } from '../create-profiles.ts'
import { renameEntry } from '../directory/entries.ts'
import { renameMember } from '../organisations/memberships.ts'
import type { Accounts, Person, PersonId } from '../types.ts'
import { IDENTIFIERS, PASSWORDS, PERSONS } from './documents.ts'
import { normaliseIdentifier } from './identifier.ts'
import { cleanName, LANGUAGE_UNKNOWN, nameProblems } from './name.ts'
import { actsForOthers, hashPassword, passwordProblems, verifyPassword } from './password.ts'

/** What people change of their own account; each is stored only on what it was read from. */
export function createChange(
  collections: Collections,
  audit: Audit,
  now: () => number,
): Pick<Accounts, 'change' | 'knowsPassword' | 'changePassword'> {
  async function read(id: PersonId) {
    const person = await collections.get(PERSONS, id)
    if (!person) throw new Error(`No person ${id} to change.`)
    return person
  }

  return {
    async change(id, { name: given, language }) {
      const name = given === undefined ? undefined : cleanName(given)
      const [first, ...others] = [
        ...(name === undefined ? [] : nameProblems(name)),
        ...(language === undefined || language === 'vi' || language === 'en' ? [] : [LANGUAGE_UNKNOWN]),
      ]
      if (first) return refuse(first, ...others)
      for (;;) {
        const { value, revision } = await read(id)
        const changed: Person = {
          ...value,
          ...(name !== undefined && { name }),
          ...(language !== undefined && { language }),
        }
        const outcome = await collections.batch([
          { op: 'replace', collection: PERSONS, key: id, revision, value: changed },
          ...(changed.name === value.name
            ? []
            : [
                ...(await renameMember(collections, value, changed.name)),
                await renameEntry(collections, value, changed.name),
              ]),
        ])
        if (outcome.ok) return changed
      }
    },

    async knowsPassword(id, password) {
      const stored = await collections.get(PASSWORDS, id)
      return stored !== null && verifyPassword(stored.value.hash, password)
    },

    async changePassword(id, { current, password }) {
      for (;;) {
        const person = await read(id)
        const stored = await collections.get(PASSWORDS, id)
        if (!stored || !(await verifyPassword(stored.value.hash, current))) return refuse(CURRENT_WRONG)
        const refused = await whyNotPassword(collections, person.value, password)
        if (refused) return refused
        const changed = { ...person.value, passwordChanges: (person.value.passwordChanges ?? 0) + 1 }
        const hash = await hashPassword(password)
        const outcome = await collections.batch([
          {
            op: 'replace',
            collection: PASSWORDS,
            key: id,
            revision: stored.revision,
            value: { hash, changed: now() },
          },
          { op: 'replace', collection: PERSONS, key: id, revision: person.revision, value: changed },
          audit({ action: 'password-change', actor: id, subjects: [id] }),
        ])
        if (outcome.ok) return changed
      }
    },
  }
}

/** As at registration: the new password must not be read off the account. */
export async function whyNotPassword(
  collections: Collections,
  person: Person,
  password: string,
): Promise<Refusal | null> {
  const held = await collections.find(IDENTIFIERS, {
    index: 'person',
    equals: { person: person.id },
    limit: 20,
  })
  for (const identifier of [null, ...held.docs.map((doc) => normaliseIdentifier(doc.key))]) {
    const [first, ...others] = passwordProblems(password, {
      identifier,
      name: person.name,
      forOthers: actsForOthers(person),
    })
    if (first) return refuse(first, ...others)
  }
  return null
}

const CURRENT_WRONG: Problem = {
  id: 'password-wrong',
  status: 403,
  path: 'current',
  message: 'The password in use is not right. Check it and enter it again.',
}
