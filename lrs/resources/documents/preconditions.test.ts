import { expect, test } from 'vitest'
import { holds } from '../../storage/port.ts'
import { readPrecondition } from './preconditions.ts'

test.each([
  [{ ifMatch: '*' }, { kind: 'present' }],
  [{ ifNoneMatch: '*' }, { kind: 'absent' }],
  [{ ifMatch: '"abc"' }, { kind: 'etags', etags: ['abc'] }],
  [{ ifMatch: ' W/"ABC" , "def"' }, { kind: 'etags', etags: ['abc', 'def'] }],
  [{ ifMatch: 'abc' }, { kind: 'etags', etags: ['abc'] }],
  [{ ifNoneMatch: '"abc"' }, { kind: 'not-etags', etags: ['abc'] }],
  [{}, null],
])('%o reads as %o', (headers, precondition) => {
  expect(readPrecondition(headers)).toEqual({ ok: true, precondition })
})

test.each([
  { ifMatch: '' },
  { ifMatch: '"a' },
  { ifMatch: '"a",' },
  { ifNoneMatch: 'a b' },
  { ifMatch: '*', ifNoneMatch: '*' },
])('%o is refused', (headers) => {
  expect(readPrecondition(headers)).toMatchObject({ ok: false, status: 400 })
})

test('XAPI-00322: each precondition holds for what it asks for and nothing else', () => {
  const held = (current: string | null) =>
    (
      [
        { kind: 'any' },
        { kind: 'absent' },
        { kind: 'present' },
        { kind: 'etags', etags: ['a'] },
        { kind: 'not-etags', etags: ['a'] },
      ] as const
    ).map((precondition) => holds(precondition, current))
  expect(held(null)).toEqual([true, true, false, false, true])
  expect(held('a')).toEqual([true, false, true, true, false])
  expect(held('b')).toEqual([true, false, true, false, true])
})
