import type { Collection, Collections, Operation } from '../../lrs/index.ts'
import { COURSES } from '../../profiles/courses/documents.ts'
import { DAYS, YEARS } from '../../profiles/hours/documents.ts'
import { FACTS, LINES, WAITING } from '../../profiles/projection/documents.ts'
import { TIES } from '../../profiles/twins/documents.ts'

/** What records are kept in: all of it can be made anew from the feed. */
export const PROJECTION: readonly Collection<unknown>[] = [FACTS, LINES, TIES, COURSES, DAYS, YEARS, WAITING]
/** Statements that the projection takes at once. */
export { MAX_CHANGES as AT_ONCE } from '../../profiles/projection/changes.ts'

export async function emptyProjection(collections: Collections): Promise<void> {
  for (const collection of PROJECTION)
    for (;;) {
      const { docs } = await collections.scan(collection, { limit: 500 })
      if (docs.length === 0) break
      await collections.batch(
        docs.map(({ key, revision }): Operation => ({ op: 'delete', collection, key, revision })),
      )
    }
}
