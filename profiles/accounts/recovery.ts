import { type Collections, type Operation, type Problem, type Refusal, refuse } from '../../lrs/index.ts'
import type { Audit } from '../create-profiles.ts'
import { PASSKEYS } from '../passkeys/documents.ts'
import { TIES } from '../providers/provider-ties.ts'
import type { Person, Recovery } from '../types.ts'
import { failuresKey } from './accounts.ts'
import { whyNotPassword } from './change.ts'
import { CODE_WRONG, type Codes } from './codes.ts'
import { FAILURES, IDENTIFIERS, PASSWORDS, PERSONS, RECOVERY_CODES } from './documents.ts'
import { normaliseIdentifier, type SignInIdentifier } from './identifier.ts'
import { identifiersOf } from './identifiers.ts'
import { hashPassword, passwordProblems } from './password.ts'
import { createPrintedCodes } from './printed-codes.ts'
import { IDENTIFIER_NOT_VALID } from './registration.ts'
import { createStaffCodes } from './staff-codes.ts'

export interface RecoveryDeps {
  collections: Collections
  codes: Codes
  hasSecondFactor(person: Person): Promise<boolean>
  audit: Audit
  now: () => number
}

type Proof = 'code' | 'printed code' | 'code of staff'

/** Where there is no account, everything is asked about nobody, so that it is the same work. */
const NOBODY = 'nobody'

