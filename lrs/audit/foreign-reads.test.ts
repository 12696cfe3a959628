import { afterAll, beforeAll, expect, test } from 'vitest'
import { startXapi, type TestXapi } from '../../tests/support/xapi.ts'
import { createForeignReadLog } from './foreign-reads.ts'
import { readAudit } from './read.ts'

let xapi: TestXapi
beforeAll(async () => {
  xapi = await startXapi()
})
afterAll(() => xapi.close())

const entries = async () => {
  const page = await readAudit([xapi.storage.system], 'main', { kind: 'read', limit: 100 })
  return page.entries.map(({ actor, of, detail }) => [actor, of, detail.statements, detail.reads])
}

test('the first foreign read of a credential is logged at once, the next ones as a sum', async () => {
  await xapi.issue(['all'], 'Reader')
  const caller = await xapi.registry().callerOf('reader', 'key', ['statements/read'])
  const log = createForeignReadLog(xapi.storage.system)
  log.note({ caller, sources: ['a'], statements: 2 })
  await expect.poll(entries).toEqual([['key', ['a'], 2, 1]])
  log.note({ caller, sources: ['b'], statements: 3 })
  log.note({ caller, sources: ['c', 'b'], statements: 4 })
  // What another person reads on the pages is an entry of its own.
  log.note({ caller: { ...caller, person: 'lan' }, sources: ['b'], statements: 1 })
  await log.flush()
  expect((await entries()).slice(0, 2)).toEqual(
    expect.arrayContaining([
      ['key', ['b', 'c'], 7, 2],
      ['lan', ['b'], 1, 1],
    ]),
  )
})
