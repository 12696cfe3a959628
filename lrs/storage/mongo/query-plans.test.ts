import type { Document, FindCursor } from 'mongodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { recordOf } from '../../../tests/contract/support/records.ts'
import { describeOnMongo } from '../../../tests/support/left-out.ts'
import { type MongoServer, startMongo } from '../../../tests/support/mongo-server.ts'
import type { StatementQuery, StatementStore } from '../port.ts'
import { type Connection, connect } from './connect.ts'
import { openMongo } from './index.ts'
import { namesOf } from './names.ts'
import { schemaOf } from './schema.ts'
import { createTenant } from './tenant.ts'

const STATEMENTS = 3_000
const BATCH = 250
const PAGE = 25
/** Keys and documents looked at, for one page. */
const MOST = 3 * PAGE

/**
 * Two worlds that alternate and have nothing in common: each filter of one matches half of all statements, and none that
 * a filter of the other does.
 */
const FILTERS = {
  agent: (world: number) => `agent:a${world}`,
  'related agent': (world: number) => `agent+:r${world}`,
  verb: (world: number) => `verb:v${world}`,
  activity: (world: number) => `activity:c${world}`,
  'related activity': (world: number) => `activity+:p${world}`,
  registration: (world: number) => `registration:g${world}`,
  source: (world: number) => `s${world}`,
}
type FilterName = keyof typeof FILTERS
const ALL = Object.keys(FILTERS) as FilterName[]

const keysOf = (world: number) => [
  ...ALL.filter((name) => name !== 'source').map((name) => FILTERS[name](world)),
  `actor:a${world}`,
  `agent+:a${world}`,
  `activity+:c${world}`,
]

let server: MongoServer
let connection: Connection
let statements: StatementStore
let noted: FindCursor[] = []
const times: number[] = []
let end: () => Promise<void>

async function fill(): Promise<void> {
  server = await startMongo()
  const url = server.urlOf('plans')
  await (await openMongo({ url })).close()
  connection = await connect({ url })
  const schema = schemaOf(connection.db)
  const noting = <T extends object>(collection: T): T =>
    new Proxy(collection, {
      get(target, name) {
        const value = Reflect.get(target, name, target)
        if (name !== 'find') return typeof value === 'function' ? value.bind(target) : value
        return (...args: unknown[]) => {
          const cursor = (value as (...all: unknown[]) => FindCursor).apply(target, args)
          noted.push(cursor)
          return cursor
        }
      },
    })
  const tenant = createTenant({
    connection,
    schema: { ...schema, statement: noting(schema.statement), moment: noting(schema.moment) },
    names: namesOf('t'),
    clock: Date.now,
    tell: () => {},
    longestWrite: 20_000,
    spool: '',
  })
  statements = tenant.storage.statements
  end = tenant.end
  for (let at = 0; at < STATEMENTS; at += BATCH) {
    const batch = Array.from({ length: BATCH }, (_, index) => {
      const world = (at + index) % 2
      return recordOf(at + index, { keys: keysOf(world), source: FILTERS.source(world) })
    })
    const outcome = await statements.write(batch)
    if (outcome.ok) times.push(outcome.stored)
  }
}

interface Shape {
  name: string
  filters: Partial<Record<FilterName, number>>
}
const singles: Shape[] = ALL.map((name) => ({ name, filters: { [name]: 0 } }))
const pairs: Shape[] = ALL.flatMap((one, at) =>
  ALL.slice(at + 1)
    .filter((other) => other !== `related ${one}` && one !== `related ${other}`)
    .flatMap((other) => [
      { name: `${one} and ${other}`, filters: { [one]: 0, [other]: 0 } },
      { name: `${one} and ${other}, nothing in common`, filters: { [one]: 0, [other]: 1 } },
    ]),
)
const nobody: Shape[] = ALL.map((name) => ({ name: `${name} of nobody`, filters: { [name]: 2 } }))

