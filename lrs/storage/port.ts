/**
 * The storage port: the only words in which the product speaks of storage; those of its collections are in collections.ts.
 * One method is one atomic unit; no transaction handle crosses it; a TenantStorage cannot reach another tenant.
 * Every adapter passes tests/contract. Times are milliseconds since 1970 UTC. Promises reject only for bugs and
 * with `StorageUnavailable` for outages; expected refusals are values.
 */
import type { Readable } from 'node:stream'
import type { Collections, Json } from './collections.ts'
import type { Holdings, TakeInOutcome } from './holding.ts'
import type { PackedRecords } from './packed.ts'

export type TenantId = string
/** One LMS, centre, organisation or tool inside a tenant. */
export type SourceId = string
/** Place in a tenant's order: a later commit has a greater position. Starts at 1. */
export type Position = number

export interface Storage {
  /** Other processes may have the same data open now. */
  readonly shared: boolean
  /** What must be found before the tenant is known: credentials, host names, tenants. */
  readonly system: Collections
  tenant(id: TenantId): TenantStorage
  /**
   * Brings every database to the newest schema; resumes after a kill. Rejects with StorageUnavailable, in words, while
   * something is taken in.
   */
  migrate(): Promise<void>
  /** Tells of every commit, as it was measured. Returns the unsubscriber. */
  onCommit(listener: (commit: Commit) => void): () => void
  /** Cheap figures for who runs it, one of each database that is in use; none of a tenant's people. */
  figures(): Promise<DatabaseFigures[]>
  /**
   * Copies databases and blobs as they were at one moment into `folder` (made by it, must not be there), while others
   * read and write; blobs are not collected meanwhile. Rejects with the signal's reason when that stops it.
   */
  backup(folder: string, options?: BackupOptions): Promise<BackupOutcome>
  /** What the store itself finds wrong with what it holds, changing nothing. Safe while others read and write. */
  check(options?: CheckOptions): AsyncIterable<Finding>
  /** Makes the store's own indexes anew from what they index; `check` finds nothing of them afterwards. Returns what was put right. */
  mend(options?: Pick<CheckOptions, 'progress'>): Promise<number>
  /**
   * What it keeps, as of one moment, while others read and write. `still`: nobody writes, so that it may take as long as
   * it likes on every store.
   */
  holdings(options?: { still?: boolean }): Promise<Holdings>
  /** Begins, in a store that keeps nothing yet, to take over another's holdings, or goes on with those of this origin. */
  takeIn(origin: string): Promise<TakeInOutcome>
  close(): Promise<void>
}

export interface BackupOptions {
  /** Bytes. */
  progress?(done: number, total: number): void
  signal?: AbortSignal
  /** Kept in the backup's manifest. */
  about?: Json
}

export type BackupOutcome =
  | {
      ok: true
      folder: string
      bytes: number
      blobs: number
      ms: number
      /** Blobs that were not as they should be; the backup has what was there. */
      damaged: { tenant: TenantId; sha2: string; what: 'missing' | 'changed' }[]
    }
  /** There is something at this place, it lies inside the data, or another backup runs. */
  | { ok: false; refusal: 'exists' | 'inside' | 'running' }
  /** Bytes. */
  | { ok: false; refusal: 'room'; needed: number; free: number }
  | { ok: false; refusal: 'unwritable'; reason: string }
  /** The server did not remember the moment for as long as it took. */
  | { ok: false; refusal: 'moment' }

export interface CheckOptions {
  /** Leaves out what reads every byte: the pages of the databases, the content of blobs. */
  quick?: boolean
  /** Statements, documents and blobs looked at, of all there are. */
  progress?(done: number, total: number): void
}

/** Something that is not as it should be. Holds ids and hashes, nothing that a person is known by. */
export interface Finding {
  /** `entry-missing`; the same kind has the same remedy. */
  kind: string
  tenant: TenantId | null
  /** What is wrong, in words. */
  what: string
  /** How to put it right, in words. */
  mend: string
}

