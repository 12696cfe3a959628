import { MongoClient } from 'mongodb'
import { startMongo } from '../tests/support/mongo-server.ts'

/** A MongoDB server, as the bench uses it. */
export interface BenchMongo {
  /** `mongodb://…` of a database. */
  urlOf(database: string): string
  /** Name and version, for who reads the figures. */
  about: string
  stop(): Promise<void>
}

export async function startBenchMongo(
  at: NonNullable<Parameters<typeof startMongo>[0]>,
): Promise<BenchMongo> {
  const server = await startMongo(at)
  return { urlOf: server.urlOf, about: await nameOf(server.urlOf('admin')), stop: server.stop }
}

/** Runs `act` with a bare driver on one database, durably as the product writes. */
export async function onDatabase<T>(url: string, act: (client: MongoClient) => Promise<T>): Promise<T> {
  const client = new MongoClient(url, {
    writeConcern: { w: 'majority', journal: true },
    readConcern: { level: 'majority' },
    ignoreUndefined: true,
  })
  try {
    return await act(client)
  } finally {
    await client.close()
  }
}

/** What stands in for MongoDB says so itself. */
function nameOf(url: string): Promise<string> {
  return onDatabase(url, async (client) => {
    const { version, secantusVersion } = await client.db('admin').command({ buildInfo: 1 })
    if (secantusVersion) return `SecantusDB ${secantusVersion}, one node, in the place of MongoDB`
    const { setName, hosts, msg } = await client.db('admin').command({ hello: 1 })
    return `MongoDB ${version}, ${msg === 'isdbgrid' ? 'sharded' : `replica set ${setName} of ${hosts?.length ?? 1}`}`
  })
}
