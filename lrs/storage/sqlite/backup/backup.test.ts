import { fork } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { everything, idOf, recordOf } from '../../../../tests/contract/support/records.ts'
import { defineCollection } from '../../collections.ts'
import type { Storage } from '../../port.ts'
import { openSqlite } from '../index.ts'
import { finishRestore, restore } from './restore.ts'

const PROCESS = fileURLToPath(new URL('./process.fixture.ts', import.meta.url))
const PAIRS = defineCollection<{ n: number }>('pairs')

let root: string
let directory: string
let storage: Storage
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'backup-'))
  directory = join(root, 'data')
  storage = await openSqlite({ directory })
})
afterEach(async () => {
  await storage.close()
  rmSync(root, { recursive: true, force: true })
})

const to = (name: string) => join(root, name)
const big = 'x'.repeat(2_000)

async function write(from: number, count: number, store = storage): Promise<void> {
  const { statements } = store.tenant('one')
  const records = Array.from({ length: count }, (_, i) => {
    const record = recordOf(from + i, { keys: ['verb:done', `actor:${(from + i) % 50}`] })
    return { ...record, text: record.text.replace('}', `,"x":"${big}"}`) }
  })
  const outcome = await statements.write(records)
  if (!outcome.ok) throw new Error(JSON.stringify(outcome))
}

async function attach(name: string, text: string): Promise<string> {
  const { blobs, statements } = storage.tenant('one')
  const { sha2 } = await blobs.put([Buffer.from(text)] as never)
  await statements.write([recordOf(name, { attachments: [sha2] })])
  return sha2
}

/** Opens what a backup holds, restored into a folder of its own. */
async function restored(folder: string, name = 'restored'): Promise<Storage> {
  mkdirSync(to(name), { recursive: true })
  expect(await restore(folder, to(name))).toMatchObject({ ok: true })
  return openSqlite({ directory: to(name) })
}

async function expectWell(store: Storage): Promise<void> {
  const wrong = []
  for await (const finding of store.check()) wrong.push(finding)
  expect(wrong).toEqual([])
}

