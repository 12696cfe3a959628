import { atMost, type Bench, type Benchmark, type Figure, told } from '../bench.ts'
import { ofReader, READER } from '../data/build.ts'
import { type DataSet, databaseFiles } from '../data/data-set.ts'
import { type FileCache, openFileCache } from '../data/file-cache.ts'
import { type PageShape, pageShapes } from '../data/page-shapes.ts'
import { untilQuiet } from '../data/quiet.ts'
import { getRequest } from '../load/http.ts'
import type { StartedServer } from '../server.ts'

const SMALL = 10_000
const LARGE = 1_000_000
const WARM_REQUESTS = 300
/** Requests that warm a shape up, and are not counted. */
const BEFORE = 20
/** Freshly started servers that each answer every shape once. With so few requests the slowest one stands for the p99. */
const COLD_STARTS = 6

/** The slowest of each kind, in the table for people. */
const SHOWN = 5

/** ms */
const LEAST_BOUND = 5
const WIDE_BOUND = 50
const GROWTH = 2

interface Measured {
  shape: PageShape
  p50: number
  p99: number
}

export const pages: Benchmark = {
  name: 'pages',
  title:
    'A filtered page of 25 at a million statements, beside the same at ten thousand: every filter and pair, what is hot, and what is empty',
  async run(bench) {
    const large = await bench.dataSet(Math.max(SMALL, LARGE * bench.scale))
    const small = await bench.dataSet(SMALL)
    const figures: Figure[] = []
    const cache = await openFileCache()
    try {
      const passes: [string, (set: DataSet) => Promise<Measured[]>][] = [
        ['warm', (set) => measureWarm(bench, set)],
      ]
      if (cache) passes.push(['cold', (set) => measureCold(bench, set, cache)])
      bench.say(cache ? `cold: a fresh server, and ${cache.how}` : 'cold is not measured: it needs python3')
      for (const [temperature, measure] of passes) {
        const base = await measure(small)
        const measured = await measure(large)
        const compared = measured.map((one, index) => figureOf(temperature, one, base[index]!))
        const missed = compared.filter(([p99]) => p99?.met === false).length
        figures.push(...compared.flat(), atMost(`pages/${temperature}/missed`, 'shapes', missed, 0))
      }
    } finally {
      cache?.close()
    }
    return figures
  },
  forTable: (figures) => [
    ...figures.filter(({ name }) => name.endsWith('/missed')),
    ...slowest(figures, '/warm/p99'),
    ...slowest(figures, '/cold/p99'),
  ],
}

const slowest = (figures: readonly Figure[], end: string) =>
  figures
    .filter(({ name }) => name.endsWith(end))
    .toSorted((one, other) => other.value - one.value)
    .slice(0, SHOWN)

function figureOf(temperature: string, { shape, p50, p99 }: Measured, base: Measured): Figure[] {
  const bound = shape.wide ? WIDE_BOUND : Math.max(LEAST_BOUND, GROWTH * base.p99)
  const name = `pages/${shape.name}/${temperature}`
  return [
    { ...atMost(`${name}/p99`, 'ms', p99, Number(bound.toFixed(2))), floor: base.p99, ratio: p99 / base.p99 },
    { ...told(`${name}/p50`, 'ms', p50, base.p50), higherIsBetter: false },
  ]
}

async function measureWarm(bench: Bench, set: DataSet): Promise<Measured[]> {
  const server = await startReady(bench, set)
  const measured: Measured[] = []
  const count = Math.ceil(WARM_REQUESTS * bench.scale)
  const asked = pageShapes(ofReader(set.samples)).map((shape, index) => ({
    shape,
    paths: shape.paths(BEFORE + count, index + 1),
  }))
  // All kinds before the first is measured: else those that come first pay for what is compiled for all.
  for (const { paths } of asked) await ask(bench, server, paths.slice(0, BEFORE))
  for (const { shape, paths } of asked) {
    await ask(bench, server, paths.slice(0, BEFORE))
    const { p50, p99 } = await ask(bench, server, paths.slice(BEFORE))
    measured.push({ shape, p50, p99 })
  }
  await server.stop()
  return measured
}

async function measureCold(bench: Bench, set: DataSet, cache: FileCache): Promise<Measured[]> {
  const shapes = pageShapes(ofReader(set.samples))
  const times: number[][] = shapes.map(() => [])
  const starts = Math.ceil(COLD_STARTS * bench.scale)
  for (let start = 0; start < starts; start++) {
    const server = await startReady(bench, set)
    // Another order each time, so that what one page leaves in the server's own cache does not help the same next one.
    for (const at of shapes.keys()) {
      const index = (at * 29 + start * 13) % shapes.length
      const [path] = shapes[index]!.paths(1, 1_000 * (start + 1) + index)
      await cache.drop(databaseFiles(set.folder))
      times[index]!.push((await ask(bench, server, [path!])).max)
    }
    await server.stop()
  }
  return shapes.map((shape, index) => {
    const sorted = times[index]!.toSorted((a, b) => a - b)
    return { shape, p50: sorted[sorted.length >> 1]!, p99: sorted.at(-1)! }
  })
}

/** A server that knows the credential and has answered pages: the first ones pay for its hash and for loading code. */
async function startReady(bench: Bench, set: DataSet): Promise<StartedServer> {
  const server = await bench.start({ dataDir: set.folder })
  await ask(bench, server, Array(BEFORE).fill('/statements?limit=25'))
  await untilQuiet(server)
  return server
}

async function ask(bench: Bench, server: StartedServer, paths: readonly string[]) {
  const to = { endpoint: server.endpoint, credential: READER }
  const requests = paths.map((path) => getRequest(to, path))
  const { statuses, latency } = await bench.load.run({
    url: server.url,
    connections: 1,
    requests,
    count: requests.length,
  })
  if (statuses[200] !== paths.length) throw new Error(`Pages were answered with ${JSON.stringify(statuses)}`)
  return latency
}
