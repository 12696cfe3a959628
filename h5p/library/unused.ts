import type { BlobStore, Collections } from '../../lrs/index.ts'
import {
  type LibraryBuildRecord,
  type LibraryRecord,
  libraries,
  libraryBuilds,
  versions,
} from '../collections.ts'
import { buildHolder } from './builds.ts'
import { libraryOfBuild } from './names.ts'

interface Stores {
  collections: Collections
  blobs: BlobStore
}
const DAY = 24 * 60 * 60 * 1000

/**
 * Removes builds that no version pins and that have not been the current one for a day (until then a page that is open
 * may still ask for their files). A build is marked first: whoever pins it in between makes the mark fail, or finds that
 * its own batch fails. May be cut off and called again, also by two at once.
 */
export async function removeUnusedBuilds(stores: Stores, now: number): Promise<void> {
  const { collections } = stores
  let after: string | undefined
  do {
    const page = await collections.find(libraryBuilds, {
      index: 'current',
      equals: { current: false },
      range: { lt: now - DAY },
      limit: 50,
      ...(after === undefined ? {} : { after }),
    })
    for (const doc of page.docs) await removeBuild(stores, doc.key, doc.value, doc.revision)
    after = page.next ?? undefined
  } while (after !== undefined)
}

async function removeBuild(
  { collections, blobs }: Stores,
  key: string,
  build: LibraryBuildRecord,
  revision: number,
): Promise<void> {
  if (await isUsed(collections, key)) return
  if (!(await collections.replace(libraryBuilds, key, build, revision))) return
  const marked = await collections.get(libraryBuilds, key)
  const library = libraryOfBuild(key)!
  const pointer = await collections.get<LibraryRecord>(libraries, library)
  if (!marked || pointer?.value.build === key || (await isUsed(collections, key))) return
  const gone = await collections.batch([
    { op: 'check', collection: libraries, key: library, revision: pointer?.revision ?? null },
    { op: 'delete', collection: libraryBuilds, key, revision: marked.revision },
  ])
  if (gone.ok) await blobs.hold(buildHolder(key), [])
}

async function isUsed(collections: Collections, key: string): Promise<boolean> {
  return (await collections.count(versions, { index: 'libraries', equals: { libraries: key } })) > 0
}
