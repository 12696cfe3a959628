import type { BlobStore, Collections, Operation } from '../../lrs/index.ts'
import {
  type LibraryBuild,
  type LibraryRequestRecord,
  libraryProposals,
  libraryRequests,
} from '../collections.ts'
import { blobsOf, buildKey } from './builds.ts'

interface Stores {
  collections: Collections
  blobs: BlobStore
}
const holder = (request: string) => `h5p-library-request:${request}`

/** A request with its id, as the pages read it. */
export interface LibraryRequest extends LibraryRequestRecord {
  id: string
}

/**
 * Keeps libraries that may be installed once an administrator says so. The record comes first and names itself as
 * `coming`, so that what a kill leaves is found (settle.ts); nothing of it is served.
 */
export async function beginRequest(
  { collections, blobs }: Stores,
  id: string,
  { by, title, builds, now }: { by: string; title: string; builds: readonly LibraryBuild[]; now: number },
): Promise<void> {
  const keys = builds.map(buildKey)
  const value: LibraryRequestRecord = {
    by,
    at: now,
    title,
    state: 'coming',
    lesson: null,
    libraries: keys,
    kept: true,
  }
  await collections.put(libraryRequests, id, value)
  if (!(await blobs.hold(holder(id), [...new Set(builds.flatMap(blobsOf))])))
    throw new Error('a blob of a proposed library vanished while it was being taken in')
  for (const [at, build] of builds.entries())
    await collections.put(libraryProposals, `${id}/${keys[at]}`, build)
}

/** The operation by which a request is put before the administrator, with the lesson that waits for it. */
export async function requestOpened(
  collections: Collections,
  id: string,
  lesson: string | null,
): Promise<Operation> {
  const found = await collections.get(libraryRequests, id)
  if (!found) throw new Error(`the request ${id} vanished while it was being taken in`)
  const value: LibraryRequestRecord = { ...found.value, state: 'open', lesson }
  return { op: 'replace', collection: libraryRequests, key: id, value, revision: found.revision }
}

/** The request of an upload, by its content id; null: it needed nothing new. */
export async function requestOf(collections: Collections, id: string): Promise<LibraryRequest | null> {
  const found = await collections.get(libraryRequests, id)
  return found && { id, ...found.value }
}

/** Content whose libraries were not approved (yet) is not played. */
export async function isWaiting(collections: Collections, content: string): Promise<boolean> {
  const found = await collections.get(libraryRequests, content)
  return found !== null && found.value.state !== 'done'
}

/** What a request proposes, by the keys of the builds. */
export async function proposalsOf(
  collections: Collections,
  { id, libraries }: LibraryRequest,
): Promise<Map<string, LibraryBuild>> {
  const found = await collections.getMany(
    libraryProposals,
    libraries.map((key) => `${id}/${key}`),
  )
  return new Map([...found].map(([key, doc]) => [key.slice(id.length + 1), doc.value]))
}

/** Lets the proposed files go; may be called again. */
export async function dropProposals(
  { collections, blobs }: Stores,
  { id, libraries }: LibraryRequest,
): Promise<void> {
  const operations = libraries.map(
    (key): Operation => ({ op: 'delete', collection: libraryProposals, key: `${id}/${key}` }),
  )
  if (operations.length > 0) await collections.batch(operations)
  await blobs.hold(holder(id), [])
}

/** Removes a request with all that it kept; the record goes last, so that this can be called again. */
export async function removeRequest(stores: Stores, id: string): Promise<void> {
  const request = await requestOf(stores.collections, id)
  if (!request) return
  await dropProposals(stores, request)
  await stores.collections.delete(libraryRequests, id)
}
