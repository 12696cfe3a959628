import type { Readable } from 'node:stream'
import type { Router } from 'express'
import type { Problem, Refusal } from '../lrs/index.ts'
import type { Libraries } from './library/admin.ts'
import type { Reports } from './report/reports.ts'

export type LessonId = string
/** What a package or a lesson file brought: parameters and files, which never change under one id. */
export type ContentId = string

/** What ends an attempt as completed. `learner`: who learns says so, and it is marked as self-declared. */
export type Completion =
  | { by: 'answered' }
  | { by: 'score'; percent: number }
  | { by: 'last-page' }
  | { by: 'learner' }

/** Only an assessed pass counts as one that the system scored; `attempts` and `passPercent` are 1-20 and 1-100. */
export type Mode =
  | { kind: 'practice' }
  | { kind: 'assessed'; attempts: number; passPercent: number; shuffle: boolean }

/** A topic of the shared list. `id` is an IRI, which keeps its meaning for ever. */
export interface Topic {
  id: string
  vi: string
  en: string
}

/** For whom a lesson is. */
export const AUDIENCES = [
  'everyone',
  'children',
  'students',
  'parents',
  'workers',
  'farmers',
  'officials',
  'elderly',
] as const
export type Audience = (typeof AUDIENCES)[number]

/** Under H5P's own names, `CC BY` and `4.0`; `C` is the author's own work with all rights kept. */
export interface Licence {
  code: string
  version?: string
}

export interface Author {
  name: string
  /** H5P's names: Author, Editor, Licensee, Originator. */
  role?: string
}

export interface DrawnPicture {
  content: Buffer
  width: number
  height: number
}

/** A picture that stands for the lesson, drawn anew at two sizes; both are blobs of WebP. */
export interface Cover {
  /** What it shows, for who does not see it. */
  alt: string
  large: { sha2: string; size: number; width: number; height: number }
  small: { sha2: string; size: number; width: number; height: number }
}

/** What an author says of a lesson. */
export interface LessonDetails {
  title: string
  description: string
  language: string
  /** Stable IRIs of topics; to publish at least one. */
  topics: string[]
  audience: Audience[]
  /** How long it takes, as its author reckons. */
  minutes?: number
  /** To publish it must be there. */
  licence?: Licence
  authors: Author[]
  /** Where it was taken from. */
  source?: string
  cover?: Cover
}

/** What the author works on, and nobody else sees. */
export interface Draft {
  content: ContentId
  /** Main library with version, `H5P.TrueFalse 1.8`. */
  library: string
  details: LessonDetails
  completion: Completion
  mode: Mode
  /** Whoever is not signed in may play it, too. */
  anonymous: boolean
}

/** A draft as it was when it was published. It never changes. */
export interface Version extends Draft {
  lesson: LessonId
  /** 1, 2, 3 ... */
  number: number
  /** Keys of the library builds that it runs with (`h5p/library/`). */
  libraries: string[]
  published: number
  /** Person id; `product` for what came with the program. */
  by: string
  /** What changed, in the author's words. */
  note?: string
}

/** The details are what learners see: those of the current version, of the latest where there is none, else of the draft. */
export interface Lesson extends LessonDetails {
  id: LessonId
  /** Person id of who uploaded it; `product` for those that come with the program. */
  author: string
  /** The organisation that it was written for; absent: none. It stays with it when its author leaves. */
  organisation?: string
  /** `waiting`: its libraries wait for the administrator's approval. */
  status: 'draft' | 'waiting' | 'published' | 'withdrawn' | 'archived'
  /** The version that learners get; null while it is not published. */
  current: number | null
  /** Of its newest version; 0 when there is none. */
  latest: number
  draft: Draft
  /** The draft differs from the latest version. */
  changed: boolean
  /** Of what learners see, as the details. */
  library: string
  anonymous: boolean
  created: number
  /** When it was first published. */
  published: number | null
  /** Since when a lesson that was published is so no more. */
  withdrawn?: number
}

