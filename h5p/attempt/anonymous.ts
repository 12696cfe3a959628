import type { Collections } from '../../lrs/index.ts'
import { type AttemptRecord, attempts, openAttempts } from '../collections.ts'
import { forgetState } from '../content/user-data.ts'
import type { Lesson, Version } from '../types.ts'
import { expiryOf, goesOn, newAttempt, openKey } from './attempts.ts'
import { anonymousPerson, digest } from './claim.ts'

/**
 * The attempt of who is not signed in, for a browser that holds this key: the one that goes on, else a new one. Nothing
 * of it is recorded until somebody claims it.
 */
export async function openAnonymous(
  collections: Collections,
  lesson: Lesson,
  version: Version,
  { key, now, afresh }: { key: string; now: number; afresh: boolean },
): Promise<AttemptRecord> {
  const person = anonymousPerson(key)
  const place = openKey(lesson.id, person)
  while (true) {
    const open = await collections.get(openAttempts, place)
    const current = open && (await collections.get(attempts, open.value.attempt))?.value
    if (current && !afresh && goesOn(current, now)) return current
    const attempt: AttemptRecord = {
      ...newAttempt(lesson, version, person, now),
      idle: null,
      anonymous: { key: digest(key) },
    }
    if (current) await forgetState(collections, lesson.id, person)
    const value = { attempt: attempt.id, lesson: lesson.id }
    const expiry = expiryOf(attempt)
    const { ok } = await collections.batch([
      { op: 'insert', collection: attempts, key: attempt.id, value: attempt, ...expiry },
      open
        ? { op: 'replace', collection: openAttempts, key: place, value, revision: open.revision, ...expiry }
        : { op: 'insert', collection: openAttempts, key: place, value, ...expiry },
    ])
    if (ok) return attempt
  }
}
