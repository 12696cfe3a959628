import { attempts, lessons } from '../collections.ts'
import { lessonOf } from '../lesson/shape.ts'
import { readPlayed } from '../lesson/versions.ts'
import type { Stores } from '../server.ts'
import { withVersion } from './attempts.ts'
import type { Opened } from './tell.ts'

/** An attempt with what it plays; null when its lesson is gone. */
export async function readOpened({ collections }: Stores, id: string): Promise<Opened | null> {
  const doc = await collections.get(attempts, id)
  const attempt = doc && (await withVersion(collections, doc.value))
  const held = attempt && (await collections.get(lessons, attempt.lesson))?.value
  const lesson = held && lessonOf(held)
  const played = lesson && (await readPlayed(collections, lesson, attempt.version))
  return attempt && lesson && played ? { attempt, revision: doc.revision, lesson, played } : null
}
