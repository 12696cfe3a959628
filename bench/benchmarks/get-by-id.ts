import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { atLeastOfFloor, type Bench, type Benchmark, told } from '../bench.ts'
import { startFloor } from '../floors/start.ts'
import { type Endpoint, getRequest } from '../load/http.ts'
import { BATCH, getByIdWork, postBatchWork } from '../load/works.ts'
import { interleave, medianOf, mustBe } from '../rounds.ts'
import type { StartedServer } from '../server.ts'

const WARM_UP_MS = 3_000
const ROUND_MS = 5_000
const STATEMENTS = 5_000

export const getById: Benchmark = {
  name: 'get-by-id',
  title: 'GET of a statement by its id, 64 connections; floor: Express that sends the same bytes',
  async run(bench) {
    const server = await bench.start()
    const ids = await store(bench, server, Math.max(BATCH, STATEMENTS * bench.scale))
    const floor = await startFloor('express-bytes', await saveAnswers(bench, server, ids))
    try {
      const get = async (to: Endpoint & { cpuMs(): number }, durationMs: number) => {
        const cpu = to.cpuMs()
        const measured = mustBe(200, await bench.load.run(getByIdWork(to, ids, durationMs * bench.scale)))
        return { ...measured, serverCpuMs: to.cpuMs() - cpu }
      }
      await get(server, WARM_UP_MS)
      await get(floor, WARM_UP_MS)
      const rounds = await interleave(
        bench.rounds,
        () => get(server, ROUND_MS),
        () => get(floor, ROUND_MS),
      )
      const both = (value: (one: (typeof rounds.product)[number]) => number) =>
        [medianOf(rounds.product, value), medianOf(rounds.floor, value)] as const
      return [
        atLeastOfFloor('get-by-id', 'requests/s', ...both(({ perSecond }) => perSecond), 0.7),
        told('get-by-id/p50', 'ms', ...both(({ latency }) => latency.p50)),
        told('get-by-id/p99', 'ms', ...both(({ latency }) => latency.p99)),
        told('get-by-id/server-cpu', 'µs/request', ...both((one) => (one.serverCpuMs * 1000) / one.answers)),
      ]
    } finally {
      await floor.stop()
    }
  },
}

/** Ids of statements that are there now. */
async function store(bench: Bench, server: StartedServer, count: number): Promise<string[]> {
  const work = postBatchWork(server, Math.ceil(count / BATCH), 2)
  const { acknowledged } = mustBe(200, await bench.load.run(work))
  return acknowledged.flatMap(({ ids }) => ids)
}

/** File with what the product answers for each id, for the floor to send. */
async function saveAnswers(bench: Bench, server: StartedServer, ids: readonly string[]): Promise<string> {
  const { bodies } = mustBe(
    200,
    await bench.load.run({
      url: server.url,
      // On one line answers come in the order of the requests.
      connections: 1,
      requests: ids.map((id) => getRequest(server, `/statements?statementId=${id}`)),
      count: ids.length,
      bodies: ids.length,
    }),
  )
  const path = join(await bench.folder('answers'), 'answers.json')
  await writeFile(
    path,
    JSON.stringify(ids.map((id, index) => [id, Buffer.from(bodies[index]!).toString('utf8')])),
  )
  return path
}
