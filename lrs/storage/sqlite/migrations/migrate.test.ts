import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Connection, connect } from '../connection.ts'
import { collections } from './0001-collections.ts'
import { record } from './0002-record.ts'
import { postings } from './0003-postings.ts'
import { type Migration, migrate } from './index.ts'

let directory: string
let db: Connection
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'migrate-'))
  db = connect(join(directory, 'x.db'), 'writer')
})
afterEach(() => {
  db.close()
  rmSync(directory, { recursive: true })
})

const version = () => db.row<{ user_version: number }>('PRAGMA user_version')!.user_version
const tables = () =>
  db.rows<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table'").map(({ name }) => name)
const step = (number: number, sql: string, tenantOnly = false): Migration => ({ number, tenantOnly, sql })

test('a migration that breaks off leaves nothing of itself, and the next start goes on there', () => {
  const first = step(1, 'CREATE TABLE a (x INTEGER) STRICT')
  const broken = step(2, 'CREATE TABLE b (x INTEGER) STRICT; SELECT no_such_column FROM a')
  expect(() => migrate(db, 'tenant', [first, broken])).toThrow()
  expect(version()).toBe(1)
  expect(tables()).toEqual(['a'])
  migrate(db, 'tenant', [first, step(2, 'CREATE TABLE b (x INTEGER) STRICT')])
  expect(version()).toBe(2)
  expect(tables()).toEqual(['a', 'b'])
})

test('the system database has the collections and not the record', () => {
  migrate(db, 'system')
  expect(tables()).toContain('doc')
  expect(tables()).not.toContain('statement')
})

test('every table is STRICT, and a second run changes nothing', () => {
  migrate(db, 'tenant')
  const before = db.rows('SELECT * FROM sqlite_schema')
  migrate(db, 'tenant')
  expect(db.rows('SELECT * FROM sqlite_schema')).toEqual(before)
  const loose = db.rows<{ name: string }>(
    "SELECT name FROM pragma_table_list WHERE schema = 'main' AND strict = 0",
  )
  expect(loose.filter(({ name }) => !name.startsWith('sqlite_'))).toEqual([])
  expect(tables().length).toBeGreaterThan(10)
})

test('postings of before are taken away, to be made again from the first segment on', () => {
  migrate(db, 'tenant', [collections, record, postings])
  db.exec("INSERT INTO posting VALUES (4294967297, x'00'); INSERT INTO outdated_posting VALUES (4294967298)")
  db.exec('UPDATE sealing SET begun = 2, done = 2')
  migrate(db, 'tenant')
  expect(db.rows('SELECT * FROM posting UNION ALL SELECT * FROM outdated_posting')).toEqual([])
  expect(db.row('SELECT begun, done FROM sealing')).toMatchObject({ begun: 0, done: 0 })
})

test('a folder of a newer version is refused, with words', () => {
  db.exec('PRAGMA user_version = 9999')
  expect(() => migrate(db, 'tenant')).toThrow(/newer version/)
})
