import type { Source } from '../../lrs/index.ts'
import type { Level } from '../types.ts'

/**
 * How far a line can be trusted follows from who stored its statements, never from what they say of themselves.
 * A centre's staff saw the person; a system only saw an account.
 */
export const LEVEL_OF_SOURCE: Record<Source['kind'] | 'unknown', Level> = {
  product: 'he-thong',
  lms: 'he-thong',
  tool: 'he-thong',
  organisation: 'he-thong',
  centre: 'xac-nhan',
  diary: 'tu-khai',
  unknown: 'tu-khai',
}

/** Types of what is a paper to be seen: a centre tells of one only when its staff had the original in their hands. */
const PAPERS = new Set(['https://xapi.edlm/profiles/edlm-lms/concepts/activity-types/certificate'])

export const isPaper = (type: string | null): boolean => type !== null && PAPERS.has(type)

/** The level of what is told of an activity of this type by a source of this level. */
export function levelOfTelling(level: Level, type: string | null): Level {
  return level === 'xac-nhan' && isPaper(type) ? 'van-bang' : level
}
