import type { FeedEntry, Position } from '../../port.ts'
import type { ReadContext } from './context.ts'
import { STATEMENT_COLUMNS, type StatementRow, storedStatement } from './statement-row.ts'

/** An answer ends early, with one entry at least, where its texts would pass this many bytes. */
const MOST_BYTES = 8_000_000

/** Statements and events share one counter, so the feed is both tables merged by position. */
export function readFeed(
  { db }: ReadContext,
  { after, limit, which }: { after: Position; limit: number; which: 'all' | 'changes' },
): FeedEntry[] {
  const events = db
    .rows<{ seq: number; kind: string; content: string }>(
      'SELECT seq, kind, content FROM event WHERE seq > ? ORDER BY seq LIMIT ?',
      after,
      limit,
    )
    .map(({ seq, kind, content }) => ({ kind, position: seq, ...JSON.parse(content) }) as FeedEntry)
  if (which === 'changes') return events
  const entries: FeedEntry[] = []
  let bytes = 0
  for (const row of db.scan<StatementRow>(
    `SELECT ${STATEMENT_COLUMNS} FROM statement WHERE seq > ? ORDER BY seq LIMIT ?`,
    after,
    limit,
  )) {
    while (events[0] && events[0].position < row.seq) entries.push(events.shift()!)
    bytes += row.text.length
    if (bytes > MOST_BYTES && entries.length > 0) return entries.slice(0, limit)
    entries.push({ kind: 'stored', position: row.seq, statement: storedStatement(row) })
  }
  return [...entries, ...events].slice(0, limit)
}

export function feedEnd({ db }: ReadContext): Position {
  return db.row<{ position: number }>('SELECT position FROM meta')!.position
}
