import { randomUUID } from 'node:crypto'
import type { Collections } from '../../lrs/index.ts'
import { type AttemptRecord, attempts, openAttempts } from '../collections.ts'
import { forgetState } from '../content/user-data.ts'
import type { Lesson } from '../types.ts'

/** An attempt is gone on with, and its token renewed, for this long after it started. */
export const ATTEMPT_LIFETIME = 14 * 24 * 60 * 60 * 1000

/**
 * The attempt under which a person plays a lesson: the one still open, else a new one. After an attempt was finished, was
 * a preview, or is left behind on purpose (`afresh`), the next starts from the beginning.
 */
export async function openAttempt(
  collections: Collections,
  lesson: Lesson,
  person: string,
  { now, afresh = false }: { now: number; afresh?: boolean },
): Promise<AttemptRecord> {
  const key = openKey(lesson.id, person)
  const preview = lesson.status !== 'published'
  while (true) {
    const open = await collections.get(openAttempts, key)
    const current = open ? (await collections.get(attempts, open.value.attempt))?.value : undefined
    if (current && !afresh && goesOn(current, preview, now)) return current
    const attempt: AttemptRecord = {
      id: randomUUID(),
      lesson: lesson.id,
      person,
      started: now,
      preview,
      finished: null,
    }
    if (afresh || current?.finished || (current && current.preview !== preview))
      await forgetState(collections, lesson.id, person)
    const value = { attempt: attempt.id, lesson: lesson.id }
    const started = await collections.batch([
      { op: 'insert', collection: attempts, key: attempt.id, value: attempt },
      open
        ? { op: 'replace', collection: openAttempts, key, value, revision: open.revision }
        : { op: 'insert', collection: openAttempts, key, value },
    ])
    // Otherwise the page was opened twice at once; the other's attempt is taken.
    if (started.ok) return attempt
  }
}

/** Notes that the attempt came to its end; the first end counts. */
export async function finishAttempt(collections: Collections, id: string, now: number): Promise<void> {
  while (true) {
    const found = await collections.get(attempts, id)
    if (!found || found.value.finished !== null) return
    if (await collections.replace(attempts, id, { ...found.value, finished: now }, found.revision)) return
  }
}

/** Whether opening the lesson again would go on with it: where the learner is in any other is of no use. */
export async function isOpen(collections: Collections, attempt: AttemptRecord): Promise<boolean> {
  const open = await collections.get(openAttempts, openKey(attempt.lesson, attempt.person))
  return open?.value.attempt === attempt.id && attempt.finished === null
}

function goesOn(attempt: AttemptRecord, preview: boolean, now: number): boolean {
  return attempt.finished === null && attempt.preview === preview && now - attempt.started < ATTEMPT_LIFETIME
}

function openKey(lesson: string, person: string): string {
  return `${encodeURIComponent(lesson)}/${encodeURIComponent(person)}`
}
