import { randomUUID } from 'node:crypto'
import { lessons } from '../collections.ts'
import { shareOperation } from '../content/release.ts'
import type { HostDeps } from '../index.ts'
import { isWaiting } from '../library/requests.ts'
import { problem, refusal } from '../problems.ts'
import type { Stores } from '../server.ts'
import type { Lessons } from '../types.ts'
import { holdCover } from './cover.ts'
import { changedDraft, detailProblem } from './details.ts'
import { WAITING } from './publish.ts'
import { lessonShowing, recordOf } from './shape.ts'

/** A second lesson on the content of the first one's draft, which both then hold. */
export function createDuplicate(
  stores: Stores,
  topics: HostDeps['topics'],
  now: () => number,
): Lessons['duplicate'] {
  const { collections } = stores
  return async (id, { by, title, organisation }) => {
    const copy = randomUUID()
    while (true) {
      const found = await collections.get(lessons, id)
      if (!found) return refusal(problem('lesson-not-found', 404, 'There is no such lesson (any more)'))
      const offered = await topics()
      const wrong = detailProblem({ title }, offered)
      if (wrong) return refusal(wrong)
      const { draft } = found.value
      // Its approval is asked for by the first one alone.
      if (await isWaiting(collections, draft.content)) return refusal(WAITING)
      const sharing = await shareOperation(collections, draft.content)
      // Else the lesson was deleted, or its draft got other content, just now.
      if (!sharing) continue
      const { cover } = draft.details
      // A picture that is gone keeps nobody from the lesson.
      const keeps = cover !== undefined && (await holdCover(stores, copy, cover))
      const lesson = lessonShowing(
        {
          id: copy,
          author: by,
          ...(organisation !== undefined && { organisation }),
          status: 'draft',
          current: null,
          latest: 0,
          draft: changedDraft(draft, { title, ...(!keeps && { cover: null }) }),
          created: now(),
          published: null,
        },
        null,
      )
      const outcome = await collections.batch([
        { op: 'check', collection: lessons, key: id, revision: found.revision },
        { op: 'insert', collection: lessons, key: lesson.id, value: recordOf(lesson, offered) },
        sharing,
      ])
      if (outcome.ok) return lesson
    }
  }
}
