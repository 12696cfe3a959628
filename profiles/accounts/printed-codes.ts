import { randomBytes } from 'node:crypto'
import type { Collections, Operation } from '../../lrs/index.ts'
import type { Audit } from '../create-profiles.ts'
import type { PersonId, Recovery } from '../types.ts'
import { RECOVERY_CODES } from './documents.ts'
import { hashPaperCode, isSameCode, newPaperCode } from './paper-code.ts'

const COUNT = 10

/** Codes that people print and keep: each opens once. All of a person are under one salt, so that a try costs one hash. */
export function createPrintedCodes(
  collections: Collections,
  audit: Audit,
  now: () => number,
): Pick<Recovery, 'printed' | 'print' | 'usePrinted'> {
  return {
    async printed(person) {
      const doc = await collections.get(RECOVERY_CODES, person)
      return doc && { left: doc.value.hashes.length, made: doc.value.made }
    },

    async print(person) {
      const codes = Array.from({ length: COUNT }, newPaperCode)
      const salt = randomBytes(16).toString('base64url')
      const hashes = []
      for (const code of codes) hashes.push(await hashPaperCode(code, salt))
      await collections.batch([
        { op: 'put', collection: RECOVERY_CODES, key: person, value: { salt, hashes, made: now() } },
        audit({ action: 'recovery-codes-make', actor: person, subjects: [person] }),
      ])
      return codes
    },

    async usePrinted(person, typed) {
      const doc = await collections.get(RECOVERY_CODES, person)
      const hash = await hashPaperCode(typed, doc?.value.salt)
      const at = doc?.value.hashes.findIndex((each) => isSameCode(each, hash)) ?? -1
      return doc && at >= 0 ? usedUp(person, doc, at) : null
    },
  }
}

function usedUp(
  key: PersonId,
  { value, revision }: { value: { salt: string; hashes: string[]; made: number }; revision: number },
  at: number,
): Operation {
  const hashes = value.hashes.filter((_, each) => each !== at)
  return { op: 'replace', collection: RECOVERY_CODES, key, revision, value: { ...value, hashes } }
}
