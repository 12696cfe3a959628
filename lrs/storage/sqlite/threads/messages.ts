import type { CopierTask } from '../backup/copier-task.ts'
import type { TellerTask } from '../holdings/teller-task.ts'
import type { ReadName, WriteName } from '../operations/index.ts'

/** One database of the data folder, as the threads know it. */
export interface Place {
  path: string
  kind: 'system' | 'tenant'
  /** Folder of the tenant's blobs. */
  blobs: string
}

/** Calls that wait for the writer, to be committed together. Without jobs: open the database, and remember the time. */
export interface Group {
  place: Place
  stamp: number
  now: number
  jobs: { name: WriteName; args: unknown[] }[]
}
export interface GroupReply {
  /** One per job; all are failures when the commit failed. */
  results: Reply[]
  /** Last position and time that are durable. */
  position: number
  stored: number
  /** How many statements the database holds. */
  statements: number
  measured: Measured
  /** A reader should move the log (checkpoint.ts). */
  logDue: boolean
  /** Why the store itself failed, and with it all of the group. */
  failure: Failure | null
}

/** What a group took. */
export interface Measured {
  /** Statements that were not there before. */
  fresh: number
  /** From begin until committed, ms. */
  ms: number
  /** The commit itself, which waits for the disk, ms; 0 when nothing had changed. */
  syncMs: number
}

export interface Read {
  place: Place
  now: number
  name: ReadName
  args: unknown[]
}

/** A copy of a database, made by the writer between its commits. */
export interface Copy {
  place: Place
  to: string
  /** Shared: whether to stop, pages done, pages in all. */
  control: Int32Array<SharedArrayBuffer>
}

export type Reply = { ok: true; value: unknown } | Failure
export interface Failure {
  ok: false
  /** The store cannot answer now; else the call was wrong. */
  outage: boolean
  message: string
  stack: string | undefined
}

export type Request = { id: number } & (
  | { group: Group }
  | { read: Read }
  | { copy: Copy }
  | { task: CopierTask }
  | { tell: TellerTask }
  | { close: true }
)
export type Response = { id: number; reply: Reply }
