import type { Connection } from '../connection.ts'
import type { Arrivals } from './arrivals.ts'

/** What a writing operation is given: the database inside its savepoint, and what the commit gives out. */
export interface WriteContext {
  readonly db: Connection
  /** Folder of this tenant's blobs. */
  readonly blobs: string
  /** The commit's time: later than every earlier commit's. */
  readonly stamp: number
  /** The clock. */
  readonly now: number
  nextPosition(): number
  nextRevision(): number
  countStatements(change: number): void
  /** For what comes from another store: what is given out later is greater than these. */
  raise(least: { position?: number; stored?: number; revision?: number }): void
  /** Where new statements are entered; written before the commit. */
  readonly arrivals: Arrivals
  /** Runs when the savepoint is rolled back, to forget what was remembered. */
  onRollback(undo: () => void): void
  /** Runs when the commit is durable, before the next one begins. A failure here is ignored. */
  afterCommit(act: () => void): void
}

/** What a reading operation is given: the database inside one read transaction. */
export interface ReadContext {
  readonly db: Connection
  readonly now: number
}

const ROLLED_BACK = Symbol('rolled back')

/** An operation's way to say: undo what I did, and answer this. */
export function rollBackWith<T>(value: T): T {
  return { [ROLLED_BACK]: value } as T
}
export function rolledBack(result: unknown): { value: unknown } | null {
  if (result !== null && typeof result === 'object' && ROLLED_BACK in result)
    return { value: result[ROLLED_BACK] }
  return null
}
