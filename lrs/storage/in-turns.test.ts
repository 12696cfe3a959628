import { expect, test } from 'vitest'
import { inTurns } from './in-turns.ts'

const work = (ms: number) => {
  const until = performance.now() + ms
  while (performance.now() < until);
}

test('maps in order, what is told later too', async () => {
  expect(await inTurns([1, 2, 3], (one) => (one === 2 ? Promise.resolve(20) : one))).toEqual([1, 20, 3])
  expect(await inTurns([], work)).toEqual([])
  await expect(inTurns([1], () => Promise.reject(new Error('no')))).rejects.toThrow('no')
})

test('others have the thread between pieces of long work', async () => {
  let done = 0
  const seen: number[] = []
  const other = setInterval(() => seen.push(done), 0)
  await inTurns(Array.from({ length: 20 }), () => {
    work(3)
    done++
  })
  clearInterval(other)
  // Without a pause the timer would come once, behind all of it.
  expect(seen.filter((at) => at > 0 && at < 20).length).toBeGreaterThan(3)
})
