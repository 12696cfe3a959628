import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { idOf, recordOf, voidOf } from '../../../tests/contract/support/records.ts'
import { pack } from '../packed.ts'
import type { StatementQuery } from '../port.ts'
import { spool } from '../spool.ts'
import { type Connection, connect, type Value } from './connection.ts'
import { readPage } from './holdings/read.ts'
import { migrate } from './migrations/index.ts'
import { createArrivals } from './operations/arrivals.ts'
import type { WriteContext } from './operations/context.ts'
import {
  type AnyRead,
  type AnyWrite,
  READS,
  type ReadName,
  WRITES,
  type WriteName,
} from './operations/index.ts'

// Small tables whose whole content is wanted, and reads that end at the first row.
const MAY_SCAN = [
  /^SCAN (meta|sealing|json_each VIRTUAL TABLE.*|want|w|wanted)$/,
  /^SCAN CONSTANT ROW$/,
  /^SCAN \(subquery-\d+\)$/,
]
// Sorted or told apart: the few sources of one activity, and the keys of one range when they are counted.
const MAY_SORT = ['FROM definition WHERE activity = ? ORDER BY no', 'count(DISTINCT i.key)']
const FIRST_ROW_ONLY = 'SELECT 1 FROM reference LIMIT 1'

// Looking after the store goes through everything, in steps and on a thread of its own.
const goesThroughAll = (name: string) => name.startsWith('check.') || name === 'blobs.bytes'
// In an empty store, and of a table of one row.
const isAboutMark = (name: string) => name.startsWith('holdings.') && name !== 'holdings.take'

let directory: string
let db: Connection
const seen = new Map<string, Value[]>()
const used = new Set<string>()
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'plans-'))
  const inner = connect(join(directory, 'x.db'), 'writer')
  migrate(inner, 'tenant')
  const noting =
    <R>(act: (sql: string, ...values: Value[]) => R) =>
    (sql: string, ...values: Value[]) => {
      seen.set(sql, values)
      return act(sql, ...values)
    }
  db = {
    ...inner,
    row: noting(inner.row),
    rows: noting(inner.rows),
    scan: noting(inner.scan),
    run: noting(inner.run),
  } as Connection
  exercise(await spooled())
})
afterAll(() => {
  db.close()
  rmSync(directory, { recursive: true })
})

let position = 0
function write(name: WriteName, ...args: unknown[]): unknown {
  used.add(name)
  const arrivals = createArrivals()
  const context: WriteContext = {
    db,
    blobs: directory,
    stamp: ++position,
    now: 10,
    nextPosition: () => ++position,
    nextRevision: () => ++position,
    countStatements: () => {},
    raise() {},
    arrivals,
    onRollback: () => {},
    afterCommit: (act) => act(),
  }
  const value = (WRITES[name] as AnyWrite)(context, ...args)
  arrivals.write(db, context.stamp)
  return value
}
function read(name: ReadName, ...args: unknown[]): unknown {
  used.add(name)
  return (READS[name] as AnyRead)({ db, now: 10 }, ...args)
}

/** The steps of sealing.ts, and pages by many statements under small segments, before and after. */
function seal(): void {
  db.run('UPDATE sealing SET size = 32')
  const many = Array.from({ length: 400 }, (_, i) =>
    recordOf(`m${i}`, {
      keys: ['m', `m${i % 2}`],
      source: i % 3 === 0 ? 'lms' : 'other',
      refersTo: i % 4 === 0 ? idOf(`m${i + 2}`) : null,
    }),
  )
  db.exec('BEGIN')
  write('statements.write', many)
  db.exec('COMMIT')
  const pages = () => {
    for (const keys of [[], ['m'], ['m', 'm0'], ['m0', 'm1']]) {
      for (const ascending of [true, false]) {
        for (const more of [
          {},
          { sources: ['lms'] },
          { sources: ['lms', 'other'] },
          { includeVoided: true },
        ]) {
          for (const name of ['statements.query', 'statements.queryTexts'] as const)
            read(name, { keys, ascending, limit: 5, maxBytes: 1_000, ...more })
        }
      }
    }
  }
  pages()
  db.run('UPDATE meta SET position = ?', position)
  read('postings.next')
  for (let segment = 0; segment < 10; segment++) {
    write('postings.begin', segment)
    for (const rows of read('postings.compute', segment) as object[]) write('postings.add', { segment, rows })
    write('postings.end', segment)
  }
  pages()
  write('statements.write', [voidOf('vm', 'm9')])
  write('postings.renew')
}

