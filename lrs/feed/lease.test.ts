import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Collections, type Storage, StorageUnavailable } from '../storage/port.ts'
import { openSqlite } from '../storage/sqlite/index.ts'
import { createLease, doAlone } from './lease.ts'

const QUICK = { life: 300, beat: 60 }

let directory: string
let storage: Storage
let names = 0
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lease-'))
  storage = await openSqlite({ directory })
})
afterAll(async () => {
  await storage.close()
  await rm(directory, { recursive: true })
})
const freshName = () => `thing ${++names}`

/** A store as a process sees it that can be cut off from it. */
function cuttable(collections: Collections) {
  let cut = false
  const through =
    <A extends unknown[], R>(ask: (...given: A) => Promise<R>) =>
    async (...given: A): Promise<R> => {
      if (cut) throw new StorageUnavailable('cut off')
      return ask(...given)
    }
  const seen: Collections = {
    ...collections,
    get: through(collections.get) as Collections['get'],
    insert: through(collections.insert) as Collections['insert'],
    replace: through(collections.replace) as Collections['replace'],
  }
  return {
    seen,
    cut: () => {
      cut = true
    },
  }
}

describe('a lease', () => {
  test('has one holder among many, who keeps it for much longer than its life', async () => {
    const name = freshName()
    const all = [1, 2, 3, 4].map(() => createLease(storage.system, name, QUICK))
    await expect.poll(() => all.filter((one) => one.held()).length).toBe(1)
    const first = all.findIndex((one) => one.held())
    for (let waited = 0; waited < 4 * QUICK.life; waited += 50) {
      await pause(50)
      expect(all.map((one) => one.held()).indexOf(true)).toBe(first)
      expect(all.filter((one) => one.held())).toHaveLength(1)
    }
    await Promise.all(all.map((one) => one.stop()))
  })

  test('goes to another at once when it was given back', async () => {
    const name = freshName()
    const first = createLease(storage.system, name, QUICK)
    await expect.poll(() => first.held()).toBe(true)
    const second = createLease(storage.system, name, { life: 60_000, beat: 60 })
    await pause(150)
    expect(second.held()).toBe(false)
    await first.stop()
    expect(first.held()).toBe(false)
    await expect.poll(() => second.held()).toBe(true)
    await second.stop()
  })

  test('goes to another when its holder does not show itself any more, and not before', async () => {
    const name = freshName()
    const { seen, cut } = cuttable(storage.system)
    const first = createLease(seen, name, { ...QUICK, note: () => 'still working' })
    await expect.poll(() => first.held()).toBe(true)
    const second = createLease(storage.system, name, QUICK)
    await expect.poll(() => second.noted()).toBe('still working')
    cut()
    const cutAt = performance.now()
    while (!second.held()) {
      expect(performance.now() - cutAt).toBeLessThan(10_000)
      // Who holds it knows by itself that it ran out, before anybody else takes it.
      await pause(5)
    }
    expect(performance.now() - cutAt).toBeGreaterThan(QUICK.life - QUICK.beat - 50)
    expect(first.held()).toBe(false)
    await Promise.all([first.stop(), second.stop()])
  })
})

describe('what is done alone', () => {
  test('never happens twice at once, and all of it happens', async () => {
    const name = freshName()
    let now = 0
    let most = 0
    let done = 0
    const work = async () => {
      most = Math.max(most, ++now)
      await pause(20)
      now--
      done++
    }
    const shared = { system: storage.system, shared: true }
    await Promise.all([1, 2, 3].map(() => doAlone(shared, name, work, QUICK)))
    expect({ most, done }).toEqual({ most: 1, done: 3 })
  })

  test('gives its place back when it fails, and waits for nobody where nobody else is', async () => {
    const name = freshName()
    const shared = { system: storage.system, shared: true }
    const failing = doAlone(shared, name, () => Promise.reject(new Error('no')), QUICK)
    await expect(failing).rejects.toThrow('no')
    expect(await doAlone(shared, name, async () => 'done', { life: 60_000 })).toBe('done')
    const holder = createLease(storage.system, name)
    await expect.poll(() => holder.held()).toBe(true)
    expect(await doAlone({ system: storage.system, shared: false }, name, async () => 'done')).toBe('done')
    await holder.stop()
  })

  test('is refused when the store cannot be asked', async () => {
    const { seen, cut } = cuttable(storage.system)
    cut()
    await expect(doAlone({ system: seen, shared: true }, freshName(), async () => 1)).rejects.toThrow(
      'cut off',
    )
  })
})
