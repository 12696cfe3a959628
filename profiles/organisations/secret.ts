import { createHash, randomBytes, randomInt, scrypt } from 'node:crypto'
import { promisify } from 'node:util'

/** Capital letters that neither look nor, read aloud in Vietnamese, sound like another one. */
const LETTERS = 'ABCDEGHKLMNPQRTUVXY'
const CODE_LENGTH = 8

const stretch = promisify(scrypt) as (text: string, salt: string, length: number) => Promise<Buffer>

/** 128 random bits, as 22 characters. */
export const newToken = () => randomBytes(16).toString('base64url')

/** Eight letters (34 random bits) to be read aloud, in two groups. */
export function newCode(): string {
  const letters = Array.from({ length: CODE_LENGTH }, () => LETTERS[randomInt(LETTERS.length)])
  return `${letters.slice(0, 4).join('')}-${letters.slice(4).join('')}`
}

/**
 * The key under which an invitation is kept, for a link, its token, or a code as people type it; null for what is none
 * of them. Nobody gets the secret back from the key: a token has too many bits to be guessed, and each guess at a code
 * costs as much as one at a password, for the half hour that the code lives. At the door guesses are counted by address:
 * 40 in half an hour, so ten thousand addresses find one of ten living codes in about three months without a pause.
 */
export async function keyOfSecret(written: string): Promise<string | null> {
  const text = written.slice(written.lastIndexOf('#') + 1).trim()
  if (/^[A-Za-z0-9_-]{22}$/.test(text)) return createHash('sha256').update(text).digest('base64url')
  const code = text.toUpperCase().replace(/[\s-]+/g, '')
  if (code.length !== CODE_LENGTH || [...code].some((letter) => !LETTERS.includes(letter))) return null
  return (await stretch(code, 'suotdoi invitation code', 32)).toString('base64url')
}
