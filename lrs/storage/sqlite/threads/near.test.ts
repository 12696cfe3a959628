import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { StorageUnavailable } from '../../port.ts'
import type { Read } from './messages.ts'
import { createNear } from './near.ts'

let folder: string
let db: DatabaseSync
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'near-'))
  db = new DatabaseSync(join(folder, 'system.db'))
  db.exec(`PRAGMA journal_mode = WAL;
    CREATE TABLE doc (collection TEXT, key TEXT, value TEXT, revision INTEGER, expires INTEGER);
    INSERT INTO doc VALUES ('c', 'a', '1', 1, NULL), ('c', 'b', '2', 2, NULL);`)
})
afterEach(async () => {
  db.close()
  await rm(folder, { recursive: true })
})

const get = (key: string, path = join(folder, 'system.db')): Read => ({
  place: { path, kind: 'system', blobs: '' },
  now: 0,
  name: 'collections.get',
  args: [{ collection: 'c', key }],
})
const nowhere = () => Promise.reject(new Error('asked elsewhere'))

test('calls of one turn, for several databases, are each answered with what they asked for', async () => {
  const near = createNear(nowhere)
  const reads = [get('a'), get('b'), get('none'), get('a')]
  expect(await Promise.all(reads.map((read) => near.call(read)))).toEqual([
    { key: 'a', text: '1', revision: 1 },
    { key: 'b', text: '2', revision: 2 },
    null,
    { key: 'a', text: '1', revision: 1 },
  ])
  near.close()
})

test('a read shows what was committed before it was asked for', async () => {
  const near = createNear(nowhere)
  await near.call(get('a'))
  for (let value = 10; value < 20; value++) {
    db.exec(`UPDATE doc SET value = '${value}' WHERE key = 'a'`)
    expect(await near.call(get('a'))).toMatchObject({ text: `${value}` })
  }
  near.close()
})

test('while somebody holds the whole database, another thread is asked, and this one does not wait', async () => {
  db.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; UPDATE doc SET value = 3; COMMIT')
  const asked: unknown[] = []
  const near = createNear(async (read) => {
    asked.push(read)
    return 'elsewhere'
  })
  const read = get('a')
  expect(await near.call(read)).toBe('elsewhere')
  expect(asked).toEqual([read])
  near.close()
})

test('what the disk refuses is an outage for its caller alone, and the next call reads again', async () => {
  const near = createNear(nowhere)
  const missing = join(folder, 'missing', 'system.db')
  const [one, other] = await Promise.allSettled([near.call(get('a', missing)), near.call(get('b'))])
  expect(one).toMatchObject({ status: 'rejected', reason: expect.any(StorageUnavailable) })
  expect(other).toMatchObject({ status: 'fulfilled', value: { text: '2' } })
  near.close()
})

test('calls that wait when it is closed are answered', async () => {
  const near = createNear(nowhere)
  const waiting = near.call(get('b'))
  near.close()
  expect(await waiting).toMatchObject({ text: '2' })
})
