import type { Collections, Doc, FeedConsumer, Operation, StatementStore } from '../../lrs/index.ts'
import { DISPUTES, type DisputeDocument } from './documents.ts'
import { linesOf, standingOf } from './statements-of.ts'
import { closing } from './steps.ts'

export interface NoteDeps {
  collections: Collections
  statements: Pick<StatementStore, 'get'>
}

/** Disputes about one statement that are looked at: each needs a line of its own, so there are few. */
const MOST = 50

/**
 * Follows the feed for statements that were voided or erased, and notes it in the disputes that are about them: who
 * answers sees it, and one of which all is gone, and nothing else of the line stands, is answered by that.
 */
export function createCorrectionConsumer(parts: NoteDeps, now: () => number): FeedConsumer {
  return {
    name: 'corrections',
    changesOnly: true,
    async apply(entries) {
      const ids = entries.flatMap((entry) =>
        entry.kind === 'voided' ? [entry.id] : entry.kind === 'purged' ? entry.ids : [],
      )
      return noteGone(parts, [...new Set(ids)], now())
    },
  }
}

/** What disputes have to say of these statements being gone, which they do not say yet. */
export async function noteGone(
  { collections, statements: store }: NoteDeps,
  statements: readonly string[],
  now: number,
): Promise<Operation[]> {
  const concerned = new Map<string, { doc: Doc<DisputeDocument>; gone: Set<string> }>()
  for (const id of statements) {
    const { docs } = await collections.find(DISPUTES, {
      index: 'statement',
      equals: { 'told.statements': id },
      limit: MOST,
    })
    for (const doc of docs) {
      const held = concerned.get(doc.key) ?? { doc, gone: new Set(doc.value.gone) }
      concerned.set(doc.key, { ...held, gone: held.gone.add(id) })
    }
  }
  const operations: Operation[] = []
  for (const { doc, gone } of concerned.values()) {
    const { value } = doc
    if (gone.size === value.gone.length) continue
    // What is voided one after another is told once, as of the last.
    const before = value.history.at(-1)?.what === 'voided' ? value.history.slice(0, -1) : value.history
    const noted: DisputeDocument = {
      ...value,
      gone: value.told.statements.filter((id) => gone.has(id)),
      history: [...before, { at: now, what: 'voided', by: null, words: '' }],
    }
    const allGone = noted.gone.length === noted.told.statements.length
    const left = value.open && allGone ? await leftOf(value) : []
    operations.push(
      ...(value.open && allGone && left.length === 0
        ? closing(doc, noted, { state: 'corrected', answer: { at: now, by: null, words: '' } })
        : [
            replaced(doc, {
              ...noted,
              told: { ...value.told, statements: [...value.told.statements, ...left] },
            }),
          ]),
    )
  }
  return operations

  /** What stands of the line though all that was named is gone; as much of it as is named with the others. */
  async function leftOf({ line, source, told }: DisputeDocument): Promise<string[]> {
    const lines = [...new Set([line, ...(await linesOf(collections, told.statements))])]
    const standing = await standingOf(collections, store, { lines, source, named: [] })
    return standing.filter((id) => !told.statements.includes(id))
  }
}

const replaced = (doc: Doc<DisputeDocument>, value: DisputeDocument): Operation => ({
  op: 'replace',
  collection: DISPUTES,
  key: doc.key,
  revision: doc.revision,
  value,
})
