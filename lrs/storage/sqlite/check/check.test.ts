import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { idOf, recordOf, voidOf } from '../../../../tests/contract/support/records.ts'
import { defineCollection } from '../../collections.ts'
import type { Finding, Storage } from '../../port.ts'
import { openSqlite } from '../index.ts'

const THINGS = defineCollection<{ n: number }>('things', { byN: ['n'] })

let directory: string
let storage: Storage
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'check-'))
  storage = await openSqlite({ directory })
  await fill()
})
afterEach(async () => {
  await storage.close()
  rmSync(directory, { recursive: true })
})

async function fill(): Promise<void> {
  const { statements, collections, blobs } = storage.tenant('one')
  const { sha2 } = await blobs.put([Buffer.from('an attachment')] as never)
  const lesson = await blobs.put([Buffer.from('a lesson')] as never)
  await blobs.hold('lesson', [lesson.sha2])
  await statements.write([
    recordOf('a', { keys: ['verb:done', 'agent:1'], attachments: [sha2] }),
    recordOf('b', { keys: ['verb:done'], refersTo: idOf('a') }),
    recordOf('c'),
    voidOf('v', 'c'),
  ])
  for (let i = 0; i < 40; i++) await statements.write([recordOf(i)])
  await statements.purge([idOf(3), idOf(4)], 'law')
  await collections.put(THINGS, 'x', { n: 1 })
  await collections.put(THINGS, 'y', { n: 2 })
}

async function found(options = {}): Promise<Finding[]> {
  const all: Finding[] = []
  for await (const finding of storage.check(options)) all.push(finding)
  return all
}
const kinds = async () => [...new Set((await found()).map(({ kind }) => kind))]

/** Damages the closed database by hand and opens it again. */
async function damage(sql: string): Promise<void> {
  await storage.close()
  const db = new DatabaseSync(join(directory, 'tenants', 'one.db'))
  expect(db.prepare(sql).run().changes).toBeGreaterThan(0)
  db.close()
  storage = await openSqlite({ directory })
}

const seqOf = (name: string) => `(SELECT seq FROM statement WHERE id = x'${idOf(name).replaceAll('-', '')}')`
const termOf = (key: string) => `(SELECT no FROM term WHERE key = '${key}')`

