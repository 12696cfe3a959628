import { randomUUID } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { idOf, recordOf } from '../../../tests/contract/support/records.ts'
import { describeOnMongo } from '../../../tests/support/left-out.ts'
import { type MongoServer, startMongo } from '../../../tests/support/mongo-server.ts'
import { pack } from '../packed.ts'
import { openMongo } from './index.ts'

describeOnMongo('a batch on MongoDB', {}, () => {
  let server: MongoServer
  beforeAll(async () => {
    server = await startMongo()
  })
  afterAll(() => server.stop())

  async function* groups(count: number) {
    for (let i = 0; i < count; i += 100)
      yield* pack(Array.from({ length: 100 }, (_, at) => recordOf(i + at, { text: '{"t":"\u2028 line"}' })))
  }

  test('that cannot be written in one transaction within its time is refused with what could, and nothing of it is kept', async () => {
    const spool = join(tmpdir(), `spool-${randomUUID()}`)
    const url = server.urlOf(`long-${randomUUID().slice(0, 8)}`)
    const storage = await openMongo({ url, longestWrite: 0, spool })
    const { statements, feed } = storage.tenant('t')
    expect(await statements.write(groups(2_000))).toEqual({
      ok: false,
      refusal: { kind: 'too-many', most: 500 },
    })
    expect(await statements.count()).toBe(0)
    expect(await statements.get(idOf(0))).toBeNull()
    expect(await feed.read(0, 10)).toEqual([])
    // So many can be.
    expect(await statements.write(groups(500))).toMatchObject({ ok: true, fresh: 500 })
    expect(await readdir(join(spool, 't'))).toEqual([])
    await storage.close()
  })
})
