import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { atLeastOfFloor, type Bench, type Benchmark, told } from '../bench.ts'
import { emptyProjection } from '../data/projection.ts'
import type { Rebuilt } from '../data/rebuild.ts'
import { openRecords, withServices } from '../data/records.ts'
import { startScript } from '../process.ts'
import { interleave, medianOf } from '../rounds.ts'

const STATEMENTS = 100_000
const PERSONS = 10_000
const MOST = 5_000
const PART = 0.5

export const projection: Benchmark = {
  name: 'projection',
  title: `All records made anew from ${STATEMENTS} statements of ${PERSONS} people; floor: the same feed read, and the same rows inserted raw with the same indexes`,
  async run(bench) {
    const part = (count: number) => Math.max(100, Math.ceil(count * bench.scale))
    const { dataDir } = await openRecords(bench, {
      statements: part(STATEMENTS),
      persons: part(PERSONS),
      most: part(MOST),
    })
    const empty = () =>
      withServices(bench, dataDir, ({ tenantStorage }) => emptyProjection(tenantStorage.collections))
    await empty()
    const { product, floor } = bench.store === 'mongo' ? onMongo() : onSqlite()
    const rounds = await interleave(bench.rounds, product, floor)
    const both = (value: (one: Rebuilt) => number) =>
      [medianOf(rounds.product, value), medianOf(rounds.floor, value)] as const
    return [
      atLeastOfFloor('projection', 'statements/s', ...both((one) => one.entries / one.seconds), PART),
      told('projection/cpu', 'µs/statement', ...both((one) => (one.cpuMs * 1000) / one.entries)),
    ]

    function onSqlite() {
      let written = ''
      return {
        async product() {
          written = await copyOf(bench, dataDir)
          return run(bench, ['bench/data/rebuild.ts'], { DATA_DIR: written })
        },
        floor: async () =>
          run(bench, ['bench/floors/raw-records.ts', written, await copyOf(bench, dataDir)], {}),
      }
    }

    /** A database is not copied: the product begins with it emptied, and the floor takes out what it inserts again. */
    function onMongo() {
      return {
        async product() {
          await empty()
          return run(bench, ['bench/data/rebuild.ts'], {
            DATA_DIR: dataDir,
            ...(await bench.storeOf(dataDir)),
          })
        },
        floor: async () =>
          run(bench, ['bench/floors/mongo-records.ts', (await bench.storeOf(dataDir)).STORE_URL!], {}),
      }
    }
  },
}

async function copyOf(bench: Bench, dataDir: string): Promise<string> {
  const copy = join(await bench.folder('round'), 'data')
  await cp(dataDir, copy, { recursive: true, mode: 2 })
  return copy
}

async function run(
  bench: Bench,
  script: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Rebuilt> {
  const child = startScript(script, env)
  const rebuilt = JSON.parse(await text(child.stdout!)) as Rebuilt
  bench.say(`  ${script[0]}: ${Math.round(rebuilt.entries / rebuilt.seconds)} statements a second`)
  return rebuilt
}
