import type { BlobStore, Collections } from '../../lrs/index.ts'
import {
  type FileRecord,
  type LibraryBuild,
  type LibraryRecord,
  libraries,
  settings,
} from '../collections.ts'
import { keepBuild, markBuild } from './builds.ts'

/** How an installed library was kept before builds were: description and files in the one record. */
interface WholeRecord {
  metadata: string
  files: Record<string, FileRecord>
  restricted: boolean
}
const MARK = 'libraries-are-builds'

/**
 * Makes a build of each library that was installed before builds were kept. Each is one step; what was cut off goes on
 * at the next start, and two processes at once do no harm.
 */
export async function keepAsBuilds(
  stores: { collections: Collections; blobs: BlobStore },
  now: number,
): Promise<void> {
  const { collections, blobs } = stores
  if (await collections.get(settings, MARK)) return
  let after: string | undefined
  do {
    const page = await collections.scan(libraries, { limit: 20, ...(after === undefined ? {} : { after }) })
    for (const { key, value, revision } of page.docs) {
      if (!(await keepOne(stores, key, value, revision, now))) return
      await blobs.hold(`h5p-library:${key}`, [])
    }
    after = page.next ?? undefined
  } while (after !== undefined)
  await collections.put(settings, MARK, true)
}

/** `false`: another process changed it meanwhile. */
async function keepOne(
  stores: { collections: Collections; blobs: BlobStore },
  key: string,
  library: LibraryRecord | (Omit<LibraryRecord, 'build'> & WholeRecord),
  revision: number,
  now: number,
): Promise<boolean> {
  if (!('files' in library)) return true
  const { restricted, ...build } = library
  const { machineName, majorVersion, minorVersion, patchVersion, addon } = build
  const kept = await keepBuild(stores, build satisfies LibraryBuild, now)
  const value: LibraryRecord = {
    machineName,
    majorVersion,
    minorVersion,
    patchVersion,
    addon,
    restricted,
    build: kept,
  }
  const outcome = await stores.collections.batch([
    await markBuild(stores.collections, kept, true, now),
    { op: 'replace', collection: libraries, key, value, revision },
  ])
  return outcome.ok
}
