import { expect, test } from 'vitest'
import { resourceOf } from './path.ts'

test.each([
  ['/statements', 'statements'],
  ['/statements/', 'statements'],
  ['//statements', 'statements'],
  ['/statements/statements', 'statements'],
  ['/statements/activities/state', 'activities/state'],
  ['/agents/profile/', 'agents/profile'],
  ['/about', 'about'],
])('%s is the resource %s', (path, resource) => {
  expect(resourceOf(path)).toBe(resource)
})

test.each([
  '',
  '/',
  '/statement',
  '/Statements',
  '/agents/state',
  '/statements/more/x',
  '/activities/%73tate',
])('%s is no resource', (path) => {
  expect(resourceOf(path)).toBeNull()
})
