import { defineCollection } from '../lrs/index.ts'
import type { Course } from './attempt/course.ts'
import type { Submission } from './bridge/answers.ts'
import type { Mark } from './bridge/said-by-server.ts'
import type { Attempt, Completion, Lesson, Mode, Version } from './types.ts'

/** A file kept as a blob. */
export interface FileRecord {
  sha2: string
  size: number
}

/**
 * One state of a library: its description and every file, which never change. Its blobs are held by
 * `h5p-library-build:<key>`. Key: `H5P.TrueFalse-1.8.3-<16 hex digits of what is in it>`.
 */
export interface LibraryBuild {
  machineName: string
  majorVersion: number
  minorVersion: number
  patchVersion: number
  /** `library.json` as JSON text. */
  metadata: string
  /** It may be added to content of other types. */
  addon: boolean
  files: Record<string, FileRecord>
}
export interface LibraryBuildRecord extends LibraryBuild {
  /** It is the one that new content runs with. */
  current: boolean
  /** When it last became, or ceased to be, the current one. */
  changed: number
}

/** The build that drafts run with. Key: `H5P.TrueFalse-1.8`. */
export interface LibraryRecord {
  machineName: string
  majorVersion: number
  minorVersion: number
  patchVersion: number
  addon: boolean
  restricted: boolean
  build: string
}

/**
 * Libraries that somebody asks to have installed, as an upload brought them. Key: the content id of the upload, or an id
 * of its own. Its blobs are held by `h5p-library-request:<key>`.
 */
export interface LibraryRequestRecord {
  /** Person id. */
  by: string
  at: number
  /** What was uploaded, as its author calls it. */
  title: string
  /** `coming`: the upload is under way, or was cut off. `done`: all of it is installed, or something newer. */
  state: 'coming' | 'open' | 'done' | 'refused'
  /** The lesson that waits for it; null: only libraries were sent. */
  lesson: string | null
  /** Keys of the builds that were proposed. */
  libraries: string[]
  /** Who approved it, all else follows from that. */
  approvedBy?: string
  decidedBy?: string
  decidedAt?: number
  /** Why it was refused. */
  reason?: string
  /** The proposals are still there. */
  kept: boolean
}
/** A library that waits, never served. Key: `<request>/<build>`. */
export type LibraryProposalRecord = LibraryBuild

/** What a package held besides its files. Key: content id. */
export interface ContentRecord {
  owner: string
  mainLibrary: string
  /** Every library it names, `H5P.TrueFalse 1.8`. */
  libraries: string[]
  /** `h5p.json` as JSON text. */
  metadata: string
  /** Blob of `content.json`, which may nest deeper and weigh more than a document may. */
  parameters: string
  /** No lesson stands on it: an upload is under way, or it is being deleted, or one of the two was cut off. */
  pending: boolean
  created: number
}

/** Key: `<content>/<path>`. */
export type ContentFileRecord = FileRecord

/** Where a learner left off. Key: `<lesson>/<person>/<context>/<subContent>/<dataType>`, each part URI-encoded. */
export interface UserDataRecord {
  content: string
  user: string
  context: string | null
  dataType: string
  subContentId: string
  state: string
  preload: boolean
  invalidate: boolean
}
/** Key: `<lesson>/<person>`. */
export interface FinishedRecord {
  content: string
  user: string
  score: number
  maxScore: number
  opened: number
  finished: number
  /** Seconds. */
  time: number
}
/** Key: `<person>/<path>`, with expiry. */
export interface TemporaryRecord extends FileRecord {
  owner: string
  path: string
  expires: number
  created: number
}
export interface AttemptRecord extends Attempt {
  /** A draft's author looks at it: nothing is recorded. */
  preview: boolean
  /** Of the version, or of the draft as it was when the attempt began. */
  completion: Completion
  mode: Mode
  /** When it was completed, or ended below the score that it had to reach. */
  finished: number | null
  /** How it went so far; absent: nothing came of it yet. */
  course?: Course
  /** What the record store was told of it as a whole. */
  told?: Mark[]
  /** Events taken in. */
  events?: number
  /** What was kept of where the learner is, as `[subContent, dataType]`: each is read by its key. */
  places?: [string, string][]
  /** When something came of it last; null: nothing is to be said when it is left. */
  idle?: number | null
  /** Of an assessed one: the secret by which its order is drawn, and what was handed in. */
  seed?: string
  submission?: Submission
  /** Nobody's yet: whoever holds the key may say that it was them. `key` is its digest. */
  anonymous?: { key: string }
  /** It was somebody's own claim; what came of it before is still to be recorded. */
  unrecorded?: boolean
}

