import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import type { BlobStore, Collections, Operation } from '../../lrs/index.ts'
import { type FileRecord, type LibraryBuild, type LibraryRecord, libraries } from '../collections.ts'
import type { PackageLibrary } from '../package/read.ts'
import { keepBuild, markBuild } from './builds.ts'
import { libraryKey } from './names.ts'

/** Each put waits for the disk; some wait together. */
const AT_ONCE = 16
const ATTEMPTS = 5

/** Puts a package's library files into the blob store, unheld, and describes the library. Nothing is installed yet. */
export async function prepareLibrary(blobs: BlobStore, library: PackageLibrary): Promise<LibraryBuild> {
  const files: Record<string, FileRecord> = {}
  const paths = [...library.files].sort()
  for (let at = 0; at < paths.length; at += AT_ONCE)
    await Promise.all(
      paths.slice(at, at + AT_ONCE).map(async (path) => {
        files[path] = await blobs.put(createReadStream(join(library.directory, path)))
      }),
    )
  const { machineName, majorVersion, minorVersion, patchVersion, metadata } = library
  return {
    machineName,
    majorVersion,
    minorVersion,
    patchVersion,
    metadata: JSON.stringify(metadata),
    addon: metadata.addTo !== undefined,
    files,
  }
}

/**
 * Makes these builds the current ones of their libraries, all or none; the only place where code enters. Readers see
 * the old set or the new one; what is pinned to an older build stays with it. A library that meanwhile came in with an
 * equal or higher patch stays.
 */
export async function installLibraries(
  stores: { collections: Collections; blobs: BlobStore },
  builds: Iterable<LibraryBuild>,
  now: number,
): Promise<void> {
  const { collections } = stores
  const coming = [...builds]
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const operations: Operation[] = []
    for (const build of coming) operations.push(...(await installing(stores, build, now)))
    if (operations.length === 0 || (await collections.batch(operations)).ok) return
  }
  throw new Error(`other processes installed the same libraries ${ATTEMPTS} times meanwhile`)
}

/** The operations that install a build; none where the installed patch is equal or newer. */
export async function installing(
  stores: { collections: Collections; blobs: BlobStore },
  build: LibraryBuild,
  now: number,
): Promise<Operation[]> {
  const { collections } = stores
  const library = libraryKey(build)
  const installed = await collections.get(libraries, library)
  if (installed && installed.value.patchVersion >= build.patchVersion) return []
  const { machineName, majorVersion, minorVersion, patchVersion, addon } = build
  const value: LibraryRecord = {
    machineName,
    majorVersion,
    minorVersion,
    patchVersion,
    addon,
    restricted: installed?.value.restricted ?? false,
    build: await keepBuild(stores, build, now),
  }
  const at = { collection: libraries, key: library, value }
  if (!installed) return [await markBuild(collections, value.build, true, now), { op: 'insert', ...at }]
  return [
    await markBuild(collections, value.build, true, now),
    await markBuild(collections, installed.value.build, false, now),
    { op: 'replace', revision: installed.revision, ...at },
  ]
}
