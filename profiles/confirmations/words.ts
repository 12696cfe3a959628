import type { Problem } from '../../lrs/index.ts'
import { isShowable } from '../accounts/name.ts'
import { hasCitizenNumber } from '../citizen-number.ts'
import { REASON_BAD, REASON_LONG, REASON_MISSING, REASON_NUMBER } from './problems.ts'

/** Characters of a reason, or of what a person adds to a request. */
export const MOST_WORDS = 300

/** Free words as they are kept, or what is wrong with them. */
export function cleanWords(
  given: string,
  { required, path }: { required: boolean; path: string },
): string | Problem {
  const words = given.trim().replace(/\s+/gu, ' ')
  const problem =
    words === '' && required
      ? REASON_MISSING
      : [...words].length > MOST_WORDS
        ? REASON_LONG
        : !isShowable(words)
          ? REASON_BAD
          : hasCitizenNumber(words)
            ? REASON_NUMBER
            : null
  return problem ? { ...problem, path } : words
}
