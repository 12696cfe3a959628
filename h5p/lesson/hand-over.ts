import type { Collections, Operation } from '../../lrs/index.ts'
import { lessons } from '../collections.ts'
import type { HostDeps } from '../index.ts'
import type { Lessons } from '../types.ts'

/** Lessons that change hands in one batch. */
const STEP = 100

/**
 * Lessons of one organisation (null: of none) go from one author to another. Step by step, each with its entry in the
 * audit: cut off half-way, what is left still is the first one's, and it can be done again.
 */
export function createHandOver(collections: Collections, audit: HostDeps['audit']): Lessons['handOver'] {
  return async ({ organisation, from, to, by }) => {
    if (from === to) return 0
    for (let done = 0; ; ) {
      const found = await collections.find(lessons, {
        index: 'of',
        equals: { organisation, author: from },
        limit: STEP,
      })
      if (found.docs.length === 0) return done
      const moves = found.docs.map(
        ({ key, value, revision }): Operation => ({
          op: 'replace',
          collection: lessons,
          key,
          revision,
          value: { ...value, author: to },
        }),
      )
      const outcome = await collections.batch([
        ...moves,
        audit({
          action: 'hand-over-lessons',
          actor: by,
          subjects: [from, to],
          detail: { organisation, lessons: found.docs.length },
        }),
      ])
      // Else one of them changed meanwhile: it is read again.
      if (outcome.ok) done += found.docs.length
    }
  }
}