describe('check', () => {
  test('finds nothing in a store that is well, purged and voided statements included', async () => {
    expect(await found()).toEqual([])
  })

  test('finds nothing while others write', async () => {
    let writing = true
    const writer = (async () => {
      for (let i = 0; writing; i++) {
        const { statements, collections } = storage.tenant('one')
        await statements.write([recordOf(`w${i}`), voidOf(`wv${i}`, `w${i}`)])
        await collections.put(THINGS, 'x', { n: i })
        if (i % 5 === 0) await statements.purge([idOf(`w${i}`)], 'law')
      }
    })()
    for (let round = 0; round < 5; round++) expect(await found()).toEqual([])
    writing = false
    await writer
  })

  test.each([
    ['entry-missing', `DELETE FROM entry WHERE term = ${termOf('agent:1')}`],
    ['entry-extra', `INSERT INTO entry VALUES (${termOf('agent:1')}, ${seqOf('b')})`],
    ['term-missing', `DELETE FROM term WHERE key = 'agent:1'`],
    ['reference-wrong', `DELETE FROM reference WHERE seq = ${seqOf('b')}`],
    ['reference-wrong', `UPDATE target SET seq = NULL WHERE seq = ${seqOf('a')}`],
    ['reference-wrong', 'INSERT INTO reference VALUES (999, 1)'],
    ['void-wrong', `UPDATE statement SET voided = 0 WHERE seq = ${seqOf('c')}`],
    ['void-wrong', 'DELETE FROM void'],
    ['moment-missing', `DELETE FROM moment WHERE last_seq >= ${seqOf('a')}`],
    ['attachment-wrong', 'DELETE FROM attachment'],
    ['attachment-wrong', "INSERT INTO attachment VALUES (x'00', 999)"],
    ['count-wrong', 'UPDATE meta SET statements = 7'],
    ['document-index-missing', "DELETE FROM doc_index WHERE key = 'x'"],
    ['document-index-extra', "UPDATE doc_index SET key = 'gone' WHERE key = 'y'"],
    ['posting-wrong', `INSERT INTO posting VALUES (${termOf('agent:1')} * 1048576, x'0900')`],
  ])('%s is named and mended: %s', async (kind, sql) => {
    await damage(sql)
    const named = await found()
    expect(named.map((one) => one.kind)).toContain(kind)
    for (const { what, mend, tenant } of named) {
      expect(tenant).toBe('one')
      expect(what).toMatch(/\.$/)
      expect(mend).toContain('suotdoi rebuild indexes')
    }
    expect(await storage.mend()).toBeGreaterThan(0)
    // A key that is in no list any more is found again by its statement's text (lrs, mendKeys).
    expect(await found()).toEqual([])
    const { statements, collections } = storage.tenant('one')
    if (kind !== 'term-missing') {
      const page = await statements.query({ keys: ['agent:1'], ascending: true, limit: 9, maxBytes: 1e6 })
      expect(page.statements.map(({ id }) => id)).toEqual([idOf('a'), idOf('b')])
    }
    expect((await statements.get(idOf('c')))?.voided).toBe(true)
    expect(await statements.count()).toBe(42)
    expect((await collections.find(THINGS, { index: 'byN', limit: 9 })).docs.map(({ key }) => key)).toEqual([
      'x',
      'y',
    ])
  })

  test.each([
    ['feed-hole', `DELETE FROM event WHERE kind = 'voided'`],
    ['feed-hole', `DELETE FROM statement WHERE seq = ${seqOf('2')}`],
    ['position-wrong', 'UPDATE meta SET position = 3'],
    ['blob-unknown', 'DELETE FROM blob'],
  ])('%s is named, with what to do instead of mending: %s', async (kind, sql) => {
    await damage(sql)
    const finding = (await found()).find((one) => one.kind === kind)
    expect(finding?.mend).toMatch(/backup/)
  })

  test('a page of the database that was overwritten is named', async () => {
    await storage.close()
    const path = join(directory, 'tenants', 'one.db')
    const db = new DatabaseSync(path)
    const { rootpage } = db.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'entry'").get() as {
      rootpage: number
    }
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    db.close()
    const bytes = readFileSync(path)
    bytes.fill(0x5a, (rootpage - 1) * 4096 + 100, rootpage * 4096)
    writeFileSync(path, bytes)
    storage = await openSqlite({ directory })
    expect(await kinds()).toContain('database-damaged')
  })

  test('a blob with another byte, one that is gone, and a file that nothing names are each told', async () => {
    const folder = join(directory, 'blobs', 'one')
    const [first, second] = readdirSync(folder).filter((name) => /^[0-9a-f]{2}$/.test(name)) as [
      string,
      string,
    ]
    const [flipped] = readdirSync(join(folder, first)) as [string]
    const bytes = readFileSync(join(folder, first, flipped))
    bytes[0]! ^= 1
    writeFileSync(join(folder, first, flipped), bytes)
    expect(await found({ quick: true })).toEqual([])
    expect(await found()).toMatchObject([{ kind: 'blob-changed', what: expect.stringContaining(flipped) }])
    const [gone] = readdirSync(join(folder, second)) as [string]
    rmSync(join(folder, second, gone))
    const stray = join(folder, second, 'f'.repeat(64))
    writeFileSync(stray, '')
    expect((await found()).map(({ kind }) => kind).sort()).toEqual(['blob-changed', 'blob-missing'])
    utimesSync(stray, 0, 0)
    expect(await kinds()).toContain('file-unknown')
  })

  test('inspect shows the keys of the index, not those of the text', async () => {
    const { statements } = storage.tenant('one')
    const keysOf = async () =>
      (await statements.inspect(0, 500)).find(({ statement }) => statement.id === idOf('a'))?.keys.sort()
    expect(await keysOf()).toEqual(['agent:1', 'verb:done'])
    await damage(`DELETE FROM entry WHERE term = ${termOf('agent:1')}`)
    const { statements: again } = storage.tenant('one')
    expect((await again.inspect(0, 1))[0]?.keys).toEqual(['verb:done'])
  })
})
