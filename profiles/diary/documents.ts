import { defineCollection } from '../../lrs/index.ts'
import { type SelfTold, WAITING } from '../self-told/self-told.ts'
import type { DiaryEntry } from './diary.ts'

/** One entry. Key: random; with `urn:uuid:` it is the id of the activity that its statements speak of. */
export interface DiaryDocument extends Omit<DiaryEntry, 'id'>, SelfTold {
  /** Number of the local day. */
  dayNumber: number
}
export const DIARY = defineCollection<DiaryDocument>('profiles.diary', {
  person: ['person', 'dayNumber'],
  ...WAITING,
})
