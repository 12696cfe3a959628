import type { Collections, Operation } from '../../lrs/index.ts'
import { attempts, lessons, openAttempts } from '../collections.ts'
import { createContentStorage } from '../content/storage.ts'
import { createUserDataStorage } from '../content/user-data.ts'
import type { HostDeps } from '../index.ts'
import type { Limits } from '../limits.ts'
import { problem, refusal } from '../problems.ts'
import type { Stores } from '../server.ts'
import { isTopic } from '../topics.ts'
import type { Lesson, Lessons, PackageProblem } from '../types.ts'
import { detailProblem, isLanguageTag, withDetails } from './details.ts'
import { lessonsBy, lessonsOf, publishedLessons, searchLessons } from './find.ts'
import { createHandOver } from './hand-over.ts'
import { keepLesson, removeLeftovers } from './keep.ts'
import { lessonOf, recordOf } from './words.ts'

const notFound = () => refusal(problem('lesson-not-found', 404, 'There is no such lesson (any more)'))

export function createLessons(
  stores: Stores,
  limits: Limits,
  audit: HostDeps['audit'],
  now: () => number,
): Lessons {
  const { collections } = stores

  async function change(id: string, edit: (lesson: Lesson) => Lesson | ReturnType<typeof refusal>) {
    while (true) {
      const found = await collections.get(lessons, id)
      if (!found) return notFound()
      const edited = edit(lessonOf(found.value))
      if ('ok' in edited) return edited
      if (await collections.replace(lessons, id, recordOf(edited), found.revision)) return edited
    }
  }

  return {
    async upload(file, by, details = {}) {
      const wrong = detailProblem(details)
      if (wrong) return refusal(wrong)
      await removeLeftovers(stores, now())
      // It brings the whole H5P server, which a start does not wait for.
      const { uploadPackage } = await import('./upload.ts')
      const uploaded = await uploadPackage(stores, limits, file, by)
      if ('ok' in uploaded) return uploaded
      const lesson = withDetails(
        {
          id: uploaded.id,
          title: uploaded.title.trim(),
          description: '',
          language: isLanguageTag(uploaded.language) ? uploaded.language : 'vi',
          topic: '',
          author: by.person,
          status: 'draft',
          library: uploaded.library,
          created: now(),
          published: null,
        },
        details,
      )
      await keepLesson(collections, lesson)
      return lesson
    },
    async describe(id, details) {
      const wrong = detailProblem(details)
      if (wrong) return refusal(wrong)
      return change(id, (lesson) => withDetails(lesson, details))
    },
    async publish(id) {
      return change(id, ({ withdrawn: _, ...lesson }) => {
        if (!isTopic(lesson.topic)) return refusal(TOPIC_MISSING)
        return { ...lesson, status: 'published', published: lesson.published ?? now() }
      })
    },
    async unpublish(id) {
      return change(id, (lesson) =>
        lesson.status === 'draft' ? lesson : { ...lesson, status: 'draft', withdrawn: now() },
      )
    },
    async remove(id) {
      // The lesson goes last: when this is cut off half-way it can be called again.
      await removeTraces(collections, id)
      const userData = createUserDataStorage(collections)
      await userData.deleteAllContentUserDataByContentId(id)
      await userData.deleteFinishedDataByContentId(id)
      await createContentStorage(stores).deleteContent(id)
      await collections.delete(lessons, id)
    },
    async get(id) {
      const found = await collections.get(lessons, id)
      return found && lessonOf(found.value)
    },
    published({ topic, query, ...paging }) {
      return query === undefined
        ? publishedLessons(collections, topic, paging)
        : searchLessons(collections, { query, topic }, paging)
    },
    by: (author, paging) => lessonsBy(collections, author, paging),
    of: (organisation, options) => lessonsOf(collections, organisation, options),
    countOf: (organisation, author) =>
      collections.count(lessons, { index: 'of', equals: { organisation, author } }),
    handOver: createHandOver(collections, audit),
  }
}

const TOPIC_MISSING: PackageProblem = {
  ...problem('lesson-topic-missing', 400, 'Choose a topic before publishing'),
  path: 'topic',
}

/** Attempts at the lesson: without it they open nothing. What was recorded of them stays in the record store. */
async function removeTraces(collections: Collections, lesson: string): Promise<void> {
  for (const collection of [attempts, openAttempts])
    while (true) {
      const found = await collections.find<unknown>(collection, {
        index: 'lesson',
        equals: { lesson },
        limit: 500,
      })
      if (found.docs.length === 0) break
      await collections.batch(
        found.docs.map((doc): Operation => ({ op: 'delete', collection, key: doc.key })),
      )
    }
}
