import { mkdir, mkdtemp, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { recordOf } from '../../../tests/contract/support/records.ts'
import { pack } from '../packed.ts'
import type { Storage } from '../port.ts'
import { spool } from '../spool.ts'
import { connect } from './connection.ts'
import { openSqlite } from './index.ts'
import { migrate } from './migrations/index.ts'
import { createArrivals } from './operations/arrivals.ts'
import type { WriteContext } from './operations/context.ts'
import { writeSpooled } from './operations/write-spooled.ts'

let directory: string
let storage: Storage
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'spooled-'))
  storage = await openSqlite({ directory })
})
afterEach(async () => {
  await storage.close()
  await rm(directory, { recursive: true })
})

const folder = () => join(directory, 'blobs', 't', 'batches')

test('its file is gone when it is stored, when it is refused, and when the stream throws', async () => {
  const { statements } = storage.tenant('t')
  const seen: number[] = []
  async function* stream(record: ReturnType<typeof recordOf>, error?: Error) {
    yield* pack([record])
    yield* pack([recordOf('other')])
    seen.push((await readdir(folder())).length)
    if (error) throw error
  }
  expect(await statements.write(stream(recordOf('a')))).toMatchObject({ ok: true })
  expect(await statements.write(stream(recordOf('a', { fingerprint: '1:x' })))).toMatchObject({ ok: false })
  await expect(statements.write(stream(recordOf('b'), new Error('no')))).rejects.toThrow('no')
  expect(seen).toEqual([1, 1, 1])
  expect(await readdir(folder())).toEqual([])
})

test('what an ended process left is removed before anything is written', async () => {
  await mkdir(folder(), { recursive: true })
  await writeFile(join(folder(), 'left'), 'by a kill')
  const { statements } = storage.tenant('t')
  await statements.write(
    (async function* () {
      yield* pack([recordOf('a')])
    })(),
  )
  expect(await readdir(folder())).toEqual([])
})

test('a file that was cut off is not stored', async () => {
  const path = join(directory, 'cut-off')
  const { groups } = await spool(
    (async function* () {
      yield* pack([recordOf('a'), recordOf('b')])
    })(),
    path,
  )
  await truncate(path, (await stat(path)).size - 1)
  const db = connect(join(directory, 'x.db'), 'writer')
  migrate(db, 'tenant')
  let position = 0
  const next = () => ++position
  const nothing = () => {}
  const context: WriteContext = {
    db,
    blobs: directory,
    stamp: 1,
    now: 1,
    nextPosition: next,
    nextRevision: next,
    countStatements: nothing,
    raise() {},
    arrivals: createArrivals(),
    onRollback: nothing,
    afterCommit: nothing,
  }
  // The savepoint of whoever called it is rolled back when it throws.
  expect(() => writeSpooled(context, { path, count: 2, groups })).toThrow('not whole')
  db.close()
})

test('while 10,000 statements are written, what others write waits for two commits at most', async () => {
  const { statements } = storage.tenant('t')
  await statements.write([recordOf('first')])
  let commits = 0
  storage.onCommit(({ tenant }) => {
    if (tenant === 't') commits++
  })
  async function* stream() {
    for (let i = 0; i < 10_000; i += 100)
      yield* pack(
        Array.from({ length: 100 }, (_, at) => recordOf(i + at, { keys: [`agent:${at}`, 'verb:done'] })),
      )
  }
  let writing = true
  const batch = statements.write(stream()).finally(() => {
    writing = false
  })
  const waited: number[] = []
  let last = 0
  for (let i = 0; writing; i++) {
    const before = commits
    const outcome = await statements.write([recordOf(`single ${i}`)])
    if (!outcome.ok) throw new Error('refused')
    waited.push(commits - before)
    expect(outcome.stored).toBeGreaterThan(last)
    last = outcome.stored
  }
  const outcome = await batch
  expect(outcome).toMatchObject({ ok: true, fresh: 10_000 })
  expect(waited.length).toBeGreaterThan(2)
  expect(Math.max(...waited)).toBeLessThanOrEqual(2)
})

test('a batch with an id that came alone meanwhile changes nothing of it, and one with another content is undone', async () => {
  const { statements, activities } = storage.tenant('t')
  const about = (text: string) => ({ definitions: [{ activity: 'a', text }], keys: ['k'] })
  await statements.write([recordOf(1, about('{"x":1}'))])
  async function* stream(wrong: boolean) {
    yield* pack(
      Array.from({ length: 2_500 }, (_, i) =>
        recordOf(i, i === 2_000 && wrong ? { ...about('{"y":2}'), fingerprint: '1:x' } : about('{"y":2}')),
      ),
    )
  }
  await statements.write([recordOf(2_000)])
  expect(await statements.write(stream(true))).toMatchObject({ ok: false, refusal: { kind: 'conflict' } })
  expect(await statements.count()).toBe(2)
  expect((await activities.get('a')).definitions).toMatchObject([{ text: '{"x":1}' }])
  expect(await statements.write(stream(false))).toMatchObject({ ok: true, fresh: 2_498 })
  const { definitions } = await activities.get('a')
  expect(JSON.parse(definitions[0]!.text)).toEqual({ x: 1, y: 2 })
  for await (const finding of storage.check()) throw new Error(finding.what)
})
