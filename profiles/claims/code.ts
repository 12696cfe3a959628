import { createHash, randomInt } from 'node:crypto'

/** Letters that are taken for no other letter or digit, in print or by hand: 20 of them, 4.3 bits each. */
const LETTERS = 'ABCDEFHJKLMNPRSTVWXY'
/** 51.8 bits: with a life of half an hour nobody guesses one, nor finds it from its hash. */
const LENGTH = 12

/** `ABCD-EFHJ-KLMN` */
export function newCode(): string {
  const letters = Array.from({ length: LENGTH }, () => LETTERS[randomInt(LETTERS.length)])
  return (letters.join('').match(/.{4}/g) ?? []).join('-')
}

/** The key that a typed code is kept under; null for what cannot be one. Case, spaces and hyphens do not matter. */
export function keyOfCode(typed: string): string | null {
  if (typed.length > 100) return null
  // A LMS may wrap what was typed in markup; digits are what these letters are misread as.
  const letters = typed
    .replace(/<[^>]*>/g, '')
    .toUpperCase()
    .replace(/[\s\-–—.]/g, '')
    .replace(/5/g, 'S')
    .replace(/8/g, 'B')
  if (letters.length !== LENGTH || [...letters].some((letter) => !LETTERS.includes(letter))) return null
  return createHash('sha256').update(letters).digest('base64url')
}
