import { isRecord } from '../bridge/result.ts'
import type { AttemptRecord } from '../collections.ts'
import { createUserDataStorage } from '../content/user-data.ts'
import type { Stores } from '../server.ts'
import { isOpen } from './attempts.ts'

const MAX_STATE = 256 * 1024

/** Keeps where the learner is. A page left open since before must not move the attempt that came after. */
export async function keepState(
  { collections }: Stores,
  attempt: AttemptRecord,
  states: readonly unknown[],
): Promise<void> {
  if (!(await isOpen(collections, attempt))) return
  const storage = createUserDataStorage(collections)
  for (const state of states) {
    if (!isRecord(state)) continue
    const { dataType, subContentId, data, preload, invalidate } = state
    if (typeof dataType !== 'string' || !/^[\w.:-]{1,64}$/.test(dataType)) continue
    if (typeof subContentId !== 'string' || !/^[\w-]{1,64}$/.test(subContentId)) continue
    if (data !== null && (typeof data !== 'string' || data.length > MAX_STATE)) continue
    await storage.createOrUpdateContentUserData({
      contentId: attempt.lesson,
      userId: attempt.person,
      dataType,
      subContentId,
      userState: data ?? '',
      preload: preload === true && data !== null,
      invalidate: invalidate === true,
    })
  }
}
