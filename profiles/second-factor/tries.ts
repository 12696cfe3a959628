import type { Collections } from '../../lrs/index.ts'
import { SECOND_FACTOR_TRIES } from './documents.ts'

const MEMORY = 86_400_000
/** So many wrong codes are nobody's guessing. */
const FREE = 5
const FIRST_PAUSE = 5_000
const LONGEST_PAUSE = 5 * 60_000

/**
 * Limits guesses at the codes of one account: after five wrong ones a pause that doubles up to five minutes, from
 * whatever address. That is at most some 300 guesses a day, each with three chances in a million. A try is counted
 * before it is looked at, so that many at once are counted as many.
 *
 * Only who knows the password comes so far, so strangers cannot start the pause. Somebody who knows it can, and
 * does not shut the owner out by it: a printed code (58 bits) and a passkey need no limit and wait for no pause.
 */
export function createTries(collections: Collections, now: () => number) {
  return {
    /** How long to wait, ms; 0: the try is counted and may be looked at. */
    async take(person: string): Promise<number> {
      for (;;) {
        const known = await collections.get(SECOND_FACTOR_TRIES, person)
        const { count, last } = known?.value ?? { count: 0, last: 0 }
        const pause = count < FREE ? 0 : Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (count - FREE))
        const wait = last + pause - now()
        if (wait > 0) return wait
        const value = { count: count + 1, last: now() }
        const options = { expires: now() + MEMORY }
        const taken = known
          ? await collections.replace(SECOND_FACTOR_TRIES, person, value, known.revision, options)
          : await collections.insert(SECOND_FACTOR_TRIES, person, value, options)
        if (taken) return 0
      }
    },
    /** A right code ends the count. */
    async forget(person: string): Promise<void> {
      await collections.delete(SECOND_FACTOR_TRIES, person)
    },
  }
}
