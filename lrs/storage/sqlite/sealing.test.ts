import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { idOf, recordOf } from '../../../tests/contract/support/records.ts'
import type { Storage } from '../port.ts'
import { type Connection, connect } from './connection.ts'
import { openSqlite } from './index.ts'
import { migrate } from './migrations/index.ts'

let directory: string
let look: Connection
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sealing-'))
  mkdirSync(join(directory, 'tenants'))
  look = connect(join(directory, 'tenants', 't.db'), 'writer')
  migrate(look, 'tenant')
  look.run('UPDATE sealing SET size = 64')
})
afterEach(() => {
  look.close()
  rmSync(directory, { recursive: true })
})

const open = (sealEvery: number): Promise<Storage> => openSqlite({ directory, sealEvery })
const done = () => look.row<{ done: number }>('SELECT done FROM sealing')!.done
const outdated = () => look.rows('SELECT term FROM outdated_posting').length
const recordsFrom = (first: number, count: number) =>
  Array.from({ length: count }, (_, i) =>
    recordOf(first + i, { keys: [`agent:${(first + i) % 2}`, 'verb:done'] }),
  )

async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; !isSo(); tries++) {
    if (tries > 1_000) throw new Error('It did not come to that')
    await delay(10)
  }
}

test('complete segments are sealed while the store runs, older ones after a start, changed ones again', async () => {
  let storage = await open(60_000)
  await storage.tenant('t').statements.write(recordsFrom(0, 300))
  expect(done()).toBe(0)
  await storage.close()

  storage = await open(5)
  const { statements } = storage.tenant('t')
  await statements.count()
  await until(() => done() === 4)
  await statements.write(recordsFrom(300, 100))
  await until(() => done() === 6)

  await statements.purge([idOf(10), idOf(100)], 'test')
  await until(() => outdated() === 0 && done() === 6)
  const query = { keys: ['agent:0', 'verb:done'], ascending: true, limit: 500, maxBytes: 1e9 }
  const expected = recordsFrom(0, 400).filter((_, i) => i % 2 === 0 && i !== 10 && i !== 100)
  const { statements: found } = await statements.query(query)
  expect(found.map(({ id }) => id)).toEqual(expected.map(({ id }) => id))
  await storage.close()
})
