import { afterAll, beforeAll, expect, test } from 'vitest'
import { startXapi, type TestXapi } from '../../tests/support/xapi.ts'
import { createForeignReadLog, readAccessLog } from './access-log.ts'

let xapi: TestXapi
beforeAll(async () => {
  xapi = await startXapi()
})
afterAll(() => xapi.close())

test('the first foreign read of a credential is logged at once, the next ones as a sum', async () => {
  await xapi.issue(['all'], 'Reader')
  const caller = await xapi.registry().callerOf('reader', 'key', ['statements/read'])
  const log = createForeignReadLog(xapi.storage.system)
  const entries = async () =>
    (await readAccessLog(xapi.storage.system, 'main'))
      .filter(({ action }) => action === 'foreign-read')
      .map(({ by, detail }) => [by, detail])
  log.note({ caller, sources: ['a'], statements: 2 })
  await expect.poll(entries).toEqual([['key', { of: ['a'], statements: 2, reads: 1 }]])
  log.note({ caller, sources: ['b'], statements: 3 })
  log.note({ caller, sources: ['c', 'b'], statements: 4 })
  await log.flush()
  expect((await entries())[0]).toEqual(['key', { of: ['b', 'c'], statements: 7, reads: 2 }])
})
