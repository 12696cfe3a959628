import type { SourceId } from '../storage/port.ts'
import type { RequestLog, RequestNote } from './sources.ts'

const KEPT = 50
const SOURCES = 1_000

/** The last 50 requests of each source, in memory. */
export function createRequestLog(): RequestLog {
  const bySource = new Map<SourceId, RequestNote[]>()
  return {
    note(entry) {
      const notes = bySource.get(entry.source) ?? []
      notes.push(entry)
      if (notes.length > KEPT) notes.shift()
      // Moved to the end, so that the source that has been silent longest is the first to be forgotten.
      bySource.delete(entry.source)
      bySource.set(entry.source, notes)
      for (const silent of bySource.keys()) {
        if (bySource.size <= SOURCES) break
        bySource.delete(silent)
      }
    },
    // What other processes tell of comes later than it happened.
    recent: (source) => (bySource.get(source) ?? []).toReversed().toSorted((a, b) => b.at - a.at),
  }
}
