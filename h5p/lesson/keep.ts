import type { Collections } from '../../lrs/index.ts'
import { contents, lessons } from '../collections.ts'
import { createContentStorage } from '../content/storage.ts'
import type { Stores } from '../server.ts'
import type { Lesson } from '../types.ts'
import { recordOf } from './words.ts'

const DAY = 24 * 60 * 60 * 1000

/** Sets a lesson on its content, both in one unit: from now on the content belongs to it. */
export async function keepLesson(collections: Collections, lesson: Lesson): Promise<void> {
  const content = await collections.get(contents, lesson.id)
  if (!content) throw new Error(`the content of ${lesson.id} vanished while it was being taken in`)
  const outcome = await collections.batch([
    {
      op: 'replace',
      collection: contents,
      key: lesson.id,
      value: { ...content.value, pending: false },
      revision: content.revision,
    },
    { op: 'put', collection: lessons, key: lesson.id, value: recordOf(lesson) },
  ])
  if (!outcome.ok) throw new Error(`the content of ${lesson.id} changed while it was being taken in`)
}

/** Removes what uploads left that were cut off, by a kill or an outage, more than a day ago. */
export async function removeLeftovers(stores: Stores, now: number): Promise<void> {
  const found = await stores.collections.find(contents, {
    index: 'pending',
    equals: { pending: true },
    range: { lt: now - DAY },
    limit: 100,
  })
  for (const doc of found.docs) await createContentStorage(stores).deleteContent(doc.key)
}
