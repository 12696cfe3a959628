import { expect, test } from 'vitest'
import { testView } from '../testing/view.ts'
import { responseWords } from './response-words.ts'

const view = testView('vi')
const choices = [
  { id: 'a', description: { vi: 'Thau giếng' } },
  { id: 'b', description: { vi: 'Khử trùng' } },
]

test('a response is told in the words that its learner saw', () => {
  const words = (definition: Parameters<typeof responseWords>[1], response: string) =>
    responseWords(view, definition, response)
  expect(words({ interactionType: 'true-false' }, 'false')).toBe('sai')
  expect(words({ interactionType: 'choice', choices }, 'b[,]a')).toBe('Khử trùng; Thau giếng')
  expect(words({ interactionType: 'sequencing', choices }, 'b[,]a')).toBe('Khử trùng → Thau giếng')
  expect(words({ interactionType: 'matching', source: choices, target: choices }, 'a[.]b')).toBe(
    'Thau giếng → Khử trùng',
  )
  expect(words({ interactionType: 'fill-in' }, 'sôi[,]20')).toBe('sôi; 20')
})

test('what nothing describes is shown as it was recorded', () => {
  expect(responseWords(view, { interactionType: 'choice' }, 'x')).toBe('x')
  expect(responseWords(view, {}, 'a[,]b')).toBe('a[,]b')
})
