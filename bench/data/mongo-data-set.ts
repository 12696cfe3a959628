import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openMongo } from '../../lrs/storage/mongo/index.ts'
import { freePort } from '../../tests/support/mongo-server.ts'
import { type BenchMongo, onDatabase, startBenchMongo } from '../mongo.ts'
import { buildDataSet } from './build.ts'
import { CACHE, type DataSet, SEED } from './data-set.ts'
import { GENERATOR } from './statements.ts'

/** To be raised when the adapter keeps statements otherwise, so that data sets are made anew. */
const LAYOUT = 1

/** The server that holds the data sets: that at MONGODB_URI, or one whose folder stays under `bench/.data/`. */
export async function startSetServer(): Promise<BenchMongo> {
  if (process.env.MONGODB_URI) return startBenchMongo({})
  const folder = join(CACHE, 'mongo')
  await mkdir(folder, { recursive: true })
  const portFile = join(CACHE, 'mongo-port')
  if (!existsSync(portFile)) await writeFile(portFile, String(await freePort()))
  return startBenchMongo({ place: { folder, port: Number(await readFile(portFile, 'utf8')) } })
}

/** As openDataSet, in a database of its own. It is not copied: what a benchmark writes into it stays there. */
export async function openMongoDataSet(
  server: BenchMongo,
  size: number,
  say: (text: string) => void,
): Promise<DataSet> {
  const name = `bench-${size}-${SEED}-${GENERATOR}-${LAYOUT}`
  const url = server.urlOf(name)
  const home = join(CACHE, `mongo-${name}`)
  const env = { STORE_URL: url }
  const isThere = await onDatabase(url, async (client) => client.db().collection('statement').findOne({}))
  if (!existsSync(home) || !isThere) {
    const unfinished = `${home}.unfinished`
    for (const folder of [home, unfinished]) await rm(folder, { recursive: true, force: true })
    await onDatabase(url, (client) => client.db().dropDatabase())
    await mkdir(unfinished, { recursive: true })
    say(`filling a database with ${size.toLocaleString('en')} statements`)
    const place = { folder: join(unfinished, 'data'), env }
    const { samples, built } = await buildDataSet(
      place,
      (clock) => openMongo({ url, clock }),
      size,
      SEED,
      say,
    )
    await writeFile(join(unfinished, 'samples.json'), JSON.stringify(samples))
    await writeFile(join(unfinished, 'built.json'), JSON.stringify(built))
    await rename(unfinished, home)
    say(`filled in ${built.seconds.toFixed(0)} s`)
  }
  const read = async (file: string) => JSON.parse(await readFile(join(home, file), 'utf8'))
  return {
    size,
    folder: join(home, 'data'),
    env,
    samples: await read('samples.json'),
    built: await read('built.json'),
    bytes: () =>
      onDatabase(url, async (client) => {
        const { storageSize, indexSize } = await client.db().stats()
        return storageSize + indexSize
      }),
  }
}
