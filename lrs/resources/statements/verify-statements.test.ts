import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Caller, Scope } from '../../caller.ts'
import { createLrs } from '../../create-lrs.ts'
import { statementKey } from '../../statement/keys.ts'
import type { Finding, Storage } from '../../storage/port.ts'
import { openSqlite } from '../../storage/sqlite/index.ts'
import { mendKeys, verifyStatements } from './verify-statements.ts'

let directory: string
let storage: Storage
const ids: string[] = []
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'verify-'))
  storage = await openSqlite({ directory })
  const lrs = createLrs({ storage, tenant: 'one' })
  const caller = {
    tenant: 'one',
    source: 'lms',
    credential: 'k',
    authority: {
      objectType: 'Agent',
      name: 'LMS',
      account: { homePage: 'https://lrs.example.vn', name: 'lms' },
    },
    scopes: new Set<Scope>(['statements/write', 'define']),
  } satisfies Caller
  const statements = Array.from({ length: 90 }, (_, i) => ({
    actor: { name: 'Lan', mbox: `mailto:${i}@example.vn` },
    verb: { id: 'http://adlnet.gov/expapi/verbs/completed' },
    object: { id: `https://lms.example.vn/${i}`, definition: { name: { vi: 'Bài' } } },
  }))
  const outcome = await lrs.recordStatements(caller, { version: '1.0.3', statements })
  if (!outcome.ok) throw new Error(JSON.stringify(outcome))
  ids.push(...outcome.ids)
})
afterAll(async () => {
  await storage.close()
  rmSync(directory, { recursive: true })
})

async function found(): Promise<Finding[]> {
  const all: Finding[] = []
  for await (const finding of verifyStatements('one', storage.tenant('one').statements)) all.push(finding)
  return all
}

async function damage(sql: string): Promise<void> {
  await storage.close()
  const db = new DatabaseSync(join(directory, 'tenants', 'one.db'))
  expect(db.prepare(sql).run().changes).toBeGreaterThan(0)
  db.close()
  storage = await openSqlite({ directory })
}

test('what was recorded is found by the keys that its text has', async () => {
  expect(await found()).toEqual([])
})

test('a key that the index and its list have both lost, and one that does not belong, are found and mended', async () => {
  // Both the entry and the statement's own list of it are gone, so that the store by itself finds nothing.
  await damage(`DELETE FROM entry WHERE seq = 3 AND term IN (SELECT no FROM term WHERE key LIKE 'actor:%')`)
  await damage(
    `UPDATE statement SET terms = (SELECT json_group_array(value) FROM json_each(terms)
       WHERE value NOT IN (SELECT no FROM term WHERE key LIKE 'actor:%')) WHERE seq = 3`,
  )
  await damage(
    `UPDATE statement SET terms = json_insert(terms, '$[#]', (SELECT no FROM term WHERE key LIKE '%5@example.vn' LIMIT 1))
     WHERE seq = 60`,
  )
  expect(await storage.mend()).toBe(1)
  expect((await found()).map(({ kind }) => kind)).toEqual(['keys-wrong', 'keys-wrong'])
  const { statements, feed } = storage.tenant('one')
  expect(await mendKeys(statements)).toBe(2)
  expect(await found()).toEqual([])
  const page = await statements.query({
    keys: [statementKey.actor('mbox:mailto:2@example.vn')],
    ascending: true,
    limit: 9,
    maxBytes: 1e6,
  })
  expect(page.statements.map(({ id }) => id)).toEqual([ids[2]])
  expect((await feed.read(90, 9)).map(({ kind }) => kind)).toEqual(['rewritten', 'rewritten'])
})

test('a text that is another than the one stored is found, and left as it is', async () => {
  await damage(
    `UPDATE statement SET text = replace(text, 'Lan', 'Mai'), fingerprint = fingerprint WHERE seq = 8`,
  )
  await damage(`UPDATE statement SET text = replace(text, '/completed', '/attempted') WHERE seq = 9`)
  await damage(`UPDATE statement SET text = substr(text, 1, 40) WHERE seq = 10`)
  const all = await found()
  expect(all.map(({ kind, what }) => [kind, what.match(/position (\d+)/)?.[1]])).toEqual(
    expect.arrayContaining([
      ['statement-damaged', '9'],
      ['statement-damaged', '10'],
    ]),
  )
  expect(all[0]?.mend).toMatch(/restore the newest backup/)
  expect(await mendKeys(storage.tenant('one').statements)).toBe(0)
})
