import type { HeldEntry, HeldEvent, HeldMoment, HeldStatement } from './holding.ts'
import type { Position } from './port.ts'

/** Where a page of the record ends. */
export interface RecordPlace {
  position: Position
  /** Of the last moment that was told. */
  stored: number
  /** The last entry that no moment was told of; null when there is none. */
  open: Position | null
}
export const RECORD_BEGIN: RecordPlace = { position: 0, stored: -1, open: null }

/**
 * One page of the record, from what is behind `after` up to `to`, each list in order. A moment is told where its last
 * entry is, and not at all when nothing is left of it: stores differ in what they remember of positions without an entry.
 */
export function mergeRecord(
  after: RecordPlace,
  to: Position,
  statements: readonly HeldStatement[],
  events: readonly HeldEvent[],
  moments: readonly Pick<HeldMoment, 'stored' | 'last'>[],
): { items: HeldEntry[]; place: RecordPlace } {
  const items: HeldEntry[] = []
  const entries = merge(statements, events)
  let { stored, open } = after
  let at = 0
  const until = (position: Position) => {
    for (let entry = entries[at]; entry && entry.position <= position; entry = entries[++at]) {
      items.push(entry)
      open = entry.position
    }
  }
  for (const moment of moments) {
    until(moment.last)
    stored = moment.stored
    if (open === null) continue
    items.push({ kind: 'moment', stored, last: open })
    open = null
  }
  until(to)
  return { items, place: { position: to, stored, open } }
}

function merge(
  statements: readonly HeldStatement[],
  events: readonly HeldEvent[],
): (HeldStatement | HeldEvent)[] {
  const merged: (HeldStatement | HeldEvent)[] = []
  let at = 0
  for (const statement of statements) {
    while (at < events.length && events[at]!.position < statement.position) merged.push(events[at++]!)
    merged.push(statement)
  }
  return [...merged, ...events.slice(at)]
}
