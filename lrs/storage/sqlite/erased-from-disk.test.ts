import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { idOf, recordOf } from '../../../tests/contract/support/records.ts'
import { defineCollection } from '../collections.ts'
import { openSqlite } from './index.ts'

/** All bytes of the data folder that could hold a text. */
async function onDisk(directory: string, secret: string): Promise<string[]> {
  const found: string[] = []
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    if ((await readFile(path)).includes(secret)) found.push(entry.name)
  }
  return found
}

test('what was purged or re-keyed is in no file any more: not in freed pages, not in the log', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'erased-'))
  const storage = await openSqlite({ directory })
  const { statements } = storage.tenant('t')
  const secret = 'nguyen-van-an@example.vn'
  const about = (name: string) => ({
    text: `{"actor":"mailto:${secret}","filler":"${'x'.repeat(name === 'long' ? 20_000 : 100)}"}`,
    keys: ['verb:v', `agent:mbox:mailto:${secret}`],
    names: [{ agent: `mbox:mailto:${secret}`, name: secret }],
  })
  for (const name of ['long', 'short', 'rekeyed']) await statements.write([recordOf(name, about(name))])
  await statements.write([recordOf('other')])
  await statements.query({ keys: ['verb:v'], ascending: true, limit: 10, maxBytes: 1e6 })
  expect((await onDisk(directory, secret)).length).toBeGreaterThan(0)

  await statements.purge([idOf('long'), idOf('short')], 'law')
  await statements.rewrite(
    [
      {
        id: idOf('rekeyed'),
        expected: `1:${idOf('rekeyed')}`,
        text: '{"stored":"x"}',
        fingerprint: '1:new',
        keys: ['verb:v'],
        attachments: [],
        names: [],
      },
    ],
    'law',
  )
  expect(await onDisk(directory, secret)).toEqual([])
  expect(await statements.count()).toBe(2)
  await storage.close()
  expect(await onDisk(directory, secret)).toEqual([])
  await rm(directory, { recursive: true })
})

test('what was deleted leaves the files soon after, also when a kill had left it in the log', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'erased-'))
  const killed = await openSqlite({ directory })
  const lines = defineCollection<string>('lines')
  const secret = 'nguyen-van-an@example.vn'
  await killed.tenant('t').collections.put(lines, 'a', secret)
  await killed.tenant('t').collections.delete(lines, 'a')
  const left = await mkdtemp(join(tmpdir(), 'erased-'))
  await cp(directory, left, { recursive: true })
  expect(await onDisk(left, secret)).toEqual(['t.db-wal'])

  const storage = await openSqlite({ directory: left, sweepEvery: 100 })
  const { collections } = storage.tenant('t')
  await collections.count(lines)
  await expect.poll(() => onDisk(left, secret)).toEqual([])
  await collections.put(lines, 'b', secret)
  await expect.poll(() => onDisk(left, secret)).toEqual(['t.db'])
  await collections.delete(lines, 'b')
  await expect.poll(() => onDisk(left, secret)).toEqual([])

  await Promise.all([storage.close(), killed.close()])
  await Promise.all([directory, left].map((folder) => rm(folder, { recursive: true })))
})
