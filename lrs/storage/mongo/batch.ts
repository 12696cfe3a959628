import type { AnyBulkWriteOperation, ClientSession } from 'mongodb'
import type { TextBatchOutcome } from '../text-collections.ts'
import { mayHappen, type TextOperation } from '../text-operation.ts'
import { type Connection, runAgainOnDuplicate } from './connect.ts'
import type { DeclaredIndexes, Kept } from './declared-indexes.ts'
import { docName } from './doc-names.ts'
import { freshDoc, isAlive, randomNumber, THERE, type There } from './doc-writes.ts'
import { changeEntries, entriesOf, type Indexed, indexedAs, writeEntries } from './entries.ts'
import type { Names } from './names.ts'
import type { DocDocument, Schema } from './schema.ts'
import { createSingleWrite } from './single-write.ts'

/** Writes to collections: one document that no index knows in one operation, all else in a transaction. */
export function createBatch(
  connection: Connection,
  { doc, entry }: Schema,
  names: Names,
  clock: () => number,
  declared: DeclaredIndexes,
): (operations: readonly TextOperation[]) => Promise<TextBatchOutcome> {
  const writeSingle = createSingleWrite(connection, doc, names, clock)
  const nameOf = ({ collection, key }: TextOperation) => docName(names, collection.name, key)

  async function keptOf(operations: readonly TextOperation[]): Promise<Map<string, Kept>> {
    const kept = new Map<string, Kept>()
    for (const { collection } of operations) {
      const known = kept.get(collection.name)
      if (known?.collection.indexes === collection.indexes) continue
      kept.set(collection.name, await declared.kept(collection))
    }
    return kept
  }

  async function write(
    operations: readonly TextOperation[],
    kept: ReadonlyMap<string, Kept>,
    session: ClientSession,
  ): Promise<TextBatchOutcome> {
    const now = clock()
    const found = await doc
      .find({ _id: { $in: operations.map(nameOf) } }, { session, projection: THERE, hint: { _id: 1 } })
      .toArray()
    const byName = new Map<string, There>(found.map((one) => [one._id, one]))
    const there = operations.map((operation) => byName.get(nameOf(operation)))
    const present = there.map((one) => isAlive(one, now))
    const failed = operations.findIndex(
      (operation, i) => !mayHappen(operation, present[i] ? there[i]!.revision : null),
    )
    if (failed >= 0) {
      await session.abortTransaction()
      return { ok: false, failed }
    }
    const changes = operations.map((operation, i) =>
      changeOf(operation, there[i], kept.get(operation.collection.name)!),
    )
    await doc.bulkWrite(
      changes.map(({ change }) => change),
      { session, ordered: false },
    )
    const entries = changes.flatMap(({ old, fresh }) => changeEntries(names, old, fresh))
    if (entries.length > 0) await entry.bulkWrite(entries, { session, ordered: false })
    return { ok: true, present }
  }

  interface Change {
    change: AnyBulkWriteOperation<DocDocument>
    old: Indexed | null
    fresh: Indexed | null
  }

  function changeOf(operation: TextOperation, there: There | undefined, { indexes }: Kept): Change {
    const _id = nameOf(operation)
    const place = { collection: operation.collection.name, key: operation.key }
    const old = there ? indexedAs(there, place) : null
    if (operation.op === 'check' || (operation.op === 'delete' && !there)) {
      return { change: holdStill(_id), old: null, fresh: null }
    }
    if (operation.op === 'delete') return { change: { deleteOne: { filter: { _id } } }, old, fresh: null }
    const entries = entriesOf(operation.text, indexes)
    const replacement = freshDoc(operation, writeEntries(entries))
    return {
      change: { replaceOne: { filter: { _id }, replacement, upsert: true } },
      old,
      fresh: { ...place, expires: replacement.expires, entries },
    }
  }

  return async (operations) => {
    if (operations.length === 0) return { ok: true, present: [] }
    let kept = await keptOf(operations)
    const [first] = operations
    if (operations.length === 1 && first && kept.get(first.collection.name)!.indexes.length === 0) {
      const outcome = await writeSingle(first)
      await finish()
      if (outcome) return outcome
    }
    const outcome = await runAgainOnDuplicate(() =>
      connection.transact(async (session) => {
        kept = await keptOf(operations)
        return write(operations, kept, session)
      }),
    )
    await finish()
    return outcome

    async function finish(): Promise<void> {
      for (const [name, one] of kept) {
        const keys = operations.filter(({ collection }) => collection.name === name).map(({ key }) => key)
        await declared.wrote(one, keys)
      }
    }
  }
}

const OVER = new Date(0)

/**
 * Has whoever changes the same document meanwhile come into conflict with this, and the document is as it was: where there
 * is none, one that is over already stands for it until it is removed.
 */
const holdStill = (_id: string): AnyBulkWriteOperation<DocDocument> => ({
  updateOne: {
    filter: { _id },
    update: {
      $set: { touched: randomNumber() },
      $setOnInsert: { revision: randomNumber(), value: 'null', expires: OVER },
    },
    upsert: true,
  },
})
