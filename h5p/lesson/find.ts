import { type Collections, type Doc, type Found, findPage, foldedWords } from '../../lrs/index.ts'
import { type LessonRecord, lessons } from '../collections.ts'
import type { Lesson, Wanted } from '../types.ts'
import { holds, lessonOf } from './shape.ts'

interface Page {
  lessons: Lesson[]
  next: string | null
}
type Asked = Omit<Parameters<typeof findPage>[2], 'limit' | 'after'>
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

/**
 * Published lessons that fit all that is wanted, the newest first. With a query they hold every word of it, or a word that
 * begins with it, in title, topics or description, and come in the order of the rarest word, by which the index is read.
 * What no index says is looked for in the lessons: a page may be longer than its limit by less than as much again, and
 * shorter where few of many lessons fit.
 */
export async function publishedLessons(
  collections: Collections,
  wanted: Wanted,
  paging: Paging,
): Promise<Page> {
  const words = wanted.query === undefined ? null : foldedWords(wanted.query).slice(0, MOST_WORDS)
  if (words?.length === 0) return { lessons: [], next: null }
  const asked = words ? wordIndex((await rarestOf(collections, words))!) : indexOf(wanted)
  const docs: Doc<LessonRecord>[] = []
  let { after } = paging
  for (let reads = 0; ; reads++) {
    const page = await findPage(collections, lessons, { ...asked, limit: paging.limit, after })
    docs.push(...page.docs.filter(({ value }) => fits(value, wanted) && (!words || holds(value, words))))
    if (page.next === null || docs.length >= paging.limit || reads === MOST_READS)
      return pageOf({ docs, next: page.next })
    after = page.next
  }
}

/** The index by which fewest lessons are read that do not fit. */
function indexOf({ topic, audience, language }: Wanted): Asked {
  const published = { status: 'published' }
  const descending = true
  if (topic !== undefined) return { index: 'topics', equals: { ...published, topics: topic }, descending }
  // What is for everyone stands under another entry.
  if (language !== undefined && audience === undefined)
    return { index: 'language', equals: { ...published, language }, descending }
  return { index: 'status', equals: published, descending }
}

function fits(lesson: LessonRecord, { topic, audience, language, minutes }: Wanted): boolean {
  const long = lesson.minutes
  return (
    (topic === undefined || lesson.topics.includes(topic)) &&
    (audience === undefined ||
      [audience, 'everyone' as const].some((each) => lesson.audience.includes(each))) &&
    (language === undefined || lesson.language === language) &&
    (minutes?.from === undefined || (long !== undefined && long >= minutes.from)) &&
    (minutes?.to === undefined || (long !== undefined && long <= minutes.to))
  )
}

const wordIndex = (prefix: string): Asked => ({
  index: 'words',
  equals: { status: 'published' },
  range: { prefix },
})

/** The word that fewest lessons hold; of one word alone nothing is counted. */
async function rarestOf(collections: Collections, words: readonly string[]): Promise<string | undefined> {
  if (words.length < 2) return words[0]
  const counts = await Promise.all(words.map((word) => collections.count(lessons, wordIndex(word))))
  return words[counts.indexOf(Math.min(...counts))]
}

function pageOf(found: Found<LessonRecord>): Page {
  return { lessons: found.docs.map((doc) => lessonOf(doc.value)), next: found.next }
}
