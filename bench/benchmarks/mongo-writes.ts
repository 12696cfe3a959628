import { text } from 'node:stream/consumers'
import { DEFAULT_TENANT } from '../../lrs/index.ts'
import { atLeastOfFloor, atMost, type Bench, type Benchmark, told } from '../bench.ts'
import type { Inserted } from '../floors/mongo-insert.ts'
import type { Endpoint } from '../load/http.ts'
import type { Work } from '../load/work.ts'
import { BATCH, postBatchWork, postOneWork } from '../load/works.ts'
import { startScript } from '../process.ts'
import { interleave, medianOf, mustBe } from '../rounds.ts'

interface Kind {
  name: string
  title: string
  /** Statements a request. */
  size: number
  /** Requests under way at once. */
  lines: number
  floor: 'transaction' | 'insertMany'
  warmUp(to: Endpoint, scale: number): Work
  work(to: Endpoint, scale: number): Work
}

const WARM_UP_MS = 8_000
const ROUND_MS = 8_000
const WARM_UP_BATCHES = 100
const BATCHES = 200
const PART = 0.5

export const mongoPostOne = writing({
  name: 'mongo-post-one',
  title:
    'POST of one statement of 2 kB, 64 connections; floor: the same documents by the bare driver, one statement a transaction',
  size: 1,
  lines: 64,
  floor: 'transaction',
  warmUp: (to, scale) => postOneWork(to, WARM_UP_MS * scale),
  work: (to, scale) => postOneWork(to, ROUND_MS * scale),
})

export const mongoPostBatch = writing({
  name: 'mongo-post-batch',
  title: `POST of batches of ${BATCH}, 8 connections; floor: the same documents by the bare driver, insertMany of ${BATCH}`,
  size: BATCH,
  lines: 8,
  floor: 'insertMany',
  warmUp: (to, scale) => postBatchWork(to, Math.ceil(WARM_UP_BATCHES * scale), 2),
  work: (to, scale) => postBatchWork(to, Math.ceil(BATCHES * scale), 3),
})

function writing(kind: Kind): Benchmark {
  const { name, title, size } = kind
  return {
    name,
    title,
    store: 'mongo',
    async run(bench) {
      let written = ''
      const rounds = await interleave(
        bench.rounds,
        async () => {
          const sent = await send(bench, kind)
          written = sent.url
          return sent
        },
        () => insertRaw(bench, kind, written),
      )
      const { documents, statements } = rounds.floor.at(-1)!
      bench.say(`  documents written: ${JSON.stringify(documents)}; ${statements} statements counted`)
      return [
        atLeastOfFloor(
          name,
          'statements/s',
          medianOf(rounds.product, ({ perSecond }) => perSecond * size),
          medianOf(rounds.floor, (one) => one.statements / one.seconds),
          PART,
        ),
        {
          ...told(
            `${name}/p50`,
            'ms',
            medianOf(rounds.product, ({ latency }) => latency.p50),
          ),
        },
        {
          ...told(
            `${name}/p99`,
            'ms',
            medianOf(rounds.product, ({ latency }) => latency.p99),
          ),
        },
        told(
          `${name}/server-cpu`,
          'µs/statement',
          medianOf(rounds.product, (one) => (one.serverCpuMs * 1000) / one.answers / size),
          medianOf(rounds.floor, (one) => (one.cpuMs * 1000) / one.statements),
        ),
        told(
          `${name}/floor-again`,
          'transactions',
          medianOf(rounds.floor, ({ again }) => again),
        ),
        atMost(`${name}/refused`, 'requests', Math.max(...rounds.product.map(refusedOf)), 0),
      ]
    },
  }
}

const refusedOf = ({ answers, statuses }: { answers: number; statuses: Readonly<Record<string, number>> }) =>
  answers - (statuses[200] ?? 0)

/** One round of the product, on a database of its own. */
async function send(bench: Bench, kind: Kind) {
  const server = await bench.start()
  const { STORE_URL: url = '' } = await bench.storeOf(server.dataDir)
  mustBe(200, await bench.load.run(kind.warmUp(server, bench.scale)))
  const cpu = server.cpuMs()
  const measured = mustBe(200, await bench.load.run(kind.work(server, bench.scale)))
  const serverCpuMs = server.cpuMs() - cpu
  await server.stop()
  bench.say(`  product: ${Math.round(measured.perSecond * kind.size)} statements a second`)
  return { ...measured, serverCpuMs, url }
}

/** One round of the floor, with what the product wrote in the round before. */
async function insertRaw(bench: Bench, { size, lines, floor }: Kind, written: string): Promise<Inserted> {
  const target = (await bench.mongo()).urlOf(`floor-${Date.now()}`)
  const child = startScript(
    ['bench/floors/mongo-insert.ts', written, target, DEFAULT_TENANT, String(size), String(lines), floor],
    {},
  )
  const inserted = JSON.parse(await text(child.stdout!)) as Inserted
  bench.say(`  floor: ${Math.round(inserted.statements / inserted.seconds)} statements a second`)
  return inserted
}
