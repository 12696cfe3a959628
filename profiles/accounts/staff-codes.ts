import { randomBytes, randomUUID } from 'node:crypto'
import { type Collections, type Operation, type Problem, refuse } from '../../lrs/index.ts'
import { hasCitizenNumber } from '../citizen-number.ts'
import type { Audit } from '../create-profiles.ts'
import type { PersonId, Recovery } from '../types.ts'
import { PERSONS, STAFF_CODES, STAFF_CODES_ISSUED } from './documents.ts'
import { hashPaperCode, isSameCode, newPaperCode } from './paper-code.ts'
import { actsForOthers } from './password.ts'

/** Long enough to come home and find the glasses. */
const LASTS = 24 * 3_600_000
const MAX_DOCUMENT = 200
const SHOWN = 20

/**
 * Codes that staff hand out after seeing a document, to who has neither phone, e-mail nor paper any more. Each opens
 * once, within a day; a new one ends the one before. Who issued it and on which document stays.
 */
export function createStaffCodes(collections: Collections, audit: Audit, now: () => number) {
  const part: Pick<Recovery, 'issueByStaff' | 'issuedByStaff'> = {
    async issueByStaff(person, { by, document: given, citizensOnly = false }) {
      const document = given.trim().replace(/\s+/g, ' ')
      if (document === '' || [...document].length > MAX_DOCUMENT) return refuse(DOCUMENT_MISSING)
      if (hasCitizenNumber(document)) return refuse(DOCUMENT_NUMBER)
      for (;;) {
        const doc = await collections.get(PERSONS, person)
        if (!doc) throw new Error(`No person ${person} to issue a code for.`)
        if (doc.value.roles.includes('operator')) return refuse(OPERATOR)
        if (citizensOnly && actsForOthers(doc.value)) return refuse(WORKER)
        const code = newPaperCode()
        const salt = randomBytes(16).toString('base64url')
        const until = now() + LASTS
        const outcome = await collections.batch([
          { op: 'check', collection: PERSONS, key: person, revision: doc.revision },
          {
            op: 'put',
            collection: STAFF_CODES,
            key: person,
            value: { salt, hash: await hashPaperCode(code, salt), until },
            expires: until,
          },
          {
            op: 'insert',
            collection: STAFF_CODES_ISSUED,
            key: randomUUID(),
            value: { person, by, at: now(), document },
          },
          audit({ action: 'recovery-code-issue', actor: by, subjects: [person] }),
        ])
        if (outcome.ok) return { code, until }
      }
    },

    async issuedByStaff(person) {
      const { docs } = await collections.find(STAFF_CODES_ISSUED, {
        index: 'person',
        equals: { person },
        descending: true,
        limit: SHOWN,
      })
      return docs.map(({ value: { by, at, document } }) => ({ by, at, document }))
    },
  }

  /** The operation that uses the code up; null when it is none. As much work for who has none. */
  async function use(person: PersonId, typed: string): Promise<Operation | null> {
    const doc = await collections.get(STAFF_CODES, person)
    const hash = await hashPaperCode(typed, doc?.value.salt)
    const fits = doc && doc.value.until > now() && isSameCode(doc.value.hash, hash)
    return fits ? { op: 'delete', collection: STAFF_CODES, key: person, revision: doc.revision } : null
  }

  return { ...part, use }
}

const DOCUMENT_MISSING: Problem = {
  id: 'staff-code-document-missing',
  status: 400,
  path: 'document',
  message: `Write which document was shown, in at most ${MAX_DOCUMENT} characters.`,
}
const DOCUMENT_NUMBER: Problem = {
  id: 'staff-code-document-number',
  status: 400,
  path: 'document',
  message: 'Do not write the citizen number: the kind of document and who issued it are enough.',
}
const WORKER: Problem = {
  id: 'staff-code-worker',
  status: 403,
  path: 'document',
  message: 'Who acts for others gets a code from an operator alone.',
}
const OPERATOR: Problem = {
  id: 'staff-code-operator',
  status: 403,
  path: 'document',
  message: 'An operator is let in again on the server alone: npm run suotdoi -- operator recover.',
}
