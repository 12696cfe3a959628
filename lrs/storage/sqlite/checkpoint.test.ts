import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { moveLog, tendLog } from './checkpoint.ts'
import { type Connection, connect } from './connection.ts'

let directory: string
let writer: Connection
let reader: Connection
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'log-'))
  writer = connect(join(directory, 'x.db'), 'writer')
  writer.exec('CREATE TABLE t (content BLOB) STRICT')
  reader = connect(join(directory, 'x.db'), 'reader')
})
afterEach(() => {
  reader.close()
  writer.close()
  rmSync(directory, { recursive: true })
})

/** One commit of so many pages and a few. */
function write(pages: number): void {
  writer.exec('BEGIN')
  for (let i = 0; i < pages; i++) writer.run('INSERT INTO t VALUES (zeroblob(3000))')
  writer.exec('COMMIT')
}
const pages = () => writer.row<{ log: number }>('PRAGMA wal_checkpoint(NOOP)')!.log
const move = () => moveLog({ db: reader, now: 0 })

test('a long log is moved by a reader, what came meanwhile by the writer, and then it begins anew', () => {
  write(50)
  expect(tendLog(writer)).toBe(false)
  expect(pages()).toBeGreaterThan(50)
  write(5_000)
  expect(tendLog(writer)).toBe(true)
  const old = readFrom()
  write(50)
  expect(move()).toBe(false)
  old.close()
  expect(tendLog(writer)).toBe(false)
  write(1)
  expect(pages()).toBeLessThan(10)
})

test('what a reader moved as a whole needs nothing of the writer', () => {
  write(5_000)
  expect(move()).toBe(true)
  expect(tendLog(writer)).toBe(false)
  write(1)
  expect(pages()).toBeLessThan(10)
})

/** A reader that is on the state as it is now, until it is closed. */
function readFrom(): Connection {
  const old = connect(join(directory, 'x.db'), 'reader')
  old.run('BEGIN')
  old.row('SELECT count(*) FROM t')
  return old
}
