import { createHmac, hkdfSync, randomUUID } from 'node:crypto'
import { type Collections, defineCollection, type Operation, type Problem, refuse } from '../../lrs/index.ts'
import { IDENTIFIERS, PASSWORDS, PERSONS } from '../accounts/documents.ts'
import { normaliseIdentifier } from '../accounts/identifier.ts'
import { cleanName, nameProblems } from '../accounts/name.ts'
import type { Audit } from '../create-profiles.ts'
import { PASSKEYS } from '../passkeys/documents.ts'
import type { Person, PersonId, ProviderTie, ProviderTies } from '../types.ts'

/**
 * Key: issuer and subject under a keyed hash (HMAC-SHA-256). A subject may be a citizen's number, which a plain hash
 * would not hide: all of them can be tried.
 */
export const TIES = defineCollection<TieDocument>('profiles.provider-ties', { person: ['person', 'added'] })
interface TieDocument {
  person: PersonId
  provider: string
  added: number
  used: number
}
/** More are nobody's. */
const MOST = 20

export interface ProviderTiesDeps {
  collections: Collections
  sealSecret: string
  belongings(person: Person): Operation[]
  audit: Audit
  now: () => number
}

export function createProviderTies({
  collections,
  sealSecret,
  belongings,
  audit,
  now,
}: ProviderTiesDeps): ProviderTies {
  const key = Buffer.from(hkdfSync('sha256', Buffer.from(sealSecret, 'hex'), '', 'suotdoi providers v1', 32))
  const documentsOf = async (person: PersonId) =>
    (await collections.find(TIES, { index: 'person', equals: { person }, limit: MOST })).docs
  const added = (person: PersonId, provider: string) =>
    audit({ action: 'provider-add', actor: person, subjects: [person], detail: { provider } })
  const shown = (tie: string, { provider, added: at, used }: TieDocument): ProviderTie => ({
    tie,
    provider,
    added: at,
    used,
  })

  /** An operation that fails when what else the person signs in with is gone; null when there is nothing else. */
  async function otherWay(person: PersonId, tie: string): Promise<Operation | null> {
    const password = await collections.get(PASSWORDS, person)
    if (password) return { op: 'check', collection: PASSWORDS, key: person, revision: password.revision }
    const passkeys = await collections.find(PASSKEYS, { index: 'person', equals: { person }, limit: 1 })
    const [passkey] = passkeys.docs
    if (passkey) return { op: 'check', collection: PASSKEYS, key: passkey.key, revision: passkey.revision }
    const other = (await documentsOf(person)).find((each) => each.key !== tie)
    return other ? { op: 'check', collection: TIES, key: other.key, revision: other.revision } : null
  }

  return {
    tieOf: ({ issuer, subject }) =>
      createHmac('sha256', key)
        .update(JSON.stringify([issuer, subject]))
        .digest('base64url'),

    async of(person) {
      return (await documentsOf(person)).map((doc) => shown(doc.key, doc.value))
    },

    async personOf(tie) {
      for (;;) {
        const doc = await collections.get(TIES, tie)
        if (!doc) return null
        const value = { ...doc.value, used: now() }
        if (await collections.replace(TIES, tie, value, doc.revision)) return doc.value.person
      }
    },

    async add(person, { tie, provider }) {
      const known = await collections.get(TIES, tie)
      if (known) return known.value.person === person ? shown(tie, known.value) : refuse(TAKEN)
      const value = { person, provider, added: now(), used: now() }
      const { ok } = await collections.batch([
        { op: 'insert', collection: TIES, key: tie, value },
        added(person, provider),
      ])
      return ok ? shown(tie, value) : refuse(TAKEN)
    },

    async remove(person, tie) {
      for (;;) {
        const doc = await collections.get(TIES, tie)
        if (doc?.value.person !== person) return true
        const other = await otherWay(person, tie)
        if (!other) return refuse(LAST)
        const { ok } = await collections.batch([
          other,
          { op: 'delete', collection: TIES, key: tie, revision: doc.revision },
          audit({
            action: 'provider-remove',
            actor: person,
            subjects: [person],
            detail: { provider: doc.value.provider },
          }),
        ])
        if (ok) return true
      }
    },

    async register({ tie, provider, name: given, language, identifier }) {
      const name = cleanName(given)
      const [first, ...others] = nameProblems(name)
      if (first) return refuse(first, ...others)
      const person: Person = { id: randomUUID(), name, roles: ['citizen'], language, created: now() }
      const operations: Operation[] = [
        {
          op: 'insert',
          collection: TIES,
          key: tie,
          value: { person: person.id, provider, added: now(), used: now() },
        },
        { op: 'insert', collection: PERSONS, key: person.id, value: person },
        added(person.id, provider),
        ...belongings(person),
      ]
      // What the provider verified is theirs when nobody else has it; somebody else's stays with them.
      const normal = identifier === null ? null : normaliseIdentifier(identifier)
      if (normal) {
        const value = { person: person.id, kind: normal.kind, added: now(), proven: now() }
        const own: Operation = { op: 'insert', collection: IDENTIFIERS, key: normal.value, value }
        if ((await collections.batch([...operations, own])).ok) return person
      }
      return (await collections.batch(operations)).ok ? person : refuse(TAKEN)
    },
  }
}

const TAKEN: Problem = {
  id: 'provider-taken',
  status: 409,
  message: 'This account of the provider signs somebody in already.',
}
const LAST: Problem = {
  id: 'provider-last',
  status: 409,
  message: 'Nothing else signs in to this account. Set a password or add a passkey first.',
}
