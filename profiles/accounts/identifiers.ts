import { type Collections, type Operation, type Problem, refuse } from '../../lrs/index.ts'
import type { Audit } from '../create-profiles.ts'
import type { Identifiers, PersonId, PersonIdentifier } from '../types.ts'
import { IDENTIFIER_TAKEN } from './accounts.ts'
import type { Asker, Codes } from './codes.ts'
import { IDENTIFIERS, type IdentifierDocument, PERSONS } from './documents.ts'
import { normaliseIdentifier } from './identifier.ts'
import { IDENTIFIER_NOT_VALID } from './registration.ts'

/** How many a person may have: each is one more way in. */
const MOST = 10

export interface IdentifiersDeps {
  collections: Collections
  codes: Codes
  audit: Audit
  now: () => number
}

export function createIdentifiers({ collections, codes, audit, now }: IdentifiersDeps): Identifiers {
  const held = (person: PersonId) => identifiersOf(collections, person)

  /** What every change of a person's identifiers writes, so that of two at once one sees the other. */
  async function fence(person: PersonId): Promise<Operation> {
    const doc = await collections.get(PERSONS, person)
    if (!doc) throw new Error(`No person ${person} whose identifiers could change.`)
    return { op: 'replace', collection: PERSONS, key: person, revision: doc.revision, value: doc.value }
  }

  const noteOf = (action: 'identifier-add' | 'identifier-prove' | 'identifier-remove', actor: PersonId) => ({
    of: (person: PersonId, kind: string) => audit({ action, actor, subjects: [person], detail: { kind } }),
  })

  return {
    of: held,

    async ask(person, { identifier, ticket }) {
      const normal = normaliseIdentifier(identifier)
      if (!normal) return refuse(IDENTIFIER_NOT_VALID)
      const own = await held(person)
      const mine = own.find((each) => each.value === normal.value)
      if (mine && mine.proven !== null) return refuse(IDENTIFIER_PROVEN)
      if (!mine && own.length >= MOST) return refuse(IDENTIFIERS_MANY)
      const issued = await codes.issue({ purpose: 'prove', identifier: normal.value, ticket })
      return { ...issued, to: normal }
    },

    async prove(person, { identifier, ticket, code }) {
      const normal = normaliseIdentifier(identifier)
      if (!normal) return refuse(IDENTIFIER_NOT_VALID)
      const { kind, value: key } = normal
      const asker: Asker = { purpose: 'prove', identifier: key, ticket }
      for (;;) {
        const fenced = await fence(person)
        const own = await held(person)
        const use = await codes.use(asker, code)
        if ('ok' in use) return use
        const doc = await collections.get(IDENTIFIERS, key)
        const added = doc?.value.person !== person
        if (added && own.length >= MOST) return refuse(IDENTIFIERS_MANY)
        const value: IdentifierDocument = {
          person,
          kind,
          added: added ? now() : doc.value.added,
          proven: now(),
        }
        const other = doc && added ? doc.value : null
        if (other && !(await yields(other))) {
          // The code did its work: it is told to who received it, and to nobody twice.
          await collections.batch([use])
          return refuse(IDENTIFIER_TAKEN)
        }
        const outcome = await collections.batch([
          use,
          fenced,
          doc
            ? { op: 'replace', collection: IDENTIFIERS, key, revision: doc.revision, value }
            : { op: 'insert', collection: IDENTIFIERS, key, value },
          noteOf(added ? 'identifier-add' : 'identifier-prove', person).of(person, kind),
          ...(other
            ? [await fence(other.person), noteOf('identifier-remove', person).of(other.person, kind)]
            : []),
        ])
        if (!outcome.ok) continue
        const proven = { ...normal, added: value.added, proven: value.proven ?? null }
        return { identifier: proven, added, from: other?.person ?? null }
      }
    },

    async remove(person, identifier) {
      const normal = normaliseIdentifier(identifier)
      for (;;) {
        const fenced = await fence(person)
        const own = await held(person)
        const gone = own.find((each) => each.value === normal?.value)
        const doc = gone && (await collections.get(IDENTIFIERS, gone.value))
        if (!gone || doc?.value.person !== person) return refuse(IDENTIFIER_UNKNOWN)
        if (own.length === 1) return refuse(IDENTIFIER_LAST)
        const outcome = await collections.batch([
          fenced,
          { op: 'delete', collection: IDENTIFIERS, key: gone.value, revision: doc.revision },
          noteOf('identifier-remove', person).of(person, gone.kind),
        ])
        if (outcome.ok) return gone
      }
    },
  }

  /**
   * What somebody only claimed goes to who proved it, unless it is all that the other can be reached by: families share
   * a phone, and proving it must not take a grandmother's way in. Who receives her codes can recover her account.
   */
  async function yields({ person, proven }: IdentifierDocument): Promise<boolean> {
    return proven === undefined && (await held(person)).some((each) => each.proven !== null)
  }
}

/** A person's identifiers, oldest first. */
export async function identifiersOf(collections: Collections, person: PersonId): Promise<PersonIdentifier[]> {
  const { docs } = await collections.find(IDENTIFIERS, {
    index: 'person',
    equals: { person },
    limit: 2 * MOST,
  })
  return docs
    .map(({ key, value }) => ({
      kind: value.kind,
      value: key,
      added: value.added,
      proven: value.proven ?? null,
    }))
    .sort((a, b) => a.added - b.added || (a.value < b.value ? -1 : 1))
}

const IDENTIFIER_PROVEN: Problem = {
  id: 'identifier-proven',
  status: 409,
  path: 'identifier',
  message: 'This is yours and proven already. There is nothing to do.',
}
const IDENTIFIERS_MANY: Problem = {
  id: 'identifiers-many',
  status: 409,
  path: 'identifier',
  message: `There are ${MOST} already. Remove one that you do not use, then add this one.`,
}
const IDENTIFIER_LAST: Problem = {
  id: 'identifier-last',
  status: 409,
  path: 'identifier',
  message: 'This is the only one to sign in with. Add another first, then remove this one.',
}
const IDENTIFIER_UNKNOWN: Problem = {
  id: 'identifier-unknown',
  status: 404,
  path: 'identifier',
  message: 'This is not one of yours (any more). Look at the list again.',
}
