import { randomBytes, randomInt, timingSafeEqual } from 'node:crypto'
import { hashRaw } from '@node-rs/argon2'
import type { Collections, Operation } from '../../lrs/index.ts'
import type { Audit } from '../create-profiles.ts'
import type { PersonId, Recovery } from '../types.ts'
import { RECOVERY_CODES } from './documents.ts'
import { ARGON2 } from './password.ts'

const COUNT = 10
/** Letters and digits that cannot be taken for each other, also when read aloud or copied by hand: 30 of them. */
const LETTERS = '23456789ABCDEFGHJKMNPQRTUVWXYZ'
/** 12 of 30: 58 bits. */
const LENGTH = 12
const GROUP = 4

/**
 * Codes that people print and keep: each opens once. With 58 bits they need no limit of tries that strangers could use
 * up. They are hashed as passwords are, all of a person under one salt, so that a try costs one hash.
 */
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
      const codes = Array.from({ length: COUNT }, newCode)
      const salt = randomBytes(16).toString('base64url')
      const hashes = []
      for (const code of codes) hashes.push(await hashOf(code, salt))
      await collections.batch([
        { op: 'put', collection: RECOVERY_CODES, key: person, value: { salt, hashes, made: now() } },
        audit({ action: 'recovery-codes-make', actor: person, subjects: [person] }),
      ])
      return codes
    },

    async usePrinted(person, typed) {
      const doc = await collections.get(RECOVERY_CODES, person)
      // As much work for who has none.
      const hash = await hashOf(normalise(typed), doc?.value.salt ?? 'AAAAAAAAAAAAAAAAAAAAAA')
      const at = doc?.value.hashes.findIndex((each) => isSame(each, hash)) ?? -1
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

/** `K7QF-9XWM-3TRA` */
function newCode(): string {
  const letters = Array.from({ length: LENGTH }, () => LETTERS[randomInt(LETTERS.length)])
  return letters.join('').replace(new RegExp(`.{${GROUP}}(?=.)`, 'g'), '$&-')
}

/** As typed from paper: with small letters, spaces or other dashes; no longer than any code. */
function normalise(typed: string): string {
  return typed
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '')
    .slice(0, LENGTH + 1)
}

async function hashOf(code: string, salt: string): Promise<string> {
  const raw = await hashRaw(normalise(code), { ...ARGON2, salt: Buffer.from(salt, 'base64url') })
  return raw.toString('base64url')
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
