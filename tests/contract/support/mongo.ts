import { randomUUID } from 'node:crypto'
import { MongoClient, MongoNetworkError } from 'mongodb'
import { openMongo } from '../../../lrs/storage/mongo/index.ts'
import type { Storage } from '../../../lrs/storage/port.ts'
import { mongoLacks } from '../../support/mongo-program.ts'
import { type MongoServer, startMongo } from '../../support/mongo-server.ts'
import type { Adapter } from '../subject.ts'

let server: Promise<MongoServer> | null = null

export const mongo: Adapter = {
  name: 'mongo',
  lacks: mongoLacks,
  lacksMoments,
  async open() {
    server ??= startMongo()
    const url = (await server).urlOf(`contract-${randomUUID().slice(0, 8)}`)
    let shift = 0
    let broken = false
    let held: Promise<void> | undefined
    const open = () =>
      openMongo({
        url,
        clock: () => Date.now() + shift,
        async beforeCommit() {
          await held
          if (broken) throw new MongoNetworkError('The connection is gone')
        },
      })
    let storage: Storage = await open()
    return {
      get storage() {
        return storage
      },
      location: url,
      async reopen() {
        await storage.close()
        storage = await open()
      },
      async destroy() {
        await storage.close()
        const client = new MongoClient(url)
        await client.db().dropDatabase()
        await client.close()
      },
      shiftClock(ms) {
        shift += ms
      },
      holdCommits() {
        const { promise, resolve } = Promise.withResolvers<void>()
        held = promise
        return () => {
          held = undefined
          resolve()
        }
      },
      async breakCommits() {
        broken = true
        return async () => {
          broken = false
        }
      },
    }
  },
  openAt: (url) => openMongo({ url }),
}

/** MongoDB reads in a snapshot session as of its first read; not everything that speaks its protocol does. */
async function lacksMoments(): Promise<string | null> {
  server ??= startMongo()
  const client = new MongoClient((await server).urlOf(`moments-${randomUUID().slice(0, 8)}`))
  try {
    const seen = client.db().collection('seen')
    await seen.insertOne({ n: 1 })
    const session = client.startSession({ snapshot: true })
    await seen.findOne({}, { session })
    await seen.insertOne({ n: 2 })
    const isHeld = (await seen.find({}, { session }).toArray()).length === 1
    await session.endSession()
    await client.db().dropDatabase()
    return isHeld ? null : `${(await server).kind} does not read as of a moment in a snapshot session`
  } finally {
    await client.close()
  }
}
