import { createHash } from 'node:crypto'
import { defineCollection } from '../../lrs/index.ts'
import type { PersonId } from '../types.ts'

/**
 * Key: `courseKey`. How many lines of a person say that they belong to what goes by this name, and tell how long they
 * took. `late`: whether there are any has changed, and lines that go by the name are to be looked at.
 */
export interface CourseDocument {
  person: PersonId
  timed: number
  late: boolean
}
export const COURSES = defineCollection<CourseDocument>('profiles.courses', {
  late: ['late'],
  person: ['person'],
})

/** `name`: what lines that belong to it call it (names.ts). */
export function courseKey(person: PersonId, name: string): string {
  return createHash('sha256')
    .update(JSON.stringify([person, name]))
    .digest('base64url')
    .slice(0, 22)
}
