import type { Collections, Operation } from '../../lrs/index.ts'
import { attempts, lessons, openAttempts } from '../collections.ts'
import { createContentStorage } from '../content/storage.ts'
import { createUserDataStorage } from '../content/user-data.ts'
import type { Limits } from '../limits.ts'
import { problem, refusal } from '../problems.ts'
import type { Stores } from '../server.ts'
import { isTopic } from '../topics.ts'
import type { Lesson, Lessons } from '../types.ts'
import { keepLesson, removeLeftovers } from './keep.ts'
import { uploadPackage } from './upload.ts'

const notFound = () => refusal(problem('lesson-not-found', 404, 'There is no such lesson (any more)'))
const LANGUAGE = /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/

export function createLessons(stores: Stores, limits: Limits, now: () => number): Lessons {
  const { collections } = stores

  async function change(id: string, edit: (lesson: Lesson) => Lesson | ReturnType<typeof refusal>) {
    while (true) {
      const found = await collections.get(lessons, id)
      if (!found) return notFound()
      const edited = edit(found.value)
      if ('ok' in edited) return edited
      if (await collections.replace(lessons, id, edited, found.revision)) return edited
    }
  }
  const page = (found: { docs: { value: Lesson }[]; next: string | null }) => ({
    lessons: found.docs.map((doc) => doc.value),
    next: found.next,
  })

  return {
    async upload(file, by, details = {}) {
      const wrong = detailProblem(details)
      if (wrong) return refusal(wrong)
      await removeLeftovers(stores, now())
      const uploaded = await uploadPackage(stores, limits, file, by)
      if ('ok' in uploaded) return uploaded
      const lesson: Lesson = {
        id: uploaded.id,
        title: (details.title ?? uploaded.title).trim(),
        description: '',
        language: LANGUAGE.test(uploaded.language) ? uploaded.language : 'vi',
        topic: details.topic ?? '',
        author: by.person,
        status: 'draft',
        library: uploaded.library,
        created: now(),
        published: null,
      }
      await keepLesson(collections, lesson)
      return lesson
    },
    async describe(id, details) {
      const wrong = detailProblem(details)
      if (wrong) return refusal(wrong)
      return change(id, (lesson) => ({ ...lesson, ...trimmed(details) }))
    },
    async publish(id) {
      return change(id, (lesson) => {
        if (!isTopic(lesson.topic))
          return refusal(problem('lesson-topic-missing', 400, 'Choose a topic before publishing', {}))
        return { ...lesson, status: 'published', published: lesson.published ?? now() }
      })
    },
    async unpublish(id) {
      return change(id, (lesson) => ({ ...lesson, status: 'draft' }))
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
      return (await collections.get(lessons, id))?.value ?? null
    },
    async published({ topic, after, limit }) {
      const options = { descending: true, limit, ...(after === undefined ? {} : { after }) }
      return page(
        await (topic === undefined
          ? collections.find(lessons, { index: 'status', equals: { status: 'published' }, ...options })
          : collections.find(lessons, {
              index: 'topic',
              equals: { status: 'published', topic },
              ...options,
            })),
      )
    },
    async by(author, { after, limit }) {
      return page(
        await collections.find(lessons, {
          index: 'author',
          equals: { author },
          descending: true,
          limit,
          ...(after === undefined ? {} : { after }),
        }),
      )
    },
  }
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

type Details = { title?: string; topic?: string; description?: string; language?: string }

function detailProblem(details: Details) {
  if (details.title !== undefined && (details.title.trim() === '' || details.title.length > 255))
    return problem('lesson-title-invalid', 400, 'Give a title of at most 255 characters', { limit: 255 })
  if (details.description !== undefined && details.description.length > 2000)
    return problem('lesson-description-too-long', 400, 'Give a description of at most 2000 characters', {
      limit: 2000,
    })
  if (details.topic !== undefined && !isTopic(details.topic))
    return problem('lesson-topic-unknown', 400, 'Choose a topic from the list')
  if (details.language !== undefined && !LANGUAGE.test(details.language))
    return problem('lesson-language-invalid', 400, 'Give a language tag such as vi or en')
  return null
}

function trimmed(details: Details): Details {
  return {
    ...details,
    ...(details.title === undefined ? {} : { title: details.title.trim() }),
    ...(details.description === undefined ? {} : { description: details.description.trim() }),
  }
}
