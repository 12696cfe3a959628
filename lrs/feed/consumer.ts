import type { Operation } from '../storage/collections.ts'
import type { FeedEntry, Position } from '../storage/port.ts'

/**
 * A durable reader of the feed with a cursor of its own. Delivery is at least once and in order; the effect is once,
 * because the runner writes the returned operations and the moved cursor in one batch.
 */
export interface FeedConsumer {
  name: string
  /** Gets no new statements, only what happened to those that were there. */
  changesOnly?: true
  /** Entries that it takes at a time, where those are fewer than 200. */
  atOnce?: number
  /**
   * What these entries (at most 200, in order) do, as operations (at most 900). Called again after a failed batch, so
   * it must read what it depends on anew and guard it with `check` or `revision`. Throwing keeps the cursor where it is;
   * the runner retries with growing pauses and shows the error.
   */
  apply(entries: FeedEntry[]): Promise<Operation[]>
  /**
   * Compares all that it made with what a rebuild would make, changing nothing, while it and others go on. `waiting` tells
   * which statements have changes that it has not taken yet: of those nothing is wrong.
   */
  verify?(options: {
    waiting(): Promise<ReadonlySet<string>>
    progress?(done: number, total: number): void
  }): AsyncIterable<{ kind: string; what: string; mend: string }>
}

/** What the operator sees of a consumer. */
export interface ConsumerState {
  name: string
  position: Position
  /** Newest position of the feed. */
  end: Position
  /** Since when it has been behind, ms; null when it is at the end. */
  behindSince: number | null
  lastError: { at: number; message: string } | null
  /** Failed tries since the process started. */
  failures: number
}
