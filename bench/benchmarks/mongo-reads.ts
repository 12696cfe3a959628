import { atLeastOfFloor, atMost, type Bench, type Benchmark, type Figure, told } from '../bench.ts'
import { ofReader, READER } from '../data/build.ts'
import type { DataSet } from '../data/data-set.ts'
import { type PageShape, pageShapes } from '../data/page-shapes.ts'
import { untilQuiet } from '../data/quiet.ts'
import { startDriver } from '../floors/driver.ts'
import type { FoundByDriver } from '../floors/mongo-find.ts'
import { getRequest } from '../load/http.ts'
import { medianOf } from '../rounds.ts'

const SMALL = 10_000
const LARGE = 1_000_000
/** Requests of one kind that are counted, and before them not. */
const REQUESTS = 200
const BEFORE = 20
/** Of the bare find. */
const PART = 0.7
const GROWTH = 2

type Asked = FoundByDriver
interface Both {
  product: Asked
  floor: Asked
}

export const mongoGetById: Benchmark = {
  name: 'mongo-get-by-id',
  title: 'GET of a statement by its id on one line; floor: the same two finds by the bare driver',
  store: 'mongo',
  async run(bench) {
    const set = await bench.dataSet(SMALL)
    const paths = ofReader(set.samples)
      .slice(0, 2_000 * bench.scale)
      .map(({ id }) => `/statements?statementId=${id}`)
    const rounds = await onBoth(bench, set, async (ask) => {
      await ask(paths)
      const all: Both[] = []
      for (let round = 0; round < bench.rounds; round++) all.push(await ask(paths))
      return all
    })
    // Nothing is asked for here: what HTTP takes stands beside the two quickest finds there are.
    return figuresOf('mongo-get-by-id', rounds, null).map((figure) => ({ ...figure, goal: null, met: null }))
  },
}

export const mongoPages: Benchmark = {
  name: 'mongo-pages',
  title:
    'A filtered page of 25 at a million statements, and at ten thousand; floor: the same find by the bare driver',
  store: 'mongo',
  async run(bench) {
    const measure = (set: DataSet) =>
      onBoth(bench, set, async (ask) => {
        const [count, before] = [REQUESTS, BEFORE].map((all) => Math.ceil(all * bench.scale)) as [
          number,
          number,
        ]
        const asked = pageShapes(ofReader(set.samples)).map((shape, index) => ({
          shape,
          paths: shape.paths(before + count, index + 1),
        }))
        for (const { paths } of asked) await ask(paths.slice(0, before))
        const all: { shape: PageShape; both: Both }[] = []
        for (const { shape, paths } of asked) all.push({ shape, both: await ask(paths.slice(before)) })
        return all
      })
    const large = await measure(await bench.dataSet(Math.max(SMALL, LARGE * bench.scale)))
    const small = LARGE * bench.scale > SMALL ? await measure(await bench.dataSet(SMALL)) : large
    const figures = large.flatMap(({ shape, both }, index) =>
      figuresOf(`mongo-pages/${shape.name}`, [both], small[index]!.both.product.p99),
    )
    const missed = (end: string) =>
      figures.filter(({ name, met }) => name.endsWith(end) && met === false).length
    return [
      ...figures,
      atMost('mongo-pages/missed/rate', 'shapes', missed('/rate'), 0),
      atMost('mongo-pages/missed/p99', 'shapes', missed('/p99'), 0),
    ]
  },
  forTable: (figures) => [
    ...figures.filter(({ name }) => name.includes('/missed/')),
    ...figures
      .filter(({ name }) => name.endsWith('/rate') && !name.includes('/missed/'))
      .toSorted((one, other) => one.ratio! - other.ratio!)
      .slice(0, 8),
  ],
}

/** `base`: the p99 of the same at ten thousand. */
function figuresOf(name: string, rounds: readonly Both[], base: number | null): Figure[] {
  const both = (value: (asked: Asked) => number) =>
    [
      medianOf(rounds, ({ product }) => value(product)),
      medianOf(rounds, ({ floor }) => value(floor)),
    ] as const
  const p99 = told(`${name}/p99`, 'ms', ...both((one) => one.p99))
  const rate = both(({ perSecond }) => perSecond)
  return [
    atLeastOfFloor(`${name}/rate`, 'requests/s', ...rate, PART),
    told(`${name}/p50`, 'ms', ...both((one) => one.p50)),
    base === null
      ? p99
      : {
          ...p99,
          goal: `≤ ${GROWTH} × ${base.toFixed(1)} ms, that at ${SMALL}`,
          met: p99.value <= GROWTH * base,
        },
  ]
}

/** `ask` puts the same to the product and to the bare driver, one after the other, on one line each. */
async function onBoth<T>(
  bench: Bench,
  set: DataSet,
  act: (ask: (paths: readonly string[]) => Promise<Both>) => Promise<T>,
): Promise<T> {
  const server = await bench.start({ dataDir: set.folder })
  const driver = await startDriver(set.env.STORE_URL!)
  try {
    await untilQuiet(server)
    return await act(async (paths) => {
      const requests = paths.map((path) =>
        getRequest({ endpoint: server.endpoint, credential: READER }, path),
      )
      const { statuses, latency, perSecond } = await bench.load.run({
        url: server.url,
        connections: 1,
        requests,
        count: requests.length,
      })
      if (Object.keys(statuses).some((status) => status !== '200' && status !== '404'))
        throw new Error(`Reads were answered with ${JSON.stringify(statuses)}`)
      return { product: { perSecond, p50: latency.p50, p99: latency.p99 }, floor: await driver.find(paths) }
    })
  } finally {
    await driver.stop()
    await server.stop()
  }
}
