import type { Collections, Operation } from '../../lrs/index.ts'
import { attempts, lessons, openAttempts, versions } from '../collections.ts'
import { deleteContents, releaseOperations } from '../content/release.ts'
import { createUserDataStorage } from '../content/user-data.ts'
import { removeReports } from '../report/reports.ts'
import type { Stores } from '../server.ts'
import type { Lessons } from '../types.ts'
import { coversOf, releaseCovers } from './cover.ts'
import { MOST_VERSIONS } from './publish.ts'

const STEP = 500

/**
 * Deletes a lesson with its attempts, reports and versions, and what of its content nobody else uses. Versions and
 * lesson go in one unit; cut off before it this can be called again, cut off behind it the content goes with what uploads
 * left.
 */
export function createRemove(stores: Stores): Lessons['remove'] {
  const { collections } = stores
  return async (id) => {
    await removeTraces(collections, id)
    const userData = createUserDataStorage(collections)
    await userData.deleteAllContentUserDataByContentId(id)
    await userData.deleteFinishedDataByContentId(id)
    await removeReports(collections, id)
    while (true) {
      const lesson = await collections.get(lessons, id)
      if (!lesson) return
      const covers = await coversOf(collections, id)
      const { docs } = await collections.find(versions, {
        index: 'lesson',
        equals: { lesson: id },
        limit: MOST_VERSIONS,
      })
      const used = [lesson.value.draft.content, ...docs.map(({ value }) => value.content)]
      const marks = await releaseOperations(collections, used, { lesson: id, versions: 'ignored' })
      const outcome = await collections.batch([
        { op: 'delete', collection: lessons, key: id, revision: lesson.revision },
        ...docs.map(({ key }): Operation => ({ op: 'delete', collection: versions, key })),
        ...marks,
      ])
      if (!outcome.ok) continue
      await releaseCovers(stores, id, covers)
      return deleteContents(stores, marks)
    }
  }
}

/** Attempts at the lesson: without it they open nothing. What was recorded of them stays in the record store. */
async function removeTraces(collections: Collections, lesson: string): Promise<void> {
  for (const collection of [attempts, openAttempts])
    while (true) {
      const found = await collections.find<unknown>(collection, {
        index: 'lesson',
        equals: { lesson },
        limit: STEP,
      })
      if (found.docs.length === 0) break
      await collections.batch(
        found.docs.map((doc): Operation => ({ op: 'delete', collection, key: doc.key })),
      )
    }
}
