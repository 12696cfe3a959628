import { expect, test } from 'vitest'
import { PROBLEMS } from '../../lrs/statement/problems.ts'
import { testView } from '../testing/view.ts'
import { mostlyBecause, whyOf } from './refusals.ts'

test('every problem of a statement has its reason in words', () => {
  for (const id of Object.keys(PROBLEMS)) expect(whyOf(id), id).not.toBe('other')
})

test.each([
  ['scope-missing', 'scope'],
  ['authorization-wrong', 'credential'],
  ['authorization-busy', 'busy'],
  ['statement-conflict', 'conflict'],
  ['statement-id-parameter', 'request'],
  ['void-foreign', 'void'],
  ['voiding-object', 'statement'],
  ['precondition-missing', 'document'],
  ['storage-unavailable', 'server'],
  ['something-new', 'other'],
])('%s is told as %s', (id, why) => expect(whyOf(id)).toBe(why))

test('kindred problems count together', () => {
  const problems = { 'scope-missing': 3, 'agent-mbox': 2, 'agent-identifier': 2 }
  expect(mostlyBecause(testView('en'), problems)).toBe('the learner is not named as it has to be')
  expect(mostlyBecause(testView('vi'), {})).toBeNull()
})
