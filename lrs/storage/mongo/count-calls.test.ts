import { expect, test } from 'vitest'
import { countCalls } from './count-calls.ts'

test('a call is counted by its kind until it is answered, well or not; what answers at once never is', async () => {
  const calls = { reading: 0, waiting: 0 }
  const { promise, resolve } = Promise.withResolvers<string>()
  const part = countCalls(
    {
      get: () => promise,
      put: async () => {
        await promise
        throw new Error('disk full')
      },
      onChange: () => () => 'left',
    },
    ['get'],
    calls,
  )
  const reading = part.get()
  const writing = part.put()
  expect(part.onChange()()).toBe('left')
  expect(calls).toEqual({ reading: 1, waiting: 1 })
  resolve('found')
  expect(await reading).toBe('found')
  await expect(writing).rejects.toThrow('disk full')
  expect(calls).toEqual({ reading: 0, waiting: 0 })
})
