import type {
  IContentUserData,
  IContentUserDataStorage,
  IFinishedUserData,
  IUser,
} from '@lumieducation/h5p-server'
import type { Collection, Collections, Operation } from '../../lrs/index.ts'
import {
  type AttemptRecord,
  type FinishedRecord,
  finishedData,
  type UserDataRecord,
  userData,
} from '../collections.ts'

/**
 * Where learners left off and what they finished, over the storage port; keyed by lesson and person. `expiry`: when what is
 * written of where they left off goes by itself.
 */
export function createUserDataStorage(
  collections: Collections,
  expiry: { expires?: number } = {},
): IContentUserDataStorage {
  async function all<T>(collection: Collection<T>, field: 'content' | 'user', id: string) {
    const docs = []
    let after: string | undefined
    do {
      const page = await collections.find(collection, {
        index: field,
        equals: { [field]: id },
        limit: 500,
        ...(after === undefined ? {} : { after }),
      })
      docs.push(...page.docs)
      after = page.next ?? undefined
    } while (after !== undefined)
    return docs
  }
  async function removeAll<T>(
    collection: Collection<T>,
    field: 'content' | 'user',
    id: string,
    which: (value: T) => boolean = () => true,
  ) {
    for (const doc of await all(collection, field, id))
      if (which(doc.value)) await collections.delete(collection, doc.key)
  }

  return {
    async createOrUpdateContentUserData(data) {
      const { contentId = '', userId = '', contextId = '', dataType, subContentId } = data
      const value: UserDataRecord = {
        content: contentId,
        user: userId,
        context: contextId === '' ? null : contextId,
        dataType,
        subContentId,
        state: data.userState,
        preload: data.preload,
        invalidate: data.invalidate,
      }
      const key = keyOf(contentId, userId, contextId, subContentId, dataType)
      await collections.put(userData, key, value, expiry)
    },
    async deleteInvalidatedContentUserData(contentId) {
      await removeAll(userData, 'content', contentId, (value) => value.invalidate)
    },
    async deleteAllContentUserDataByUser(user) {
      await removeAll(userData, 'user', user.id)
    },
    async deleteAllContentUserDataByContentId(contentId) {
      await removeAll(userData, 'content', contentId)
    },
    async getContentUserData(contentId, dataType, subContentId, userId, contextId = '') {
      const doc = await collections.get(userData, keyOf(contentId, userId, contextId, subContentId, dataType))
      // The interface is typed without null, but the server asks this of content that was never played.
      return (doc ? exposed(doc.value) : null) as IContentUserData
    },
    async getContentUserDataByContentIdAndUser(contentId, userId, contextId = '') {
      const page = await collections.scan(userData, {
        prefix: `${keyOf(contentId, userId, contextId)}/`,
        limit: 1000,
      })
      return page.docs.map((doc) => exposed(doc.value))
    },
    async getContentUserDataByUser(user: IUser) {
      return (await all(userData, 'user', user.id)).map((doc) => exposed(doc.value))
    },
    async createOrUpdateFinishedData(data) {
      await collections.put(finishedData, keyOf(data.contentId, data.userId), {
        content: data.contentId,
        user: data.userId,
        score: data.score,
        maxScore: data.maxScore,
        opened: data.openedTimestamp,
        finished: data.finishedTimestamp,
        time: data.completionTime,
      })
    },
    async getFinishedDataByContentId(contentId) {
      return (await all(finishedData, 'content', contentId)).map((doc) => exposedFinished(doc.value))
    },
    async getFinishedDataByUser(user) {
      return (await all(finishedData, 'user', user.id)).map((doc) => exposedFinished(doc.value))
    },
    async deleteFinishedDataByContentId(contentId) {
      await removeAll(finishedData, 'content', contentId)
    },
    async deleteFinishedDataByUser(user) {
      await removeAll(finishedData, 'user', user.id)
    },
  }
}

function exposed(value: UserDataRecord): IContentUserData {
  return {
    contentId: value.content,
    userId: value.user,
    dataType: value.dataType,
    subContentId: value.subContentId,
    userState: value.state,
    preload: value.preload,
    invalidate: value.invalidate,
    ...(value.context === null ? {} : { contextId: value.context }),
  }
}

function exposedFinished(value: FinishedRecord): IFinishedUserData {
  return {
    contentId: value.content,
    userId: value.user,
    score: value.score,
    maxScore: value.maxScore,
    openedTimestamp: value.opened,
    finishedTimestamp: value.finished,
    completionTime: value.time,
  }
}

const keyOf = (...parts: string[]) => parts.map(encodeURIComponent).join('/')

/** What H5P knows of a lesson that was finished, kept with the attempt's end, so that the two agree. */
export function finishedOf(before: AttemptRecord | null, after: AttemptRecord): Operation[] {
  const verdict = after.course?.completed
  if (before?.course?.completed || !verdict || after.preview || after.anonymous) return []
  const { raw = 0, max = 0 } = (verdict.score ?? {}) as { raw?: number; max?: number }
  const value: FinishedRecord = {
    content: after.lesson,
    user: after.person,
    score: raw,
    maxScore: max,
    opened: after.started,
    finished: verdict.at,
    time: Math.round(verdict.active / 1000),
  }
  return [{ op: 'put', collection: finishedData, key: keyOf(after.lesson, after.person), value }]
}

/** Where the learner is in an attempt, as it is to be loaded with it. */
export async function placesOf(collections: Collections, attempt: AttemptRecord): Promise<UserDataRecord[]> {
  const { lesson, person, places = [], idle } = attempt
  const from = keyOf(lesson, person)
  // One that began before it was noted what is kept of it.
  const docs =
    idle === undefined
      ? (await collections.scan(userData, { prefix: `${from}/`, limit: 1000 })).docs
      : await Promise.all(
          places.map((place) => collections.get(userData, keyOf(lesson, person, '', ...place))),
        )
  return docs.flatMap((doc) => (doc?.value.preload ? [doc.value] : []))
}

/** Whether there is a place at which the person would go on. */
export async function hasState(collections: Collections, content: string, person: string): Promise<boolean> {
  const page = await collections.scan(userData, { prefix: `${keyOf(content, person)}/`, limit: 1000 })
  return page.docs.some(({ value }) => value.preload && value.state !== '')
}

/** Lets the person's next attempt at the content start from the beginning. */
export async function forgetState(collections: Collections, content: string, person: string): Promise<void> {
  const page = await collections.scan(userData, { prefix: `${keyOf(content, person)}/`, limit: 1000 })
  for (const doc of page.docs) await collections.delete(userData, doc.key)
}

/** Makes what one left off another's; what the other has already stays. */
export async function moveState(
  collections: Collections,
  content: string,
  from: string,
  to: string,
): Promise<void> {
  const page = await collections.scan(userData, { prefix: `${keyOf(content, from)}/`, limit: 1000 })
  for (const { key, value } of page.docs) {
    const { context, subContentId, dataType } = value
    await collections.insert(userData, keyOf(content, to, context ?? '', subContentId, dataType), {
      ...value,
      user: to,
    })
    await collections.delete(userData, key)
  }
}
