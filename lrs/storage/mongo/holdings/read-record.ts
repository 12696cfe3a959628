import { mergeRecord, RECORD_BEGIN, type RecordPlace } from '../../held-record.ts'
import type { HeldEntry, HeldStatement } from '../../holding.ts'
import type { Position } from '../../port.ts'
import { entryOf } from '../feed.ts'
import { positionOf } from '../names.ts'
import type { EventDocument, StatementDocument } from '../schema.ts'
import { storedStatement } from '../stored-statement.ts'
import type { Reading } from './reading.ts'

/** One page: so many statements or events, or letters of their texts, whatever comes first. */
const MOST = 1_000
const MOST_LETTERS = 4_000_000

/** Statements, events and moments behind a place, in order. */
export async function readRecord(
  { schema, names, session }: Reading,
  from: RecordPlace | null,
  end: Position,
): Promise<{ items: HeldEntry[]; next: RecordPlace | null }> {
  const after = from ?? RECORD_BEGIN
  const behind = { $gt: names.at(after.position), $lte: names.at(end) }
  const [events, { statements, cut }] = await Promise.all([
    schema.event.find({ _id: behind }, session).sort({ _id: 1 }).hint({ _id: 1 }).limit(MOST).toArray(),
    readStatements(),
  ])

  async function readStatements(): Promise<{ statements: HeldStatement[]; cut: boolean }> {
    const found: HeldStatement[] = []
    let letters = 0
    const documents = schema.statement
      .find({ _id: behind }, { ...session, projection: { terms: 0 } })
      .sort({ _id: 1 })
      .hint({ _id: 1 })
      .limit(MOST)
    for await (const document of documents) {
      letters += document.text.length
      if (letters > MOST_LETTERS && found.length > 0) return { statements: found, cut: true }
      found.push(heldStatement(document))
    }
    return { statements: found, cut: found.length === MOST }
  }

  let to = end
  if (events.length === MOST) to = Math.min(to, positionOf(events.at(-1)!._id))
  if (cut) to = Math.min(to, statements.at(-1)!.position)

  const moments: { stored: number; last: Position }[] = []
  for await (const { stored, last, shut } of schema.moment
    .find({ tenant: names.tenant, stored: { $gt: after.stored } }, session)
    .sort({ stored: 1 })
    .hint('by-time')) {
    // Behind the last entry there may be positions that were drawn for it and not needed.
    if (last > to && to < end) break
    if (!shut) moments.push({ stored, last })
  }
  const { items, place } = mergeRecord(after, to, statements, events.map(entryOf), moments)
  return { items, next: to < end ? place : null }
}

/** The newest entry's, 0 without any. */
export async function lastPosition({ schema, names, session }: Reading): Promise<Position> {
  const last = (collection: { find: typeof schema.statement.find } | { find: typeof schema.event.find }) =>
    (collection as typeof schema.event)
      .find({ _id: names.within() }, { ...session, projection: { _id: 1 } })
      .sort({ _id: -1 })
      .hint({ _id: 1 })
      .limit(1)
      .next()
  const found = await Promise.all([last(schema.statement), last(schema.event)])
  return Math.max(...found.map((one: Pick<EventDocument, '_id'> | null) => (one ? positionOf(one._id) : 0)))
}

function heldStatement(document: Omit<StatementDocument, 'terms'>): HeldStatement {
  const { keys, names = [], foreign, target } = document
  const distinct = new Map(names.map(({ agent, name }) => [JSON.stringify({ agent, name }), { agent, name }]))
  return {
    kind: 'statement',
    ...storedStatement(document as StatementDocument),
    attachments: document.attachments ?? [],
    mayVoidForeign: foreign === true,
    isTarget: target === true,
    keys: [...new Set(keys)].sort(),
    names: [...distinct].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, name]) => name),
  }
}
