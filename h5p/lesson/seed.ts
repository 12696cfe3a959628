import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { settings } from '../collections.ts'
import type { HostDeps } from '../index.ts'
import type { Limits } from '../limits.ts'
import { lessonNames, makeLesson } from '../pack.ts'
import type { Stores } from '../server.ts'
import type { Topic } from '../types.ts'
import { changedDraft } from './details.ts'
import { firstDraft } from './first-draft.ts'
import { keepLesson } from './keep.ts'
import { pinBuilds } from './pin.ts'
import { insertVersion, published, versionOf } from './publish.ts'
import { lessonShowing } from './shape.ts'

/** Author of the lessons that come with the program. */
const PRODUCT = 'product'

/**
 * Installs our own content types where they are missing or older, and puts the lessons that come with the program into
 * the store, published, each once: one that an operator removed or changed stays as it is.
 */
export async function seedLessons(
  stores: Stores,
  limits: Limits,
  topics: HostDeps['topics'],
  now: () => number,
): Promise<void> {
  const { installOwnLibraries } = await import('../library/install-own.ts')
  await installOwnLibraries(stores, now())
  for (const name of await lessonNames()) {
    const mark = `seeded:${name}`
    if (await stores.collections.get(settings, mark)) continue
    await seedLesson(stores, limits, name, await topics(), now())
    await stores.collections.put(settings, mark, true)
  }
}

/** A lesson goes the same way as one that an author uploads as a lesson file. */
async function seedLesson(
  stores: Stores,
  limits: Limits,
  name: string,
  topics: readonly Topic[],
  now: number,
): Promise<void> {
  const { takeIn } = await import('./upload.ts')
  const directory = await mkdtemp(join(tmpdir(), 'h5p-'))
  try {
    const said = await makeLesson(name, directory)
    const taken = await takeIn(stores, limits, directory, { person: PRODUCT, mayInstallLibraries: false })
    if ('ok' in taken)
      throw new Error(
        `the lesson ${name} was refused: ${taken.problems.map((each) => each.message).join('; ')}`,
      )
    const draft = changedDraft(await firstDraft(stores.collections, taken), said)
    const unpublished = lessonShowing(
      {
        id: name,
        author: PRODUCT,
        status: 'draft',
        current: null,
        latest: 0,
        draft,
        created: now,
        published: null,
      },
      null,
    )
    const { builds, checks } = await pinBuilds(stores.collections, taken.id)
    const version = versionOf(unpublished, { by: PRODUCT, note: '', libraries: builds, at: now })
    await keepLesson(stores.collections, published(unpublished, version), topics, [
      insertVersion(version),
      ...checks,
    ])
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}
