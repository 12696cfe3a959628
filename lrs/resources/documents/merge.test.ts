import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mergeObjects } from './merge.ts'

test('XAPI-00183: a merge goes one level deep and replaces whole values', () => {
  const merged = mergeObjects(
    '{"car":{"make":"Ford","model":"Escape"},"driver":"Dale"}',
    '{"car":{"make":"Dodge"}}',
  )
  expect(JSON.parse(merged ?? '')).toEqual({ car: { make: 'Dodge' }, driver: 'Dale' })
})

test('a merge keeps every token that it does not replace', () => {
  expect(mergeObjects('{"a":1.0,"__proto__":12345678901234567890,"10":1}', '{"b":1e2}')).toBe(
    '{"a":1.0,"__proto__":12345678901234567890,"10":1,"b":1e2}',
  )
})

test.each(['[1]', '"a"', '1', 'null'])('XAPI-00229: %s is no object to merge', (value) => {
  expect(mergeObjects('{}', value)).toBeNull()
  expect(mergeObjects(value, '{}')).toBeNull()
})

test('XAPI-00184: in every merge the newer values win and nothing else is lost', () => {
  const objects = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }))
  fc.assert(
    fc.property(objects, objects, (older, newer) => {
      const merged = mergeObjects(JSON.stringify(older), JSON.stringify(newer))
      expect(JSON.parse(merged ?? '')).toEqual(JSON.parse(JSON.stringify({ ...older, ...newer })))
    }),
  )
})
