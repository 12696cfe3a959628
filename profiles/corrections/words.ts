import type { Problem } from '../../lrs/index.ts'
import { hasCitizenNumber } from '../citizen-number.ts'
import { WORDS_BAD, WORDS_LONG, WORDS_MISSING, WORDS_NUMBER } from './problems.ts'
import { DISPUTE_LIMITS } from './types.ts'

/** What people wrote, as it is kept: lines and paragraphs stay. */
export const cleaned = (words: string): string => words.replace(/\r\n?/g, '\n').trim()

/** What is wrong with it. */
export function problemsOfWords(given: string, { required }: { required: boolean }): Problem[] {
  const words = cleaned(given)
  return [
    ...(words === '' && required ? [WORDS_MISSING] : []),
    ...([...words].length > DISPUTE_LIMITS.words ? [WORDS_LONG] : []),
    ...(words.isWellFormed() && !/[^\P{Cc}\n\t]/u.test(words) ? [] : [WORDS_BAD]),
    ...(hasCitizenNumber(words) ? [WORDS_NUMBER] : []),
  ]
}
