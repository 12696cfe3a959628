import { foldedWords } from '../../lrs/index.ts'

const MOST_WORDS = 8
/**
 * Words of which each stands in one name of ten or more, the most common first. Alone they find too many to be looked
 * through, so a search never relies on one of them while it has a rarer word.
 */
const COMMON = ['nguyen', 'thi', 'van', 'tran', 'le']

/**
 * What a name is found by: each of its words, and each rare word behind how another begins. `Nguyễn Thị Hoà` is `nguyen`,
 * `thi`, `hoa`, `ng hoa`, `th hoa`: so `nguyen hoa` reads one short stretch of the index, not all of the Nguyễn.
 */
export function termsOf(name: string): string[] {
  const words = foldedWords(name).slice(0, MOST_WORDS)
  const pairs = words
    .filter((word) => !COMMON.includes(word))
    .flatMap((word) => words.filter((other) => other !== word).map((other) => pairOf(other, word)))
  return [...new Set([...words, ...pairs])]
}

/**
 * How the terms begin of whoever has these words, or words that begin so; null without any. Of words that are no common ones
 * the last counts most: it is the given name, and of those there are many.
 */
export function prefixFor(words: readonly string[]): string | null {
  const isShort = (word: string) => Number([...word].length < 2)
  const [rarest, other] = [...words]
    .reverse()
    .sort((a, b) => isShort(a) - isShort(b) || rarityOf(b) - rarityOf(a))
  if (rarest === undefined) return null
  return other === undefined || rarityOf(rarest) < COMMON.length || [...other].length < 2
    ? rarest
    : pairOf(other, rarest)
}

/** Whether a name with these words is meant: each is the beginning of one of its own. */
export function isMeant(name: string, words: readonly string[]): boolean {
  const own = foldedWords(name)
  return words.every((word) => own.some((each) => each.startsWith(word)))
}

const pairOf = (other: string, word: string) => `${[...other].slice(0, 2).join('')} ${word}`
/** A word that is not written to its end may become a common one. */
function rarityOf(word: string): number {
  const place = COMMON.findIndex((each) => each.startsWith(word))
  return place < 0 ? COMMON.length : place
}
