/**
 * Values of a declared index as bytes whose order is the index's order:
 * null (and absent) < false < true < numbers < strings by code point. Both adapters keep these, so both agree.
 */
import type { Find } from './collections.ts'

export type Scalar = null | boolean | number | string

const TYPE = { null: 1, false: 2, true: 3, number: 4, string: 5 } as const

/** Bytes of the values one after another; a longer tuple starts with the bytes of its beginning. */
export function encodeTuple(values: readonly Scalar[]): Buffer {
  return Buffer.concat(values.map(encodeValue))
}

function encodeValue(value: Scalar): Buffer {
  if (value === null) return Buffer.of(TYPE.null)
  if (typeof value === 'boolean') return Buffer.of(value ? TYPE.true : TYPE.false)
  if (typeof value === 'number') return encodeNumber(value)
  return Buffer.concat([encodePrefix(value), Buffer.of(0)])
}

/** IEEE 754, most significant byte first, with the bits turned so that bytes compare as numbers do. */
function encodeNumber(value: number): Buffer {
  const bytes = Buffer.alloc(9)
  bytes[0] = TYPE.number
  bytes.writeDoubleBE(value === 0 ? 0 : value, 1)
  if (bytes[1]! & 0x80) for (let i = 1; i < 9; i++) bytes[i] = ~bytes[i]!
  else bytes[1]! ^= 0x80
  return bytes
}

/**
 * A string without its end. The end is 0, which must not occur within, or `a` would begin `a\u0000b`:
 * 0 is written as 1 1, and 1 as 1 2.
 */
function encodePrefix(text: string): Buffer {
  const bytes = [TYPE.string as number]
  for (const byte of Buffer.from(text, 'utf8')) bytes.push(...(byte < 2 ? [1, byte + 1] : [byte]))
  return Buffer.from(bytes)
}

/** The first bytes behind everything that starts with these. */
function behind(bytes: Buffer): Buffer {
  let end = bytes.length
  while (bytes[end - 1] === 0xff) end--
  const next = Buffer.from(bytes.subarray(0, end))
  next[end - 1]!++
  return next
}

/**
 * The index entries of one value: one per element of its array field, none for an empty array or an object.
 * Throws when two fields are arrays.
 */
export function indexEntries(value: unknown, fields: readonly string[]): Buffer[] {
  let tuples: Scalar[][] = [[]]
  let arrays = 0
  for (const field of fields) {
    const found = at(value, field)
    if (Array.isArray(found) && ++arrays > 1)
      throw new Error(`Two array fields in one index: ${fields.join(', ')}`)
    const elements = Array.isArray(found) ? found : [found ?? null]
    tuples = elements
      .filter((element) => element === null || typeof element !== 'object')
      .flatMap((element) => tuples.map((tuple) => [...tuple, element as Scalar]))
  }
  const distinct = new Map(tuples.map((tuple) => [encodeTuple(tuple).toString('latin1'), tuple]))
  return [...distinct.keys()].map((key) => Buffer.from(key, 'latin1'))
}

function at(value: unknown, path: string): unknown {
  let here = value
  for (const step of path.split('.')) {
    if (here === null || typeof here !== 'object' || Array.isArray(here) || !Object.hasOwn(here, step))
      return null
    here = (here as Record<string, unknown>)[step]
  }
  return here
}

/** The entries that a `find` is about: from `low` (inclusive) to `high` (exclusive). Throws for fields that the index lacks. */
export function indexRange(
  fields: readonly string[],
  find: Pick<Find, 'equals' | 'range'>,
): { low: Buffer; high: Buffer } {
  const equals = find.equals ?? {}
  const leading = fields.slice(0, Object.keys(equals).length)
  const values = leading.map((field) => {
    if (!Object.hasOwn(equals, field))
      throw new Error(`equals must name the index's first fields: ${fields.join(', ')}`)
    return equals[field]!
  })
  const base = encodeTuple(values)
  let low = base
  let high = base.length > 0 ? behind(base) : Buffer.of(0xff)
  const range = find.range
  if (range && leading.length === fields.length)
    throw new Error('A range needs a field behind those of equals')
  const narrow = (from: Buffer, to: Buffer) => {
    if (Buffer.compare(from, low) > 0) low = from
    if (Buffer.compare(to, high) < 0) high = to
  }
  // A bound speaks of values of its own type only.
  for (const bound of [range?.gt, range?.gte, range?.lt, range?.lte, range?.prefix]) {
    if (bound === undefined) continue
    const type = Buffer.concat([base, Buffer.of(typeof bound === 'number' ? TYPE.number : TYPE.string)])
    narrow(type, behind(type))
  }
  const whole = (value: Scalar) => Buffer.concat([base, encodeValue(value)])
  if (range?.gt !== undefined) narrow(behind(whole(range.gt)), high)
  if (range?.gte !== undefined) narrow(whole(range.gte), high)
  if (range?.lt !== undefined) narrow(low, whole(range.lt))
  if (range?.lte !== undefined) narrow(low, behind(whole(range.lte)))
  if (range?.prefix !== undefined) {
    const prefix = Buffer.concat([base, encodePrefix(range.prefix)])
    narrow(prefix, behind(prefix))
  }
  return { low, high }
}
