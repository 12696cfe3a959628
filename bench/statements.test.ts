import { expect, test } from 'vitest'
import { createStatements } from './statements.ts'

const options = { seed: 7, actors: 1_000, activities: 160 }
const some = (count: number) => {
  const statements = createStatements(options)
  return Array.from({ length: count }, () => statements.next())
}

test('the same seed gives the same statements, each with an id of its own at the start', () => {
  expect(some(50)).toEqual(some(50))
  const ids = some(500).map((text) => /^\{"id":"([0-9a-f-]{36})"/.exec(text)?.[1])
  expect(new Set(ids).size).toBe(500)
})

test('a statement has about 2 kB', () => {
  const sizes = some(1_000).map((text) => Buffer.byteLength(text))
  expect(Math.min(...sizes)).toBeGreaterThan(1_950)
  expect(Math.max(...sizes)).toBeLessThan(2_150)
})

test('an activity has one definition, so that nothing in it changes from statement to statement', () => {
  const definitions = new Map<string, string>()
  for (const text of some(2_000)) {
    const { object, context } = JSON.parse(text)
    for (const { id, definition } of [object, ...context.contextActivities.parent]) {
      expect(definitions.get(id) ?? JSON.stringify(definition)).toBe(JSON.stringify(definition))
      definitions.set(id, JSON.stringify(definition))
    }
  }
})
