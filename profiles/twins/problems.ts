import type { Problem } from '../../lrs/index.ts'

export const TWIN_UNKNOWN: Problem = {
  id: 'twin-unknown',
  status: 409,
  message: 'These lines are not one any more. Read the record again.',
}
export const SPLITS_MANY: Problem = {
  id: 'splits-many',
  status: 409,
  message: 'This line was split from too many others. Join some of them again first.',
}
