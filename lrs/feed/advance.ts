import { type Collections, type Doc, defineCollection, type Operation } from '../storage/collections.ts'
import type { FeedEntry, FeedStore, Position } from '../storage/port.ts'
import type { FeedConsumer } from './consumer.ts'

/** How far each consumer has come, by its name. */
export const feedCursors = defineCollection<{ position: Position }>('feed-cursors')

const MOST_ENTRIES = 200
const MOST_OPERATIONS = 900

export type Advance =
  | { kind: 'moved'; position: Position; entries: number }
  /** Nothing behind the cursor. */
  | { kind: 'at-end'; position: Position }
  /** Something that the consumer or the cursor depends on had changed: read again. */
  | { kind: 'overtaken' }

/**
 * Takes a consumer over its next entries: what it wants done and its moved cursor go into one batch, so that either
 * both happened or neither, and a second runner with the same cursor is shut out by the cursor's revision.
 */
export async function advance(
  storage: { feed: FeedStore; collections: Collections },
  consumer: FeedConsumer,
): Promise<Advance> {
  const cursor = await storage.collections.get(feedCursors, consumer.name)
  const before = cursor?.value.position ?? 0
  // What is skipped need not be remembered: there is nothing to read again up to here.
  const end = consumer.changesOnly ? await storage.feed.end() : before
  const entries = await storage.feed.read(
    before,
    Math.min(consumer.atOnce ?? MOST_ENTRIES, MOST_ENTRIES),
    consumer.changesOnly ? 'changes' : 'all',
  )
  if (entries.length === 0) return { kind: 'at-end', position: Math.max(before, end) }
  const { taken, operations } = await applyFitting(consumer, entries)
  const position = taken.at(-1)!.position
  const outcome = await storage.collections.batch([
    ...operations,
    moveCursor(consumer.name, cursor, position),
  ])
  return outcome.ok ? { kind: 'moved', position, entries: taken.length } : { kind: 'overtaken' }
}

/** How far a consumer has come that another process takes on; changes nothing. */
export async function standing(
  { feed, collections }: { feed: FeedStore; collections: Collections },
  { name, changesOnly }: FeedConsumer,
): Promise<{ position: Position; atEnd: boolean }> {
  const position = (await collections.get(feedCursors, name))?.value.position ?? 0
  const end = changesOnly ? await feed.end() : position
  const next = await feed.read(position, 1, changesOnly ? 'changes' : 'all')
  return next.length > 0 ? { position, atEnd: false } : { position: Math.max(position, end), atEnd: true }
}

/** Halves the entries until what they do fits into one batch. */
async function applyFitting(
  consumer: FeedConsumer,
  entries: FeedEntry[],
): Promise<{ taken: FeedEntry[]; operations: Operation[] }> {
  const operations = await consumer.apply(entries)
  if (operations.length <= MOST_OPERATIONS) return { taken: entries, operations }
  if (entries.length === 1) {
    throw new Error(
      `${consumer.name} makes ${operations.length} operations of the entry at ${entries[0]!.position}; ${MOST_OPERATIONS} are allowed`,
    )
  }
  return applyFitting(consumer, entries.slice(0, entries.length >> 1))
}

/** Sends a consumer through the whole feed again, from the start, when it next looks. */
export function replay(name: string): Operation {
  return { op: 'put', collection: feedCursors, key: name, value: { position: 0 } }
}

function moveCursor(name: string, cursor: Doc<{ position: Position }> | null, position: Position): Operation {
  const at = { collection: feedCursors, key: name, value: { position } }
  return cursor ? { op: 'replace', ...at, revision: cursor.revision } : { op: 'insert', ...at }
}
