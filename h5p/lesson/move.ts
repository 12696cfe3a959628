import { lessons } from '../collections.ts'
import type { HostDeps } from '../index.ts'
import { problem, refusal } from '../problems.ts'
import type { Stores } from '../server.ts'
import type { Lessons } from '../types.ts'
import { lessonOf } from './shape.ts'

/** A lesson changes its organisation together with its entry in the audit; who may is asked before. */
export function createMove({ collections }: Stores, audit: HostDeps['audit']): Lessons['move'] {
  return async (id, organisation, by) => {
    while (true) {
      const found = await collections.get(lessons, id)
      if (!found) return refusal(problem('lesson-not-found', 404, 'There is no such lesson (any more)'))
      const { organisation: from, ...rest } = found.value
      if ((from ?? null) === organisation) return lessonOf(found.value)
      const value = { ...rest, ...(organisation !== null && { organisation }) }
      const outcome = await collections.batch([
        { op: 'replace', collection: lessons, key: id, value, revision: found.revision },
        audit({
          action: 'lesson-move',
          actor: by,
          subjects: [found.value.author],
          detail: { lesson: id, from: from ?? null, organisation },
        }),
      ])
      if (outcome.ok) return lessonOf(value)
    }
  }
}
