import { lessons } from '../collections.ts'
import { lessonOf } from '../lesson/shape.ts'
import { readPlayed } from '../lesson/versions.ts'
import type { Stores } from '../server.ts'
import { readAttempt } from './attempts.ts'
import type { Opened } from './tell.ts'

/** An attempt with what it plays; null when its lesson is gone. */
export async function readOpened({ collections }: Stores, id: string): Promise<Opened | null> {
  const attempt = await readAttempt(collections, id)
  const held = attempt && (await collections.get(lessons, attempt.lesson))?.value
  const lesson = held && lessonOf(held)
  const played = lesson && (await readPlayed(collections, lesson, attempt.version))
  return attempt && lesson && played ? { attempt, lesson, played } : null
}