describe('a backup', () => {
  test('is made while others write, and is what was there at one moment', async () => {
    const sha2 = await attach('with', 'an attachment')
    for (let i = 0; i < 12_000; i += 1_000) await write(i, 1_000)
    let next = 100_000
    let backingUp = true
    const writers = Array.from({ length: 4 }, async () => {
      while (backingUp) {
        const from = next
        next += 20
        await write(from, 20)
        // Two documents that are only ever changed together.
        const { collections } = storage.tenant('one')
        await collections.batch([
          { op: 'put', collection: PAIRS, key: 'left', value: { n: from } },
          { op: 'put', collection: PAIRS, key: 'right', value: { n: from } },
        ])
      }
    })
    const progress: number[] = []
    const outcome = await storage.backup(to('b'), { progress: (done, total) => progress.push(done / total) })
    const begun = next
    backingUp = false
    await Promise.all(writers)
    expect(outcome).toMatchObject({ ok: true, blobs: 1, damaged: [] })
    expect(progress.every((part) => part >= 0 && part <= 1)).toBe(true)

    const copy = await restored(to('b'))
    const one = copy.tenant('one')
    await expectWell(copy)
    expect(await one.statements.get(idOf(11_999))).not.toBeNull()
    const [left, right] = await Promise.all([
      one.collections.get(PAIRS, 'left'),
      one.collections.get(PAIRS, 'right'),
    ])
    expect(left?.value).toEqual(right?.value)
    expect(await one.blobs.size(sha2)).toBe(13)
    expect(await one.statements.count()).toBeLessThanOrEqual(12_001 + begun - 100_000)
    await copy.close()
  }, 60_000)

  test('keeps the log of the store as short as without it', async () => {
    for (let i = 0; i < 5_000; i += 1_000) await write(i, 1_000)
    let backingUp = true
    let longest = 0
    const writer = (async () => {
      for (let i = 50_000; backingUp; i += 100) {
        await write(i, 100)
        const [of] = (await storage.figures()).filter(({ tenant }) => tenant === 'one')
        longest = Math.max(longest, of?.logBytes ?? 0)
      }
    })()
    await storage.backup(to('b'))
    backingUp = false
    await writer
    // 25 to 35 MB as with none; nobody moved out of it, it would be some 14 kB for each statement written.
    expect(longest).toBeLessThan(64_000_000)
  }, 60_000)

  test('is refused where something is, inside the data, and while another is made', async () => {
    await write(0, 10)
    mkdirSync(to('there'))
    expect(await storage.backup(to('there'))).toEqual({ ok: false, refusal: 'exists' })
    expect(await storage.backup(join(directory, 'b'))).toEqual({ ok: false, refusal: 'inside' })
    expect(await storage.backup(directory)).toEqual({ ok: false, refusal: 'exists' })
    const first = storage.backup(to('b'))
    expect(await storage.backup(to('c'))).toEqual({ ok: false, refusal: 'running' })
    expect(await first).toMatchObject({ ok: true })
    writeFileSync(to('file'), '')
    expect(await storage.backup(join(to('file'), 'b'))).toMatchObject({ ok: false, refusal: 'unwritable' })
  })

  test('that is stopped leaves nothing, and the store goes on', async () => {
    for (let i = 0; i < 4_000; i += 1_000) await write(i, 1_000)
    const stop = new AbortController()
    const backup = storage.backup(to('b'), {
      signal: stop.signal,
      progress: () => stop.abort(new Error('enough')),
    })
    await expect(backup).rejects.toThrow('enough')
    expect(readdirSync(root)).toEqual(['data'])
    await write(10_000, 1)
    expect(await storage.backup(to('b'))).toMatchObject({ ok: true })
  })

  test('goes on when the store closes: it is stopped, and leaves nothing', async () => {
    for (let i = 0; i < 4_000; i += 1_000) await write(i, 1_000)
    const backup = storage.backup(to('b')).catch((error: Error) => error.message)
    await new Promise((resolve) => setTimeout(resolve, 30))
    await storage.close()
    expect(await backup).toBe('The store is closed')
    expect(readdirSync(root)).toEqual(['data'])
    storage = await openSqlite({ directory })
  })

  test('holds collection of attachments off until they are copied', async () => {
    const { blobs } = storage.tenant('one')
    for (let i = 0; i < 300; i++) await blobs.put([Buffer.from(`blob ${i}`)] as never)
    const [backup, collected] = await Promise.all([
      storage.backup(to('b')),
      new Promise((resolve) => setTimeout(resolve, 50)).then(() => blobs.collect(Date.now() + 1_000)),
    ])
    expect(backup).toMatchObject({ ok: true, blobs: 300, damaged: [] })
    expect(collected).toBe(300)
  })

  test('of a damaged attachment is made, and says so', async () => {
    const sha2 = await attach('with', 'an attachment')
    const other = await attach('other', 'another')
    const fileOf = (name: string) => join(directory, 'blobs', 'one', name.slice(0, 2), name)
    writeFileSync(fileOf(sha2), 'changed')
    rmSync(fileOf(other))
    expect(await storage.backup(to('b'))).toMatchObject({
      ok: true,
      damaged: expect.arrayContaining([
        { tenant: 'one', sha2, what: 'changed' },
        { tenant: 'one', sha2: other, what: 'missing' },
      ]),
    })
    expect(await restore(to('b'), to('restored'))).toMatchObject({ ok: true })
  })

  test('killed at any moment leaves no folder of its name, and the next one is whole', async () => {
    for (let i = 0; i < 3_000; i += 1_000) await write(i, 1_000)
    for (let i = 0; i < 50; i++) await attach(`a${i}`, `attachment ${i}`)
    await storage.close()
    for (let round = 0; round < 6; round++) {
      await killed(['backup', directory, to('b')], 15 + round * 60)
      if (existsSync(to('b'))) rmSync(to('b'), { recursive: true })
    }
    mkdirSync(`${to('b')}.partial/old`, { recursive: true })
    storage = await openSqlite({ directory })
    expect(await storage.backup(to('b'))).toMatchObject({ ok: true, blobs: 50 })
    expect(existsSync(`${to('b')}.partial`)).toBe(false)
    const copy = await restored(to('b'))
    expect(await copy.tenant('one').statements.count()).toBe(3_050)
    await expectWell(copy)
    await copy.close()
  }, 60_000)
})

