import { type Collections, defineCollection } from '../../lrs/index.ts'
import { FACTS } from './documents.ts'

/** Grows when facts or lines hold what those of an earlier version of the product do not, or the other way round. */
export const SHAPE = 7

const SHAPES = defineCollection<{ shape: number }>('profiles.shape')
const KEY = 'now'

/** Notes that there are no records of an earlier version where there are none at all. */
export async function noteNewStore(collections: Collections): Promise<void> {
  if (await collections.get(SHAPES, KEY)) return
  const { docs } = await collections.scan(FACTS, { limit: 1 })
  if (docs.length === 0) await collections.insert(SHAPES, KEY, { shape: SHAPE })
}

/**
 * Makes all records anew, beside everything that goes on, when they were written by an earlier version of the product.
 * Cut short, the next call begins again and finds right what was done. Returns the number of statements read; null when
 * there was nothing to do.
 */
export async function bringToShape(
  collections: Collections,
  rebuild: () => Promise<number>,
): Promise<number | null> {
  const held = await collections.get(SHAPES, KEY)
  if (held && held.value.shape >= SHAPE) return null
  const read = await rebuild()
  await collections.put(SHAPES, KEY, { shape: SHAPE })
  return read
}
