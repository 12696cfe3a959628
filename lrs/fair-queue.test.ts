import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createFairQueue } from './fair-queue.ts'

test('ten thousand of one owner do not stand before the one of another', () => {
  const queue = createFairQueue<string>()
  for (let n = 0; n < 10_000; n++) queue.push('loud', `loud ${n}`)
  queue.push('quiet', 'quiet')
  expect([queue.take(), queue.take(), queue.take()]).toEqual(['loud 0', 'quiet', 'loud 1'])
  expect([queue.size, queue.waiting('loud'), queue.waiting('quiet')]).toEqual([9_998, 9_998, 0])
})

test('who may not go now is passed over and keeps its place', () => {
  const queue = createFairQueue<number>()
  queue.push('a', 1)
  queue.push('b', 2)
  expect(queue.take((owner) => owner !== 'a')).toBe(2)
  expect(queue.take((owner) => owner !== 'a')).toBeUndefined()
  expect(queue.take()).toBe(1)
})

test('all come out once, each line in its order, and no owner waits for two of another', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 60 }), (owners) => {
      const queue = createFairQueue<{ owner: string; n: number }>()
      owners.forEach((owner, n) => void queue.push(owner, { owner, n }))
      const out = owners.map(() => queue.take()!)
      expect(queue.take()).toBeUndefined()
      for (const owner of ['a', 'b', 'c']) {
        const own = out.flatMap((one) => (one.owner === owner ? [one.n] : []))
        expect(own).toEqual(owners.flatMap((one, n) => (one === owner ? [n] : [])))
        const places = out.flatMap((one, at) => (one.owner === owner ? [at] : []))
        places.forEach((place, at) => void expect(place - (places[at - 1] ?? -1)).toBeLessThanOrEqual(3))
      }
    }),
  )
})
