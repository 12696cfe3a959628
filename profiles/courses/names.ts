import type { Tally } from '../projection/tally.ts'
import { courseKey } from './documents.ts'

const CMI5 = 'https://w3id.org/xapi/cmi5/'
export const CMI5_CATEGORY = `${CMI5}context/categories/cmi5`
const CMI5_COURSE = `${CMI5}activitytype/course`

/** By what the units of a cmi5 course belong together: they name no course, and share their registration. */
export const registrationName = (registration: string) => `registration:${registration}`

export const isCmi5Course = (type: string | null) => type === CMI5_COURSE

type Named = Pick<Tally, 'person' | 'activity' | 'registration' | 'type'>

/** Keys of what lines that belong to this one may call it. */
export function keysOf({ person, activity, registration, type }: Named): string[] {
  const names = [activity]
  if (registration && isCmi5Course(type?.iri ?? null)) names.push(registrationName(registration))
  return names.map((name) => courseKey(person, name))
}

/** Keys of what a line says that it belongs to. */
export function coursesOf({ person, courses }: Pick<Tally, 'person' | 'courses'>): string[] {
  return (courses ?? []).map((name) => courseKey(person, name))
}

/** Whether it makes a line, and tells how long it took. */
export function isTimed({ at, longest, parts }: Pick<Tally, 'at' | 'longest' | 'parts'>): boolean {
  return at !== null && (longest ?? parts ?? 0) > 0
}

/** Keys under which a line counts as a part. */
export const withinOf = (tally: Tally | null) => (tally && isTimed(tally) ? coursesOf(tally) : [])
