import { atLeastOfFloor, atMost, type Bench, type Benchmark, told } from '../bench.ts'
import { startFloor } from '../floors/start.ts'
import type { Endpoint } from '../load/http.ts'
import { postOneWork } from '../load/works.ts'
import { metric, readMetrics } from '../metrics.ts'
import { interleave, medianOf, mustBe } from '../rounds.ts'

/** Long: until all that a statement goes through has been compiled for good. */
const WARM_UP_MS = 15_000
const ROUND_MS = 6_000

export const postOneBenchmark: Benchmark = {
  name: 'post-one',
  title: 'POST of one statement of 2 kB, 64 connections; floor: Express that reads, parses and answers',
  async run(bench) {
    const server = await bench.start()
    const floor = await startFloor('express-parse')
    try {
      const post = async (to: Endpoint, durationMs: number) =>
        mustBe(200, await bench.load.run(postOneWork(to, durationMs * bench.scale)))
      await post(server, WARM_UP_MS)
      await post(floor, WARM_UP_MS)
      const began = await readMetrics(server.internalUrl)
      const rounds = await interleave(
        bench.rounds,
        async () => {
          const cpu = server.cpuMs()
          const measured = await post(server, ROUND_MS)
          sayRound(bench, 'product', measured.perSecond)
          return { ...measured, serverCpuMs: server.cpuMs() - cpu }
        },
        async () => {
          const cpu = floor.cpuMs()
          const measured = await post(floor, ROUND_MS)
          sayRound(bench, 'floor', measured.perSecond)
          return { ...measured, serverCpuMs: floor.cpuMs() - cpu }
        },
      )
      const ended = await readMetrics(server.internalUrl)
      const rate = (one: { perSecond: number }) => one.perSecond
      return [
        atLeastOfFloor(
          'post-one',
          'statements/s',
          medianOf(rounds.product, rate),
          medianOf(rounds.floor, rate),
          0.4,
        ),
        atMost(
          'post-one/p99',
          'ms',
          medianOf(rounds.product, ({ latency }) => latency.p99),
          50,
        ),
        told(
          'post-one/p50',
          'ms',
          medianOf(rounds.product, ({ latency }) => latency.p50),
          medianOf(rounds.floor, ({ latency }) => latency.p50),
        ),
        told(
          'post-one/server-cpu',
          'µs/statement',
          medianOf(rounds.product, (one) => (one.serverCpuMs * 1000) / one.answers),
          medianOf(rounds.floor, (one) => (one.serverCpuMs * 1000) / one.answers),
        ),
        told(
          'post-one/load-cpu',
          'µs/statement',
          medianOf(rounds.product, (one) => (one.cpuMs * 1000) / one.answers),
          medianOf(rounds.floor, (one) => (one.cpuMs * 1000) / one.answers),
        ),
        ...perCommit(began, ended),
      ]
    } finally {
      await floor.stop()
    }
  },
}

function sayRound(bench: Bench, what: string, rate: number): void {
  bench.say(`  ${what}: ${Math.round(rate)} a second`)
}

/** How many POSTs shared one commit, in the mean of the measured rounds. */
function perCommit(began: string, ended: string) {
  const grown = (name: string) => {
    const [from, to] = [metric(began, name), metric(ended, name)]
    return from === null || to === null ? null : to - from
  }
  const stored = grown('suotdoi_statements_stored_total')
  const commits = grown('suotdoi_commit_calls_count')
  return stored === null || !commits ? [] : [told('post-one/per-commit', 'statements', stored / commits)]
}
