import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createRandom } from '../../bench/random.ts'
import { describeOnMongo } from '../support/left-out.ts'
import { createFigures } from './figures.ts'
import { compare, createLedger, type Statement, VOIDED } from './ledger.ts'
import { onSqlite } from './on-sqlite.ts'
import { readTortureOptions } from './options.ts'
import { torture } from './torture.ts'
import { createWorld } from './world.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'suotdoi-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('killed under load, in a large batch, in a backup and in a migration, the product loses nothing', async () => {
  const moments = ['load', 'large batch', 'backup', 'migration'] as const
  const figures = await torture({ store: 'sqlite', rounds: 4, seed: 5, folder, moments, say: () => {} })
  expect(figures.rounds).toMatchObject({ load: 1, 'large batch': 1, backup: 1, migration: 1 })
  expect(figures.statements.found).toBe(figures.statements.acknowledged)
  expect(figures.wholeChecks).toBeGreaterThan(0)
  expect(figures.rebuilds).toBeGreaterThan(0)
}, 180_000)

describeOnMongo('on MongoDB', { own: true }, () => {
  test('killed process by process and with its database, the product loses nothing', async () => {
    const moments = ['load'] as const
    const figures = await torture({ store: 'mongo', rounds: 2, seed: 4, folder, moments, say: () => {} })
    expect(figures.statements.found).toBe(figures.statements.acknowledged)
    expect(figures.wholeChecks).toBeGreaterThan(0)
  }, 180_000)
})

test('a statement that is gone is seen, and one with another content, and a void that is not in force', async () => {
  const place = onSqlite(join(folder, 'world/data'))
  const { dataDir } = place
  const world = await createWorld(join(folder, 'world'), place, createRandom(3), createFigures(3), null)
  const { clients } = await world.serving()
  await world.load(clients, 200)
  await world.kill()
  await world.recover()
  await world.stop()
  const whole = join(folder, 'whole')
  await cp(dataDir, whole, { recursive: true })
  for (const [told, damage] of DAMAGES) {
    const db = new DatabaseSync(join(dataDir, 'tenants/main.db'))
    db.exec(damage)
    db.close()
    await expect(world.checkWhole(), damage).rejects.toThrow(told)
    await rm(dataDir, { recursive: true })
    await cp(whole, dataDir, { recursive: true })
  }
  await world.checkWhole()
  await world.destroy()
}, 120_000)

const DAMAGES: readonly [RegExp, string][] = [
  [/are missing|is not there/, 'DELETE FROM statement WHERE seq = (SELECT max(seq) FROM statement)'],
  [
    /another content/,
    `UPDATE statement SET text = replace(text, '"raw":', '"raw":1') WHERE text LIKE '%"raw":%'`,
  ],
  [/is not voided/, 'UPDATE statement SET voided = 0'],
]

describe('what is held, against what was sent', () => {
  const statement = (id: string, more: object = {}): Statement => ({
    id,
    verb: { id: 'https://v.example' },
    ...more,
  })

  test('half a batch is a loss, also when nobody was told that it is there; none of it is not', () => {
    const ledger = createLedger()
    const sent = ledger.add({ kind: 'batch', statements: [statement('a'), statement('b')] })
    const against = (...ids: string[]) =>
      compare(
        ledger,
        new Map(ids.map((id) => [id, { ...statement(id), stored: 'now' }])),
        ledger.all,
        ({ acknowledged }) => acknowledged !== null,
      )
    expect(against().wrong).toEqual([])
    expect(against().absent).toEqual([sent])
    expect(against('a', 'b')).toMatchObject({ wrong: [], there: [sent] })
    expect(against('a').wrong).toHaveLength(1)
    expect(against('a', 'b', 'c').wrong).toEqual([expect.stringContaining('never sent')])
    ledger.acknowledge(sent)
    expect(against().wrong).toEqual([expect.stringContaining('was acknowledged')])
  })

  test('who voids what is known from the statements themselves', () => {
    const ledger = createLedger()
    const voiding = statement('v', { verb: { id: VOIDED }, object: { objectType: 'StatementRef', id: 't' } })
    ledger.add({ kind: 'void', statements: [voiding] })
    expect(ledger.voiders('t')).toEqual(['v'])
    expect(ledger.voiders('v')).toEqual([])
  })
})

test('words that are not understood are refused with the help', () => {
  expect(readTortureOptions(['--rounds', '5', '--seed', '9'])).toMatchObject({
    ok: true,
    options: { rounds: 5, seed: 9 },
  })
  expect(readTortureOptions(['--store', 'mongo'])).toMatchObject({ ok: true, options: { store: 'mongo' } })
  for (const words of [['--rounds', '0'], ['--store', 'x'], ['--rounds', 'x'], ['--seed', '-1'], ['--what']])
    expect(readTortureOptions(words)).toMatchObject({ ok: false })
})
