/** Most words of one text that are looked at, and most characters of a word. */
const MAX_WORDS = 400
const MAX_LENGTH = 40

/**
 * The words of a text as they are searched, each once: lower case, no diacritics. `Rác thải, đồ nhựa` is rac thai do
 * nhua. As an array field of a declared index they are found by word and by prefix.
 */
export function foldedWords(text: string): string[] {
  const words = text
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replaceAll('đ', 'd')
    .split(/[^\p{L}\p{N}]+/u)
  return [...new Set(words.filter((word) => word !== ''))]
    .slice(0, MAX_WORDS)
    .map((word) => word.slice(0, MAX_LENGTH))
}
