import { randomInt, timingSafeEqual } from 'node:crypto'
import { hashRaw } from '@node-rs/argon2'
import { ARGON2 } from './password.ts'

/** Letters and digits that cannot be taken for each other, also when read aloud or copied by hand: 30 of them. */
const LETTERS = '23456789ABCDEFGHJKMNPQRTUVWXYZ'
/** 12 of 30: 58 bits. */
const LENGTH = 12
const GROUP = 4
/** For who has no code, so that a try costs the same. */
const NO_SALT = 'AAAAAAAAAAAAAAAAAAAAAA'

/** A code on paper: `K7QF-9XWM-3TRA`. With 58 bits it needs no limit of tries that strangers could use up. */
export function newPaperCode(): string {
  const letters = Array.from({ length: LENGTH }, () => LETTERS[randomInt(LETTERS.length)])
  return letters.join('').replace(new RegExp(`.{${GROUP}}(?=.)`, 'g'), '$&-')
}

/** Hashed as passwords are. As typed from paper: with small letters, spaces or other dashes. */
export async function hashPaperCode(typed: string, salt = NO_SALT): Promise<string> {
  // One letter more than any code has is enough to be none.
  const code = typed
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '')
    .slice(0, LENGTH + 1)
  const raw = await hashRaw(code, { ...ARGON2, salt: Buffer.from(salt, 'base64url') })
  return raw.toString('base64url')
}

export function isSameCode(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