/** What an author changes of a draft; null takes away what may be absent. */
export interface DraftChange
  extends Partial<Omit<LessonDetails, 'minutes' | 'licence' | 'source' | 'cover'>> {
  minutes?: number | null
  licence?: Licence | null
  source?: string | null
  cover?: Cover | null
  completion?: Completion
  mode?: Mode
  anonymous?: boolean
}

/** A fixed person, version and time: made when the player opens, and the only place an actor comes from. */
export interface Attempt {
  /** UUID; the xAPI registration. */
  id: string
  lesson: LessonId
  /** 0: the draft, as its author looks at it. */
  version: number
  person: string
  started: number
}

/** An attempt as its person sees it. */
export interface OwnAttempt {
  id: string
  version: number
  started: number
  /** Null: it goes on, or was left. */
  finished: number | null
  /** Opening the lesson goes on with it. */
  goesOn: boolean
  completion: Completion
  mode: Mode
  score: { raw: number; max: number } | null
  /** Learning time, ms. */
  active: number
  /** Null where nothing had to be reached. */
  passed: boolean | null
  /** Its person said that it is done. */
  declared: boolean
}

/** A refusal in words an author understands; the ids are translated in web/i18n. */
export interface PackageProblem extends Problem {
  /** Values for the message in the author's language, e.g. file name, limit. */
  values?: Record<string, string | number>
}

/** What is looked for among published lessons; all of it must fit. */
export interface Wanted {
  topic?: string
  /** Lessons for everyone are for this audience, too. */
  audience?: Audience
  language?: string
  /** At least and at most so long; a lesson that does not say how long it takes fits neither. */
  minutes?: { from?: number; to?: number }
  query?: string
}

export interface Lessons {
  /** Validates everything before storing anything. `file` is a path to the uploaded package. */
  upload(
    file: string,
    by: { person: string; mayInstallLibraries: boolean },
    details?: DraftChange & { organisation?: string },
  ): Promise<Lesson | (Refusal & { problems: PackageProblem[] })>
  /** Changes the draft. */
  describe(id: LessonId, change: DraftChange): Promise<Lesson | Refusal>
  /** Makes the draft the next version, which learners get from now on. */
  publish(id: LessonId, of: { by: string; note?: string }): Promise<Lesson | Refusal>
  /** Publishes what the current version says as the next one, with the library builds of now; the draft stays. */
  publishAnew(id: LessonId, of: { by: string }): Promise<Lesson | Refusal>
  /** Of these lessons those whose current version runs with older builds than the current ones: which libraries. */
  behind(lessons: readonly Lesson[]): Promise<Map<LessonId, string[]>>
  unpublish(id: LessonId): Promise<Lesson | Refusal>
  /** Publishes the latest version of a withdrawn lesson again. */
  putBack(id: LessonId): Promise<Lesson | Refusal>
  /** Puts the lesson away: learners get it no more, and nothing of it is published until it is taken out again. */
  archive(id: LessonId): Promise<Lesson | Refusal>
  /** Takes an archived lesson out again: withdrawn, or a draft where it never was published. */
  restore(id: LessonId): Promise<Lesson | Refusal>
  /** Gives the draft the content of another package; what was said of the lesson stays. */
  replaceContent(
    id: LessonId,
    file: string,
    by: { person: string; mayInstallLibraries: boolean },
  ): Promise<Lesson | (Refusal & { problems: PackageProblem[] })>
  /** Makes the draft again what a version says. */
  restoreVersion(id: LessonId, number: number): Promise<Lesson | Refusal>
  /** A draft of somebody that has the same content and says the same under another title. */
  duplicate(id: LessonId, of: { by: string; title: string; organisation?: string }): Promise<Lesson | Refusal>
  /** Gives the lesson to another organisation, or to none; the audit tells of it. */
  move(id: LessonId, organisation: string | null, by: string): Promise<Lesson | Refusal>
  /** Gives the draft a cover: a picture on disk, or without one other words for the picture there is; null takes it away. */
  setCover(
    id: LessonId,
    cover: { file: string | null; alt: string } | null,
    by: string,
  ): Promise<Lesson | Refusal>
  /** A cover that learners see (`isPublic`) or the draft has, by the hash of one of its sizes (WebP). */
  openCover(
    lesson: Lesson,
    sha2: string,
  ): Promise<{ content: Readable; size: number; isPublic: boolean } | null>
  /** A package of the draft (0) or of a version, with its libraries, as it can be taken in elsewhere. */
  export(id: LessonId, number: number): Promise<{ name: string; content: Readable } | Refusal>
  /** One version; null when there is none of that number. */
  version(id: LessonId, number: number): Promise<Version | null>
  /** Newest first. */
  versions(
    id: LessonId,
    options: { after?: string; limit: number },
  ): Promise<{ versions: Version[]; next: string | null }>
  remove(id: LessonId): Promise<void>
  get(id: LessonId): Promise<Lesson | null>
  /** The newest first; with a query, those that hold all its words (or words beginning with them), diacritics aside. */
  published(
    options: Wanted & { after?: string; limit: number },
  ): Promise<{ lessons: Lesson[]; next: string | null }>
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
  /** Of the version; the page offers "Tôi đã học xong" for `learner`, and hands in at once what is assessed. */
  completion: Completion
  mode: Mode
  token: string
  frameUrl: string
  /** The frame's `sandbox`: without an origin of its own it has none that is ours. */
  sandbox: string
  /** It starts where the learner left off, not at the beginning. */
  resumed: boolean
}

