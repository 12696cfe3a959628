import type { Caller } from '../../caller.ts'
import type { Circumstances } from '../preparation.ts'
import type { Progress } from './session.ts'

/** What the thread is asked; each question but `drop` has one answer, and each session asks one after another. */
export type Question = { session: number } & (
  | { open: { request: Circumstances; caller: Caller } }
  | { bytes: Uint8Array }
  | { end: true }
  /** The session is not wanted any more. */
  | { drop: true }
)

/** `heap`: bytes that the thread's own heap takes. */
export type Answer = { session: number } & ({ progress: Progress; heap: number } | { failed: Error })
