import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTenants } from '../../lrs/index.ts'
import { openSqlite } from '../../lrs/storage/sqlite/index.ts'
import { fill } from '../contract/support/whole.ts'
import { describeOnMongo } from '../support/left-out.ts'
import { type MongoServer, startMongo } from '../support/mongo-server.ts'
import { run } from '../support/product.ts'

let root: string
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'move-'))
  const storage = await openSqlite({ directory: at('from') })
  // As the product's own start does.
  await createTenants(storage)
  await fill(storage)
  await storage.close()
}, 60_000)
afterAll(async () => {
  rmSync(root, { recursive: true, force: true })
})

const at = (name: string) => join(root, name)
const migrate = (from: string, to: string) =>
  run(['app/cli/main.ts', 'migrate', '--from', from, '--to', to], { DATA_DIR: at('none') })

/** Digest of every file but the lock. */
function digests(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => statSync(join(folder, name)).isFile() && name !== 'lock')
  return Object.fromEntries(
    files.sort().map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex'),
    ]),
  )
}

test('from a folder into another, and the first is as it was, byte for byte', async () => {
  const before = digests(at('from'))
  const moved = await migrate(`sqlite:${at('from')}`, `sqlite:${at('to')}`)
  expect(moved).toMatchObject({ code: 0, out: expect.stringContaining('they keep the same') })
  expect(digests(at('from'))).toEqual(before)
  const again = await migrate(`sqlite:${at('from')}`, `sqlite:${at('to')}`)
  expect(again).toMatchObject({ code: 1, err: expect.stringContaining('keeps something already') })
}, 60_000)

describeOnMongo('to and from MongoDB', {}, () => {
  let server: MongoServer
  beforeAll(async () => {
    server = await startMongo()
  })
  afterAll(() => server.stop())

  test('into MongoDB and back, and no password is printed', async () => {
    const url = server.urlOf('moved')
    const there = await migrate(`sqlite:${at('from')}`, url)
    expect(there).toMatchObject({ code: 0, out: expect.stringContaining('they keep the same') })
    const back = await migrate(url, `sqlite:${at('back')}`)
    expect(back).toMatchObject({ code: 0, out: expect.stringContaining('they keep the same') })
    const counts = (text: string) => text.split('\n').filter((line) => line.startsWith('  '))
    expect(counts(back.out)).toEqual(counts(there.out))
    const wrong = await migrate(
      `sqlite:${at('from')}`,
      'mongodb://someone:s3cret@127.0.0.1:1/x?serverSelectionTimeoutMS=200',
    )
    expect(wrong.code).toBe(1)
    expect(wrong.out + wrong.err).not.toContain('s3cret')
  }, 120_000)

  test('a backup of MongoDB is restored into another database and into a folder, and one of a folder into MongoDB', async () => {
    const url = server.urlOf('kept')
    expect((await migrate(`sqlite:${at('from')}`, url)).code).toBe(0)
    const backup = await run(['app/cli/main.ts', 'backup', at('backup')], { STORE_URL: url })
    expect(backup).toMatchObject({ code: 0, out: expect.stringContaining('Backed up to') })
    const restore = (folder: string, to: Record<string, string>) =>
      run(['app/cli/main.ts', 'restore', folder], to)
    for (const to of [{ STORE_URL: server.urlOf('restored') }, { DATA_DIR: at('restored') }]) {
      const restored = await restore(at('backup'), to)
      expect(restored).toMatchObject({ code: 0, out: expect.stringContaining('Restored into') })
      expect((await run(['app/cli/main.ts', 'verify'], to)).out).toContain('Nothing is wrong')
    }
    const file = await run(['app/cli/main.ts', 'backup', at('folder-backup')], { DATA_DIR: at('restored') })
    expect(file.code).toBe(0)
    const into = await restore(at('folder-backup'), { STORE_URL: server.urlOf('from-folder') })
    expect(into).toMatchObject({ code: 0, out: expect.stringContaining('Restored into') })
    writeFileSync(join(at('backup'), 'tenants/one.jsonl.gz'), 'damaged')
    const damaged = await restore(at('backup'), { DATA_DIR: at('never') })
    expect(damaged).toMatchObject({ code: 1, err: expect.stringContaining('tenants/one.jsonl.gz') })
  }, 120_000)
})

test('what differs is named, and what was moved is not let used', async () => {
  expect((await migrate(`sqlite:${at('from')}`, `sqlite:${at('cut')}`)).code).toBe(0)
  // As a move that was cut off before its end leaves it, and a disk that changed something since.
  const origin = await originOf('cut-again')
  const db = new DatabaseSync(join(at('cut-again'), 'tenants/one.db'))
  db.exec("UPDATE statement SET fingerprint = '1:changed' WHERE seq = 2")
  db.close()
  expect(origin).toMatch(/^[0-9a-f]{64}$/)
  const told = await migrate(`sqlite:${at('from')}`, `sqlite:${at('cut-again')}`)
  expect(told).toMatchObject({ code: 1, out: expect.stringContaining('cannot be used') })
  expect(told.out).toContain('Statements and what befell them of tenant one')
  const verify = await run(['app/cli/main.ts', 'verify'], { DATA_DIR: at('cut-again') })
  expect(verify).toMatchObject({ code: 3, err: expect.stringContaining('being moved into this store') })
}, 60_000)

/** Moves once more and puts the mark of its end back, as it is while the comparing goes on. */
async function originOf(name: string): Promise<string> {
  const child = migrate(`sqlite:${at('from')}`, `sqlite:${at(name)}`)
  let seen: { origin: string; mark: string | null } | undefined
  let ended = false
  void child.then(() => {
    ended = true
  })
  while (!ended) {
    await new Promise((resolve) => setTimeout(resolve, 2))
    seen = markOf(name) ?? seen
  }
  expect((await child).code).toBe(0)
  const db = new DatabaseSync(join(at(name), 'system.db'))
  db.prepare('INSERT INTO taking_in (one, origin, mark) VALUES (1, ?, ?)').run(
    seen!.origin,
    JSON.stringify({ place: JSON.stringify({ tenant: null, part: 'counters', next: null }), done: 1 }),
  )
  db.close()
  return seen!.origin
}

function markOf(name: string): { origin: string; mark: string | null } | undefined {
  try {
    const db = new DatabaseSync(join(at(name), 'system.db'), { readOnly: true })
    try {
      return db.prepare('SELECT origin, mark FROM taking_in').get() as never
    } finally {
      db.close()
    }
  } catch {
    return undefined
  }
}
