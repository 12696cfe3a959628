import { existsSync, mkdirSync, utimesSync } from 'node:fs'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { StorageUnavailable } from '../lrs/storage/port.ts'
import { openStore, storeName, whyNotStarted } from './open-store.ts'
import { makeWorkFolder } from './work-folder.ts'

const PASSWORD = 'hunter2'

describe('the name of a store', () => {
  test('is its folder, or its address without user, password and options', () => {
    const name = (storeUrl: string) => storeName({ storeUrl, dataDir: '/srv/data' })
    expect(name('sqlite:')).toBe('/srv/data')
    expect(name('mongodb://db:27017/suotdoi')).toBe('mongodb://db:27017/suotdoi')
    expect(name(`mongodb+srv://u:${PASSWORD}@a.example/x?authSource=${PASSWORD}`)).toBe(
      'mongodb+srv://a.example/x',
    )
    for (const odd of [
      `u:${PASSWORD}@db/x`,
      `u:a@${PASSWORD}@db/x`,
      `u:a/${PASSWORD}@db/x`,
      `${PASSWORD}@db`,
    ])
      expect(name(`mongodb://${odd}`)).not.toContain(PASSWORD)
  })
})

describe('a MongoDB store that cannot be opened', () => {
  let silent: Server
  let port: number
  const mask = process.umask()
  beforeEach(async () => {
    // Takes connections and ends them.
    silent = createServer((socket) => socket.destroy())
    await new Promise<void>((listening) => silent.listen(0, '127.0.0.1', listening))
    port = (silent.address() as { port: number }).port
  })
  afterEach(async () => {
    process.umask(mask)
    await new Promise((closed) => silent.close(closed))
  })
  async function refusal(storeUrl: string): Promise<string> {
    const outcome = await openStore({ storeUrl, dataDir: '/nowhere' })
    if (outcome.ok) throw new Error('it was opened')
    return outcome.message
  }
  const QUICK = 'serverSelectionTimeoutMS=300'

  test.each([
    [
      'a server that does not answer',
      (at: number) => `127.0.0.1:${at}/x`,
      /no MongoDB server .* answers .*rs\.status/,
    ],
    ['a user without a server', (at: number) => `u:${PASSWORD}@127.0.0.1:${at}/x`, /no MongoDB server/],
    [
      'an option that is none',
      () => `u:${PASSWORD}@127.0.0.1/x?maxPoolSize=many`,
      /cannot be read.*replicaSet/,
    ],
    ['a password that is not encoded', () => `u:50%${PASSWORD}@127.0.0.1/x`, /cannot be read.*%40/],
    ['a database that is not encoded', () => `u:${PASSWORD}@127.0.0.1/%E0%A4%A`, /cannot be read/],
  ])('because of %s is told in words, without the password', async (_, address, words) => {
    const begun = performance.now()
    const message = await refusal(`mongodb://${address(port)}`)
    expect(message).toMatch(/^The store at mongodb:\/\/.* \(STORE_URL\) cannot be used: /)
    expect(message).toMatch(words)
    expect(message).not.toContain(PASSWORD)
    expect(performance.now() - begun).toBeLessThan(15_000)
  })

  test('leaves no folder, and what runs before it may refuse it', async () => {
    // Of its own: other tests start processes beside.
    const own = await mkdtemp(join(tmpdir(), 'temporary-'))
    vi.stubEnv('TMPDIR', own)
    try {
      await refusal(`mongodb://127.0.0.1:${port}/x?${QUICK}`)
      const place = { storeUrl: 'mongodb://127.0.0.1/x', dataDir: '/nowhere' }
      expect(await openStore(place, async () => 'not now')).toEqual({ ok: false, message: 'not now' })
      expect(tmpdir()).toBe(own)
      expect(await readdir(own)).toEqual([])
    } finally {
      vi.unstubAllEnvs()
      await rm(own, { recursive: true, force: true })
    }
  })

  test('on the way of a start is told too; a bug is not', () => {
    const place = { storeUrl: `mongodb://u:${PASSWORD}@db/x`, dataDir: '/nowhere' }
    const lost = new StorageUnavailable('connection 3 to 10.0.0.7:27017 closed')
    expect(whyNotStarted(place, lost)).toBe(
      'The store at mongodb://db/x (STORE_URL) cannot be used: connection 3 to 10.0.0.7:27017 closed.',
    )
    expect(whyNotStarted(place, new TypeError('x'))).toBeNull()
    expect(whyNotStarted({ ...place, storeUrl: 'sqlite:' }, lost)).toContain('data folder /nowhere')
  })
})

describe('the folder of a process', () => {
  test('is its own, goes when it stops, and what a killed one left goes with the next', async () => {
    const parent = await mkdtemp(join(tmpdir(), 'work-folder-'))
    const mask = process.umask()
    const old = (name: string) => {
      const folder = join(parent, name)
      mkdirSync(folder)
      utimesSync(folder, 1, 1)
      return folder
    }
    const [left, foreign] = [old('suotdoi-process-gone'), old('another-thing')]
    const living = await makeWorkFolder(parent)
    utimesSync(living.folder, 1, 1)
    const next = await makeWorkFolder(parent)
    expect([left, foreign, living.folder, next.folder].map(existsSync)).toEqual([false, true, true, true])
    expect((await stat(next.folder)).mode & 0o077).toBe(0)
    await next.remove()
    expect(existsSync(next.folder)).toBe(false)
    await living.remove()
    process.umask(mask)
    await rm(parent, { recursive: true })
  })
})
