import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { MongoServerError } from 'mongodb'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { everything, recordOf } from '../../../tests/contract/support/records.ts'
import { describeOnMongo } from '../../../tests/support/left-out.ts'
import { freePort, type MongoServer, startMongo } from '../../../tests/support/mongo-server.ts'
import { startProxy, type TcpProxy } from '../../../tests/support/tcp-proxy.ts'
import { type Storage, StorageUnavailable, type TenantStorage } from '../port.ts'
import { openMongo } from './index.ts'

const PATIENCE = 3_000
/** More than can be stored in the time of a test. */
const MOST = 100_000
const COMMIT = 'commitTransaction'
/** As it stands in the message: the command, the length of the name, the name. */
const INSERT_FILE = 'insert\0\u000e\0\0\0content.files'

describeOnMongo('a connection to MongoDB', { timeout: 180_000, own: true }, () => {
  let folder: string
  let port: number
  let server: MongoServer
  let proxy: TcpProxy
  let storage: Storage
  let beside: Storage
  let tenant: TenantStorage

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'suotdoi-mongo-'))
    port = await freePort()
    server = await startMongo({ place: { folder, port } })
    proxy = await startProxy(port)
    const url = server.urlOf('faults')
    // The first makes the database, which takes its time.
    beside = await openMongo({ url })
    storage = await openMongo({ url: url.replace(`:${port}/`, `:${proxy.port}/`), patience: PATIENCE })
    tenant = storage.tenant('t')
    await tenant.statements.write([recordOf('before')])
  })
  afterEach(async () => {
    proxy.accept()
    proxy.delay(0)
    await Promise.all([storage.close(), beside.close()])
    await proxy.close()
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const write = (...names: string[]) => tenant.statements.write(names.map((name) => recordOf(name)))
  /** What another process sees in the feed, when all that is open is decided. */
  async function stored(): Promise<string[]> {
    const { feed, statements } = beside.tenant('t')
    const now = Date.now()
    await expect.poll(() => statements.watermark()).toBeGreaterThanOrEqual(now)
    const entries = await feed.read(0, MOST)
    const ids = entries.map((entry) => (entry.kind === 'stored' ? entry.statement.id : entry.kind))
    expect((await statements.query({ ...everything, limit: MOST })).statements.map(({ id }) => id)).toEqual(
      ids,
    )
    expect(await statements.count()).toBe(ids.length)
    return ids
  }
  const idsOf = (...names: string[]) => names.map((name) => recordOf(name).id)

  test('that is cut again and again under load loses nothing that was acknowledged, and stores nothing twice', async () => {
    const acknowledged: string[] = ['before']
    const unknown: string[] = []
    let next = 0
    const until = Date.now() + 3_000
    // On a machine that is slow it is cut less often, until something gets through.
    const isTime = () => Date.now() < until
    const goesOn = () => isTime() || acknowledged.length < 3
    const lane = async () => {
      while (goesOn()) {
        const name = `statement ${next++}`
        try {
          if ((await write(name)).ok) acknowledged.push(name)
        } catch (error) {
          expect(error).toBeInstanceOf(StorageUnavailable)
          unknown.push(name)
        }
      }
    }
    const cutting = (async () => {
      while (goesOn()) {
        await pause((40 + Math.random() * 100) * (isTime() ? 1 : 20))
        proxy.cut()
      }
    })()
    await Promise.all([cutting, ...Array.from({ length: 6 }, lane)])
    const there = await stored()
    expect(new Set(there).size).toBe(there.length)
    expect(idsOf(...acknowledged).filter((id) => !there.includes(id))).toEqual([])
    const sent = new Set(idsOf(...acknowledged, ...unknown))
    expect(there.filter((id) => !sent.has(id))).toEqual([])
    expect(acknowledged.length).toBeGreaterThan(1)
  })

  test('that is slow stores what is sent', async () => {
    proxy.delay(60)
    expect(await write('slow')).toMatchObject({ ok: true, fresh: 1 })
    expect(await tenant.statements.get(recordOf('slow').id)).not.toBeNull()
    proxy.delay(0)
    expect(await stored()).toEqual(idsOf('before', 'slow'))
  })

  test.each([
    ['once', 1],
    ['five times', 5],
  ])('whose answers to a commit are lost %s: it is acknowledged, and stored once', async (_, times) => {
    const swallowed = proxy.swallow(COMMIT, times)
    expect(await write('a', 'b')).toMatchObject({ ok: true, fresh: 2 })
    expect(swallowed()).toBeGreaterThan(0)
    expect(await stored()).toEqual(idsOf('before', 'a', 'b'))
    expect(await write('a', 'b')).toMatchObject({ ok: true, fresh: 0 })
  })

  test('on which a commit itself is lost: it is stored once', async () => {
    const swallowed = proxy.swallow(COMMIT, 3, true)
    expect(await write('a')).toMatchObject({ ok: true, fresh: 1 })
    expect(swallowed()).toBeGreaterThan(0)
    expect(await stored()).toEqual(idsOf('before', 'a'))
  })

  test('lost right after a commit that is not answered: sent again later, it is there once', async () => {
    const swallowed = proxy.swallow(COMMIT, 1)
    const writing = write('a').catch((error: unknown) => error)
    await expect.poll(swallowed, { interval: 2 }).toBe(1)
    proxy.refuse()
    const outcome = await writing
    if (outcome instanceof Error) expect(outcome).toBeInstanceOf(StorageUnavailable)
    else expect(outcome).toMatchObject({ ok: true })
    proxy.accept()
    await expect.poll(() => write('a').catch(() => null)).toMatchObject({ ok: true })
    expect(await stored()).toEqual(idsOf('before', 'a'))
  })

  test('whose commit is kept and asked for again of a server that has started anew meanwhile: it is acknowledged, counted and stored once', async () => {
    const patient = await openMongo({ url: server.urlOf('faults').replace(`:${port}/`, `:${proxy.port}/`) })
    try {
      const { statements } = patient.tenant('t')
      await statements.write([recordOf('a')])
      const swallowed = proxy.swallow(COMMIT, 1)
      const writing = statements.write([recordOf('b')])
      await expect.poll(swallowed, { interval: 2 }).toBe(1)
      proxy.refuse()
      await server.stop()
      server = await startMongo({ place: { folder, port } })
      proxy.accept()
      expect(await writing).toMatchObject({ ok: true, fresh: 1 })
      expect(await stored()).toEqual(idsOf('before', 'a', 'b'))
    } finally {
      await patient.close()
    }
  })

  test('on which an upload is made and not answered, by a server that has started anew when it is asked again, is an outage at most', async () => {
    const patient = await openMongo({ url: server.urlOf('faults').replace(`:${port}/`, `:${proxy.port}/`) })
    try {
      const { blobs } = patient.tenant('t')
      const content = async function* () {
        yield Buffer.from('what is uploaded')
      }
      const swallowed = proxy.swallow(INSERT_FILE, 1)
      const uploading = blobs.put(content()).catch((error: unknown) => error)
      await expect.poll(swallowed, { interval: 2 }).toBe(1)
      proxy.refuse()
      await server.stop()
      server = await startMongo({ place: { folder, port } })
      proxy.accept()
      const outcome = await uploading
      if (outcome instanceof Error) expect(outcome).toBeInstanceOf(StorageUnavailable)
      const { sha2, size } = await blobs.put(content())
      expect(await blobs.size(sha2)).toBe(size)
    } finally {
      await patient.close()
    }
  })

  test('refused for longer than its patience is an outage within a limit, and is taken up again by itself', async () => {
    proxy.refuse()
    const begun = performance.now()
    await expect(write('a')).rejects.toBeInstanceOf(StorageUnavailable)
    await expect(tenant.statements.query(everything)).rejects.toBeInstanceOf(StorageUnavailable)
    await expect(tenant.feed.read(0, 10)).rejects.toBeInstanceOf(StorageUnavailable)
    expect(performance.now() - begun).toBeLessThan(90_000)
    proxy.accept()
    await expect.poll(() => write('b').catch(() => null)).toMatchObject({ ok: true })
    expect(await stored()).toEqual(idsOf('before', 'b'))
  })

  test('to a database that is killed and started again on the same data: what was acknowledged is there', async () => {
    await write('a')
    await server.stop()
    await expect(write('b')).rejects.toBeInstanceOf(StorageUnavailable)
    server = await startMongo({ place: { folder, port } })
    await expect.poll(() => write('c').catch(() => null)).toMatchObject({ ok: true })
    expect(await stored()).toEqual(idsOf('before', 'a', 'c'))
  })

  test('to a database whose disk is full (as it says so: error 14031) is an outage, nothing of what was refused is there, and with room it goes on', async () => {
    let isFull = true
    const full = await openMongo({
      url: server.urlOf('faults'),
      beforeCommit() {
        if (isFull) throw new MongoServerError({ message: 'No space left on device', code: 14031 })
      },
    })
    try {
      const { statements } = full.tenant('t')
      await expect(statements.write([recordOf('a')])).rejects.toBeInstanceOf(StorageUnavailable)
      expect(await statements.get(recordOf('before').id)).not.toBeNull()
      isFull = false
      expect(await statements.write([recordOf('b')])).toMatchObject({ ok: true, fresh: 1 })
      expect(await stored()).toEqual(idsOf('before', 'b'))
    } finally {
      await full.close()
    }
  })
})