function queryOf({ filters }: Shape, more: Partial<StatementQuery>): StatementQuery {
  const keys = ALL.flatMap((name) =>
    name === 'source' || filters[name] === undefined ? [] : [FILTERS[name](filters[name])],
  )
  const sources = filters.source === undefined ? {} : { sources: [FILTERS.source(filters.source)] }
  return { keys, ascending: false, limit: PAGE, maxBytes: 1_000_000, ...sources, ...more }
}

/** Both orders; from an end, and within a time behind a position. */
const ways = (): Partial<StatementQuery>[] =>
  [true, false].flatMap((ascending) => {
    const window = { since: times.at(2)!, until: times.at(-3)! }
    // Each statement has two positions kept for it.
    const after = STATEMENTS
    return [{}, { ...window, after }].map((way) => ({ ...way, ascending }))
  })

const stagesOf = (plan: Document): string[] => [
  String(plan.stage),
  ...[plan.inputStage, ...(plan.inputStages ?? [])].flatMap((one) => (one ? stagesOf(one) : [])),
]

/** What a page's finds cost. */
async function costOf(query: StatementQuery) {
  noted = []
  const { statements: page } = await statements.query(query)
  let keys = 0
  let documents = 0
  const stages = new Set<string>()
  for (const cursor of [...noted]) {
    const { queryPlanner, executionStats } = await cursor.clone().explain('executionStats')
    keys = Math.max(keys, executionStats.totalKeysExamined)
    documents = Math.max(documents, executionStats.totalDocsExamined)
    for (const stage of stagesOf(queryPlanner.winningPlan)) stages.add(stage)
  }
  return { found: page.length, asked: noted.length, keys, documents, stages: [...stages] }
}

describeOnMongo('query plans on MongoDB', {}, () => {
  beforeAll(fill, 60_000)
  afterAll(async () => {
    await end()
    await connection.close()
    await server.stop()
  })

  test.each([...singles, ...pairs, ...nobody])('a page by $name', async (shape) => {
    const offences: string[] = []
    const isEmpty = new Set(Object.values(shape.filters)).size > 1 || Object.values(shape.filters)[0] === 2
    for (const way of ways()) {
      const { found, asked, keys, documents, stages } = await costOf(queryOf(shape, way))
      expect(asked).toBeGreaterThan(0)
      expect(found).toBe(isEmpty ? 0 : PAGE)
      const scans = stages.some((stage) => stage === 'COLLSCAN' || stage === 'SORT')
      const uses = stages.includes('IXSCAN')
      if (scans || !uses || keys > MOST || documents > MOST)
        offences.push(`${JSON.stringify(way)}: ${keys} keys, ${documents} documents, ${stages.join(' ')}`)
    }
    expect(offences).toEqual([])
  })

  test('a page of everything', async () => {
    for (const way of ways()) {
      const { found, keys, documents, stages } = await costOf(queryOf({ name: '', filters: {} }, way))
      expect(found).toBe(PAGE)
      expect(stages.some((stage) => stage === 'COLLSCAN' || stage === 'SORT')).toBe(false)
      expect(Math.max(keys, documents)).toBeLessThanOrEqual(MOST)
    }
  })

  test.each<[string, Partial<StatementQuery>]>([
    ['three filters', { keys: ['verb:v0', 'agent:a0', 'activity:c0'] }],
    ['three filters of which one has nothing in common', { keys: ['verb:v1', 'agent:a0', 'activity:c0'] }],
    ['two filters of one form', { keys: ['activity:c0', 'activity+:p1'] }],
    ['a filter and several sources', { keys: ['verb:v0'], sources: ['s0', 's1'] }],
    ['several sources alone', { sources: ['s0', 's2'] }],
  ])('%s: an index, no sort, and an end in time', async (_, query) => {
    const { stages, asked } = await costOf(queryOf({ name: '', filters: {} }, query))
    expect(stages.some((stage) => stage === 'COLLSCAN' || stage === 'SORT')).toBe(false)
    expect(asked).toBe(1)
  })
})
