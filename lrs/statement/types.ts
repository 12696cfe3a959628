import type { Caller } from '../caller.ts'
import type { Problem } from '../problem.ts'
import type { StatementRecord } from '../storage/port.ts'

/** A version's rules by family; the header `1.0.x` of any patch means `1.0.3`. */
export type Version = '1.0.3' | '2.0.0'

/** A part of a multipart request, already spooled as a blob. */
export interface ReceivedPart {
  /** `X-Experience-API-Hash` in lower-case hex: the name by which a statement claims it, of any SHA-2. */
  sha2: string
  /** SHA-256 of its bytes in lower-case hex, under which they are stored. */
  blob: string
  size: number
  /** `null`: the part does not say. */
  contentType: string | null
  /** The first bytes, kept for signatures only (application/octet-stream parts up to 1 MB). */
  bytes?: Uint8Array
}

export interface ReceivedStatements {
  /** The JSON text as sent: one statement or an array of them. */
  text: string
  version: Version
  parts: readonly ReceivedPart[]
  /** For PUT: the statementId of the query. */
  expectedId?: string
}

export type Prepared =
  | { ok: true; records: StatementRecord[] /** In the order sent. */; ids: string[] }
  | { ok: false; problems: Problem[]; total: number }

/** The way of statements up to the store: validate, prepare, record. Never throws for what a client can send. */
export type PrepareStatements = (received: ReceivedStatements, caller: Caller) => Promise<Prepared>
