import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MongoClient } from 'mongodb'
import { openMongo } from '../../lrs/storage/mongo/index.ts'
import type { Storage } from '../../lrs/storage/port.ts'
import { openSqlite } from '../../lrs/storage/sqlite/index.ts'
import { type MongoServer, startMongo } from './mongo-server.ts'

/** Every store that the tests of the whole product can be run on. */
const STORES = ['sqlite', 'mongo'] as const
export type StoreName = (typeof STORES)[number]

/** The store that this run of the tests is about: vitest.config.ts sets TEST_STORE. */
export function storeOfRun(): StoreName {
  const { TEST_STORE: name = 'sqlite' } = process.env
  const known = STORES.find((one) => one === name)
  if (!known) throw new Error(`TEST_STORE is ${name}, but must be one of ${STORES.join(', ')}`)
  return known
}

/** An empty store, and what goes when its test has ended. */
export interface TestStore {
  storage: Storage
  /** A folder of the test's own. */
  directory: string
  /** Closes the store and removes all that was made. */
  close(): Promise<void>
}

/** @param name `sqlite`, `mongo`, or the address of a MongoDB database, which is not removed afterwards. */
export async function openTestStore(name: string = storeOfRun()): Promise<TestStore> {
  const directory = await mkdtemp(join(tmpdir(), 'suotdoi-test-'))
  const place = await placeOf(name)
  const storage =
    place.storeUrl === 'sqlite:'
      ? await openSqlite({ directory: join(directory, 'data') })
      : await openMongo({ url: place.storeUrl, spool: join(directory, 'spool') })
  await storage.migrate()
  return {
    storage,
    directory,
    async close() {
      await storage.close()
      await place.remove()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** Where a process of the product is to keep its data. */
export interface StorePlace {
  storeUrl: string
  remove(): Promise<void>
}

export async function placeOf(name: string = storeOfRun()): Promise<StorePlace> {
  if (name === 'mongo') return freshDatabase()
  return { storeUrl: name === 'sqlite' ? 'sqlite:' : name, remove: async () => {} }
}

/** One for all tests of a file: it ends with them. */
let server: Promise<MongoServer> | null = null

async function freshDatabase(): Promise<StorePlace> {
  server ??= startMongo()
  const storeUrl = (await server).urlOf(`test-${randomUUID().slice(0, 8)}`)
  return {
    storeUrl,
    async remove() {
      const client = new MongoClient(storeUrl)
      await client.db().dropDatabase()
      await client.close()
    },
  }
}