/** What one commit took; calls that came together share it. */
export interface Commit {
  /** null: the system's own. */
  tenant: TenantId | null
  calls: number
  /** Statements that were not there before. */
  statements: number
  /** What the oldest of its calls waited, beside the commit's own time, ms. */
  waitMs: number
  /** From its begin until it was durable, ms. */
  ms: number
  /** What of it was making it durable, ms; 0 when nothing had changed. */
  syncMs: number
}

export interface DatabaseFigures {
  /** null: the system's own. */
  tenant: TenantId | null
  /** On disk, without the log and without attachments. */
  bytes: number
  /** Of the log of what was written last. */
  logBytes: number
  /** Writing calls that are not answered yet. */
  waiting: number
  /** Reading calls that are not answered yet. */
  reading: number
  statements: number
}

export interface TenantStorage {
  readonly statements: StatementStore
  readonly documents: DocumentStore
  readonly activities: ActivityStore
  readonly agents: AgentStore
  readonly blobs: BlobStore
  readonly feed: FeedStore
  readonly collections: Collections
}

/** The store cannot answer now (disk full, I/O error, connection lost); nothing of the request was acknowledged. */
export class StorageUnavailable extends Error {
  override name = 'StorageUnavailable'
}

// ---------------------------------------------------------------- statements

/** Everything the store needs of one statement, computed once (lrs/statement/record.ts). */
export interface StatementRecord {
  /** UUID in lower case. */
  id: string
  /**
   * The statement as JSON text, starting with `{"` and without a top-level `stored`
   * (and without `timestamp` when `needsTimestamp`): the adapter stamps it (stamp.ts).
   */
  text: string
  needsTimestamp: boolean
  /** Comparison fingerprint: `<algorithm number>:<hash>`; two statements are identical when theirs are equal. */
  fingerprint: string
  source: SourceId
  /** Index keys of the statement's own content (lrs/statement/keys.ts), without repeats. */
  keys: readonly string[]
  /** Id of the statement that the object refers to (StatementRef), lower case. */
  refersTo: string | null
  /** Set when this is a voiding statement: what it voids equals `refersTo`. */
  voiding: boolean
  /** The asserting caller may void statements of other sources. */
  mayVoidForeign: boolean
  /** SHA-256 (hex) of each attachment that must be held as a blob. */
  attachments: readonly string[]
  /** Activity definitions stated in this statement, as JSON text; kept per source. */
  definitions: readonly { activity: string; text: string }[]
  /** Names stated for agents, by agent key. */
  names: readonly { agent: string; name: string }[]
}

export interface StoredStatement {
  position: Position
  id: string
  /** Complete JSON text. */
  text: string
  stored: number
  source: SourceId
  fingerprint: string
  refersTo: string | null
  voiding: boolean
  voided: boolean
  attachments: readonly string[]
}

export type WriteRefusal =
  /** The id is taken by a different statement. */
  | { kind: 'conflict'; id: string }
  /** A voiding statement aims at a statement of another source, and the caller may not void those. */
  | { kind: 'void-foreign'; id: string; target: string }
  /** A voiding statement aims at a voiding statement. */
  | { kind: 'void-voiding'; id: string; target: string }
  /** An attachment's blob is not there (any more): put it again. */
  | { kind: 'blob-missing'; id: string; sha2: string }
  /** More than can be kept in one atomic unit in the time there is; so many were, until then. */
  | { kind: 'too-many'; most: number }

export type WriteOutcome = { ok: true; stored: number; fresh: number } | { ok: false; refusal: WriteRefusal }

export interface StatementQuery {
  /** All must hold together on one statement of the chain: the statement itself, or one it refers to (transitively). */
  keys: readonly string[]
  /** Exclusive lower bound on `stored`. Applies to the listed statement, never to its targets. */
  since?: number
  /** Inclusive upper bound on `stored`. */
  until?: number
  ascending: boolean
  /** Goes on behind this position, in the direction of travel. */
  after?: Position
  limit: number
  /** The page ends before the statement that would pass this many bytes of text; it always holds one. */
  maxBytes: number
  /** Only statements of these sources are listed or followed. */
  sources?: readonly SourceId[]
  /** Voided statements are left out unless this is set (they still make their referrers match). */
  includeVoided?: boolean
  /** Whatever any process was shown before is looked through; without this it may be a moment older. */
  fresh?: boolean
}

