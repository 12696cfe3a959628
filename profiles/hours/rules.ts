/**
 * How hours are counted, as data, each with its reason. A change of these is a new shape of the records
 * (projection/shape.ts).
 */
export const HOURS = {
  /** Nobody learns longer on one day, and who is told to has a page left open. Minutes. */
  perDay: 16 * 60,
  /** A longer duration is no sitting but a sum over days: what lies before is not when it was spent. Minutes. */
  longestSitting: 16 * 60,
  /**
   * Where a source says no duration, two of its statements on one line so close together bound time spent at it: a
   * chapter read, a question thought over. Longer pauses may be anything. Minutes.
   */
  longestPause: 10,
  /** Lines of one day that are counted, the first by id: more is what machines do. */
  linesPerDay: 300,
} as const

/** Why time that was told is not counted. */
export const UNCOUNTED = [
  /** Something else was done in the same minutes. */
  'overlap',
  /** Beyond what a day holds. */
  'limit',
  /** It is a course, and its parts of that day count. */
  'parts',
] as const
export type Uncounted = (typeof UNCOUNTED)[number]
