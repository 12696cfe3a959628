import { cpus } from 'node:os'
import { type Benchmark, type Figure, median, told } from '../bench.ts'
import { postOneWork } from '../load/works.ts'
import { mustBe } from '../rounds.ts'
import type { StartedServer } from '../server.ts'

const WARM_UP_MS = 6_000
const ROUND_MS = 8_000
const GAIN = 1.8
/** Two of the product, the database, and the load generator. */
const CORES = 4

export const mongoTwoProcesses: Benchmark = {
  name: 'mongo-two-processes',
  title:
    'POST of one statement, 64 connections to each of two processes on one database; floor: one of them alone',
  store: 'mongo',
  async run(bench) {
    const one = await bench.start()
    const other = await bench.start({ env: await bench.storeOf(one.dataDir) })
    const post = async (servers: readonly StartedServer[], ms: number) => {
      const all = await Promise.all(
        servers.map((server) => bench.load.run(postOneWork(server, ms * bench.scale))),
      )
      return all.reduce((sum, measured) => sum + mustBe(200, measured).perSecond, 0)
    }
    await post([one, other], WARM_UP_MS)
    const both: number[] = []
    const alone: number[] = []
    for (let round = 0; round < bench.rounds; round++) {
      both.push(await post([one, other], ROUND_MS))
      alone.push(await post([one], ROUND_MS))
    }
    const cores = cpus().length
    if (cores < CORES)
      bench.say(
        `  ${cores} cores: two processes, the database and the load share them, so that no gain can be told`,
      )
    return [gain(median(both), median(alone), cores)]
  },
}

/** Met or not is told only where the cores allow it. */
function gain(both: number, alone: number, cores: number): Figure {
  const figure = told('mongo-two-processes', 'statements/s', both, alone)
  const goal = `≥ ${GAIN} × one, where there are ${CORES} cores`
  return { ...figure, goal, higherIsBetter: true, met: cores < CORES ? null : figure.ratio! >= GAIN }
}
