import type { Collections, Operation } from '../../lrs/index.ts'
import { contents, lessons, versions } from '../collections.ts'
import { removeRequest } from '../library/requests.ts'
import type { Stores } from '../server.ts'
import type { ContentId, LessonId } from '../types.ts'
import { createContentStorage } from './storage.ts'

/**
 * Operations that mark the contents which nobody points to, once the draft of `lesson` and, with `versions: 'ignored'`,
 * its versions point to them no more. They go into the batch of that change, under the revision at which this was so:
 * whoever points to one in between makes the batch fail, and nobody points to what is marked. What is marked is deleted by
 * `deleteContents`; cut off before, with what uploads left.
 */
export async function releaseOperations(
  collections: Collections,
  ids: Iterable<ContentId>,
  { lesson, versions: own }: { lesson: LessonId; versions: 'counted' | 'ignored' },
): Promise<Operation[]> {
  const operations: Operation[] = []
  for (const id of new Set(ids)) {
    const found = await collections.get(contents, id)
    if (!found || (await isUsed(collections, id, lesson, own === 'ignored'))) continue
    const value = { ...found.value, pending: true }
    operations.push({ op: 'replace', collection: contents, key: id, value, revision: found.revision })
  }
  return operations
}

/** Deletes what `releaseOperations` marked. */
export async function deleteContents(stores: Stores, marks: readonly Operation[]): Promise<void> {
  for (const { key } of marks) {
    await removeRequest(stores, key)
    await createContentStorage(stores).deleteContent(key)
  }
}

/** The operation by which somebody else comes to point to content, which must not be going meanwhile. */
export async function shareOperation(collections: Collections, id: ContentId): Promise<Operation | null> {
  const found = await collections.get(contents, id)
  if (!found || found.value.pending) return null
  return { op: 'replace', collection: contents, key: id, value: found.value, revision: found.revision }
}

async function isUsed(
  collections: Collections,
  content: ContentId,
  lesson: LessonId,
  ignoresVersions: boolean,
): Promise<boolean> {
  const others = [{ lt: lesson }, { gt: lesson }]
  const counts = await Promise.all([
    ...others.map((range) =>
      collections.count(lessons, { index: 'content', equals: { 'draft.content': content }, range }),
    ),
    ...(ignoresVersions ? others : [undefined]).map((range) =>
      collections.count(versions, { index: 'content', equals: { content }, ...(range && { range }) }),
    ),
  ])
  return counts.some((count) => count > 0)
}
