import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { runSteps } from './stop.ts'

const never = () => new Promise(() => {})

test('a step that fails is told, and those behind it are done', async () => {
  const done: string[] = []
  const failure = new Error('the disk is gone')
  const { errors, leftBehind } = await runSteps(
    [
      { name: 'first', run: async () => done.push('first') },
      { name: 'second', run: () => Promise.reject(failure) },
      { name: 'third', run: async () => done.push('third') },
    ],
    5_000,
  )
  expect(done).toEqual(['first', 'third'])
  expect(errors).toEqual([{ step: 'second', error: failure }])
  expect(leftBehind).toEqual([])
})

test('a stop does not wait longer than it says, for all of its steps together', async () => {
  const begun = performance.now()
  const slow = () => new Promise((resolve) => setTimeout(resolve, 60))
  const steps = [
    { name: 'slow', run: slow },
    { name: 'never', run: never },
    { name: 'behind', run: async () => expect.unreachable() },
  ]
  expect(await runSteps(steps, 100)).toEqual({ errors: [], leftBehind: ['never'] })
  expect(performance.now() - begun).toBeLessThan(10_000)
})

test('a step that has a time of its own does not take that of those behind it', async () => {
  const done: string[] = []
  const steps = [
    { name: 'never', run: never, atMost: 50 },
    { name: 'behind', run: async () => done.push('behind') },
  ]
  expect(await runSteps(steps, 5_000)).toEqual({ errors: [], leftBehind: ['never'] })
  expect(done).toEqual(['behind'])
})

test.runIf(process.platform !== 'win32')(
  'an end does not wait for a thread that is deep in the store',
  async () => {
    const program = `
    import { Worker } from 'node:worker_threads'
    import { endWithoutThreads } from ${JSON.stringify(new URL('stop.ts', import.meta.url).href)}
    const busy = new Worker(\`
      const { DatabaseSync } = require('node:sqlite')
      require('node:worker_threads').parentPort.postMessage('begun')
      new DatabaseSync(':memory:').prepare(
        'WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 1e9) SELECT count(*) FROM c',
      ).get()
    \`, { eval: true, execArgv: [] })
    busy.once('message', () => setTimeout(() => endWithoutThreads(3), 100))
  `
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program], { stdio: 'ignore' })
    expect(await once(child, 'close')).toEqual([3, null])
  },
  30_000,
)
