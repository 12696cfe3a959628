import type { Collections, Doc } from '../../lrs/index.ts'
import { readMany } from '../corrections/read-many.ts'
import type { Classifier } from '../mapping/read-mapping.ts'
import { clustersOf } from '../twins/clusters.ts'
import { SPLITS } from '../twins/documents.ts'
import { tellerOf } from '../twins/tellers.ts'
import type { RecordLine } from '../types.ts'
import type { LineDocument } from './documents.ts'
import { lineDocument, shownLine } from './line-document.ts'
import type { Tally } from './tally.ts'

/** The entries that these lines make, and nothing else beside them: each as what is left of it, if anything is. */
export function entriesOf(
  docs: readonly Doc<LineDocument>[],
  tallyOf: (doc: Doc<LineDocument>) => Tally | null,
  classifier: Classifier,
  isApart: (a: string, b: string) => boolean = () => false,
): RecordLine[] {
  const near = new Map(docs.map(({ key, value }) => [key, new Set(value.twins?.near)]))
  const clusters = clustersOf(
    docs.flatMap((doc) => tallyOf(doc) ?? []),
    { isNear: (a, b) => near.get(a)?.has(b) === true, isApart },
  )
  return clusters.flatMap(([first, ...rest]) => {
    const tellers = rest.flatMap((tally) => tellerOf(tally) ?? [])
    return first ? (shownLine(lineDocument(first, classifier, { near: [], tellers })) ?? []) : []
  })
}

/** What their person says of these lines being apart. */
export async function splitsAmong(
  collections: Collections,
  docs: readonly Doc<LineDocument>[],
): Promise<(a: string, b: string) => boolean> {
  const keys = docs.flatMap(({ key, value }) => (value.twins ? [key] : []))
  const splits = await readMany(collections, SPLITS, keys)
  return (a, b) => splits.get(a)?.value.from.includes(b) === true
}
