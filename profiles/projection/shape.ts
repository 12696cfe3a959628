import { type Collections, defineCollection, replay } from '../../lrs/index.ts'
import { TRANSCRIPT } from './consumer.ts'

/** Grows when facts or lines hold what those of an earlier version of the product do not, or the other way round. */
export const SHAPE = 7

const SHAPES = defineCollection<{ shape: number }>('profiles.shape')
const KEY = 'now'

/**
 * Sends the consumer through the whole feed when records were written by an earlier version of the product: every fact
 * that differs is written anew with its line, while everything goes on.
 */
export async function bringToShape(collections: Collections): Promise<void> {
  const held = await collections.get(SHAPES, KEY)
  if (held && held.value.shape >= SHAPE) return
  await collections.batch([
    replay(TRANSCRIPT),
    { op: 'put', collection: SHAPES, key: KEY, value: { shape: SHAPE } },
  ])
}
