import * as fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createModel, type Model } from '../../../../tests/contract/support/model.ts'
import { idOf, recordOf } from '../../../../tests/contract/support/records.ts'
import type { StatementQuery, StatementRecord } from '../../port.ts'
import { type Connection, connect } from '../connection.ts'
import { migrate } from '../migrations/index.ts'
import { createArrivals } from './arrivals.ts'
import { rolledBack, type WriteContext } from './context.ts'
import { purgeStatements, rewriteStatements } from './erase.ts'
import { partsOf, TARGETS, VOIDED } from './postings.ts'
import { queryStatements } from './query-statements.ts'
import {
  addPostings,
  beginSegment,
  computePostings,
  endSegment,
  nextToSeal,
  type PostingRows,
  renewPostings,
} from './seal.ts'
import { writeStatements } from './write-statements.ts'

let db: Connection
let position = 0
let stamp = 0
beforeEach(() => {
  db = connect(':memory:', 'writer')
  migrate(db, 'tenant')
  position = stamp = 0
})
afterEach(() => db.close())

/** What the writer's thread does around an operation. */
function commit<T>(act: (context: WriteContext) => T): T {
  const before = position
  const arrivals = createArrivals()
  db.exec('BEGIN')
  const result = act({
    db,
    blobs: '',
    stamp: ++stamp,
    now: 0,
    nextPosition: () => ++position,
    nextRevision: () => 0,
    countStatements: () => {},
    raise() {},
    arrivals,
    onRollback: () => {},
    afterCommit: () => {},
  })
  const refused = rolledBack(result)
  if (refused) {
    db.exec('ROLLBACK')
    db.memory.clear()
    position = before
    return refused.value as T
  }
  arrivals.write(db, stamp)
  db.run('UPDATE meta SET position = ?', position)
  db.exec('COMMIT')
  return result
}

const reader = () => ({ db, now: 0 })

/** Seals in the steps of sealing.ts, one at a call; forgetting it is what a kill does. */
function createSealer() {
  let packets: PostingRows[] | null = null
  let segment = 0
  return {
    step() {
      if (packets === null) {
        const next = nextToSeal(reader())
        if (next.outdated) commit(renewPostings)
        if (next.segment === null) return false
        segment = next.segment
        commit((context) => beginSegment(context, segment))
        packets = computePostings(reader(), segment)
        return true
      }
      const rows = packets.shift()
      if (rows) {
        commit((context) => addPostings(context, { segment, rows }))
      } else {
        commit((context) => endSegment(context, segment))
        packets = null
      }
      return true
    },
  }
}

function sealAll(): void {
  const sealer = createSealer()
  while (sealer.step());
}

function rewrite(id: string, keys: string[]): void {
  const row = db.row<{ fingerprint: string; text: string }>(
    `SELECT fingerprint, text FROM statement WHERE id = unhex(?)`,
    id.replaceAll('-', ''),
  )
  if (!row) return
  const change = { id, expected: row.fingerprint, text: row.text, fingerprint: row.fingerprint }
  commit((context) =>
    rewriteStatements(context, {
      changes: [{ ...change, keys, attachments: [], names: [] }],
      reason: 'test',
    }),
  )
}

/** The ids a query lists, page by page. */
function listed(query: Omit<StatementQuery, 'limit' | 'maxBytes' | 'after'>, limit: number): string[] {
  const ids: string[] = []
  for (let after: number | undefined; ; ) {
    const page = queryStatements(reader(), {
      ...query,
      limit,
      maxBytes: 1e9,
      ...(after === undefined ? {} : { after }),
    })
    ids.push(...page.statements.map(({ id }) => id))
    after = page.statements.at(-1)?.position
    if (!page.more) return ids
  }
}

const NAMES = 900
const key = fc.oneof(
  { weight: 3, arbitrary: fc.constant('k0') },
  { weight: 3, arbitrary: fc.constant('k1') },
  { weight: 1, arbitrary: fc.constantFrom('k2', 'k3', 'k4') },
)
const keys = fc.uniqueArray(key, { maxLength: 3 })
const name = fc.nat(NAMES)
const source = fc.constantFrom('a', 'a', 'b', 'c')
const statement = fc.record({
  name,
  keys,
  source,
  refersTo: fc.option(name, { freq: 2 }),
  voiding: fc.boolean(),
})
type Made = typeof statement extends fc.Arbitrary<infer T> ? T : never
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('write' as const),
      batch: fc.uniqueArray(statement, { minLength: 20, maxLength: 80, selector: (one) => one.name }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('rewrite' as const), name, keys }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('purge' as const), name }) },
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('seal' as const), steps: fc.integer({ min: 1, max: 12 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('kill' as const) }) },
)
const query = fc.record(
  {
    keys,
    ascending: fc.boolean(),
    since: fc.integer({ min: 1, max: 30 }),
    until: fc.integer({ min: 1, max: 60 }),
    sources: fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 3 }),
    includeVoided: fc.boolean(),
  },
  { requiredKeys: ['keys', 'ascending'] },
)

function recordFrom(made: Made): StatementRecord {
  const refersTo = made.refersTo === null ? null : idOf(made.refersTo)
  const voiding = made.voiding && refersTo !== null
  return recordOf(made.name, {
    keys: made.keys,
    source: made.source,
    refersTo,
    voiding,
    mayVoidForeign: true,
  })
}

function write(model: Model, record: StatementRecord): void {
  const outcome = commit((context) => writeStatements(context, [record]))
  const modelled = model.write([record], stamp)
  expect(outcome.ok).toBe(modelled.ok)
}

