import type { Collections, Operation } from '../../lrs/index.ts'
import { contents, lessons } from '../collections.ts'
import { createContentStorage } from '../content/storage.ts'
import type { Stores } from '../server.ts'
import type { ContentId, Lesson, Topic } from '../types.ts'
import { recordOf } from './shape.ts'

const DAY = 24 * 60 * 60 * 1000

/** Sets a new lesson on its content, in one unit with `more`: from now on the content belongs to it. */
export async function keepLesson(
  collections: Collections,
  lesson: Lesson,
  topics: readonly Topic[],
  more: readonly Operation[] = [],
): Promise<void> {
  const outcome = await collections.batch([
    await contentKept(collections, lesson.draft.content),
    { op: 'insert', collection: lessons, key: lesson.id, value: recordOf(lesson, topics) },
    ...more,
  ])
  if (!outcome.ok) throw new Error(`the content of ${lesson.id} changed while it was being taken in`)
}

/** The operation by which content that was just taken in is no leftover of an upload any more. */
export async function contentKept(collections: Collections, id: ContentId): Promise<Operation> {
  const content = await collections.get(contents, id)
  if (!content) throw new Error(`the content ${id} vanished while it was being taken in`)
  const value = { ...content.value, pending: false }
  return { op: 'replace', collection: contents, key: id, value, revision: content.revision }
}

/** Removes what uploads and deletions left that were cut off, by a kill or an outage, more than a day ago. */
export async function removeLeftovers(stores: Stores, now: number): Promise<void> {
  const found = await stores.collections.find(contents, {
    index: 'pending',
    equals: { pending: true },
    range: { lt: now - DAY },
    limit: 100,
  })
  for (const doc of found.docs) await createContentStorage(stores).deleteContent(doc.key)
}