export interface StatementPage {
  statements: StoredStatement[]
  /** There is more behind the last statement of this page. */
  more: boolean
}

/** One statement as it goes into an answer; the text is UTF-8. */
export interface StatementText extends Pick<StoredStatement, 'stored' | 'source' | 'attachments' | 'voided'> {
  text: Uint8Array
}

/** A page as it goes into an answer: to make strings and objects of it, when none are asked for, costs more than to find it. */
export interface StatementTexts {
  /** UTF-8: the JSON texts of the statements with a comma between each two. */
  text: Uint8Array
  statements: (Pick<StoredStatement, 'position' | 'stored' | 'source' | 'attachments'> & {
    /** Length of its own text. */
    bytes: number
  })[]
  more: boolean
}

/** What stands around one statement, for the operator. Lists are cut at 100. */
export interface StatementRelations {
  referrers: string[]
  /** Voiding statements that aim at it, effective or not. */
  voiders: { id: string; source: SourceId; effective: boolean }[]
}

export interface Rewrite {
  id: string
  /** Fingerprint the statement must still have. */
  expected: string
  /** Complete new text (with `stored`), its fingerprint and everything computed from it. */
  text: string
  fingerprint: string
  keys: readonly string[]
  attachments: readonly string[]
  names: StatementRecord['names']
}

export interface StatementStore {
  /**
   * Stores all or none, durably, in one atomic unit: statements, voids, references, keys, changed definitions and names.
   * Records whose id is there with the same fingerprint change nothing. Ids within one call are distinct.
   * `stored` is one for all of the call, later than every earlier commit's in the tenant.
   * A stream of packed groups may be as long as it likes: it is held on disk, not in memory, and the bytes of a group are
   * taken away. When it throws, nothing is stored and the call rejects with what it threw.
   */
  write(records: readonly StatementRecord[] | AsyncIterable<PackedRecords>): Promise<WriteOutcome>
  get(id: string): Promise<StoredStatement | null>
  /** The same as text. */
  getText(id: string): Promise<StatementText | null>
  query(query: StatementQuery): Promise<StatementPage>
  /** The same page as text. */
  queryTexts(query: StatementQuery): Promise<StatementTexts>
  relations(id: string): Promise<StatementRelations>
  /**
   * Nothing can appear any more at or below this time. Lags the clock by at most 200 ms, also when idle;
   * never below the `stored` of what `query` shows.
   */
  watermark(): Promise<number>
  /** Lawful re-keying: replaces all or none (at most 500 at a time), and tells the feed. `false`: one had changed. */
  rewrite(changes: readonly Rewrite[], reason: string): Promise<boolean>
  /** Lawful erasure: removes statements with text, keys, references and attachment holds; tells the feed. Idempotent. */
  purge(ids: readonly string[], reason: string): Promise<number>
  count(): Promise<number>
  /** Statements in order, at most `limit` and fewer where they are large, with the keys that they are indexed under. */
  inspect(after: Position, limit: number): Promise<{ statement: StoredStatement; keys: string[] }[]>
}

// ---------------------------------------------------------------- documents

export interface DocumentScope {
  kind: 'state' | 'activity-profile' | 'agent-profile'
  /** Each source has its own documents. */
  source: SourceId
  activity?: string
  /** Agent key. */
  agent?: string
  /** `null`: only those without a registration; absent: any. */
  registration?: string | null
}
export type DocumentKey = DocumentScope & { id: string }
export interface StoredDocument {
  content: Uint8Array
  contentType: string
  /** SHA-1 of the content in lower-case hex. */
  etag: string
  updated: number
}
/** What must be there for a change to happen: anything, nothing, something, exactly this etag, or anything but these. */
export type Precondition =
  | { kind: 'any' }
  | { kind: 'absent' }
  | { kind: 'present' }
  | { kind: 'etags'; etags: readonly string[] }
  | { kind: 'not-etags'; etags: readonly string[] }
