import type { Operation } from '../../lrs/index.ts'
import { lessons } from '../collections.ts'
import { deleteContents, releaseOperations, shareOperation } from '../content/release.ts'
import type { HostDeps } from '../index.ts'
import { requestOpened } from '../library/requests.ts'
import { settleRequests } from '../library/settle.ts'
import type { Intake } from '../package/open.ts'
import { problem, refusal } from '../problems.ts'
import type { Stores } from '../server.ts'
import type { Draft, Lesson, Lessons } from '../types.ts'
import { canAssess } from './assess.ts'
import { releaseCover } from './cover.ts'
import { defaultCompletion } from './default-rule.ts'
import { changedDraft } from './details.ts'
import { firstDraft } from './first-draft.ts'
import { contentKept, removeLeftovers } from './keep.ts'
import { draftOf, lessonOf, lessonShowing, recordOf, stateOf } from './shape.ts'
import { readVersion } from './versions.ts'

const notFound = () => refusal(problem('lesson-not-found', 404, 'There is no such lesson (any more)'))

/** Takes another package in for a lesson's draft. */
export function createReplaceContent(
  stores: Stores,
  intake: Intake,
  { topics, now }: { topics: HostDeps['topics']; now: () => number },
): Lessons['replaceContent'] {
  return async (id, file, by) => {
    if (!(await stores.collections.get(lessons, id))) return notFound()
    await removeLeftovers(stores, now())
    const { uploadPackage } = await import('./upload.ts')
    const uploaded = await uploadPackage(stores, intake, file, by, await topics())
    if ('ok' in uploaded) return uploaded
    const fresh = await firstDraft(stores.collections, uploaded)
    const changed = await changeDraft(stores, id, topics, async (lesson) => ({
      // A lesson file says again what its lesson is.
      draft: changedDraft(withContentOf(lesson.draft, fresh), uploaded.said ?? {}),
      waits: uploaded.waits,
      taking: [
        await contentKept(stores.collections, fresh.content),
        ...(uploaded.waits ? [await requestOpened(stores.collections, fresh.content, id)] : []),
      ],
    }))
    if (!uploaded.waits || 'ok' in changed) return changed
    // What it waits for may have been approved for somebody else meanwhile.
    await settleRequests(stores, now())
    const kept = await stores.collections.get(lessons, id)
    return kept ? lessonOf(kept.value) : changed
  }
}

export function createRestoreVersion(stores: Stores, topics: HostDeps['topics']): Lessons['restoreVersion'] {
  return async (id, number) => {
    const version = await readVersion(stores.collections, id, number)
    if (!version) return refusal(problem('lesson-version-unknown', 404, 'There is no such version'))
    return changeDraft(stores, id, topics, async () => {
      const taking = await shareOperation(stores.collections, version.content)
      if (!taking) throw new Error(`the content of version ${number} of ${id} is not there`)
      return { draft: draftOf(version), waits: false, taking: [taking] }
    })
  }
}

/** What was said of the lesson stays; its rule, too, as long as the kind of content is the same. */
function withContentOf(before: Draft, { content, library }: Draft): Draft {
  if (before.library === library) return { ...before, content }
  return {
    ...before,
    content,
    library,
    completion: defaultCompletion(library),
    mode: canAssess(library) ? before.mode : { kind: 'practice' },
  }
}

/** Sets the draft on other content and, in the same unit, marks what it stood on where nobody else does. */
async function changeDraft(
  stores: Stores,
  id: string,
  topics: HostDeps['topics'],
  choose: (lesson: Lesson) => Promise<{ draft: Draft; waits: boolean; taking: Operation[] }>,
): Promise<Lesson | ReturnType<typeof refusal>> {
  const { collections } = stores
  while (true) {
    const found = await collections.get(lessons, id)
    if (!found) return notFound()
    const { draft, waits, taking } = await choose(lessonOf(found.value))
    const before = found.value.draft.content
    const marks =
      before === draft.content
        ? []
        : await releaseOperations(collections, [before], { lesson: id, versions: 'counted' })
    const held = stateOf(lessonOf(found.value))
    const state = { ...held, draft, status: waitingOr(held.status, waits) }
    const lesson = lessonShowing(state, await readVersion(collections, id, state.latest))
    const value = recordOf(lesson, await topics())
    const outcome = await collections.batch([
      { op: 'replace', collection: lessons, key: id, value, revision: found.revision },
      ...taking,
      ...marks,
    ])
    if (!outcome.ok) continue
    await deleteContents(stores, marks)
    await releaseCover(stores, id, found.value.draft.details.cover)
    return lesson
  }
}

/** Only of a lesson that was never published the learners' side waits, too. */
function waitingOr(status: Lesson['status'], waits: boolean): Lesson['status'] {
  if (status !== 'draft' && status !== 'waiting') return status
  return waits ? 'waiting' : 'draft'
}
