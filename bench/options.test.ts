import { expect, test } from 'vitest'
import { readBenchOptions } from './options.ts'

const read = (...args: string[]) => readBenchOptions(args, ['post-one', 'pages'])

test('without words, all benchmarks run for people to read', () => {
  expect(read()).toMatchObject({ ok: true, options: { only: null, json: false, rounds: 3, scale: 1 } })
})

test('several are named with commas', () => {
  expect(read('--only', 'pages,post-one', '--json', '--rounds=5')).toMatchObject({
    options: { only: ['pages', 'post-one'], json: true, rounds: 5 },
  })
})

test('an unknown name is answered with the list', () => {
  expect(read('--only', 'pages,post-two')).toMatchObject({
    ok: false,
    message: expect.stringMatching(/post-two.*post-one, pages/),
  })
})

test.each([['--rounds=0'], ['--rounds=x'], ['--scale=0'], ['--scale=2'], ['--oops']])(
  '%s is refused',
  (word) => {
    expect(read(word).ok).toBe(false)
  },
)

test('on MongoDB a benchmark may be called by its name on SQLite', () => {
  const names = ['post-one', 'mongo-post-one', 'mongo-conflicts']
  expect(readBenchOptions(['--store', 'mongo', '--only', 'post-one,mongo-conflicts'], names)).toMatchObject({
    options: { store: 'mongo', only: ['mongo-post-one', 'mongo-conflicts'] },
  })
  expect(readBenchOptions(['--only', 'post-one'], names)).toMatchObject({
    options: { store: 'sqlite', only: ['post-one'] },
  })
  expect(readBenchOptions(['--store', 'oracle'], names).ok).toBe(false)
})
