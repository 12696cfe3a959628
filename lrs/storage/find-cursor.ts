import type { Find } from './collections.ts'
import { encodeTuple, type Scalar } from './tuple.ts'

/** An entry of an index: where a page ended. */
export interface Place {
  tuple: Uint8Array
  key: string
}

export const writeCursor = ({ tuple, key }: Place): string =>
  Buffer.from(JSON.stringify([Buffer.from(tuple).toString('base64url'), key])).toString('base64url')

/**
 * The `next` of a page that ended with this entry of an index, whether it is there or not: its values, one of each field,
 * and the key of its document. So several ranges can be read on from one place.
 */
export const cursorAt = (values: readonly Scalar[], key: string): string =>
  writeCursor({ tuple: encodeTuple(values), key })

/** Throws for what no `writeCursor` made. */
export function readCursor(cursor: string): { tuple: Buffer; key: string } {
  try {
    const [tuple, key] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [string, string]
    if (typeof key === 'string') return { tuple: Buffer.from(tuple, 'base64url'), key }
  } catch {}
  throw new Error('`after` is not a `next` of an earlier page')
}

/** Whether a document may be in the range several times; with every field fixed, it has one entry at most. */
export function mayRepeat(fields: readonly string[], find: Pick<Find, 'equals'>): boolean {
  return Object.keys(find.equals ?? {}).length < fields.length
}

/** Whether the tuple is the first of a document's that lie within the range, in the direction of travel. */
export function isFirst(
  tuple: Uint8Array,
  all: readonly Uint8Array[],
  { low, high }: { low: Uint8Array; high: Uint8Array },
  descending: boolean,
): boolean {
  return all.every((other) => {
    if (Buffer.compare(other, low) < 0 || Buffer.compare(other, high) >= 0) return true
    const order = Buffer.compare(other, tuple)
    return descending ? order <= 0 : order >= 0
  })
}
