import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeTuple, indexEntries, indexRange, type Scalar } from './tuple.ts'

const number = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer())
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('\u0000', '\u0001', '\u0002', 'a') }),
)
const scalar: fc.Arbitrary<Scalar> = fc.oneof(number, text, fc.boolean(), fc.constant(null))

const rank = (value: Scalar) =>
  [null, 'boolean', 'number', 'string'].indexOf(value === null ? null : typeof value)
function compare(a: Scalar, b: Scalar): number {
  if (rank(a) !== rank(b)) return rank(a) - rank(b)
  if (typeof a === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b as string))
  return Number(a) - Number(b)
}

test('bytes of tuples compare as the tuples do', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(scalar, scalar), { minLength: 1, maxLength: 3 }), (pairs) => {
      const [left, right] = [pairs.map(([a]) => a), pairs.map(([, b]) => b)]
      const expected = pairs.map(([a, b]) => compare(a, b)).find((order) => order !== 0) ?? 0
      expect(Math.sign(Buffer.compare(encodeTuple(left), encodeTuple(right)))).toBe(Math.sign(expected))
    }),
    { numRuns: 2_000 },
  )
})

test('no value begins another one, so that equality of leading fields is a range', () => {
  fc.assert(
    fc.property(scalar, scalar, (a, b) => {
      fc.pre(compare(a, b) !== 0)
      expect(
        encodeTuple([b])
          .subarray(0, encodeTuple([a]).length)
          .equals(encodeTuple([a])),
      ).toBe(false)
    }),
    { numRuns: 2_000 },
  )
})

test('a prefix covers exactly the strings that start with it', () => {
  fc.assert(
    fc.property(text, text, fc.boolean(), (prefix, other, starts) => {
      const value = starts ? prefix + other : other
      const { low, high } = indexRange(['f'], { range: { prefix } })
      const entry = encodeTuple([value])
      const within = Buffer.compare(entry, low) >= 0 && Buffer.compare(entry, high) < 0
      expect(within).toBe(
        Buffer.from(value).subarray(0, Buffer.from(prefix).length).equals(Buffer.from(prefix)),
      )
    }),
    { numRuns: 2_000 },
  )
})

test('a value has one entry per element, none for an empty array or an object, and inherits nothing', () => {
  expect(indexEntries({ a: ['x', 'y', 'x'], b: 1 }, ['a', 'b'])).toEqual([
    encodeTuple(['x', 1]),
    encodeTuple(['y', 1]),
  ])
  expect(indexEntries({ a: [] }, ['a'])).toEqual([])
  expect(indexEntries({ a: { b: 1 } }, ['a'])).toEqual([])
  expect(indexEntries({ a: { b: 1 } }, ['a.b'])).toEqual([encodeTuple([1])])
  expect(indexEntries({}, ['constructor', 'a.b'])).toEqual([encodeTuple([null, null])])
  expect(() => indexEntries({ a: [1], b: [2] }, ['a', 'b'])).toThrow()
})