export interface LessonRecord extends Lesson {
  /** Folded words of title, topics and description. */
  words: string[]
}

export const lessons = defineCollection<LessonRecord>('h5p-lessons', {
  status: ['status', 'published'],
  words: ['status', 'words', 'published'],
  topics: ['status', 'topics', 'published'],
  language: ['status', 'language', 'published'],
  author: ['author', 'created'],
  organisation: ['organisation', 'created'],
  of: ['organisation', 'author', 'created'],
  content: ['draft.content', 'id'],
})
/** Key: `<lesson>/<number, padded>`. */
export const versions = defineCollection<Version>('h5p-versions', {
  lesson: ['lesson', 'number'],
  content: ['content', 'lesson'],
  libraries: ['libraries'],
})
export const libraries = defineCollection<LibraryRecord>('h5p-libraries', {
  name: ['machineName'],
  addon: ['addon'],
})
export const libraryBuilds = defineCollection<LibraryBuildRecord>('h5p-library-builds', {
  current: ['current', 'changed'],
})
export const libraryRequests = defineCollection<LibraryRequestRecord>('h5p-library-requests', {
  state: ['state', 'at'],
  kept: ['kept', 'state', 'at'],
})
export const libraryProposals = defineCollection<LibraryProposalRecord>('h5p-library-proposals')
export const contents = defineCollection<ContentRecord>('h5p-contents', {
  owner: ['owner'],
  main: ['mainLibrary'],
  library: ['libraries'],
  pending: ['pending', 'created'],
})
export const contentFiles = defineCollection<ContentFileRecord>('h5p-content-files')
export const userData = defineCollection<UserDataRecord>('h5p-user-data', {
  content: ['content'],
  user: ['user'],
})
export const finishedData = defineCollection<FinishedRecord>('h5p-finished', {
  content: ['content'],
  user: ['user'],
})
export const temporaryFiles = defineCollection<TemporaryRecord>('h5p-temporary-files')
export const settings = defineCollection<unknown>('h5p-settings')
export const locks = defineCollection<{ holder: string }>('h5p-locks')
/** What came of an event that a page sent. Key: `<attempt>/<event id>`. It expires. */
export interface AttemptEventRecord {
  attempt: string
  /** Digest of what was sent. */
  hash: string
  /** The time it was given, ms, and whether that is when it arrived. */
  at: number
  replaced?: boolean
  arrived: number
  verb?: string
  outcome: 'stored' | 'folded' | 'refused'
  /** What it was folded into, or the problem's id. */
  reason?: string
  /** Id of its statement. */
  statement?: string
  /** The statement as JSON, while the attempt is nobody's. */
  text?: string
}

export const attempts = defineCollection<AttemptRecord>('h5p-attempts', {
  lesson: ['lesson'],
  mine: ['person', 'finished', 'started'],
  of: ['lesson', 'person', 'version'],
  idle: ['idle'],
})
export const attemptEvents = defineCollection<AttemptEventRecord>('h5p-attempt-events')
/** The attempt that goes on when the person opens the lesson again. Key: `<lesson>/<person>`. */
export const openAttempts = defineCollection<{ attempt: string; lesson: string }>('h5p-open-attempts', {
  lesson: ['lesson'],
})
