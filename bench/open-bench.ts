import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Bench } from './bench.ts'
import { copyDataSet, openDataSet } from './data/data-set.ts'
import { openMongoDataSet, startSetServer } from './data/mongo-data-set.ts'
import { startLoad } from './load/load.ts'
import { type BenchMongo, startBenchMongo } from './mongo.ts'
import type { StoreName } from './options.ts'
import { type StartedServer, startServer } from './server.ts'

/** What one benchmark works with, in a folder of its own; `close` stops what still runs and removes the folder. */
export async function openBench(options: {
  /** Made within this one. */
  folder: string
  rounds: number
  scale: number
  store: StoreName
  say: Bench['say']
}): Promise<Bench & { close(): Promise<void> }> {
  const { store, say } = options
  const base = await mkdtemp(join(options.folder, 'suotdoi-bench-'))
  const load = startLoad()
  const servers: StartedServer[] = []
  /** By data folder. */
  const stores = new Map<string, Readonly<Record<string, string>>>()
  let mongo: Promise<BenchMongo> | undefined
  let sets: Promise<BenchMongo> | undefined
  let closing: Promise<void> | undefined
  const close = async () => {
    await load.close()
    await Promise.all(servers.map((server) => server.stop()))
    await Promise.all([mongo, sets].map(async (server) => (await server)?.stop()))
    await rm(base, { recursive: true, force: true })
  }
  const folder = (name: string) => mkdtemp(join(base, `${name}-`))
  const told = async (starting: Promise<BenchMongo>) => {
    const server = await starting
    say(`  server: ${server.about}`)
    return server
  }
  const mongoServer = () => {
    mongo ??= told(startBenchMongo({ within: base }))
    return mongo
  }
  /** A data folder keeps the database that was once chosen for it. */
  async function storeOf(dataDir: string): Promise<Readonly<Record<string, string>>> {
    if (store === 'sqlite') return {}
    const known = stores.get(dataDir)
    if (known) return known
    const made = { STORE_URL: (await mongoServer()).urlOf(`bench-${randomUUID().slice(0, 8)}`) }
    stores.set(dataDir, made)
    return made
  }
  return {
    store,
    rounds: options.rounds,
    scale: options.scale,
    load,
    folder,
    say,
    mongo: mongoServer,
    storeOf,
    async dataSet(size) {
      if (store === 'sqlite') return openDataSet(size, say)
      sets ??= told(startSetServer())
      const set = await openMongoDataSet(await sets, size, say)
      stores.set(set.folder, set.env)
      return set
    },
    async copyOf(set) {
      const copy = await folder('copy')
      if (store === 'sqlite') return copyDataSet(set, join(copy, 'data'))
      stores.set(copy, set.env)
      return copy
    },
    async start(serverOptions = {}) {
      const at = await folder('server')
      const env = await storeOf(serverOptions.dataDir ?? join(at, 'data'))
      const server = await startServer(at, { ...serverOptions, env: { ...env, ...serverOptions.env } })
      servers.push(server)
      return server
    },
    close() {
      // Once, though both a signal and the end of the benchmark ask for it.
      closing ??= close()
      return closing
    },
  }
}
