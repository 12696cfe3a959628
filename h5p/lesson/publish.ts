import type { Operation } from '../../lrs/index.ts'
import { lessons, versions } from '../collections.ts'
import type { HostDeps } from '../index.ts'
import { isWaiting } from '../library/requests.ts'
import { problem, refusal } from '../problems.ts'
import type { Stores } from '../server.ts'
import type { Lesson, Lessons, Version } from '../types.ts'
import { publishProblems } from './details.ts'
import { pinBuilds } from './pin.ts'
import { lessonOf, lessonShowing, recordOf, stateOf } from './shape.ts'
import { versionKey } from './versions.ts'

const MAX_NOTE = 500
/** Of one lesson: so that it can be deleted in one unit. */
export const MOST_VERSIONS = 400

/**
 * Makes the draft the next version, and the version that learners get, in one unit: a kill leaves the old or the new one.
 * Two that publish at once: the second one's draft is the first one's version, and nothing is left to publish.
 */
export function createPublish(
  { collections }: Stores,
  topics: HostDeps['topics'],
  now: () => number,
): Lessons['publish'] {
  return async (id, { by, note = '' }) => {
    if (note.length > MAX_NOTE)
      return refusal({
        ...problem('lesson-note-too-long', 400, `Write at most ${MAX_NOTE} characters`, { limit: MAX_NOTE }),
        path: 'note',
      })
    while (true) {
      const found = await collections.get(lessons, id)
      if (!found) return refusal(problem('lesson-not-found', 404, 'There is no such lesson (any more)'))
      const lesson = lessonOf(found.value)
      if (lesson.status === 'waiting' || (await isWaiting(collections, lesson.draft.content)))
        return refusal(
          problem('lesson-waiting', 409, 'Its libraries wait for the approval of an administrator'),
        )
      if (lesson.status === 'archived')
        return refusal(problem('lesson-archived', 409, 'Restore the lesson before you publish it'))
      if (lesson.status === 'published' && !lesson.changed) return lesson
      if (lesson.latest >= MOST_VERSIONS)
        return refusal(
          problem(
            'lesson-versions-many',
            409,
            `A lesson has at most ${MOST_VERSIONS} versions; duplicate it`,
            {
              limit: MOST_VERSIONS,
            },
          ),
        )
      const [missing, ...others] = publishProblems(lesson.draft, await topics())
      if (missing) return refusal(missing, ...others)
      const pins = await pinBuilds(collections, lesson.draft.content)
      if (pins.missing)
        return refusal(
          problem('lesson-libraries-missing', 409, `Not installed any more: ${pins.missing}`, {
            libraries: pins.missing,
          }),
        )
      const version = versionOf(lesson, { by, note: note.trim(), libraries: pins.builds, at: now() })
      const shown = published(lesson, version)
      const outcome = await collections.batch([
        {
          op: 'replace',
          collection: lessons,
          key: id,
          value: recordOf(shown, await topics()),
          revision: found.revision,
        },
        insertVersion(version),
        ...pins.checks,
      ])
      if (outcome.ok) return shown
    }
  }
}

/** The next version of a lesson. */
export function versionOf(
  lesson: Lesson,
  { by, note, libraries, at }: { by: string; note: string; libraries: string[]; at: number },
): Version {
  return {
    ...lesson.draft,
    lesson: lesson.id,
    number: lesson.latest + 1,
    libraries,
    published: at,
    by,
    ...(note && { note }),
  }
}

/** The lesson when this is the version that learners get. */
export function published(lesson: Lesson, version: Version): Lesson {
  const { withdrawn: _, ...state } = stateOf(lesson)
  const { number } = version
  return lessonShowing(
    {
      ...state,
      status: 'published',
      current: number,
      latest: Math.max(number, lesson.latest),
      published: lesson.published ?? version.published,
    },
    version,
  )
}

export function insertVersion(version: Version): Operation {
  return {
    op: 'insert',
    collection: versions,
    key: versionKey(version.lesson, version.number),
    value: version,
  }
}