/** Whether a precondition holds for the etag of what is there; null when nothing is. */
export function holds(precondition: Precondition, current: string | null): boolean {
  switch (precondition.kind) {
    case 'any':
      return true
    case 'absent':
      return current === null
    case 'present':
      return current !== null
    case 'etags':
      return current !== null && precondition.etags.includes(current)
    case 'not-etags':
      return current === null || !precondition.etags.includes(current)
  }
}
export type DocumentOutcome = { ok: true } | { ok: false; current: string | null }

export interface DocumentStore {
  get(key: DocumentKey): Promise<StoredDocument | null>
  put(
    key: DocumentKey,
    document: Pick<StoredDocument, 'content' | 'contentType' | 'etag'>,
    precondition: Precondition,
  ): Promise<DocumentOutcome>
  delete(key: DocumentKey, precondition: Precondition): Promise<DocumentOutcome>
  /** Ids and times of the documents in a scope, changed after `since` (exclusive). */
  list(scope: DocumentScope, since?: number): Promise<{ id: string; updated: number; etag: string }[]>
  clear(scope: DocumentScope): Promise<number>
  /** Of every document of an agent, all sources and kinds, in any order: what is kept of one person. */
  keysOf(agent: string): Promise<DocumentKey[]>
  /** Moves every document of one agent to another key, all sources; what is there already stays. */
  rekeyAgent(from: string, to: string): Promise<number>
}

// ---------------------------------------------------------------- activities and agents

export interface ActivityStore {
  /** Definitions by source, in the order in which the sources first defined it; the chosen source when one was chosen. */
  get(id: string): Promise<{ definitions: { source: SourceId; text: string }[]; chosen: SourceId | null }>
  choose(id: string, source: SourceId | null): Promise<void>
}
export interface AgentStore {
  /** Names stated for an agent key, newest first, optionally only by these sources. */
  names(agent: string, sources?: readonly SourceId[]): Promise<{ name: string; source: SourceId }[]>
}

// ---------------------------------------------------------------- blobs

export interface BlobStore {
  /** Stores bytes once under their SHA-256; durable when it resolves. Safe against collection for a day. */
  put(content: AsyncIterable<Uint8Array>): Promise<{ sha2: string; size: number }>
  /** `range` is inclusive at both ends, clipped by the caller to `size`. */
  open(
    sha2: string,
    range?: { start: number; end: number },
  ): Promise<{ size: number; content: Readable } | null>
  size(sha2: string): Promise<number | null>
  /** Replaces the set of blobs that `owner` keeps from collection. `false`: one of them is not there. */
  hold(owner: string, sha2s: readonly string[]): Promise<boolean>
  /** Removes blobs that nothing holds and that were last put before `olderThan`. */
  collect(olderThan: number): Promise<number>
}

// ---------------------------------------------------------------- feed

export type FeedEntry =
  | { kind: 'stored'; position: Position; statement: StoredStatement }
  | { kind: 'voided'; position: Position; id: string }
  | { kind: 'rewritten'; position: Position; ids: string[]; reason: string }
  | { kind: 'purged'; position: Position; ids: string[]; reason: string }

export interface FeedStore {
  /**
   * Entries behind `after` in order, from zero for ever. A purged statement's own entry is gone. `changes` leaves out new
   * statements: what happened to those that were there.
   */
  read(after: Position, limit: number, which?: 'all' | 'changes'): Promise<FeedEntry[]>
  /** Position of the newest entry. */
  end(): Promise<Position>
  /** Wakes (without content, perhaps too often, perhaps late) when something was stored. Returns the unsubscriber. */
  onChange(wake: () => void): () => void
}
