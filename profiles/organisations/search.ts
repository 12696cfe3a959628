import {
  type Collection,
  type Collections,
  type Doc,
  type Found,
  findPage,
  foldedWords,
} from '../../lrs/index.ts'

/** Pages of the index read for one page of a search at most; the rest follows behind `next`. */
const MOST_READS = 10

/**
 * Documents whose `words` hold one that begins with each of the query's, in the order of an index that has them behind
 * `equals`. Null when the query has no words. The longest word is looked up, the others are looked at: a page may be
 * longer than its limit by less than as much again, and shorter where few of many fit.
 */
export async function searchByWords<T extends { words: string[] }>(
  collections: Collections,
  collection: Collection<T>,
  asked: { index: string; equals?: Record<string, string>; query: string; fits(value: T): boolean },
  paging: { after?: string; limit: number },
): Promise<Found<T> | null> {
  const [longest, ...others] = foldedWords(asked.query).sort((a, b) => b.length - a.length)
  if (longest === undefined) return null
  const found = new Map<string, Doc<T>>()
  let { after } = paging
  for (let reads = 1; ; reads++) {
    const page = await findPage(collections, collection, {
      index: asked.index,
      ...(asked.equals && { equals: asked.equals }),
      range: { prefix: longest },
      limit: paging.limit,
      after,
    })
    for (const doc of page.docs) {
      const { words } = doc.value
      const holds = others.every((wanted) => words.some((word) => word.startsWith(wanted)))
      if (holds && asked.fits(doc.value)) found.set(doc.key, doc)
    }
    if (page.next === null || found.size >= paging.limit || reads === MOST_READS)
      return { docs: [...found.values()], next: page.next }
    after = page.next
  }
}
