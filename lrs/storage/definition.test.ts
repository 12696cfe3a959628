import { expect, test } from 'vitest'
import { mergeDefinition } from './definition.ts'

test('XAPI-00254: a definition keeps the languages that an earlier statement of the source gave', () => {
  const merged = mergeDefinition('{"name":{"vi":"Rác"}}', ['{"name":{"en":"Waste"},"type":"http://a.vn/t"}'])
  expect(JSON.parse(merged)).toEqual({ name: { vi: 'Rác', en: 'Waste' }, type: 'http://a.vn/t' })
})

test('the newer definition holds where both say something', () => {
  const merged = mergeDefinition(
    '{"name":{"vi":"cũ"},"correctResponsesPattern":["a"],"moreInfo":"http://a.vn/m"}',
    ['{"name":{"vi":"mới"},"correctResponsesPattern":["b"]}'],
  )
  expect(JSON.parse(merged)).toEqual({
    name: { vi: 'mới' },
    correctResponsesPattern: ['b'],
    moreInfo: 'http://a.vn/m',
  })
})

test('a definition that says nothing new comes back as the text it was', () => {
  const older = '{"type":"http://a.vn/t","name":{"vi":"Rác","en":"Waste"}}'
  expect(mergeDefinition(older, ['{"name":{"en":"Waste"}}'])).toBe(older)
  expect(mergeDefinition(older, ['{"name":{"en":"Waste","vi":"Rác"},"type":"http://a.vn/t"}'])).toBe(older)
})

test('a definition that says all that the older one said is kept token by token', () => {
  const newer = '{"name":{"vi":"Rác"},"extensions":{"http://a.vn/e":1.0}}'
  expect(mergeDefinition('{"name":{"vi":"Rác"}}', [newer])).toBe(newer)
})

test('of several definitions the last one holds, also when it was stated before', () => {
  const one = '{"name":{"vi":"một"}}'
  const merged = mergeDefinition(one, [one, '{"name":{"vi":"hai","en":"two"}}', one, one])
  expect(JSON.parse(merged)).toEqual({ name: { vi: 'một', en: 'two' } })
})

test('a definition to which ever more is added does not grow without end, and the newest is always there', () => {
  const stated = (language: number) => JSON.stringify({ name: { [`en-x-${language}`]: 'x'.repeat(100) } })
  let held = stated(0)
  for (let batch = 0; batch < 10; batch++) {
    const texts = Array.from({ length: 2_000 }, (_, at) => stated(batch * 2_000 + at))
    held = mergeDefinition(held, texts)
    expect(held.length).toBeLessThan(250_000)
    expect(Object.keys(JSON.parse(held).name)).toContain(`en-x-${batch * 2_000 + 1_999}`)
  }
})
