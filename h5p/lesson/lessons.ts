import { randomUUID } from 'node:crypto'
import { lessons } from '../collections.ts'
import type { HostDeps } from '../index.ts'
import { requestOpened } from '../library/requests.ts'
import { settleRequests } from '../library/settle.ts'
import { removeUnusedBuilds } from '../library/unused.ts'
import type { Intake } from '../package/open.ts'
import { problem, refusal } from '../problems.ts'
import type { Stores } from '../server.ts'
import type { Lesson, Lessons, PackageProblem, Version } from '../types.ts'
import { canAssess } from './assess.ts'
import { behind } from './behind.ts'
import { createSetCover, openCover } from './cover.ts'
import { changedDraft, detailProblem } from './details.ts'
import { createReplaceContent, createRestoreVersion } from './draft-content.ts'
import { createDuplicate } from './duplicate.ts'
import { createExport } from './export.ts'
import { lessonsBy, lessonsOf, publishedLessons } from './find.ts'
import { firstDraft } from './first-draft.ts'
import { createHandOver } from './hand-over.ts'
import { keepLesson, removeLeftovers } from './keep.ts'
import { createMove } from './move.ts'
import { createPublish, createPublishAnew } from './publish.ts'
import { createRemove } from './remove.ts'
import { type LessonState, lessonOf, lessonShowing, recordOf, stateOf } from './shape.ts'
import { listVersions, readVersion } from './versions.ts'

const notFound = () => refusal(problem('lesson-not-found', 404, 'There is no such lesson (any more)'))

const CANNOT_ASSESS: PackageProblem = {
  ...problem('lesson-cannot-assess', 400, 'The system scores only content types of its own'),
  path: 'mode',
}

export function createLessons(
  stores: Stores,
  intake: Intake,
  { audit, topics, drawCover }: Pick<HostDeps, 'audit' | 'topics' | 'drawCover'>,
  now: () => number,
): Lessons {
  const { collections } = stores

  /** Changes a lesson; what it shows follows from its latest version. */
  async function change(
    id: string,
    edit: (state: LessonState, latest: Version | null) => LessonState | ReturnType<typeof refusal>,
  ): Promise<Lesson | ReturnType<typeof refusal>> {
    while (true) {
      const found = await collections.get(lessons, id)
      if (!found) return notFound()
      const latest = await readVersion(collections, id, found.value.latest)
      const edited = edit(stateOf(lessonOf(found.value)), latest)
      if ('ok' in edited) return edited
      const lesson = lessonShowing(edited, latest)
      if (await collections.replace(lessons, id, recordOf(lesson, await topics()), found.revision))
        return lesson
    }
  }

  const describe: Lessons['describe'] = async (id, said) => {
    const wrong = detailProblem(said, await topics())
    if (wrong) return refusal(wrong)
    return change(id, (lesson) => {
      const draft = changedDraft(lesson.draft, said)
      if (draft.mode.kind === 'assessed' && !canAssess(draft.library)) return refusal(CANNOT_ASSESS)
      return { ...lesson, draft }
    })
  }

  return {
    async upload(file, by, { organisation, ...details } = {}) {
      const wrong = detailProblem(details, await topics())
      if (wrong) return refusal(wrong)
      await removeLeftovers(stores, now())
      await settleRequests(stores, now())
      await removeUnusedBuilds(stores, now())
      // It brings the whole H5P server, which a start does not wait for.
      const { uploadPackage } = await import('./upload.ts')
      const uploaded = await uploadPackage(stores, intake, file, by, await topics())
      if ('ok' in uploaded) return uploaded
      const lesson = lessonShowing(
        {
          id: randomUUID(),
          author: by.person,
          ...(organisation !== undefined && { organisation }),
          status: uploaded.waits ? 'waiting' : 'draft',
          current: null,
          latest: 0,
          draft: changedDraft(await firstDraft(collections, uploaded), { ...uploaded.said, ...details }),
          created: now(),
          published: null,
        },
        null,
      )
      await keepLesson(
        collections,
        lesson,
        await topics(),
        uploaded.waits ? [await requestOpened(collections, uploaded.id, lesson.id)] : [],
      )
      if (!uploaded.waits) return lesson
      // What it waits for may have been approved for somebody else meanwhile.
      await settleRequests(stores, now())
      const kept = await collections.get(lessons, lesson.id)
      return kept ? lessonOf(kept.value) : lesson
    },
    describe,
    publish: createPublish(stores, topics, now),
    unpublish: (id) =>
      change(id, (lesson) =>
        lesson.status === 'published'
          ? { ...lesson, status: 'withdrawn', current: null, withdrawn: now() }
          : lesson,
      ),
    putBack: (id) =>
      change(id, ({ withdrawn, ...lesson }) =>
        lesson.status === 'withdrawn'
          ? { ...lesson, status: 'published', current: lesson.latest }
          : { ...lesson, ...(withdrawn !== undefined && { withdrawn }) },
      ),
    archive: (id) =>
      change(id, (lesson) =>
        lesson.status === 'archived'
          ? lesson
          : {
              ...lesson,
              status: 'archived',
              current: null,
              ...(lesson.current !== null && { withdrawn: now() }),
            },
      ),
    restore: (id) =>
      change(id, (lesson) =>
        lesson.status === 'archived'
          ? { ...lesson, status: lesson.latest > 0 ? 'withdrawn' : 'draft' }
          : lesson,
      ),
    replaceContent: createReplaceContent(stores, intake, { topics, now }),
    restoreVersion: createRestoreVersion(stores, topics),
    duplicate: createDuplicate(stores, topics, now),
    move: createMove(stores, audit),
    setCover: createSetCover(stores, drawCover, describe),
    openCover: (lesson, sha2) => openCover(stores, lesson, sha2),
    export: createExport(stores),
    publishAnew: createPublishAnew(stores, topics, now),
    behind: (these) => behind(collections, these),
    version: (id, number) => readVersion(collections, id, number),
    versions: (id, paging) => listVersions(collections, id, paging),
    remove: createRemove(stores),
    async get(id) {
      const found = await collections.get(lessons, id)
      return found && lessonOf(found.value)
    },
    published: ({ after, limit, ...wanted }) =>
      publishedLessons(collections, wanted, { limit, ...(after !== undefined && { after }) }),
    by: (author, paging) => lessonsBy(collections, author, paging),
    of: (organisation, options) => lessonsOf(collections, organisation, options),
    countOf: (organisation, author) =>
      collections.count(lessons, { index: 'of', equals: { organisation, author } }),
    handOver: createHandOver(collections, audit),
  }
}
