import { type Collections, type Doc, type Problem, type Refusal, refuse } from '../../lrs/index.ts'
import type { Audit } from '../create-profiles.ts'
import type { Person, Recovery, SecondFactors } from '../types.ts'
import { addressOf, newSecret, stepOf } from './codes.ts'
import { SECOND_FACTOR_DRAFTS, SECOND_FACTORS, type SecondFactorDocument } from './documents.ts'
import type { Seal } from './seal.ts'
import { createTries } from './tries.ts'

const DAY = 86_400_000
/** How long the owner has to object when somebody without a code asks to take the second factor away. */
const REMOVAL_DELAY = DAY
/** What is not used in this time after it is due is void. */
const REMOVAL_LASTS = 7 * DAY
const DRAFT_LASTS = 15 * 60_000

export interface SecondFactorDeps {
  collections: Collections
  seal: Seal
  printed: Pick<Recovery, 'usePrinted' | 'printed'>
  audit: Audit
  now: () => number
}

type Who = Pick<Person, 'id' | 'passwordChanges'>

export function createSecondFactors({
  collections,
  seal,
  printed,
  audit,
  now,
}: SecondFactorDeps): SecondFactors {
  const tries = createTries(collections, now)
  const read = ({ id }: Who) => collections.get(SECOND_FACTORS, id)

  /** The removal that was asked for, as long as it is worth something: a new password makes it void. */
  function removalOf({ removal }: SecondFactorDocument, { passwordChanges = 0 }: Who) {
    const stands =
      removal && removal.passwordChanges === passwordChanges && now() < removal.due + REMOVAL_LASTS
    return stands ? removal : null
  }

  /** `false`: it was changed meanwhile. */
  async function drop({ id }: Who, { revision }: Doc<SecondFactorDocument>, how: string): Promise<boolean> {
    const { ok } = await collections.batch([
      { op: 'delete', collection: SECOND_FACTORS, key: id, revision },
      audit({ action: 'second-factor-remove', actor: id, subjects: [id], detail: { how } }),
    ])
    return ok
  }

  /** Uses up a code of the app, and with it a removal that somebody without one asked for. */
  async function useCode(person: Who, code: string): Promise<true | Refusal> {
    const wait = await tries.take(person.id)
    if (wait > 0) return refuse(WAIT)
    for (;;) {
      const doc = await read(person)
      const step = doc && stepOf(seal.open(doc.value.sealed, person.id), code, now())
      if (!doc || step === null || step <= doc.value.step) return refuse(CODE_WRONG)
      const value = { ...doc.value, step, removal: null }
      if (await collections.replace(SECOND_FACTORS, person.id, value, doc.revision)) break
    }
    await tries.forget(person.id)
    return true
  }

  /** Printing new codes takes a password and a session left open: for a day they do not change the second factor. */
  async function isYoung({ id }: Who): Promise<boolean> {
    const made = (await printed.printed(id))?.made ?? 0
    return now() < made + REMOVAL_DELAY
  }

  async function usePaper({ id }: Who, code: string): Promise<true | Refusal> {
    for (;;) {
      const use = await printed.usePrinted(id, code)
      if (!use) return refuse(CODE_WRONG)
      const used = audit({ action: 'recovery-code-use', actor: id, subjects: [id] })
      if ((await collections.batch([use, used])).ok) return true
    }
  }

  const factors: SecondFactors = {
    async of(person) {
      for (;;) {
        const doc = await read(person)
        if (!doc) return null
        const removal = removalOf(doc.value, person)
        if (!removal || removal.due > now()) {
          return { since: doc.value.since, removal: removal && { asked: removal.asked, due: removal.due } }
        }
        if (await drop(person, doc, 'after a day')) return null
      }
    },

    async use(person, typed, { toChange = false } = {}) {
      const code = typed.replace(/\s/g, '')
      if (/^\d{6}$/.test(code)) return useCode(person, code)
      return toChange && (await isYoung(person)) ? refuse(PAPER_YOUNG) : usePaper(person, typed)
    },

    async begin({ id }) {
      const sealed = seal.close(newSecret(), id)
      await collections.put(SECOND_FACTOR_DRAFTS, id, { sealed }, { expires: now() + DRAFT_LASTS })
    },

    async draft(person, issuer) {
      const draft = await collections.get(SECOND_FACTOR_DRAFTS, person.id)
      if (!draft) return null
      const secret = seal.open(draft.value.sealed, person.id)
      return { secret, address: addressOf(secret, { issuer, label: person.name }) }
    },

    async confirm(person, typed) {
      const { id } = person
      for (;;) {
        const draft = await collections.get(SECOND_FACTOR_DRAFTS, id)
        if (!draft) return refuse(DRAFT_GONE)
        const step = stepOf(seal.open(draft.value.sealed, id), typed.replace(/\s/g, ''), now())
        if (step === null) return refuse(CODE_WRONG)
        const known = await read(person)
        const value = { person: id, sealed: draft.value.sealed, since: now(), step, removal: null }
        const at = { collection: SECOND_FACTORS, key: id, value }
        const { ok } = await collections.batch([
          { op: 'delete', collection: SECOND_FACTOR_DRAFTS, key: id, revision: draft.revision },
          known ? { ...at, op: 'replace', revision: known.revision } : { ...at, op: 'insert' },
          audit({ action: known ? 'second-factor-change' : 'second-factor-add', actor: id, subjects: [id] }),
        ])
        if (ok) return { since: value.since, removal: null }
      }
    },

    async remove(person, typed) {
      const used = await factors.use(person, typed, { toChange: true })
      if (used !== true) return used
      for (;;) {
        const doc = await read(person)
        if (!doc || (await drop(person, doc, 'by code'))) return true
      }
    },

    async askRemoval(person) {
      for (;;) {
        const factor = await factors.of(person)
        const doc = await read(person)
        if (!factor || !doc) return null
        // Asked again: the day goes on from the first time.
        if (factor.removal) return { ...factor, removal: factor.removal, asked: false }
        const removal = {
          asked: now(),
          due: now() + REMOVAL_DELAY,
          passwordChanges: person.passwordChanges ?? 0,
        }
        const { ok } = await collections.batch([
          {
            op: 'replace',
            collection: SECOND_FACTORS,
            key: person.id,
            revision: doc.revision,
            value: { ...doc.value, removal },
          },
          audit({ action: 'second-factor-removal-ask', actor: person.id, subjects: [person.id] }),
        ])
        if (ok) return { ...factor, removal: { asked: removal.asked, due: removal.due }, asked: true }
      }
    },

    async keep(person) {
      for (;;) {
        const doc = await read(person)
        if (!doc?.value.removal) return
        const { ok } = await collections.batch([
          {
            op: 'replace',
            collection: SECOND_FACTORS,
            key: person.id,
            revision: doc.revision,
            value: { ...doc.value, removal: null },
          },
          audit({ action: 'second-factor-keep', actor: person.id, subjects: [person.id] }),
        ])
        if (ok) return
      }
    },
  }
  return factors
}

const CODE_WRONG: Problem = {
  id: 'second-factor-code-wrong',
  status: 403,
  path: 'code',
  message: 'The code is not right, or was used already. Wait for the next one and enter it.',
}
const PAPER_YOUNG: Problem = {
  id: 'second-factor-paper-young',
  status: 403,
  path: 'code',
  message:
    'Printed codes change the second factor only a day after they were made. Use a code of the app, or wait.',
}
const WAIT: Problem = {
  id: 'second-factor-wait',
  status: 429,
  path: 'code',
  message: 'There were too many wrong codes. Wait some minutes, or use a printed code.',
}
const DRAFT_GONE: Problem = {
  id: 'second-factor-draft-gone',
  status: 410,
  path: 'code',
  message: 'This code was shown more than a quarter of an hour ago. Begin again.',
}
