import type { BlobStore, Collections, Operation } from '../../lrs/index.ts'
import { contents, type LibraryRequestRecord, lessons, libraries, libraryRequests } from '../collections.ts'
import { libraryOfBuild, patchOfBuild } from './names.ts'
import { dropProposals, type LibraryRequest, removeRequest, requestOpened } from './requests.ts'

interface Stores {
  collections: Collections
  blobs: BlobStore
}
const DAY = 24 * 60 * 60 * 1000
/** Lessons on one content: copies of a lesson that waits. */
const MOST_LESSONS = 400

/** A lesson that waits no more. */
export interface Released {
  lesson: string
  author: string
  title: string
}

/**
 * Brings every request to where the installed libraries put it, one after the other, each in one unit; so it does not
 * matter how they came to be installed, nor where the last time was cut off. Returns the lessons that were released.
 */
export async function settleRequests(stores: Stores, now: number, by = 'product'): Promise<Released[]> {
  const { collections } = stores
  const released: Released[] = []
  for await (const request of requestsIn(collections, 'coming'))
    if (await isTaken(collections, request.id)) await open(collections, request.id)
    else if (request.at < now - DAY) await removeRequest(stores, request.id)
  for await (const request of requestsIn(collections, 'open')) {
    if (request.lesson !== null && !(await collections.get(contents, request.id))) {
      await removeRequest(stores, request.id)
      continue
    }
    if ((await missingOf(collections, request)).length > 0) continue
    released.push(...(await release(collections, request, now, by)))
  }
  for (const state of ['done', 'refused'] as const)
    for await (const request of requestsIn(collections, state, true)) {
      await dropProposals(stores, request)
      await markDropped(collections, request.id)
    }
  return released
}

/** Those of a request's builds whose library is not installed in that patch or a newer one. */
export async function missingOf(
  collections: Collections,
  { libraries: keys }: Pick<LibraryRequest, 'libraries'>,
): Promise<string[]> {
  const installed = await collections.getMany(
    libraries,
    keys.map((key) => libraryOfBuild(key)!),
  )
  return keys.filter((key) => {
    const found = installed.get(libraryOfBuild(key)!)
    return !found || found.value.patchVersion < patchOfBuild(key)
  })
}

/** The request is done and its lessons drafts like any other, all in one unit; none: somebody else was first. */
async function release(
  collections: Collections,
  request: LibraryRequest,
  now: number,
  by: string,
): Promise<Released[]> {
  while (true) {
    const found = await collections.get(libraryRequests, request.id)
    if (found?.value.state !== 'open') return []
    const { approvedBy = by } = found.value
    const value: LibraryRequestRecord = {
      ...found.value,
      state: 'done',
      decidedBy: approvedBy,
      decidedAt: now,
    }
    const { docs } = await collections.find(lessons, {
      index: 'content',
      equals: { 'draft.content': request.id },
      limit: MOST_LESSONS,
    })
    const outcome = await collections.batch([
      { op: 'replace', collection: libraryRequests, key: request.id, value, revision: found.revision },
      ...docs
        .filter((doc) => doc.value.status === 'waiting')
        .map(
          (doc): Operation => ({
            op: 'replace',
            collection: lessons,
            key: doc.key,
            value: { ...doc.value, status: 'draft' },
            revision: doc.revision,
          }),
        ),
    ])
    if (outcome.ok)
      return docs.map(({ key, value: { author, draft } }) => ({
        lesson: key,
        author,
        title: draft.details.title,
      }))
  }
}

/** The upload went through. */
async function isTaken(collections: Collections, id: string): Promise<boolean> {
  return (await collections.get(contents, id))?.value.pending === false
}

async function open(collections: Collections, id: string): Promise<void> {
  const { docs } = await collections.find(lessons, {
    index: 'content',
    equals: { 'draft.content': id },
    limit: 1,
  })
  await collections.batch([await requestOpened(collections, id, docs[0]?.key ?? null)])
}

async function markDropped(collections: Collections, id: string): Promise<void> {
  const found = await collections.get(libraryRequests, id)
  if (found) await collections.replace(libraryRequests, id, { ...found.value, kept: false }, found.revision)
}

async function* requestsIn(
  collections: Collections,
  state: LibraryRequestRecord['state'],
  kept = true,
): AsyncGenerator<LibraryRequest> {
  let after: string | undefined
  do {
    const page = await collections.find(libraryRequests, {
      index: 'kept',
      equals: { kept, state },
      limit: 100,
      ...(after === undefined ? {} : { after }),
    })
    for (const { key, value } of page.docs) yield { id: key, ...value }
    after = page.next ?? undefined
  } while (after !== undefined)
}
