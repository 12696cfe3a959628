import { type Collections, type Found, findPage } from '../../lrs/index.ts'
import { versions } from '../collections.ts'
import { createMemory, type Memory } from '../player/memory.ts'
import type { Draft, Lesson, LessonId, Version } from '../types.ts'

/** Numbers of one width, so that the keys of a lesson's versions stand in their order. */
export function versionKey(lesson: LessonId, number: number): string {
  return `${lesson}/${String(number).padStart(6, '0')}`
}

export async function readVersion(
  collections: Collections,
  lesson: LessonId,
  number: number,
): Promise<Version | null> {
  if (number < 1) return null
  return (await collections.get(versions, versionKey(lesson, number)))?.value ?? null
}

/** Versions that are played just now; all that is said in a lesson asks for its own. */
const HELD = 2_000
const held = new WeakMap<Collections, Memory<Version>>()

/** What an attempt plays: its version, or the draft (0) as it is now. Null when that version is not there. */
export async function readPlayed(
  collections: Collections,
  lesson: Lesson,
  number: number,
): Promise<Draft | Version | null> {
  if (number === 0) return lesson.draft
  const memory = held.get(collections) ?? createMemory<Version>(HELD, () => 1)
  held.set(collections, memory)
  // A lesson that comes with the program has the same id when it is put in anew.
  return memory.get(`${lesson.id}/${number}/${lesson.created}`, () =>
    readVersion(collections, lesson.id, number),
  )
}

/** A lesson's versions, the newest first. */
export async function listVersions(
  collections: Collections,
  lesson: LessonId,
  paging: { after?: string; limit: number },
): Promise<{ versions: Version[]; next: string | null }> {
  const found: Found<Version> = await findPage(collections, versions, {
    index: 'lesson',
    equals: { lesson },
    descending: true,
    ...paging,
  })
  return { versions: found.docs.map(({ value }) => value), next: found.next }
}