test('any page is what the plain model lists, with segments sealed, changed and killed at any moment', () => {
  let sealedRows = 0
  fc.assert(
    fc.property(
      fc.array(step, { minLength: 12, maxLength: 40, size: 'max' }),
      fc.array(query, { minLength: 12, maxLength: 12 }),
      fc.constantFrom(32, 64, 128),
      fc.integer({ min: 1, max: 30 }),
      (steps, queries, size, limit) => {
        db.close()
        db = connect(':memory:', 'writer')
        migrate(db, 'tenant')
        db.run('UPDATE sealing SET size = ?', size)
        position = stamp = 0
        const model = createModel()
        let sealer = createSealer()
        const compare = (some: typeof queries) => {
          for (const one of some) expect(listed(one, limit)).toEqual(model.list(one))
        }
        steps.forEach((one, at) => {
          if (one.kind === 'write') for (const made of one.batch) write(model, recordFrom(made))
          else if (one.kind === 'rewrite') {
            rewrite(idOf(one.name), one.keys)
            model.rekey(idOf(one.name), one.keys)
          } else if (one.kind === 'purge') {
            commit((context) => purgeStatements(context, { ids: [idOf(one.name)], reason: 'test' }))
            model.purge(idOf(one.name))
          } else if (one.kind === 'seal') for (let i = 0; i < one.steps; i++) sealer.step()
          else sealer = createSealer()
          compare(queries.slice(at % 10, (at % 10) + 2))
        })
        compare(queries)
        sealAll()
        compare(queries)
        expect(
          db.row('SELECT 1 FROM outdated_posting WHERE segment < (SELECT done FROM sealing)'),
        ).toBeUndefined()
        sealedRows += db.row<{ n: number }>('SELECT count(*) AS n FROM posting')!.n
      },
    ),
    { numRuns: 20 },
  )
  expect(sealedRows).toBeGreaterThan(300)
}, 120_000)

const statementsOf = (count: number, about: (i: number) => Partial<StatementRecord>) => {
  const records = Array.from({ length: count }, (_, i) => recordOf(i, about(i)))
  commit((context) => writeStatements(context, records))
}
const termOf = (of: string) => db.row<{ no: number }>('SELECT no FROM term WHERE key = ?', of)?.no
const sealedTerms = () =>
  db.rows<{ place: number }>('SELECT place FROM posting ORDER BY place').map(({ place }) => partsOf(place))

test('what is erased leaves its bitmaps in the same commit', () => {
  db.run('UPDATE sealing SET size = 64')
  statementsOf(200, (i) => ({ keys: ['verb:done', i % 3 === 0 ? 'agent:a' : 'agent:b'] }))
  sealAll()
  const agent = termOf('agent:a')!
  expect(sealedTerms().filter(({ term }) => term === agent)).toHaveLength(3)
  const gone = Array.from({ length: 67 }, (_, i) => idOf(i * 3))
  commit((context) => purgeStatements(context, { ids: gone, reason: 'test' }))
  expect(termOf('agent:a')).toBeUndefined()
  expect(sealedTerms().filter(({ term }) => term === agent)).toEqual([])
  sealAll()
  expect(sealedTerms().filter(({ term }) => term === agent)).toEqual([])
  expect(sealedTerms().filter(({ term }) => term === termOf('agent:b'))).toHaveLength(3)
})

test('what changes while its segment is being sealed is not put back by what was computed before', () => {
  db.run('UPDATE sealing SET size = 64')
  statementsOf(64, () => ({ keys: ['k0', 'k1'] }))
  const segment = nextToSeal(reader()).segment!
  commit((context) => beginSegment(context, segment))
  const packets = computePostings(reader(), segment)
  rewrite(idOf(3), ['k0', 'k2'])
  commit((context) => purgeStatements(context, { ids: [idOf(4)], reason: 'test' }))
  for (const rows of packets) commit((context) => addPostings(context, { segment, rows }))
  commit((context) => endSegment(context, segment))
  const both = { keys: ['k0', 'k1'], ascending: true }
  const expected = Array.from({ length: 64 }, (_, i) => idOf(i)).filter((_, i) => i !== 3 && i !== 4)
  expect(listed(both, 25)).toEqual(expected)
  sealAll()
  expect(listed(both, 25)).toEqual(expected)
})

test('what is referred to and what is voided have bitmaps too, and later ones join them', () => {
  db.run('UPDATE sealing SET size = 64')
  statementsOf(300, (i) => (i % 2 === 1 && i < 120 ? { refersTo: idOf(i - 1) } : {}))
  sealAll()
  const of = (term: number) => sealedTerms().filter((one) => one.term === term).length
  expect([of(TARGETS), of(VOIDED)]).toEqual([2, 0])
  const voids = Array.from({ length: 100 }, (_, i) =>
    recordOf(`v${i}`, { keys: ['verb:voided'], refersTo: idOf(199 - i), voiding: true }),
  )
  commit((context) => writeStatements(context, voids))
  sealAll()
  expect([of(TARGETS), of(VOIDED)]).toEqual([4, 3])
})

test('a large pair with nothing in common is not gone through statement by statement', () => {
  db.run('UPDATE sealing SET size = 1024')
  statementsOf(8_000, (i) => ({
    keys: [i % 2 === 0 ? 'verb:even' : 'verb:any', i % 2 === 0 ? 'agent:x' : 'agent:odd'],
  }))
  sealAll()
  let rows = 0
  const counting = {
    ...db,
    row: (sql: string, ...values: never[]) => {
      rows++
      return db.row(sql, ...values)
    },
  } as Connection
  const empty = { keys: ['verb:even', 'agent:odd'], ascending: false, limit: 25, maxBytes: 1e6 }
  expect(queryStatements({ db: counting, now: 0 }, empty).statements).toEqual([])
  expect(rows).toBeLessThan(60)
})
