import { defineCollection } from '../../lrs/index.ts'

import type { Merge } from './types.ts'

/** Key: random. `open` while it holds. */
export const MERGES = defineCollection<Omit<Merge, 'id'> & { open: boolean }>('profiles.merges', {
  from: ['from', 'at'],
  into: ['into', 'open', 'at'],
})

/** Key: the person who was merged or released. Their links have yet to follow. */
export const MERGE_JOBS = defineCollection<{ seen: number }>('profiles.merge-jobs')

/** Most steps from a person to who they are shown as. */
export const MOST_MERGES = 20