/** All that is there is told, and taken in again where it is: page by page, that neither reads more than it tells. */
function tellAndTake(): void {
  for (const part of ['blobs', 'holds', 'record', 'activities', 'documents', 'docs'] as const) {
    const { items, next } = readPage(db, part, null)
    if (part !== 'blobs' && part !== 'holds')
      write('holdings.take', { count: 0, portion: { tenant: 'x', part, items, place: '' } })
    if (next) readPage(db, part, next)
  }
  write('holdings.take', { count: 0, portion: { tenant: 'x', part: 'indexes', items: [], place: '' } })
}

/** What `statements.writeSpooled` is given. */
async function spooled(): Promise<object> {
  const path = join(directory, 'spooled')
  async function* groups() {
    yield* pack([recordOf('spooled'), ...Array.from({ length: 4 }, (_, i) => recordOf(`spooled ${i}`))])
  }
  return { path, ...(await spool(groups(), path)) }
}

/** Every operation, in every shape that makes other SQL. */
function exercise(spooled: object): void {
  const sha2 = 'ab'.repeat(32)
  const adopt = () => {
    mkdirSync(join(directory, 'incoming'), { recursive: true })
    writeFileSync(join(directory, 'incoming', 'x'), 'x')
    write('blobs.adopt', { temporary: join(directory, 'incoming', 'x'), sha2, size: 1 })
  }
  adopt()
  write('blobs.hold', { owner: 'o', sha2s: [sha2] })
  read('blobs.size', sha2)

  const definitions = (text: string) => [{ activity: 'a', text }]
  write('statements.write', [
    recordOf('t', {
      keys: ['k1', 'k2'],
      definitions: definitions('1'),
      attachments: [sha2],
      names: [{ agent: 'a', name: 'n' }],
    }),
    recordOf('u', { keys: ['k1'], definitions: definitions('2') }),
    voidOf('v', 't'),
  ])
  const crowd = Array.from({ length: 1_200 }, (_, i) => recordOf(i, { refersTo: idOf('u'), keys: [] }))
  write('statements.write', crowd)
  write('statements.writeSpooled', spooled)

  for (const keys of [[], ['k1'], ['k1', 'k2'], ['verb:voided']]) {
    for (const ascending of [true, false]) {
      for (const more of [{}, { sources: ['lms'] }, { includeVoided: true }, { since: 1, until: 9 }]) {
        const query: StatementQuery = { keys, ascending, limit: 5, maxBytes: 1_000, ...more }
        read('statements.query', query)
        read('statements.query', { ...query, after: 4 })
      }
    }
  }
  read('statements.query', { keys: ['verb:voided'], ascending: true, limit: 5, maxBytes: 1_000, until: 2 })
  seal()
  read('statements.get', idOf('t'))
  read('statements.getText', idOf('t'))
  read('statements.relations', idOf('t'))
  read('statements.count')
  read('feed.read', { after: 0, limit: 10, which: 'all' })
  read('feed.read', { after: 0, limit: 10, which: 'changes' })
  read('feed.end')
  read('log.move')
  read('activities.get', 'a')
  write('activities.choose', { id: 'a', source: 's' })
  write('activities.choose', { id: 'a', source: null })
  read('agents.names', { agent: 'a', sources: null })
  write('statements.rewrite', {
    changes: [
      {
        id: idOf('u'),
        expected: `1:${idOf('u')}`,
        text: '{}',
        fingerprint: '1:x',
        keys: ['k3'],
        names: [],
        attachments: [],
      },
    ],
    reason: 'r',
  })
  write('statements.purge', { ids: [idOf('t'), idOf('v')], reason: 'r' })
  write('blobs.hold', { owner: 'o', sha2s: [] })
  write('blobs.collect', { first: 0xab, olderThan: 100 })

  const scope = { kind: 'state', source: 's', activity: 'a', agent: 'g' }
  const document = { content: new Uint8Array(1), contentType: 't', etag: 'e' }
  write('documents.put', { key: { ...scope, id: 'd' }, document, precondition: { kind: 'any' } })
  read('documents.get', { ...scope, id: 'd' })
  read('documents.list', { scope, since: null })
  read('documents.keys-of', 'agent')
  read('documents.list', { scope: { ...scope, registration: 'r' }, since: 1 })
  tellAndTake()
  write('documents.rekey', { from: 'g', to: 'h' })
  write('documents.delete', { key: { ...scope, id: 'd' }, precondition: { kind: 'any' } })
  write('documents.clear', scope)
  write('documents.clear', { ...scope, registration: null })

  const collection = { name: 'c', indexes: { by: ['a', 'b'] } }
  write('collections.declare', { name: 'c', indexes: { by: ['a'] } })
  write('collections.batch', [
    { op: 'put', collection, key: 'k', text: '{"a":[1,2]}', expires: 5 },
    { op: 'insert', collection, key: 'l', text: '{"a":1}', expires: null },
  ])
  write('collections.declare', collection)
  read('collections.get', { collection: 'c', key: 'l' })
  read('collections.getMany', { collection: 'c', keys: ['l'] })
  read('collections.scan', { collection: 'c', prefix: 'l', after: null, limit: 1 })
  read('collections.scan', { collection: 'c', prefix: 'l', after: 'l', limit: 1 })
  read('collections.count', { collection, find: null })
  read('collections.count', { collection, find: { index: 'by' } })
  for (const descending of [true, false]) {
    const find = { index: 'by', descending, limit: 1 }
    read('collections.find', { collection, find })
    const after = Buffer.from(JSON.stringify(['A', 'k'])).toString('base64url')
    read('collections.find', { collection, find: { ...find, after, equals: { a: 1 } } })
    const within = Buffer.from(JSON.stringify([Buffer.of(4, 191).toString('base64url'), 'k'])).toString(
      'base64url',
    )
    read('collections.find', { collection, find: { ...find, after: within, range: { gt: 0 } } })
  }
  write('collections.batch', [
    { op: 'replace', collection, key: 'l', text: '{"a":2}', revision: position - 1, expires: null },
  ])
  write('collections.batch', [{ op: 'put', collection, key: 'l', text: '{"a":2}', expires: null }])
  write('collections.sweep', { limit: 10 })
  write('collections.batch', [{ op: 'delete', collection, key: 'l', revision: null }])
}

