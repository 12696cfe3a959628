import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { atLeastOfFloor, type Bench, type Benchmark, told } from '../bench.ts'
import { startFloor } from '../floors/start.ts'
import { type Endpoint, getRequest, postBatch } from '../load/http.ts'
import type { RequestBytes } from '../load/work.ts'
import { interleave, medianOf, mustBe } from '../rounds.ts'
import type { StartedServer } from '../server.ts'
import { createStatements } from '../statements.ts'

const CONNECTIONS = 64
const WARM_UP_MS = 3_000
const ROUND_MS = 5_000
const STATEMENTS = 5_000
const BATCH = 50

export const getById: Benchmark = {
  name: 'get-by-id',
  title: `GET of a statement by its id, ${CONNECTIONS} connections; floor: Express that sends the same bytes`,
  async run(bench) {
    const server = await bench.start()
    const ids = await store(bench, server, Math.max(BATCH, STATEMENTS * bench.scale))
    const floor = await startFloor('express-bytes', await saveAnswers(bench, server, ids))
    try {
      const get = async (to: Endpoint & { url: string; cpuMs(): number }, durationMs: number) => {
        const requests = ids.map((id) => requestOf(to, id))
        const work = { url: to.url, connections: CONNECTIONS, requests, durationMs: durationMs * bench.scale }
        const cpu = to.cpuMs()
        const measured = mustBe(200, await bench.load.run(work))
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

const requestOf = (to: Endpoint, id: string): RequestBytes => getRequest(to, `/statements?statementId=${id}`)

/** Ids of statements that are there now. */
async function store(bench: Bench, server: StartedServer, count: number): Promise<string[]> {
  const statements = createStatements({ seed: 2, actors: 1_000, activities: 1_600 })
  const requests = Array.from({ length: Math.ceil(count / BATCH) }, () =>
    postBatch(
      server,
      Array.from({ length: BATCH }, () => statements.next()),
    ),
  )
  const { acknowledged } = mustBe(
    200,
    await bench.load.run({
      url: server.url,
      connections: 4,
      requests,
      count: requests.length,
      acknowledged: true,
    }),
  )
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
      requests: ids.map((id) => requestOf(server, id)),
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