describe('a restore', () => {
  test('names every file that is damaged, and restores nothing', async () => {
    const sha2 = await attach('with', 'an attachment')
    await storage.backup(to('b'))
    const blob = `blobs/one/${sha2.slice(0, 2)}/${sha2}`
    writeFileSync(join(to('b'), blob), 'changed')
    const database = readFileSync(to('b/system.db'))
    database[200]! ^= 1
    writeFileSync(to('b/system.db'), database)
    const outcome = await restore(to('b'), to('restored'))
    expect(outcome).toMatchObject({ ok: false, damaged: expect.arrayContaining([blob, 'system.db']) })
    expect(existsSync(to('restored'))).toBe(false)
  })

  test.each([
    ['a folder that is no backup', () => {}, /no backup/],
    [
      'a manifest of something else',
      () => writeFileSync(to('b/manifest.json'), '{}'),
      /damaged or of another/,
    ],
    [
      'a newer format',
      () =>
        writeFileSync(to('b/manifest.json'), '{"format":"suotdoi-backup","formatVersion":3,"databases":[]}'),
      /newer version/,
    ],
  ])('refuses %s in words', async (_name, make, words) => {
    mkdirSync(to('b'))
    make()
    expect(await restore(to('b'), to('restored'))).toMatchObject({
      ok: false,
      message: expect.stringMatching(words),
    })
  })

  test('refuses a list of digests that was changed, and a folder that holds something', async () => {
    await write(0, 1)
    await storage.backup(to('b'))
    mkdirSync(to('full'))
    writeFileSync(to('full/system.db'), '')
    expect(await restore(to('b'), to('full'))).toMatchObject({
      ok: false,
      message: expect.stringMatching(/not empty \(system.db\)/),
    })
    writeFileSync(to('b/SHA256SUMS'), '')
    expect(await restore(to('b'), to('restored'))).toMatchObject({
      ok: false,
      message: expect.stringMatching(/SHA256SUMS is damaged/),
    })
  })

  test('killed at any moment leaves all or nothing, and says which', async () => {
    for (let i = 0; i < 3_000; i += 1_000) await write(i, 1_000)
    for (let i = 0; i < 100; i++) await attach(`a${i}`, `attachment ${i}`)
    await storage.backup(to('b'))
    const target = to('restored')
    let cut = 0
    // On a busy machine it takes longer until there is something to cut off.
    for (let round = 0; round < 8 || (cut === 0 && round < 40); round++) {
      await killed(['restore', to('b'), target], 20 + round * 25)
      const told = await finishRestore(target)
      const names = existsSync(target) ? readdirSync(target).filter((name) => name !== 'restoring') : []
      if (told === null && names.length > 0) {
        const whole = await openSqlite({ directory: target })
        expect(await whole.tenant('one').statements.count()).toBe(3_100)
        await whole.close()
        rmSync(target, { recursive: true })
      } else {
        expect(names).toEqual([])
        if (told !== null) {
          cut++
          expect(told).toContain('Run it again')
        }
      }
    }
    expect(cut).toBeGreaterThan(0)
    rmSync(target, { recursive: true, force: true })
    const copy = await restored(to('b'))
    await expectWell(copy)
    expect(await copy.tenant('one').statements.query(everything)).toMatchObject({ more: true })
    await copy.close()
  }, 60_000)

  test('that was killed between its last renames is completed by the next start', async () => {
    await write(0, 5)
    await storage.backup(to('b'))
    mkdirSync(to('restored'))
    await restore(to('b'), to('restored'))
    mkdirSync(to('restored/restored'))
    const { renameSync } = await import('node:fs')
    renameSync(to('restored/system.db'), to('restored/restored/system.db'))
    expect(await finishRestore(to('restored'))).toBeNull()
    const copy = await openSqlite({ directory: to('restored') })
    expect(await copy.tenant('one').statements.count()).toBe(5)
    await copy.close()
  })
})

/** Runs a piece of work in a process that is killed after so many ms of it. */
async function killed(args: string[], after: number): Promise<void> {
  const child = fork(PROCESS, args, { stdio: 'inherit' })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.once('message', () => setTimeout(() => child.kill('SIGKILL'), after))
  await ended
}