describe('query plans', () => {
  test('are looked at for every operation', () => {
    const all = [...Object.keys(READS), ...Object.keys(WRITES)].filter(
      (name) => !goesThroughAll(name) && !isAboutMark(name),
    )
    expect([...used].sort()).toEqual(all.sort())
    const both = [...seen.keys()]
    for (const part of [
      'FROM reference r CROSS JOIN target t',
      'FROM reference WHERE target = ? AND seq >= ?',
      'FROM posting WHERE place >= ?',
      'FROM target e0',
      'CROSS JOIN target e',
    ]) {
      expect(
        both.filter((sql) => sql.includes(part)),
        part,
      ).not.toEqual([])
    }
    expect(both.length).toBeGreaterThan(60)
  })

  test('use an index for every access, and sort nothing that could be many', () => {
    const offences: string[] = []
    for (const [sql, values] of [...seen]) {
      if (sql === FIRST_ROW_ONLY) continue
      for (const { detail } of db.rows<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, ...values)) {
        const scans = detail.startsWith('SCAN') && !MAY_SCAN.some((pattern) => pattern.test(detail))
        const sorts = detail.includes('TEMP B-TREE') && !MAY_SORT.some((part) => sql.includes(part))
        if (scans || sorts) offences.push(`${detail}: ${sql.replace(/\s+/g, ' ')}`)
      }
    }
    expect(offences).toEqual([])
  })
})
