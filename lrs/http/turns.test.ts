import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createTurns } from './turns.ts'

/** Work that ends when it is told to, and what was begun so far. */
function bench(limits = { weightAlone: 100, weightShared: 20, activeMs: 1_000 }) {
  let now = 0
  const turns = createTurns(limits, () => now)
  const begun: { source: string; end(): void }[] = []
  return {
    begun,
    ask: (source: string, weight = 1) =>
      turns.take(source, weight, () => {
        const { promise, resolve } = Promise.withResolvers<void>()
        begun.push({ source, end: resolve })
        return promise
      }),
    under: (source: string) => begun.filter((one) => one.source === source).length,
    pass: (ms: number) => {
      now += ms
    },
    async settle() {
      for (let ticks = 0; ticks < 40; ticks++) await setImmediate()
    },
  }
}

test('a source alone has much under way, and what goes beyond waits and is lost nowhere', async () => {
  const { ask, begun, settle } = bench()
  const all = Promise.all(Array.from({ length: 1_000 }, () => ask('one')))
  await settle()
  expect(begun).toHaveLength(100)
  for (let at = 0; at < 1_000; at++) {
    begun[at]?.end()
    if (at % 50 === 49) await settle()
  }
  await all
  expect(begun).toHaveLength(1_000)
})

test('where others were there lately each has its share, and who comes is begun at once', async () => {
  const { ask, begun, under, settle } = bench()
  ask('quiet').catch(() => {})
  begun[0]?.end()
  await settle()
  for (let n = 0; n < 500; n++) void ask('loud')
  await settle()
  expect(under('loud')).toBe(20)
  void ask('quiet')
  await settle()
  expect(under('quiet')).toBe(2)
})

test('all together have twice what one has, and yet nobody waits for the first of his', async () => {
  const { ask, begun, under, settle } = bench()
  for (let n = 0; n < 100; n++) for (const source of ['a', 'b', 'c', 'd']) void ask(source)
  await settle()
  expect(begun.length).toBeLessThanOrEqual(20 + 20 + 2)
  void ask('late')
  await settle()
  expect(under('late')).toBe(1)
})

test('who did not ask for a while does not narrow the others any more', async () => {
  const { ask, begun, under, pass, settle } = bench()
  void ask('quiet')
  begun[0]?.end()
  await settle()
  pass(1_001)
  for (let n = 0; n < 500; n++) void ask('loud')
  await settle()
  expect(under('loud')).toBe(100)
})

test('work heavier than a share is done alone and leaves others theirs, and what fails gives its turn back', async () => {
  const { ask, begun, under, settle } = bench()
  void ask('quiet')
  const heavy = ask('loud', 50)
  const next = ask('loud', 50)
  await settle()
  expect(under('loud')).toBe(1)
  for (let n = 0; n < 30; n++) void ask('quiet')
  await settle()
  expect(under('quiet')).toBe(20)
  begun.find(({ source }) => source === 'loud')?.end()
  await heavy
  await settle()
  expect(under('loud')).toBe(2)
  begun.findLast(({ source }) => source === 'loud')?.end()
  await next
  const turns = createTurns({ weightAlone: 1, weightShared: 1, activeMs: 1 })
  await expect(turns.take('one', 1, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed')
  expect(await turns.take('one', 1, async () => 'done')).toBe('done')
})
