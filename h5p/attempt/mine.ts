import type { Collections } from '../../lrs/index.ts'
import { type AttemptRecord, attempts, lessons, openAttempts } from '../collections.ts'
import { lessonOf } from '../lesson/shape.ts'
import type { Lesson } from '../types.ts'
import { ATTEMPT_LIFETIME, openKey } from './attempts.ts'

/** Attempts read at once. */
const READ = 50

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
  const goesOn = ({ id, preview }: AttemptRecord, key: string) =>
    !preview && open.get(key)?.value.attempt === id
  const going = begun.docs
    .map(({ value }) => value)
    .filter((attempt) => goesOn(attempt, openKey(attempt.lesson, person)))
    .map(({ lesson }) => lesson)
    .slice(0, limit)
  const held = await collections.getMany(lessons, going)
  return going.flatMap((id) => {
    const lesson = held.get(id)
    return lesson?.value.status === 'published' ? [lessonOf(lesson.value)] : []
  })
}
