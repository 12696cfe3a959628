import { defineCollection, type Operation } from '../../lrs/index.ts'

import type { PersonId } from '../types.ts'
import type { Merge } from './types.ts'

/** Key: random. `open` while it holds. */
export const MERGES = defineCollection<Omit<Merge, 'id'> & { open: boolean }>('profiles.merges', {
  from: ['from', 'at'],
  into: ['into', 'open', 'at'],
})

/** Key: a person who was merged or released, or whose consent changed. Their links have yet to follow. */
export const MERGE_JOBS = defineCollection<{ seen: number }>('profiles.merge-jobs')

/** The operation by which a person's links follow, for the batch that changes the person. */
export const followPerson = (person: PersonId, now: number): Operation => ({
  op: 'put',
  collection: MERGE_JOBS,
  key: person,
  value: { seen: now },
})

/** Most steps from a person to who they are shown as. */
export const MOST_MERGES = 20
