import { randomBytes, randomUUID } from 'node:crypto'
import type { Collections, Refusal } from '../../lrs/index.ts'
import { type AttemptRecord, attempts, openAttempts } from '../collections.ts'
import { forgetState } from '../content/user-data.ts'
import { readVersion } from '../lesson/versions.ts'
import { problem, refusal } from '../problems.ts'
import type { Draft, Lesson, Version } from '../types.ts'

/** An attempt is gone on with, and its token renewed, for this long after it started. */
export const ATTEMPT_LIFETIME = 14 * 24 * 60 * 60 * 1000

const DAY = 24 * 60 * 60 * 1000

/**
 * When an attempt goes by itself, with all that is kept of it; every write of it says so again. A preview is of no use for
 * longer than a day, and one that stayed nobody's once nobody can go on with it.
 */
export function expiryOf({ preview, anonymous, started }: AttemptRecord): { expires?: number } {
  if (preview) return { expires: started + DAY }
  return anonymous ? { expires: started + ATTEMPT_LIFETIME + DAY } : {}
}

/**
 * The attempt under which a person plays a lesson: the one still open, with the version that it began with, else a new
 * one at the version that learners get now. After an attempt was finished, or is left behind on purpose (`afresh`), the
 * next starts from the beginning.
 */
export async function openAttempt(
  collections: Collections,
  lesson: Lesson,
  person: string,
  { now, afresh = false }: { now: number; afresh?: boolean },
): Promise<AttemptRecord | Refusal> {
  const key = openKey(lesson.id, person)
  while (true) {
    const open = await collections.get(openAttempts, key)
    const current = open ? await readAttempt(collections, open.value.attempt) : null
    if (current && !afresh && goesOn(current, now)) return current
    const version = await readVersion(collections, lesson.id, lesson.current ?? 0)
    if (!version) throw new Error(`${lesson.id} has no version ${lesson.current}`)
    const attempt = newAttempt(lesson, version, person, now)
    if (version.mode.kind === 'assessed') {
      const used = await countAttempts(collections, lesson.id, person, version.number)
      if (used >= version.mode.attempts) return refusal(noneLeft(version.mode.attempts))
    }
    if (current) await forgetState(collections, lesson.id, person)
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

/** How often this version was begun; one that was left behind counts as well. */
export function countAttempts(
  collections: Collections,
  lesson: string,
  person: string,
  version: number,
): Promise<number> {
  return collections.count(attempts, { index: 'of', equals: { lesson, person, version } })
}

const noneLeft = (attempts: number) =>
  problem('h5p-attempts-used', 403, `This lesson can be taken ${attempts} times, and all were used`, {
    attempts,
  })

/** An attempt at the draft: always a new one, from the beginning, and gone after a day. */
export async function openPreview(
  collections: Collections,
  lesson: Lesson,
  person: string,
  now: number,
): Promise<AttemptRecord> {
  const attempt = newAttempt(lesson, { ...lesson.draft, number: 0 }, person, now)
  await collections.put(attempts, attempt.id, attempt, expiryOf(attempt))
  return attempt
}

export function newAttempt(
  lesson: Lesson,
  { number, completion, mode }: Pick<Version, 'number' | 'completion' | 'mode'>,
  person: string,
  started: number,
): AttemptRecord {
  const id = randomUUID()
  const preview = number === 0
  return {
    id,
    lesson: lesson.id,
    version: number,
    person,
    started,
    preview,
    completion,
    mode,
    finished: null,
    idle: preview ? null : started,
    ...(mode.kind === 'assessed' && { seed: randomBytes(16).toString('base64url') }),
  }
}

/** An attempt; what was begun before lessons had versions was begun with the first one. */
export async function readAttempt(collections: Collections, id: string): Promise<AttemptRecord | null> {
  const held = await collections.get(attempts, id)
  return held && withVersion(collections, held.value)
}

/** The attempt as it is kept today. */
export async function withVersion(collections: Collections, held: AttemptRecord): Promise<AttemptRecord> {
  if (held.version !== undefined) return held
  const { preview, lesson } = held as AttemptRecord
  const first = await readVersion(collections, lesson, 1)
  const { completion, mode } = first ?? OF_NOTHING
  return { ...(held as AttemptRecord), version: preview ? 0 : 1, completion, mode }
}

const OF_NOTHING: Pick<Draft, 'completion' | 'mode'> = {
  completion: { by: 'answered' },
  mode: { kind: 'practice' },
}

/** Whether opening the lesson again would go on with it: where the learner is in any other is of no use. */
export async function isOpen(collections: Collections, attempt: AttemptRecord): Promise<boolean> {
  const open = await collections.get(openAttempts, openKey(attempt.lesson, attempt.person))
  return open?.value.attempt === attempt.id && attempt.finished === null
}

export function goesOn({ finished, preview, started }: AttemptRecord, now: number): boolean {
  return finished === null && !preview && now - started < ATTEMPT_LIFETIME
}

export function openKey(lesson: string, person: string): string {
  return `${encodeURIComponent(lesson)}/${encodeURIComponent(person)}`
}
