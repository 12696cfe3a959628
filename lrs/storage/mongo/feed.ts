import type { FeedEntry, FeedStore } from '../port.ts'
import type { Gate } from './gate.ts'
import { positionOf } from './names.ts'
import type { EventDocument } from './schema.ts'
import { SHOWN, storedStatement } from './stored-statement.ts'
import type { TenantParts } from './tenant.ts'
import { watchMoments } from './watch-moments.ts'

/** An answer ends early, with one entry at least, where its texts would pass this many letters. */
const MOST_LETTERS = 8_000_000

/** Statements and events share one row of positions, so the feed is both merged; it ends where the gate's view does. */
export function createFeed(
  { connection, schema, names }: TenantParts,
  gate: Gate,
): { store: FeedStore; end(): Promise<void> } {
  const waking = new Set<() => void>()
  const leave = gate.onMore(() => {
    for (const wake of waking) wake()
  })
  const others = watchMoments(schema, names, gate)
  const between = (after: number, visible: number) => ({ $gt: names.at(after), $lte: names.at(visible) })

  const readEvents = async (after: number, visible: number, limit: number) =>
    (
      await schema.event
        .find({ _id: between(after, visible) })
        .sort({ _id: 1 })
        .hint({ _id: 1 })
        .limit(limit)
        .toArray()
    ).map(entryOf)

  return {
    store: {
      async read(after, limit, which = 'all') {
        const { visible } = await gate.view()
        if (after >= visible) return []
        return connection.ask(async () => {
          if (which === 'changes') return readEvents(after, visible, limit)
          const events = await readEvents(after, visible, limit)
          const entries: FeedEntry[] = []
          let letters = 0
          const statements = schema.statement
            .find({ _id: between(after, visible) }, { projection: SHOWN })
            .sort({ _id: 1 })
            .hint({ _id: 1 })
            .limit(limit)
          for await (const document of statements) {
            const statement = storedStatement(document)
            while (events[0] && events[0].position < statement.position) entries.push(events.shift()!)
            letters += statement.text.length
            if (letters > MOST_LETTERS && entries.length > 0) return entries.slice(0, limit)
            entries.push({ kind: 'stored', position: statement.position, statement })
          }
          return [...entries, ...events].slice(0, limit)
        })
      },
      async end() {
        const { visible } = await gate.view()
        return connection.ask(async () => {
          const last = await Promise.all(
            [schema.statement, schema.event].map((collection) =>
              collection
                .find({ _id: between(0, visible) }, { projection: { _id: 1 } })
                .sort({ _id: -1 })
                .hint({ _id: 1 })
                .limit(1)
                .next(),
            ),
          )
          return Math.max(...last.map((one) => (one ? positionOf(one._id) : 0)))
        })
      },
      onChange(wake) {
        waking.add(wake)
        others.start()
        return () => {
          waking.delete(wake)
          if (waking.size === 0) void others.stop()
        }
      },
    },
    async end() {
      leave()
      await others.stop()
    },
  }
}

export function entryOf({
  _id,
  kind,
  id,
  ids,
  reason,
}: EventDocument): Exclude<FeedEntry, { kind: 'stored' }> {
  const position = positionOf(_id)
  return kind === 'voided' ? { kind, position, id: id! } : { kind, position, ids: ids!, reason: reason! }
}
