import type { Collection, Filter } from 'mongodb'
import type { TextBatchOutcome } from '../text-collections.ts'
import { mayHappen, type TextOperation } from '../text-operation.ts'
import { type Connection, isDuplicateKey } from './connect.ts'
import { aliveAt, docName } from './doc-names.ts'
import { freshDoc, isAlive, THERE } from './doc-writes.ts'
import type { Names } from './names.ts'
import type { DocDocument } from './schema.ts'

const TRIES = 5

/**
 * Writes one document that has no entries, in one operation whose filter is the precondition. The answer is null when
 * there are entries after all, or others were first again and again: then it takes a transaction.
 */
export function createSingleWrite(
  { ask }: Connection,
  doc: Collection<DocDocument>,
  names: Names,
  clock: () => number,
): (operation: TextOperation) => Promise<TextBatchOutcome | null> {
  const bare = { entries: { $exists: false } }

  /** Whether it did something. */
  async function attempt(operation: TextOperation, _id: string, now: number): Promise<boolean> {
    switch (operation.op) {
      case 'put':
        return replace({ _id, ...bare }, operation, true)
      case 'insert':
        return replace({ _id, ...bare, expires: { $lte: new Date(now) } }, operation, true)
      case 'replace': {
        const { revision } = operation
        return replace({ _id, ...bare, ...aliveAt(now), revision }, operation, false)
      }
      case 'delete': {
        const { revision } = operation
        const filter = { _id, ...bare, ...aliveAt(now), ...(revision !== null && { revision }) }
        return (await doc.deleteOne(filter)).deletedCount === 1
      }
      case 'check':
        return false
    }
  }

  async function replace(
    filter: Filter<DocDocument>,
    operation: Parameters<typeof freshDoc>[0],
    upsert: boolean,
  ): Promise<boolean> {
    try {
      const { matchedCount, upsertedCount } = await doc.replaceOne(filter, freshDoc(operation), { upsert })
      return matchedCount + upsertedCount === 1
    } catch (error) {
      // The filter left out what is there.
      if (isDuplicateKey(error)) return false
      throw error
    }
  }

  return (operation) =>
    ask(async () => {
      const _id = docName(names, operation.collection.name, operation.key)
      for (let tries = 0; tries < TRIES; tries++) {
        const now = clock()
        if (await attempt(operation, _id, now)) return { ok: true, present: [true] }
        const there = await doc.findOne({ _id }, { projection: THERE })
        if (there?.entries !== undefined) return null
        const revision = isAlive(there, now) ? there!.revision : null
        if (!mayHappen(operation, revision)) return { ok: false, failed: 0 }
        if (operation.op === 'check') return { ok: true, present: [revision !== null] }
        if (operation.op === 'delete' && revision === null) return { ok: true, present: [false] }
      }
      return null
    })
}