export interface Host {
  lessons: Lessons
  libraries: Libraries
  reports: Reports
  /**
   * Starts an attempt, or goes on with the one that was not finished, unless `afresh`; says what the outer page needs to
   * show it. A draft (`draft`, or a lesson that is not published) is played by its author and by who `mayPreview`, from
   * the beginning each time.
   */
  play(
    lesson: LessonId,
    person: string,
    options?: { afresh?: boolean; mayPreview?: boolean; draft?: boolean },
  ): Promise<Play | Refusal>
  /** A new token for an attempt of this person, up to 14 days after it started; called by a route behind the session. */
  renew(attempt: string, person: string): Promise<{ token: string } | Refusal>
  /** Published lessons that this person began and has not finished, the one begun last first. */
  unfinished(person: string, options: { limit: number }): Promise<Lesson[]>
  /**
   * For who is not signed in, where the author allows it; `key` is a secret of the browser's session. Nothing is recorded
   * of anybody until the attempt is claimed.
   */
  playAnonymously(lesson: LessonId, key: string, options?: { afresh?: boolean }): Promise<Play | Refusal>
  renewAnonymously(attempt: string, key: string): Promise<{ token: string } | Refusal>
  /** Makes such an attempt this person's: once, within an hour of its last event. */
  claim(
    attempt: string,
    by: { person: string; key: string },
  ): Promise<{ claimed: true; lesson: LessonId } | Refusal>
  /** Says of attempts that nothing came of for half an hour that they were left; returns how many. A job. */
  leaveIdle(): Promise<number>
  /** What the doors of attempts refused on the last so many days (UTC), by problem, the newest day first. */
  refusals(days: number): Promise<{ day: string; problem: string; count: number }[]>
  /** Writes down what is only remembered yet. */
  stop(): Promise<void>
  /** A person's attempts at a lesson, the newest first. */
  attempts(lesson: LessonId, person: string): Promise<OwnAttempt[]>
  /** Null: there is none that is theirs. */
  attempt(id: string, person: string): Promise<(OwnAttempt & { lesson: LessonId }) | null>
  /** URL of the module that the lesson page includes (player/client/outer.ts says how). */
  outerScript: string
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
