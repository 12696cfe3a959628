import { createHash } from 'node:crypto'
import type { BlobStore, Collections, Operation } from '../../lrs/index.ts'
import { type LibraryBuild, type LibraryBuildRecord, libraries, libraryBuilds } from '../collections.ts'
import { type LibraryVersion, libraryKey } from './names.ts'

/** The key says what is in it: the same description and files have the same key, anything else another. */
export function buildKey(build: LibraryBuild): string {
  const files = Object.entries(build.files)
    .map(([path, { sha2 }]) => [path, sha2] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  const digest = createHash('sha256')
    .update(JSON.stringify([build.metadata, files]))
    .digest('hex')
  return `${libraryKey(build)}.${build.patchVersion}-${digest.slice(0, 16)}`
}

export interface Installed {
  key: string
  build: LibraryBuildRecord
  restricted: boolean
}

/** The builds that drafts run with, by library (`H5P.TrueFalse-1.8`); what is not installed is left out. */
export async function currentBuilds(
  collections: Collections,
  these: readonly LibraryVersion[],
): Promise<Map<string, Installed>> {
  const pointers = await collections.getMany(libraries, these.map(libraryKey))
  const found = await getBuilds(
    collections,
    [...pointers.values()].map((doc) => doc.value.build),
  )
  return new Map(
    [...pointers].map(([library, { value }]) => {
      const build = found.get(value.build)
      if (!build) throw new Error(`build ${value.build} is installed but is not there`)
      return [library, { key: value.build, build, restricted: value.restricted }]
    }),
  )
}

/** Builds by their keys; those that are not there are left out. */
export async function getBuilds(
  collections: Collections,
  keys: readonly string[],
): Promise<Map<string, LibraryBuildRecord>> {
  const found = await collections.getMany(libraryBuilds, keys)
  return new Map([...found].map(([key, doc]) => [key, doc.value]))
}

/**
 * Keeps a build, so that it can be made the current one: first the record, then its blobs, which are safe for a day
 * after they were put. What is cut off here is a build that nobody uses (unused.ts).
 */
export async function keepBuild(
  { collections, blobs }: { collections: Collections; blobs: BlobStore },
  build: LibraryBuild,
  now: number,
): Promise<string> {
  const key = buildKey(build)
  await collections.insert(libraryBuilds, key, { ...build, current: false, changed: now })
  if (!(await blobs.hold(buildHolder(key), blobsOf(build))))
    throw new Error(`a blob of ${key} vanished while it was being installed`)
  return key
}

/** What makes a kept build the current one of its library, or not so any more, in a batch. */
export async function markBuild(
  collections: Collections,
  key: string,
  current: boolean,
  now: number,
): Promise<Operation> {
  const found = await collections.get(libraryBuilds, key)
  if (!found) throw new Error(`build ${key} vanished while it was being installed`)
  const { value, revision } = found
  return {
    op: 'replace',
    collection: libraryBuilds,
    key,
    value: { ...value, current, changed: now } satisfies LibraryBuildRecord,
    revision,
  }
}

export const buildHolder = (key: string) => `h5p-library-build:${key}`

export function blobsOf({ files }: Pick<LibraryBuild, 'files'>): string[] {
  return [...new Set(Object.values(files).map((file) => file.sha2))]
}
