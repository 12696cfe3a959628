import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Collections, defineCollection } from './collections.ts'
import { findPage } from './find-page.ts'
import { StorageUnavailable } from './port.ts'
import { openSqlite } from './sqlite/index.ts'

const things = defineCollection<{ n: number }>('things', { n: ['n'] })

test('a mistyped place in a list leads to the first page, an outage stays one', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'suotdoi-find-'))
  const storage = await openSqlite({ directory })
  await storage.migrate()
  const { collections } = storage.tenant('main')
  for (const n of [1, 2, 3]) await collections.put(things, `k${n}`, { n })
  const numbers = async (after?: string) =>
    (await findPage(collections, things, { index: 'n', limit: 2, after })).docs.map(({ value }) => value.n)
  const { next } = await findPage(collections, things, { index: 'n', limit: 2 })
  expect(await numbers(next!)).toEqual([3])
  for (const mistyped of ['x', next!.slice(0, -3), '%']) expect(await numbers(mistyped)).toEqual([1, 2])
  await storage.close()
  await rm(directory, { recursive: true })

  const out = { find: async () => Promise.reject(new StorageUnavailable('full')) } as unknown as Collections
  await expect(findPage(out, things, { index: 'n', limit: 2, after: 'x' })).rejects.toThrow('full')
})
