import type { Operation } from '../../lrs/index.ts'
import { lessons, versions } from '../collections.ts'
import type { HostDeps } from '../index.ts'
import { isWaiting } from '../library/requests.ts'
import { problem, refusal } from '../problems.ts'
import type { Stores } from '../server.ts'
import type { Draft, Lesson, Lessons, PackageProblem, Topic, Version } from '../types.ts'
import { assessProblem } from './assess.ts'
import { behind } from './behind.ts'
import { publishProblems } from './details.ts'
import { pinBuilds } from './pin.ts'
import { draftOf, lessonOf, lessonShowing, recordOf, stateOf } from './shape.ts'
import { readVersion, versionKey } from './versions.ts'

const MAX_NOTE = 500
/** Of one lesson: so that it can be deleted in one unit. */
export const MOST_VERSIONS = 400

/**
 * Makes the draft the next version, and the version that learners get, in one unit: a kill leaves the old or the new one.
 * Two that publish at once: the second one's draft is the first one's version, and nothing is left to publish.
 */
export function createPublish(
  stores: Stores,
  topics: HostDeps['topics'],
  now: () => number,
): Lessons['publish'] {
  return async (id, { by, note = '' }) => {
    if (note.length > MAX_NOTE)
      return refusal({
        ...problem('lesson-note-too-long', 400, `Write at most ${MAX_NOTE} characters`, { limit: MAX_NOTE }),
        path: 'note',
      })
    return publishNext(stores, id, await topics(), async (lesson) => {
      if (lesson.status === 'published' && !lesson.changed) return null
      return { draft: lesson.draft, by, note: note.trim(), at: now() }
    })
  }
}

/** The same of what the current version says, which then runs with the library builds of now. */
export function createPublishAnew(
  stores: Stores,
  topics: HostDeps['topics'],
  now: () => number,
): Lessons['publishAnew'] {
  return async (id, { by }) =>
    publishNext(stores, id, await topics(), async (lesson) => {
      const current = await readVersion(stores.collections, id, lesson.current ?? 0)
      if (!current || !(await behind(stores.collections, [lesson])).has(id)) return null
      return { draft: draftOf(current), by, note: '', at: now() }
    })
}

/** What is made the next version; null: nothing is. */
type Next = { draft: Draft; by: string; note: string; at: number } | null

async function publishNext(
  stores: Stores,
  id: string,
  topics: readonly Topic[],
  choose: (lesson: Lesson) => Promise<Next>,
): ReturnType<Lessons['publish']> {
  const { collections } = stores
  while (true) {
    const found = await collections.get(lessons, id)
    if (!found) return refusal(problem('lesson-not-found', 404, 'There is no such lesson (any more)'))
    const lesson = lessonOf(found.value)
    const kept = keptFrom(lesson)
    if (kept) return refusal(kept)
    const next = await choose(lesson)
    if (!next) return lesson
    if (await isWaiting(collections, next.draft.content)) return refusal(WAITING)
    const [missing, ...others] = publishProblems(next.draft, topics)
    if (missing) return refusal(missing, ...others)
    const unscored = await assessProblem(stores, next.draft)
    if (unscored) return refusal(unscored)
    const pins = await pinBuilds(collections, next.draft.content)
    if (pins.missing)
      return refusal(
        problem('lesson-libraries-missing', 409, `Not installed any more: ${pins.missing}`, {
          libraries: pins.missing,
        }),
      )
    const version = versionOf({ ...lesson, draft: next.draft }, { ...next, libraries: pins.builds })
    const shown = published(lesson, version)
    const outcome = await collections.batch([
      {
        op: 'replace',
        collection: lessons,
        key: id,
        value: recordOf(shown, topics),
        revision: found.revision,
      },
      insertVersion(version),
      ...pins.checks,
    ])
    if (outcome.ok) return shown
  }
}

/** Its libraries are not approved (yet). */
export const WAITING = problem(
  'lesson-waiting',
  409,
  'Its libraries wait for the approval of an administrator',
)

/** Why nothing of the lesson can be published now. */
function keptFrom({ status, latest }: Lesson): PackageProblem | null {
  if (status === 'waiting') return WAITING
  if (status === 'archived')
    return problem('lesson-archived', 409, 'Restore the lesson before you publish it')
  if (latest < MOST_VERSIONS) return null
  return problem(
    'lesson-versions-many',
    409,
    `A lesson has at most ${MOST_VERSIONS} versions; duplicate it`,
    {
      limit: MOST_VERSIONS,
    },
  )
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
