import { readFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import type { Collections } from '../../lrs/index.ts'
import { lessons, versions } from '../collections.ts'
import { openBlob } from '../content/files.ts'
import type { HostDeps } from '../index.ts'
import { problem, refusal } from '../problems.ts'
import type { Stores } from '../server.ts'
import type { Cover, Lesson, LessonId, Lessons, PackageProblem } from '../types.ts'
import { MOST_VERSIONS } from './publish.ts'

const MAX_ALT = 300

/** A cover is held by its lesson, once for the draft and all versions that have it. */
const holder = (lesson: LessonId, { large }: Cover) => `h5p-cover:${lesson}/${large.sha2}`
const blobsOf = ({ large, small }: Cover) => [...new Set([large.sha2, small.sha2])]

/** `false`: its blobs are not there any more. */
export function holdCover({ blobs }: Stores, lesson: LessonId, cover: Cover): Promise<boolean> {
  return blobs.hold(holder(lesson, cover), blobsOf(cover))
}

/** Lets a cover go that neither the lesson's draft nor a version of it has any more. */
export async function releaseCover(
  stores: Stores,
  lesson: LessonId,
  cover: Cover | undefined,
): Promise<void> {
  if (
    cover &&
    !(await coversOf(stores.collections, lesson)).some(
      (each) => holder(lesson, each) === holder(lesson, cover),
    )
  )
    await stores.blobs.hold(holder(lesson, cover), [])
}

/** Lets covers go of a lesson that is no more. */
export async function releaseCovers(
  { blobs }: Stores,
  lesson: LessonId,
  covers: readonly Cover[],
): Promise<void> {
  for (const cover of covers) await blobs.hold(holder(lesson, cover), [])
}

/** Of its draft and of its versions. */
export async function coversOf(collections: Collections, lesson: LessonId): Promise<Cover[]> {
  const [draft, { docs }] = await Promise.all([
    collections.get(lessons, lesson),
    collections.find(versions, { index: 'lesson', equals: { lesson }, limit: MOST_VERSIONS }),
  ])
  return [draft?.value.draft, ...docs.map(({ value }) => value)].flatMap((each) => each?.details.cover ?? [])
}

/** Sets a picture, or other words for it, or takes it away; the picture is drawn anew. */
export function createSetCover(
  stores: Stores,
  drawCover: HostDeps['drawCover'],
  describe: Lessons['describe'],
): Lessons['setCover'] {
  return async (id, given, by) => {
    const found = await stores.collections.get(lessons, id)
    if (!found) return refusal(problem('lesson-not-found', 404, 'There is no such lesson (any more)'))
    const before = found.value.draft.details.cover
    const cover = given === null ? null : await coverOf(stores, drawCover, before, given, by)
    if (cover && 'status' in cover) return refusal(cover)
    if (cover && !(await holdCover(stores, id, cover))) throw new Error('a cover vanished while it was kept')
    const changed = await describe(id, { cover })
    if (!('ok' in changed)) await releaseCover(stores, id, before)
    else if (cover) await releaseCover(stores, id, cover)
    return changed
  }
}

async function coverOf(
  { blobs }: Stores,
  drawCover: HostDeps['drawCover'],
  before: Cover | undefined,
  { file, alt }: { file: string | null; alt: string },
  by: string,
): Promise<Cover | PackageProblem> {
  const words = alt.trim()
  if (words === '' || words.length > MAX_ALT)
    return {
      ...problem('lesson-cover-alt', 400, `Say what the picture shows, in at most ${MAX_ALT} characters`, {
        limit: MAX_ALT,
      }),
      path: 'alt',
    }
  if (!file)
    return before
      ? { ...before, alt: words }
      : { ...problem('lesson-cover-missing', 400, 'Choose a picture'), path: 'cover' }
  const drawn = await drawCover(by, () => readFile(file))
  if (typeof drawn === 'string')
    return {
      ...problem(`lesson-cover-${drawn}`, drawn === 'busy' ? 503 : 400, 'The picture cannot be used'),
      path: 'cover',
    }
  const keep = async ({ content, width, height }: (typeof drawn)['large']) => ({
    ...(await blobs.put(Readable.from([content]))),
    width,
    height,
  })
  return { alt: words, large: await keep(drawn.large), small: await keep(drawn.small) }
}

/** A lesson's cover under the hash of one of its sizes, as a version that is published or its draft has it. */
export async function openCover(
  { blobs }: Stores,
  lesson: Lesson,
  sha2: string,
): Promise<{ content: Readable; size: number; isPublic: boolean } | null> {
  const shown = lesson.status === 'published' ? sizeOf(lesson.cover, sha2) : null
  const found = shown ?? sizeOf(lesson.draft.details.cover, sha2)
  return found && { content: await openBlob(blobs, sha2), size: found.size, isPublic: shown !== null }
}

function sizeOf(cover: Cover | undefined, sha2: string) {
  return [cover?.large, cover?.small].find((each) => each?.sha2 === sha2) ?? null
}
