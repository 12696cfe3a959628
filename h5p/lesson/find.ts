import { type Collections, type Doc, type Found, findPage, foldedWords } from '../../lrs/index.ts'
import { type LessonRecord, lessons } from '../collections.ts'
import type { Lesson } from '../types.ts'
import { holds, lessonOf } from './shape.ts'

interface Page {
  lessons: Lesson[]
  next: string | null
}
type Paging = { after?: string; limit: number }

/** Words of a query that are looked at. */
const MOST_WORDS = 8
/** Pages of the index read for one page of a search at most; the rest follows behind `next`. */
const MOST_READS = 10

/** Lessons of an author, the newest first. */
export async function lessonsBy(collections: Collections, author: string, paging: Paging): Promise<Page> {
  return pageOf(
    await findPage(collections, lessons, {
      index: 'author',
      equals: { author },
      descending: true,
      ...paging,
    }),
  )
}

/** Lessons of an organisation, or of none, by one author or by all, the newest first. */
export async function lessonsOf(
  collections: Collections,
  organisation: string | null,
  { author, ...paging }: Paging & { author?: string },
): Promise<Page> {
  const asked =
    author === undefined
      ? { index: 'organisation', equals: { organisation } }
      : { index: 'of', equals: { organisation, author } }
  return pageOf(await findPage(collections, lessons, { ...asked, descending: true, ...paging }))
}

/** Published lessons, of one topic or of all, the newest first. */
export async function publishedLessons(
  collections: Collections,
  topic: string | undefined,
  paging: Paging,
): Promise<Page> {
  const equals = { status: 'published', ...(topic !== undefined && { topics: topic }) }
  const index = topic === undefined ? 'status' : 'topics'
  return pageOf(await findPage(collections, lessons, { index, equals, descending: true, ...paging }))
}

/**
 * Published lessons that hold every word of the query, or a word that begins with it, in title, topics or description; in
 * the order of the rarest word, by which the index is read. A page may be longer than its limit by less than as much
 * again, and shorter where few of many lessons match.
 */
export async function searchLessons(
  collections: Collections,
  { query, topic }: { query: string; topic?: string | undefined },
  paging: Paging,
): Promise<Page> {
  const wanted = foldedWords(query).slice(0, MOST_WORDS)
  const rarest = await rarestOf(collections, wanted)
  if (rarest === undefined) return { lessons: [], next: null }
  const others = wanted.filter((word) => word !== rarest)
  const asked = wordIndex(rarest)
  const docs: Doc<LessonRecord>[] = []
  let { after } = paging
  for (let reads = 0; ; reads++) {
    const page = await findPage(collections, lessons, { ...asked, limit: paging.limit, after })
    docs.push(
      ...page.docs.filter(
        ({ value }) => (topic === undefined || value.topics.includes(topic)) && holds(value, others),
      ),
    )
    if (page.next === null || docs.length >= paging.limit || reads === MOST_READS)
      return pageOf({ docs, next: page.next })
    after = page.next
  }
}

const wordIndex = (prefix: string) => ({ index: 'words', equals: { status: 'published' }, range: { prefix } })

/** The word that fewest lessons hold; of one word alone nothing is counted. */
async function rarestOf(collections: Collections, words: readonly string[]): Promise<string | undefined> {
  if (words.length < 2) return words[0]
  const counts = await Promise.all(words.map((word) => collections.count(lessons, wordIndex(word))))
  return words[counts.indexOf(Math.min(...counts))]
}

function pageOf(found: Found<LessonRecord>): Page {
  return { lessons: found.docs.map((doc) => lessonOf(doc.value)), next: found.next }
}
