import type { Collections } from '../../lrs/index.ts'
import { type AttemptRecord, attempts, lessons, openAttempts } from '../collections.ts'
import { lessonOf } from '../lesson/shape.ts'
import type { Lesson, OwnAttempt } from '../types.ts'
import { ATTEMPT_LIFETIME, goesOn, openKey, readAttempt } from './attempts.ts'

/** Attempts read at once. */
const READ = 50
const MOST_ATTEMPTS = 200

/** Published lessons that a person began and has not finished, the one begun last first. */
export async function unfinishedOf(
  collections: Collections,
  person: string,
  { limit, now }: { limit: number; now: number },
): Promise<Lesson[]> {
  const begun = await collections.find(attempts, {
    index: 'mine',
    equals: { person, finished: null },
    range: { gte: now - ATTEMPT_LIFETIME },
    descending: true,
    limit: READ,
  })
  const ids = [...new Set(begun.docs.map(({ value }) => value.lesson))]
  if (ids.length === 0) return []
  const open = await collections.getMany(
    openAttempts,
    ids.map((id) => openKey(id, person)),
  )
  const going = begun.docs
    .map(({ value }) => value)
    .filter(({ id, lesson, preview }) => !preview && open.get(openKey(lesson, person))?.value.attempt === id)
    .map(({ lesson }) => lesson)
    .slice(0, limit)
  const held = await collections.getMany(lessons, going)
  return going.flatMap((id) => {
    const lesson = held.get(id)
    return lesson?.value.status === 'published' ? [lessonOf(lesson.value)] : []
  })
}

/** Attempts of a person at a lesson, the newest first; the latest two hundred. */
export async function attemptsOf(
  collections: Collections,
  lesson: string,
  person: string,
  now: number,
): Promise<OwnAttempt[]> {
  const all: AttemptRecord[] = []
  let after: string | undefined
  do {
    const page = await collections.find(attempts, {
      index: 'of',
      equals: { lesson, person },
      descending: true,
      limit: READ,
      ...(after !== undefined && { after }),
    })
    all.push(...page.docs.map(({ value }) => value))
    after = page.next ?? undefined
  } while (after !== undefined && all.length < MOST_ATTEMPTS)
  const open = (await collections.get(openAttempts, openKey(lesson, person)))?.value.attempt
  return all
    .filter(({ preview }) => !preview)
    .sort((a, b) => b.started - a.started)
    .map((attempt) => ownAttempt(attempt, attempt.id === open && goesOn(attempt, now)))
}

/** One attempt of a person, with its lesson; null when there is none that is theirs. */
export async function attemptOf(
  collections: Collections,
  id: string,
  person: string,
): Promise<(OwnAttempt & { lesson: string }) | null> {
  const attempt = await readAttempt(collections, id)
  if (!attempt || attempt.person !== person || attempt.anonymous) return null
  return { ...ownAttempt(attempt, attempt.finished === null), lesson: attempt.lesson }
}

function ownAttempt(
  { id, version, started, finished, mode, completion, course }: AttemptRecord,
  goesOn: boolean,
): OwnAttempt {
  const verdict = course?.passed ?? course?.failed ?? course?.completed
  return {
    id,
    version,
    started,
    finished,
    goesOn,
    mode,
    completion,
    score: scoreOf(verdict?.score ?? null),
    active: course?.active ?? 0,
    passed: course?.passed ? true : course?.failed ? false : null,
    declared: course?.declared === true,
  }
}

function scoreOf(score: { raw?: number; max?: number; scaled?: number } | null): OwnAttempt['score'] {
  if (!score) return null
  const { raw, max = 0, scaled } = score
  if (raw !== undefined && max > 0) return { raw, max }
  return scaled === undefined ? null : { raw: Math.round(scaled * 100), max: 100 }
}
