import { expect, test } from 'vitest'
import { createHeadStart } from './head-start.ts'

test('what is light has none', () => {
  const headStart = createHeadStart()
  headStart.learn(50, 400)
  expect(headStart.of(999)).toBe(0)
})

test('it is most of what the quickest commits took, never far ahead of the clock, and one slow commit changes little', () => {
  const headStart = createHeadStart()
  expect(headStart.of(10_000)).toBe(225)
  headStart.learn(10_000, 200)
  expect(headStart.of(10_000)).toBe(150)
  expect(headStart.of(2_000)).toBe(30)
  headStart.learn(10_000, 9_000)
  expect(headStart.of(10_000)).toBe(187)
  for (let i = 0; i < 20; i++) headStart.learn(10_000, 9_000)
  expect(headStart.of(10_000)).toBe(500)
  headStart.learn(20_000, 200)
  expect(headStart.of(10_000)).toBe(75)
})
