import { mergeRecord, RECORD_BEGIN, type RecordPlace } from '../../held-record.ts'
import type { HeldEntry, HeldStatement } from '../../holding.ts'
import type { Position } from '../../port.ts'
import { entryOf } from '../feed.ts'
import { positionOf } from '../names.ts'
import type { EventDocument, MomentDocument, StatementDocument } from '../schema.ts'
import { storedStatement } from '../stored-statement.ts'
import { createReadOn, inSpans } from './read-on.ts'
import type { Reading } from './reading.ts'

/** One page: so many statements or events, or letters of their texts, whatever comes first. */
const MOST = 1_000
const MOST_LETTERS = 4_000_000
/** Positions that one question is about. */
export const SPAN = 20_000

/** Pages of statements, events and moments, in order; each goes on where the one before ended, if it is asked to. */
export function createRecordReader({ schema, names, session }: Reading, end: Position) {
  const within = (after: Position, to: Position) => ({ _id: { $gt: names.at(after), $lte: names.at(to) } })
  const statements = createReadOn<Held>(
    (begin) =>
      inSpans(begin, end, SPAN, (after, to) =>
        schema.statement
          .find(within(after, to), { ...session, projection: { terms: 0 }, batchSize: MOST })
          .sort({ _id: 1 })
          .hint({ _id: 1 }),
      ),
    ({ _id }) => positionOf(_id),
  )
  const events = createReadOn<EventDocument>(
    (begin) =>
      inSpans(begin, end, SPAN, (after, to) =>
        schema.event
          .find(within(after, to), { ...session, batchSize: MOST })
          .sort({ _id: 1 })
          .hint({ _id: 1 }),
      ),
    ({ _id }) => positionOf(_id),
  )
  const moments = createReadOn<MomentDocument>(
    (after) =>
      schema.moment
        .find({ tenant: names.tenant, stored: { $gt: after } }, { ...session, batchSize: MOST })
        .sort({ stored: 1 })
        .hint('by-time'),
    ({ stored }) => stored,
  )

  return {
    async read(from: RecordPlace | null): Promise<{ items: HeldEntry[]; next: RecordPlace | null }> {
      const after = from ?? RECORD_BEGIN
      let letters = 0
      const [stated, happened] = await Promise.all([
        statements.look(after.position, ({ text }, count) => {
          letters += text.length
          return count === MOST || letters > MOST_LETTERS
        }),
        events.look(after.position, (_, count) => count === MOST),
      ])
      let to = end
      for (const { items, isWhole } of [stated, happened])
        if (!isWhole) to = Math.min(to, positionOf(items.at(-1)!._id))
      // Behind the last entry there may be positions that were drawn for it and not needed.
      const isBehind = ({ last }: MomentDocument) => last > to && to < end
      const timed = await moments.look(after.stored, isBehind)
      const { items, place } = mergeRecord(
        after,
        to,
        stated.items.filter(({ _id }) => positionOf(_id) <= to).map(heldStatement),
        happened.items.filter(({ _id }) => positionOf(_id) <= to).map(entryOf),
        timed.items.filter((moment) => !moment.shut && !isBehind(moment)),
      )
      statements.pass(to)
      events.pass(to)
      moments.pass(place.stored)
      return { items, next: to < end ? place : null }
    },
    close: async () => void (await Promise.all([statements, events, moments].map((one) => one.close()))),
  }
}

type Held = Omit<StatementDocument, 'terms'>

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

function heldStatement(document: Held): HeldStatement {
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
