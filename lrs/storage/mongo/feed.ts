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

  /** What holds nothing, of each kind: what was read to its end stays as it was. Positions kept for voids are often empty. */
  const empty = { all: { after: 0, until: 0 }, changes: { after: 0, until: 0 } }
  type Kind = keyof typeof empty
  const passEmpty = (after: number, which: Kind) =>
    after >= empty[which].after ? Math.max(after, empty[which].until) : after
  function noteEmpty(after: number, until: number, which: Kind): void {
    empty[which] = { after: after === empty[which].until ? empty[which].after : after, until }
  }

  const readEvents = async (after: number, visible: number, limit: number) =>
    (
      await schema.event
        .find({ _id: between(after, visible) })
        .sort({ _id: 1 })
        .hint({ _id: 1 })
        .limit(limit)
        .toArray()
    ).map(entryOf)

  /** `isWhole`: there are no more. */
  async function readEntries(
    after: number,
    visible: number,
    limit: number,
    which: Kind,
  ): Promise<{ entries: FeedEntry[]; isWhole: boolean }> {
    const read = readEvents(after, visible, limit)
    if (which === 'changes') {
      const entries = await read
      return { entries, isWhole: entries.length < limit }
    }
    const statements = schema.statement
      .find({ _id: between(after, visible) }, { projection: SHOWN, batchSize: limit })
      .sort({ _id: 1 })
      .hint({ _id: 1 })
      .limit(limit)
    const [events, first] = await Promise.all([read, statements.tryNext()])
    const entries: FeedEntry[] = []
    let letters = 0
    for (let document = first; document !== null; document = await statements.next()) {
      const statement = storedStatement(document)
      while (events[0] && events[0].position < statement.position) entries.push(events.shift()!)
      letters += statement.text.length
      if (letters > MOST_LETTERS && entries.length > 0) {
        await statements.close()
        return { entries: entries.slice(0, limit), isWhole: false }
      }
      entries.push({ kind: 'stored', position: statement.position, statement })
    }
    entries.push(...events)
    return { entries: entries.slice(0, limit), isWhole: entries.length < limit }
  }

  return {
    store: {
      async read(after, limit, which = 'all') {
        const { visible } = await gate.view()
        const behind = passEmpty(after, which)
        if (behind >= visible) return []
        return connection.ask(async () => {
          const { entries, isWhole } = await readEntries(behind, visible, limit, which)
          if (isWhole) noteEmpty(entries.at(-1)?.position ?? behind, visible, which)
          return entries
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
