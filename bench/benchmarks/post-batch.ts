import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { atLeastOfFloor, type Bench, type Benchmark, told } from '../bench.ts'
import type { RawInserted } from '../floors/raw-insert.ts'
import { BATCH, postBatchWork } from '../load/works.ts'
import { startScript } from '../process.ts'
import { interleave, medianOf, mustBe } from '../rounds.ts'
import { lessonsAreThere } from '../server.ts'

const WARM_UP_BATCHES = 100
const BATCHES = 500

export const postBatchBenchmark: Benchmark = {
  name: 'post-batch',
  title: `POST of batches of ${BATCH}, 8 connections; floor: the same rows inserted raw, durably, ${BATCH} statements a transaction`,
  async run(bench) {
    const empty = await emptyData(bench)
    let written = empty
    const rounds = await interleave(
      bench.rounds,
      async () => {
        written = await copyOf(bench, empty)
        return send(bench, written)
      },
      () => insertRaw(bench, empty, written),
    )
    const { tables, indexes, statements } = rounds.floor[0]!
    bench.say(
      `  rows per statement: ${tables.map((one) => `${one.table} ${perStatement(one.rows, tables)}`).join(', ')}`,
    )
    bench.say(`  indexes beside the tables' own keys: ${indexes.join('; ')}`)
    bench.say(`  ${statements} statements a round`)
    const product = medianOf(rounds.product, ({ perSecond }) => perSecond * BATCH)
    const floor = medianOf(rounds.floor, (one) => one.statements / one.seconds)
    return [
      atLeastOfFloor('post-batch', 'statements/s', product, floor, 0.5),
      told(
        'post-batch/p99',
        'ms/batch',
        medianOf(rounds.product, ({ latency }) => latency.p99),
      ),
      told(
        'post-batch/server-cpu',
        'µs/statement',
        medianOf(rounds.product, (one) => (one.serverCpuMs * 1000) / one.answers / BATCH),
        medianOf(rounds.floor, (one) => (one.cpuMs * 1000) / one.statements),
      ),
      told(
        'post-batch/rows',
        'rows/statement',
        tables.reduce((sum, { rows }) => sum + rows, 0) / statementsOf(tables),
      ),
    ]
  },
}

type Tables = RawInserted['tables']
const statementsOf = (tables: Tables) => tables.find(({ table }) => table === 'statement')!.rows
const perStatement = (rows: number, tables: Tables) => Number((rows / statementsOf(tables)).toFixed(3))

/** A data folder behind its first start, with nothing sent to it. */
async function emptyData(bench: Bench): Promise<string> {
  const dataDir = join(await bench.folder('empty'), 'data')
  const server = await bench.start({ dataDir })
  await lessonsAreThere(server.url)
  await server.stop()
  return dataDir
}

async function copyOf(bench: Bench, dataDir: string): Promise<string> {
  const copy = join(await bench.folder('round'), 'data')
  await cp(dataDir, copy, { recursive: true })
  return copy
}

const database = (dataDir: string) => join(dataDir, 'tenants', 'main.db')

/** One round of the product: it starts, warms up, is measured and stops. */
async function send(bench: Bench, dataDir: string) {
  const server = await bench.start({ dataDir })
  const work = (batches: number, seed: number) =>
    postBatchWork(server, Math.ceil(batches * bench.scale), seed)
  mustBe(200, await bench.load.run(work(WARM_UP_BATCHES, 2)))
  const cpu = server.cpuMs()
  const measured = mustBe(200, await bench.load.run(work(BATCHES, 3)))
  const serverCpuMs = server.cpuMs() - cpu
  await server.stop()
  bench.say(`  product: ${Math.round(measured.perSecond * BATCH)} statements a second`)
  return { ...measured, serverCpuMs }
}

/** One round of the floor, with the rows that the product wrote in the round before. */
async function insertRaw(bench: Bench, empty: string, written: string): Promise<RawInserted> {
  const target = await copyOf(bench, empty)
  const child = startScript(
    ['bench/floors/raw-insert.ts', database(empty), database(written), database(target), String(BATCH)],
    {},
  )
  const told = JSON.parse(await text(child.stdout!)) as RawInserted
  bench.say(`  floor: ${Math.round(told.statements / told.seconds)} statements a second`)
  return told
}
