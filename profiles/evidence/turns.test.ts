import { expect, test } from 'vitest'
import { createTurns } from './turns.ts'

/** Work that ends when it is told to, and notes that it began. */
function slow() {
  const begun: string[] = []
  const ends: (() => void)[] = []
  const work = (name: string) => () => {
    begun.push(name)
    return new Promise<string>((resolve) => ends.push(() => resolve(name)))
  }
  const end = async () => {
    ends.shift()?.()
    await new Promise((done) => setImmediate(done))
  }
  return { begun, work, end }
}

test('one at a time, and those who wait take turns: a flood waits behind its own', async () => {
  const { begun, work, end } = slow()
  const turns = createTurns({ all: 20, one: 5 })
  for (const name of ['a1', 'a2', 'a3', 'b1', 'c1', 'b2']) void turns.take(name[0]!, work(name))
  for (let at = 0; at < 6; at++) {
    expect(begun).toHaveLength(at + 1)
    await end()
  }
  expect(begun).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'b2'])
})

test('too many of one, or of all, are told so at once; others are not held up', async () => {
  const { work, end } = slow()
  const turns = createTurns({ all: 3, one: 2 })
  const first = turns.take('a', work('a1'))
  expect(turns.take('a', work('a2'))).not.toBeNull()
  expect(turns.take('a', work('a3'))).not.toBeNull()
  expect(turns.take('a', work('a4'))).toBeNull()
  expect(turns.take('b', work('b1'))).not.toBeNull()
  expect(turns.take('c', work('c1'))).toBeNull()
  await end()
  expect(await first).toBe('a1')
  expect(turns.take('c', work('c1'))).not.toBeNull()
})

test('what fails is told to whoever waits for it, and holds nobody up', async () => {
  const turns = createTurns({ all: 2, one: 2 })
  const failing = turns.take('a', () => Promise.reject(new Error('broken')))
  const next = turns.take('a', async () => 'fine')
  await expect(failing).rejects.toThrow('broken')
  expect(await next).toBe('fine')
})
