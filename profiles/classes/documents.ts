import { defineCollection } from '../../lrs/index.ts'
import type { OrganisationId } from '../organisations/types.ts'
import type { PersonId } from '../types.ts'

/** What is said of a class when it is written down. */
export interface ClassDetails {
  name: string
  /** IRI of a topic; '' for none. */
  topic: string
  /** Local date and time at which it begins: `2026-11-24`, `19:30`. */
  day: string
  begin: string
  /** Whole minutes. */
  minutes: number
  place: string
}

/** A class that an organisation gave. */
export interface TaughtClass extends ClassDetails {
  id: string
  organisation: OrganisationId
  /** When it ended, or will have, ms. */
  at: number
  by: PersonId
  created: number
}
/** Key: random; with `urn:uuid:` it is the id of the activity that its statements speak of. */
export const CLASSES = defineCollection<Omit<TaughtClass, 'id'>>('profiles.classes', {
  organisation: ['organisation', 'at'],
})

/**
 * `listed`: on the list, nothing told; `entered`: it stands on the person's record; `taken-back`: it did. Key:
 * `<class>/<person>`. What is to be told is written here first, and told once more after a kill.
 */
export interface AttendanceDocument {
  class: string
  organisation: OrganisationId
  person: PersonId
  added: number
  state: 'listed' | 'entered' | 'taken-back'
  /** Latest change, and who made it. */
  changed: number
  by: PersonId
  /** Why it was taken back. */
  reason?: string
  /** Id of the statement that tells it; null while none does. */
  telling: string | null
  /** Statements on their way, in order. */
  pending: unknown[]
  /** Since when, ms; null when there are none. */
  waiting: number | null
}
export const ATTENDANCES = defineCollection<AttendanceDocument>('profiles.attendances', {
  class: ['class', 'added'],
  telling: ['telling'],
  waiting: ['waiting'],
})
export const attendanceKey = (of: string, person: PersonId) => `${of}/${person}`