export function createRecovery({ collections, codes, hasSecondFactor, audit, now }: RecoveryDeps): Recovery {
  const printed = createPrintedCodes(collections, audit, now)
  const { use: useStaffCode, ...staffCodes } = createStaffCodes(collections, audit, now)

  /** Whose account this identifier recovers. */
  async function ownerOf({ value }: SignInIdentifier, proof: Proof) {
    const entry = await collections.get(IDENTIFIERS, value)
    const id = entry?.value.person ?? NOBODY
    const person = await collections.get(PERSONS, id)
    const all = await identifiersOf(collections, id)
    if (!entry || !person) return null
    // One that its owner never proved may be somebody else's, by a slip or on purpose: it opens an account only while
    // nobody has proven another. A printed code is a proof of its own.
    const trusted =
      proof !== 'code' || entry.value.proven !== undefined || all.every((each) => each.proven === null)
    return trusted ? { entry, person } : null
  }

  /**
   * Anybody may register with an address that is not theirs. Who proves it first, by recovering, gets an account in which
   * nobody else is left: ways in that were added before go. A second factor stays, and goes as ever, in a day.
   */
  async function othersWaysOut(id: string): Promise<Operation[]> {
    const held = { index: 'person', equals: { person: id }, limit: 100 }
    const [passkeys, ties] = [await collections.find(PASSKEYS, held), await collections.find(TIES, held)]
    const detail = { how: 'first proof' }
    const gone = (action: 'passkey-remove' | 'provider-remove') =>
      audit({ action, actor: id, subjects: [id], detail })
    return [
      { op: 'delete', collection: RECOVERY_CODES, key: id },
      ...passkeys.docs.map(({ key }): Operation => ({ op: 'delete', collection: PASSKEYS, key })),
      ...ties.docs.map(({ key }): Operation => ({ op: 'delete', collection: TIES, key })),
      ...(passkeys.docs.length > 0 ? [gone('passkey-remove')] : []),
      ...(ties.docs.length > 0 ? [gone('provider-remove')] : []),
    ]
  }

  /** Sets the password together with `use`; null when what it was computed from has changed. */
  async function setPassword(
    { entry, person }: NonNullable<Awaited<ReturnType<typeof ownerOf>>>,
    password: string,
    use: Operation,
    how: Proof,
  ): Promise<Person | null> {
    const { id } = person.value
    const stored = await collections.get(PASSWORDS, id)
    const changed = { ...person.value, passwordChanges: (person.value.passwordChanges ?? 0) + 1 }
    const value = { hash: await hashPassword(password), changed: now() }
    const isFirstProof = how === 'code' && entry.value.proven === undefined
    const outcome = await collections.batch([
      use,
      ...(isFirstProof ? await othersWaysOut(id) : []),
      stored
        ? { op: 'replace', collection: PASSWORDS, key: id, revision: stored.revision, value }
        : { op: 'insert', collection: PASSWORDS, key: id, value },
      { op: 'replace', collection: PERSONS, key: id, revision: person.revision, value: changed },
      {
        op: 'replace',
        collection: IDENTIFIERS,
        key: entry.key,
        revision: entry.revision,
        value: how === 'code' ? { ...entry.value, proven: now() } : entry.value,
      },
      // Strangers' tries must not keep out who just showed to be the owner.
      { op: 'delete', collection: FAILURES, key: failuresKey(entry.key) },
      audit({ action: 'password-recover', actor: id, subjects: [id], detail: { how } }),
    ])
    return outcome.ok ? changed : null
  }

  return {
    ...printed,
    ...staffCodes,

    async ask({ identifier, ticket }) {
      const normal = normaliseIdentifier(identifier)
      if (!normal) return refuse(IDENTIFIER_NOT_VALID)
      const owner = await ownerOf(normal, 'code')
      const issued = await codes.issue({ purpose: 'recover', identifier: normal.value, ticket })
      return { ...issued, to: normal, person: owner?.person.value ?? null }
    },

    async recover({ identifier, ticket, code, password }) {
      const normal = normaliseIdentifier(identifier)
      const refused = whyNotForAnybody(normal, password)
      if (!normal || refused) return refused ?? refuse(IDENTIFIER_NOT_VALID)
      for (;;) {
        const use = await codes.use({ purpose: 'recover', identifier: normal.value, ticket }, code)
        if ('ok' in use) return use
        const owner = await ownerOf(normal, 'code')
        if (!owner) return refuse(CODE_WRONG)
        // Only who holds the code learns whether the password resembles the account.
        const unfit = await whyNotPassword(collections, owner.person.value, password)
        if (unfit) return unfit
        const person = await setPassword(owner, password, use, 'code')
        if (person) return person
      }
    },

    async recoverByPrinted({ identifier, code, password }) {
      const normal = normaliseIdentifier(identifier)
      const refused = whyNotForAnybody(normal, password)
      if (!normal || refused) return refused ?? refuse(IDENTIFIER_NOT_VALID)
      for (;;) {
        const owner = await ownerOf(normal, 'printed code')
        const id = owner?.person.key ?? NOBODY
        const fromPaper = await printed.usePrinted(id, code)
        const fromStaff = await useStaffCode(id, code)
        const use = fromPaper ?? fromStaff
        if (!owner || !use) return refuse(RECOVERY_CODE_WRONG)
        if (fromPaper && (await hasSecondFactor(owner.person.value))) return refuse(RECOVERY_CODE_SECOND_STEP)
        const unfit = await whyNotPassword(collections, owner.person.value, password)
        if (unfit) return unfit
        const how = fromPaper ? 'printed code' : 'code of staff'
        const person = await setPassword(owner, password, use, how)
        if (person) return person
      }
    },
  }
}

/** What is wrong with the form whoever sends it. */
function whyNotForAnybody(identifier: SignInIdentifier | null, password: string): Refusal | null {
  const [first, ...others] = [
    ...(identifier ? [] : [IDENTIFIER_NOT_VALID]),
    ...passwordProblems(password, { identifier, name: '' }),
  ]
  return first ? refuse(first, ...others) : null
}

const RECOVERY_CODE_WRONG: Problem = {
  id: 'recovery-code-wrong',
  status: 403,
  path: 'code',
  message:
    'This code does not fit this e-mail or phone number, or it was used before. Try another of your codes.',
}
const RECOVERY_CODE_SECOND_STEP: Problem = {
  id: 'recovery-code-second-step',
  status: 409,
  path: 'code',
  message:
    'This account has two-step sign-in: its printed codes stand in for the app. Get a new password by a code to your e-mail or phone, or from staff who see your document.',
}
