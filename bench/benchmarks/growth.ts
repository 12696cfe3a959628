import { type Bench, type Benchmark, type Figure, median, told } from '../bench.ts'
import type { DataSet } from '../data/data-set.ts'
import { untilQuiet } from '../data/quiet.ts'
import { batchPosts, mixedPages } from '../data/traffic.ts'
import type { Measured } from '../load/work.ts'
import type { StartedServer } from '../server.ts'

const SIZES = [10_000, 100_000, 1_000_000]
/** Takes hours to fill and 60 GB of disk. */
const LARGEST = 10_000_000
/** What the others are compared with. */
const BASE = 100_000
const WRITE_MS = 8_000
/** Of each kind, as many as `pages` asks: of a few hundred in all the p99 is the third slowest, which says nothing. */
const PAGES_EACH = 300
/** Not counted: the first pages pay for what is compiled for all. */
const PAGES_BEFORE = 4
const FLAT = 1.5

export const growth: Benchmark = {
  name: 'growth',
  title:
    'Bytes for a statement, statements a second and the p99 of a page, from ten thousand to a million statements',
  run: (bench) => measureGrowth(bench, SIZES),
}

export const growth10m: Benchmark = {
  name: 'growth-10m',
  title: 'The same up to ten million statements',
  onDemand: true,
  run: (bench) => measureGrowth(bench, [...SIZES, LARGEST]),
}

interface Grown {
  set: DataSet
  server: StartedServer
  bytes: number
  rates: number[]
  pages: number[]
}

async function measureGrowth(bench: Bench, sizes: readonly number[]): Promise<Figure[]> {
  const grown: Grown[] = []
  const each = Math.max(PAGES_BEFORE, Math.ceil(PAGES_EACH * bench.scale))
  for (const size of sizes) {
    const set = await bench.dataSet(Math.max(10_000, size * bench.scale))
    const bytes = (await set.bytes()) / set.size
    const server = await bench.start({ dataDir: await bench.copyOf(set) })
    await measurePages(bench, server, set, PAGES_BEFORE)
    await untilQuiet(server)
    grown.push({ set, server, bytes, rates: [], pages: [] })
  }
  // Each size in turn in each round, so that what disturbs the machine for a while disturbs all.
  for (let round = 0; round < bench.rounds; round++) {
    for (const { set, server, rates, pages } of grown) {
      // What was written before, by any of them, is put in order before the clock runs.
      await Promise.all(grown.map((one) => untilQuiet(one.server)))
      pages.push(allGood(await measurePages(bench, server, set, each)).latency.p99)
      rates.push(50 * allGood(await measureWrites(bench, server, set)).perSecond)
    }
    bench.say(`round ${round + 1} of ${bench.rounds}`)
  }
  const base = grown[sizes.indexOf(BASE)]!
  const figures = grown.flatMap((one, index) => figuresOf(sizes[index]!, one, base))
  for (const { server } of grown) await server.stop()
  return figures
}

function measurePages(bench: Bench, server: StartedServer, set: DataSet, each: number): Promise<Measured> {
  const requests = mixedPages(server, set, each)
  return bench.load.run({ url: server.url, connections: 1, requests, count: requests.length })
}

function measureWrites(bench: Bench, server: StartedServer, set: DataSet): Promise<Measured> {
  const requests = batchPosts(server, set, 200, 50)
  return bench.load.run({ url: server.url, connections: 8, requests, durationMs: WRITE_MS * bench.scale })
}

function allGood(measured: Measured): Measured {
  if (measured.statuses[200] !== measured.answers || measured.lost > 0)
    throw new Error(`Requests were answered with ${JSON.stringify(measured.statuses)}, ${measured.lost} lost`)
  return measured
}

function figuresOf(size: number, one: Grown, base: Grown): Figure[] {
  const value = (
    name: string,
    unit: string,
    of: (grown: Grown) => number,
    higherIsBetter: boolean,
  ): Figure => {
    const figure = told(`growth/${size}/${name}`, unit, of(one), of(base))
    if (one === base) return { ...figure, higherIsBetter }
    const { ratio } = figure
    return higherIsBetter
      ? {
          ...figure,
          higherIsBetter,
          goal: `≥ ${(1 / FLAT).toFixed(2)} × at ${BASE}`,
          met: ratio! >= 1 / FLAT,
        }
      : { ...figure, higherIsBetter, goal: `≤ ${FLAT} × at ${BASE}`, met: ratio! <= FLAT }
  }
  return [
    value('bytes', 'bytes/statement', ({ bytes }) => bytes, false),
    value('writes', 'statements/s', ({ rates }) => median(rates), true),
    value('page-p99', 'ms', ({ pages }) => median(pages), false),
  ]
}
