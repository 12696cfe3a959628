import { isRecord } from '../bridge/result.ts'
import type { AttemptRecord } from '../collections.ts'
import { createUserDataStorage } from '../content/user-data.ts'
import type { Stores } from '../server.ts'
import { expiryOf, isOpen } from './attempts.ts'
import { changeAttempt } from './tell.ts'

const MAX_STATE = 256 * 1024
/** Places that an attempt keeps: H5P keeps one for each part that asks for it, most types one in all. */
const MOST_PLACES = 200

interface Place {
  dataType: string
  subContentId: string
  data: string | null
  preload: boolean
  invalidate: boolean
}

/** Keeps where the learner is. A page left open since before must not move the attempt that came after. */
export async function keepState(
  { collections }: Stores,
  attempt: AttemptRecord,
  states: readonly unknown[],
): Promise<void> {
  if (!(await isOpen(collections, attempt))) return
  const places = states.map(placeOf).filter((place) => place !== null)
  // The names first: one under which nothing is kept is passed over.
  const kept = await noteNames(collections, attempt, places)
  const storage = createUserDataStorage(collections, expiryOf(attempt))
  for (const { dataType, subContentId, data, preload, invalidate } of places)
    if (kept.has(nameOf([subContentId, dataType])))
      await storage.createOrUpdateContentUserData({
        contentId: attempt.lesson,
        userId: attempt.person,
        dataType,
        subContentId,
        userState: data ?? '',
        preload: preload && data !== null,
        invalidate,
      })
}

const nameOf = (place: readonly [string, string]) => place.join('/')

/** Names of what the attempt keeps, with these as far as there is room. */
async function noteNames(
  collections: Stores['collections'],
  attempt: AttemptRecord,
  places: readonly Place[],
): Promise<Set<string>> {
  const names = places.map(({ subContentId, dataType }): [string, string] => [subContentId, dataType])
  const withNames = (before: [string, string][]) =>
    [...new Map([...before, ...names].map((name) => [nameOf(name), name])).values()].slice(0, MOST_PLACES)
  const known = attempt.places ?? []
  if (withNames(known).length === known.length) return new Set(known.map(nameOf))
  const changed = await changeAttempt(collections, attempt.id, (held) => ({
    ...held,
    places: withNames(held.places ?? []),
  }))
  return new Set((changed?.places ?? []).map(nameOf))
}

function placeOf(state: unknown): Place | null {
  if (!isRecord(state)) return null
  const { dataType, subContentId, data, preload, invalidate } = state
  if (typeof dataType !== 'string' || !/^[\w.:-]{1,64}$/.test(dataType)) return null
  if (typeof subContentId !== 'string' || !/^[\w-]{1,64}$/.test(subContentId)) return null
  if (data !== null && (typeof data !== 'string' || data.length > MAX_STATE)) return null
  return { dataType, subContentId, data, preload: preload === true, invalidate: invalidate === true }
}
