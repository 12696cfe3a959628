import { defineCollection } from '../../lrs/index.ts'
import type { DiaryEntry } from './diary.ts'

/**
 * One entry. Key: random; with `urn:uuid:` it is the id of the activity that its statements speak of. What is to be told
 * the record store is written here first, so that after a kill it is told once more: its ids are in it, so it is there once.
 */
export interface DiaryDocument extends Omit<DiaryEntry, 'id'> {
  /** Number of the local day. */
  dayNumber: number
  /** Id of the statement that stands; null when the entry was taken back. */
  statement: string | null
  /** Statements on their way. */
  pending: unknown[]
  /** Since when, ms; null when there are none. */
  waiting: number | null
}
export const DIARY = defineCollection<DiaryDocument>('profiles.diary', {
  person: ['person', 'dayNumber'],
  waiting: ['waiting'],
})
