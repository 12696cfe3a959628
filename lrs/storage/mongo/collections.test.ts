import { randomUUID } from 'node:crypto'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { describeOnMongo } from '../../../tests/support/left-out.ts'
import { type MongoServer, startMongo } from '../../../tests/support/mongo-server.ts'
import { type Collection, type Collections, defineCollection } from '../collections.ts'
import type { Storage } from '../port.ts'
import { openMongo } from './index.ts'

interface Thing {
  n: number
  word?: string
}
const plain = defineCollection<Thing>('grown')
const byN = defineCollection<Thing>('grown', { by: ['n'] })
const byWord = defineCollection<Thing>('grown', { by: ['word'] })

describeOnMongo('collections over several processes', { timeout: 240_000 }, collectionsOverProcesses)

function collectionsOverProcesses(): void {
  let server: MongoServer
  let url: string
  let client: MongoClient
  let one: Storage
  let other: Storage
  let shift = 0
  let tenants = 0

  beforeAll(async () => {
    server = await startMongo()
    url = server.urlOf(`collections-${randomUUID().slice(0, 8)}`)
    client = new MongoClient(url)
    const clock = () => Date.now() + shift
    one = await openMongo({ url, clock })
    other = await openMongo({ url, clock })
  })
  afterAll(async () => {
    await one.close()
    await other.close()
    await client.db().dropDatabase()
    await client.close()
    await server.stop()
  })

  function freshTenant(): { a: Collections; b: Collections; id: string } {
    const id = `tenant-${++tenants}`
    return { a: one.tenant(id).collections, b: other.tenant(id).collections, id }
  }
  const keysOf = async (collections: Collections, collection: Collection<Thing>) =>
    (await collections.find(collection, { index: 'by', limit: 99 })).docs.map(({ key }) => key)
  const within = (id: string) => ({ _id: { $gte: `${id}/`, $lt: `${id}0` } }) as object

  test('a process keeps the entries of an index that another has declared', async () => {
    const { a, b } = freshTenant()
    await a.put(plain, 'x', { n: 2 })
    expect(await keysOf(b, byN)).toEqual(['x'])
    await new Promise((resolve) => setTimeout(resolve, 1_100))
    await a.put(plain, 'y', { n: 1 })
    await a.put(plain, 'x', { n: 0 })
    expect(await keysOf(b, byN)).toEqual(['x', 'y'])
    await a.delete(plain, 'x')
    expect(await b.count(byN, { index: 'by' })).toBe(1)
  })

  test('what a process wrote before it knew of an index is found in it later', async () => {
    const { a, b } = freshTenant()
    await a.put(plain, 'old', { n: 3 })
    expect(await keysOf(b, byN)).toEqual(['old'])
    // `a` goes by what it read before.
    await a.put(plain, 'old', { n: 2 })
    await a.put(plain, 'new', { n: 1 })
    shift += 11_000
    await vi.waitFor(async () => expect(await keysOf(b, byN)).toEqual(['new', 'old']), {
      timeout: 60_000,
      interval: 100,
    })
  })

  test('a write that took long has the entries of an index that was declared and filled meanwhile', async () => {
    const { a, b, id } = freshTenant()
    await a.put(plain, 'there', { n: 1 })
    const _id = `${id}/grown\u0000late`
    await client.withSession(async (session) => {
      session.startTransaction()
      await client
        .db()
        .collection<{ _id: string }>('doc')
        .insertOne({ _id, expires: new Date(0) } as { _id: string }, { session })
      const late = a.put(plain, 'late', { n: 2 })
      expect(await keysOf(b, byN)).toEqual(['there'])
      await new Promise((resolve) => setTimeout(resolve, 5_200))
      await session.abortTransaction()
      await late
    })
    expect(await keysOf(b, byN)).toEqual(['there', 'late'])
  })

  test('an index that is not complete is filled on from where its filler stopped', async () => {
    const { a, b, id } = freshTenant()
    for (const n of [1, 2, 3]) await a.put(plain, `k${n}`, { n })
    await a.put(byN, 'k4', { n: 4 })
    const declaration = client.db().collection<{ _id: string }>('declaration')
    const after = `${id}/grown\u0000k1`
    const stopped = await declaration.updateOne(
      { _id: `${id}/grown` },
      { $set: { 'indexes.0.after': after, 'indexes.0.due': new Date(Date.now() + shift + 300) } },
    )
    expect(stopped.modifiedCount).toBe(1)
    expect(await keysOf(b, byN)).toEqual(['k2', 'k3', 'k4'])
  })

  test('an index with other fields stands beside the old one for a day, then the old entries go', async () => {
    const { a, b, id } = freshTenant()
    await a.put(byN, 'x', { n: 1, word: 'b' })
    await a.put(byN, 'y', { n: 2, word: 'a' })
    expect(await keysOf(b, byWord)).toEqual(['y', 'x'])
    expect(await keysOf(a, byN)).toEqual(['x', 'y'])
    const entries = client.db().collection('entry')
    expect(await entries.countDocuments(within(id))).toBe(4)
    await vi.waitFor(
      async () => {
        shift += 90_000_000
        await keysOf(b, byWord)
        await new Promise((resolve) => setTimeout(resolve, 1_050))
        expect(await entries.countDocuments(within(id))).toBe(2)
      },
      { timeout: 120_000, interval: 10 },
    )
    expect(await keysOf(b, byWord)).toEqual(['y', 'x'])
    await b.put(byWord, 'x', { n: 1, word: 'c' })
    await b.delete(byWord, 'y')
    expect(await entries.countDocuments(within(id))).toBe(1)
  })

  test('batches of many processes on one key all happen, one after another', async () => {
    const { a, b } = freshTenant()
    const add = async (collections: Collections, own: string): Promise<void> => {
      for (;;) {
        const doc = await collections.get(byN, 'sum')
        const n = (doc?.value.n ?? 0) + 1
        const sum = doc
          ? ({ op: 'replace', collection: byN, key: 'sum', value: { n }, revision: doc.revision } as const)
          : ({ op: 'insert', collection: byN, key: 'sum', value: { n } } as const)
        const mine = { op: 'put', collection: byN, key: own, value: { n: 0 } } as const
        if ((await collections.batch([sum, mine])).ok) return
      }
    }
    await Promise.all(Array.from({ length: 12 }, (_, i) => add(i % 2 ? a : b, `own-${i}`)))
    expect((await a.get(byN, 'sum'))?.value).toEqual({ n: 12 })
    expect(await b.count(byN, { index: 'by' })).toBe(13)
    const put = (collections: Collections, i: number) =>
      collections.batch([
        { op: 'put', collection: byN, key: 'sum', value: { n: i } },
        { op: 'put', collection: byN, key: `late-${i}`, value: { n: i } },
      ])
    const outcomes = await Promise.all(Array.from({ length: 12 }, (_, i) => put(i % 2 ? a : b, i)))
    expect(outcomes).toEqual(outcomes.map(() => ({ ok: true })))
    expect(await b.count(byN, { index: 'by' })).toBe(25)
  })

  test('the count leaves out what holds a key free for a moment', async () => {
    const { a, b, id } = freshTenant()
    await a.batch([
      { op: 'check', collection: plain, key: 'free', revision: null },
      { op: 'put', collection: plain, key: 'x', value: { n: 1 } },
    ])
    expect(await client.db().collection('doc').countDocuments(within(id))).toBe(2)
    expect(await b.count(plain)).toBe(1)
    expect(await b.get(plain, 'free')).toBeNull()
    expect(await b.insert(plain, 'free', { n: 2 })).toBe(true)
    expect(await a.count(plain)).toBe(2)
  })
}
