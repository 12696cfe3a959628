import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readQuery } from './query.ts'

const read = (text: string, limit = 1_000) => readQuery(text, 'parameter', limit)

test('every map of parameters comes back from its percent-encoding', () => {
  const names = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
    .filter((name) => !name.includes('\0'))
  fc.assert(
    fc.property(fc.dictionary(names, names, { maxKeys: 5, noNullPrototype: true }), (values) => {
      const text = Object.entries(values)
        .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
        .join('&')
      expect(Object.fromEntries(read(text, 10_000))).toEqual(values)
    }),
  )
})

test.each(['a=%', 'a=%zz', 'a=%ff', 'a=%c3%28', '%e0%80=b', 'a=%00', 'a%00=b'])(
  '%s is refused with 400',
  (text) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({ problem: expect.objectContaining({ status: 400 }) }),
    )
  },
)

test('a parameter that is given twice is refused, also by two spellings', () => {
  expect(() => read('a=1&a=1')).toThrow('more than once')
  expect(() => read('a=1&%61=2')).toThrow('more than once')
})

test('parameters beyond the limit are refused with 413, which names it', () => {
  expect(() => read(`a=${'x'.repeat(1_000)}`)).toThrow('1000 bytes')
})
