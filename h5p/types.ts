import type { Router } from 'express'
import type { Problem, Refusal } from '../lrs/index.ts'
import type { Reports } from './report/reports.ts'

export type LessonId = string
export interface Lesson {
  id: LessonId
  title: string
  description: string
  language: string
  /** Stable IRI of the topic. */
  topic: string
  /** Person id of who uploaded it; `product` for those that come with the program. */
  author: string
  /** The organisation that it was written for; absent: none. It stays with it when its author leaves. */
  organisation?: string
  status: 'draft' | 'published'
  /** Main library with version, `H5P.TrueFalse 1.8`. */
  library: string
  /** How long it takes, as its author reckons. */
  minutes?: number
  created: number
  /** When it was first published. */
  published: number | null
  /** Since when a lesson that was published is so no more. */
  withdrawn?: number
}

/** What an author says of a lesson. */
export interface LessonDetails {
  title?: string
  topic?: string
  description?: string
  language?: string
  /** Null: not known. */
  minutes?: number | null
  organisation?: string
}

/** A fixed person, lesson and time: made when the player opens, and the only place an actor comes from. */
export interface Attempt {
  /** UUID; the xAPI registration. */
  id: string
  lesson: LessonId
  person: string
  started: number
}

/** A refusal in words an author understands; the ids are translated in web/i18n. */
export interface PackageProblem extends Problem {
  /** Values for the message in the author's language, e.g. file name, limit. */
  values?: Record<string, string | number>
}

export interface Lessons {
  /** Validates everything before storing anything. `file` is a path to the uploaded package. */
  upload(
    file: string,
    by: { person: string; mayInstallLibraries: boolean },
    details?: LessonDetails,
  ): Promise<Lesson | (Refusal & { problems: PackageProblem[] })>
  describe(id: LessonId, change: LessonDetails): Promise<Lesson | Refusal>
  publish(id: LessonId): Promise<Lesson | Refusal>
  unpublish(id: LessonId): Promise<Lesson | Refusal>
  remove(id: LessonId): Promise<void>
  get(id: LessonId): Promise<Lesson | null>
  /** The newest first; with a query, those that hold all its words (or words beginning with them), diacritics aside. */
  published(options: {
    topic?: string
    query?: string
    after?: string
    limit: number
  }): Promise<{ lessons: Lesson[]; next: string | null }>
  by(
    author: string,
    options: { after?: string; limit: number },
  ): Promise<{ lessons: Lesson[]; next: string | null }>
  /** Those of an organisation, or of none, the newest first; with an author, those of theirs. */
  of(
    organisation: string | null,
    options: { author?: string; after?: string; limit: number },
  ): Promise<{ lessons: Lesson[]; next: string | null }>
  countOf(organisation: string | null, author: string): Promise<number>
  /** Gives one author's lessons of an organisation, or of none, to another; returns how many there were. */
  handOver(input: { organisation: string | null; from: string; to: string; by: string }): Promise<number>
}

export interface Play {
  attempt: Attempt
  token: string
  frameUrl: string
  /** The frame's `sandbox`: without an origin of its own it has none that is ours. */
  sandbox: string
  /** It starts where the learner left off, not at the beginning. */
  resumed: boolean
}

export interface Host {
  lessons: Lessons
  reports: Reports
  /**
   * Starts an attempt, or goes on with the one that was not finished, unless `afresh`; says what the outer page needs to
   * show it. A draft is played by its author and by who `mayPreview`.
   */
  play(
    lesson: LessonId,
    person: string,
    options?: { afresh?: boolean; mayPreview?: boolean },
  ): Promise<Play | Refusal>
  /** A new token for an attempt of this person, up to 14 days after it started; called by a route behind the session. */
  renew(attempt: string, person: string): Promise<{ token: string } | Refusal>
  /** URL of the module that the lesson page includes (player/client/outer.ts says how). */
  outerScript: string
  /** URLs of the modules that it imports, so that a page can have them fetched beside it. */
  outerImports: readonly string[]
  /** URL of the module by which other pages send what waits in a browser (player/client/queue.ts). */
  queueScript: string
  /**
   * Mounted at `/h5p`: where the outer page posts events and, unless frames have an origin of their own, what they load
   * (HTML, libraries, content).
   */
  router: Router
  /** Mounted at `/h5p` of the frames' own origin, the only thing there; null where they have none. */
  frameRouter: Router | null
  /** Puts the lessons that come with the program into an empty store. */
  seed(): Promise<void>
}
