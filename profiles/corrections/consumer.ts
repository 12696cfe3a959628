import type { Collections, Doc, FeedConsumer, Operation } from '../../lrs/index.ts'
import { DISPUTES, type DisputeDocument } from './documents.ts'
import { closing } from './steps.ts'

/** Disputes about one statement that are looked at: each needs a line of its own, so there are few. */
const MOST = 50

/**
 * Follows the feed for statements that were voided or erased, and notes it in the disputes that are about them: who
 * answers sees it, and one of which all is gone is answered by that.
 */
export function createCorrectionConsumer(collections: Collections, now: () => number): FeedConsumer {
  return {
    name: 'corrections',
    changesOnly: true,
    async apply(entries) {
      const ids = entries.flatMap((entry) =>
        entry.kind === 'voided' ? [entry.id] : entry.kind === 'purged' ? entry.ids : [],
      )
      return noteGone(collections, [...new Set(ids)], now())
    },
  }
}

/** What disputes have to say of these statements being gone, which they do not say yet. */
export async function noteGone(
  collections: Collections,
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
  return [...concerned.values()].flatMap(({ doc, gone }) => {
    const { value } = doc
    if (gone.size === value.gone.length) return []
    // What is voided one after another is told once, as of the last.
    const before = value.history.at(-1)?.what === 'voided' ? value.history.slice(0, -1) : value.history
    const noted: DisputeDocument = {
      ...value,
      gone: value.told.statements.filter((id) => gone.has(id)),
      history: [...before, { at: now, what: 'voided', by: null, words: '' }],
    }
    const allGone = noted.gone.length === noted.told.statements.length
    return value.open && allGone
      ? closing(doc, noted, { state: 'corrected', answer: { at: now, by: null, words: '' } })
      : [{ op: 'replace', collection: DISPUTES, key: doc.key, revision: doc.revision, value: noted }]
  })
}
