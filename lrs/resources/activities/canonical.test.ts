import { expect, test } from 'vitest'
import { mergeSources } from './canonical.ts'

const from = (source: string, definition: unknown) => ({ source, text: JSON.stringify(definition) })
const first = from('first', {
  name: { vi: 'Phân loại rác' },
  interactionType: 'choice',
  correctResponsesPattern: ['a'],
  choices: [{ id: 'a', description: { vi: 'Hữu cơ' } }, { id: 'b' }],
})
const second = from('second', {
  name: { vi: 'Tên khác', en: 'Sorting waste' },
  description: { en: 'About waste' },
  interactionType: 'choice',
  correctResponsesPattern: ['b'],
  type: 'http://example.vn/type',
  choices: [
    { id: 'b', description: { en: 'Glass' } },
    { id: 'a', description: { en: 'Organic' } },
    { id: 'c', description: { en: 'Other' } },
  ],
})

test('another source adds languages and changes nothing, above all no correct answer', () => {
  expect(JSON.parse(mergeSources([first, second], null) ?? '')).toEqual({
    name: { vi: 'Phân loại rác', en: 'Sorting waste' },
    description: { en: 'About waste' },
    interactionType: 'choice',
    correctResponsesPattern: ['a'],
    choices: [
      { id: 'a', description: { vi: 'Hữu cơ', en: 'Organic' } },
      { id: 'b', description: { en: 'Glass' } },
    ],
  })
})

test('the source that the operator chose is canonical', () => {
  const merged = JSON.parse(mergeSources([first, second], 'second') ?? '')
  expect(merged).toMatchObject({ name: { vi: 'Tên khác' }, correctResponsesPattern: ['b'] })
})

test('one source’s definition stays as it was sent, token by token', () => {
  const text = '{"extensions":{"http://example.vn/e":1.0}}'
  expect(mergeSources([{ source: 'first', text }], null)).toBe(text)
  expect(
    mergeSources([{ source: 'first', text }, from('second', { type: 'http://example.vn/t' })], null),
  ).toBe(text)
})

test('an activity that nobody defined has no definition', () => {
  expect(mergeSources([], null)).toBeNull()
})
