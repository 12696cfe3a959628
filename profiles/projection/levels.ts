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
