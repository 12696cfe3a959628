import type { Collections } from '../../lrs/index.ts'
import { libraries, versions } from '../collections.ts'
import { libraryOfBuild } from '../library/names.ts'
import type { Lesson, LessonId } from '../types.ts'
import { versionKey } from './versions.ts'

/** As many documents as one reading may ask for. */
const STEP = 1000

/** Lessons whose current version pins builds that are not the current ones of their libraries, with those libraries. */
export async function behind(
  collections: Collections,
  lessons: readonly Lesson[],
): Promise<Map<LessonId, string[]>> {
  const keys = lessons.flatMap(({ id, current }) => (current === null ? [] : [versionKey(id, current)]))
  const held = await collections.getMany(versions, keys)
  const pinned = [...held.values()].map(({ value }) => value)
  const named = [
    ...new Set(pinned.flatMap((each) => each.libraries).flatMap((key) => libraryOfBuild(key) ?? [])),
  ]
  const now = new Map<string, string>()
  for (let at = 0; at < named.length; at += STEP)
    for (const [library, { value }] of await collections.getMany(libraries, named.slice(at, at + STEP)))
      now.set(library, value.build)
  const isOld = (build: string) => {
    const library = libraryOfBuild(build)
    return library !== null && now.has(library) && now.get(library) !== build
  }
  const found = new Map<LessonId, string[]>()
  for (const { lesson, libraries: builds } of pinned) {
    const old = builds.filter(isOld).flatMap((build) => libraryOfBuild(build) ?? [])
    if (old.length > 0) found.set(lesson, old)
  }
  return found
}
