import { defineCollection } from '../../lrs/index.ts'
import type { PersonId } from '../types.ts'
import type { Dispute } from './types.ts'

/** Key: random. */
export interface DisputeDocument extends Omit<Dispute, 'id'> {
  open: boolean
  /** Who is to do something next: somebody who answers, or the person who has not seen the answer. */
  waits: 'answer' | 'person' | null
  /** Voiding statements on their way, with their ids, so that they are told once; `waiting`: since when, ms. */
  pending: unknown[]
  waiting: number | null
}
export const DISPUTES = defineCollection<DisputeDocument>('profiles.disputes', {
  person: ['person', 'made'],
  waits: ['person', 'waits', 'made'],
  line: ['line', 'made'],
  source: ['source', 'open', 'made'],
  organisation: ['organisation', 'open', 'made'],
  statement: ['told.statements'],
  waiting: ['waiting'],
})

/** Key: a line. There while a dispute about it is open, so that there is one at a time. */
export const OPEN_DISPUTES = defineCollection<{ dispute: string; made: number }>('profiles.open-disputes')

/** Key: a name of a line that its person keeps out of shares (names.ts); `person` with that by which they know it. */
export const HIDDEN_LINES = defineCollection<{ person: PersonId | null; at: number }>(
  'profiles.hidden-lines',
  {
    person: ['person', 'at'],
  },
)
