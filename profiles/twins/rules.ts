import type { Level } from '../types.ts'

/**
 * When two lines of a person tell of the same thing, as data, each with its reason. A change of these is a new shape of
 * the records (projection/shape.ts). Which activities are the same is in the mapping tables.
 */
export const TWINS = {
  /** Two systems tell of one thing within minutes of each other; what lies further apart was done twice. ms */
  within: 10 * 60_000,
  /** What must be equal where both lines state it. That something was not completed is never stated. */
  agree: ['success', 'score'],
  /** Shares of a score (0 to 1) so close are equal: 7 of 9 points and 0.78. */
  scoreWithin: 0.005,
  /** The first is the weightiest: whoever saw an original, saw the person, saw an account, or only says so. */
  levels: ['van-bang', 'xac-nhan', 'he-thong', 'tu-khai'],
  /** Whoever is of such a level states results for a line of a higher one. What people say of themselves does not. */
  lends: ['van-bang', 'xac-nhan', 'he-thong'],
  /** Lines of one activity and day that are looked at, the first by id: more is what machines do. */
  linesPerDay: 20,
  /** Lines that hang together: of more, none is taken for another. */
  lines: 50,
  /**
   * Days of which lines that hang together tell, each line's counted: of more, none is taken for another, for all of
   * them change in one batch. A school year has fewer.
   */
  days: 200,
} as const satisfies { levels: readonly Level[]; lends: readonly Level[]; [rule: string]: unknown }
