import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Collections } from '../storage/collections.ts'
import { type Storage, StorageUnavailable } from '../storage/port.ts'
import { openSqlite } from '../storage/sqlite/index.ts'
import { createLease, doAlone } from './lease.ts'

/** A life that no hold-up of the machine is as long as. */
const QUICK = { life: 2_000, beat: 60 }

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
  let keptAt = 0
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
    replace: through((...given: Parameters<Collections['replace']>) => {
      keptAt = performance.now()
      return collections.replace(...given)
    }) as Collections['replace'],
  }
  return {
    seen,
    /** When it last kept something up. */
    keptAt: () => keptAt,
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
    for (let waited = 0; waited < 2 * QUICK.life; waited += 50) {
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
    const { seen, keptAt, cut } = cuttable(storage.system)
    const first = createLease(seen, name, { ...QUICK, note: () => 'still working' })
    await expect.poll(() => first.held()).toBe(true)
    const second = createLease(storage.system, name, QUICK)
    await expect.poll(() => second.noted()).toBe('still working')
    await expect.poll(keptAt).toBeGreaterThan(0)
    cut()
    await expect.poll(() => second.held(), { interval: 5 }).toBe(true)
    expect(performance.now() - keptAt()).toBeGreaterThan(QUICK.life)
    // Who holds it knows by itself that it ran out, before anybody else takes it.
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
