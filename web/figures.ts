/** Kinds of work whose time is told apart: what is sent, what is asked for by its id, lists of statements, pages of people. */
export const WORKS = ['write', 'read', 'list', 'people'] as const
export type Work = (typeof WORKS)[number]

/** Milliseconds, of half of the requests at most and of 99 in 100 at most; null where there were none. */
export interface Times {
  count: number
  p50: number | null
  p99: number | null
}

/** Bytes. */
export interface Sizes {
  database: number
  log: number
  /** Attachments and lesson files; null until they were counted. */
  blobs: number | null
  /** Of the disk; null where the data is on other machines. */
  free: number | null
  disk: number | null
}

/** What happened in one stretch of time. Holds nothing of people. */
export interface Figures {
  /** Beginning, ms. */
  from: number
  /** Length, ms. */
  length: number
  /** The server ran for a part of it at least; else nothing is known. */
  known: boolean
  /** Stored, by source. */
  statements: Readonly<Record<string, number>>
  requests: number
  /** Requests that a source was refused, with the ids of the problems. */
  refused: Readonly<Record<string, { count: number; problems: Readonly<Record<string, number>> }>>
  /** Answers 5xx. */
  failures: number
  work: Readonly<Record<Work, Times>>
  commits: Times
  /** Furthest that a consumer was behind. */
  lagSeconds: number
  /** At its end. */
  sizes: Sizes | null
}

/** What was counted of the past. The stretch that is not over yet is in it. */
export interface History {
  /** The last `count` hours of the clock, or days of Việt Nam, oldest first, without gaps. */
  last(step: 'hour' | 'day', count: number): Promise<Figures[]>
  /** The last `hours` as one; of one hour, its sixty minutes. */
  sum(hours: number): Promise<Figures>
}
