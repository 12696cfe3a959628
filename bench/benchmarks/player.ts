import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { atLeastOfFloor, type Benchmark, told } from '../bench.ts'
import { startFloor } from '../floors/start.ts'
import { browserRequest, openLessons } from '../lessons.ts'
import type { RequestBytes } from '../load/work.ts'
import { interleave, medianOf, mustBe, withCpu } from '../rounds.ts'

const PEOPLE = 200
const CONNECTIONS = 16
const WARM_UP_MS = 6_000
const ROUND_MS = 5_000

export const player: Benchmark = {
  name: 'player',
  title: `The page in the frame of a lesson, ${PEOPLE} people at it, as a browser asks for it; floor: Express that sends the same packed bytes`,
  async run(bench) {
    const { dataDir, attempts } = await openLessons(bench, 'phong-duoi-nuoc', PEOPLE)
    const server = await bench.start({ dataDir })
    const ask = async (url: string, requests: RequestBytes[], durationMs: number, bodies = 0) =>
      mustBe(
        200,
        await bench.load.run({
          url,
          connections: CONNECTIONS,
          requests,
          durationMs: durationMs * bench.scale,
          ...(bodies > 0 && { bodies }),
        }),
      )
    const pages = attempts.map(({ frameUrl }) => browserRequest(server.url, frameUrl))
    const { bodies } = await ask(server.url, pages.slice(0, 1), 500, 1)
    const file = join(await bench.folder('page'), 'page.html.gz')
    await writeFile(file, bodies[0]!)
    const floor = await startFloor('express-page', file)
    try {
      const bytes = [browserRequest(floor.url, '/page')]
      await ask(server.url, pages, WARM_UP_MS)
      await ask(floor.url, bytes, WARM_UP_MS)
      const rounds = await interleave(
        bench.rounds,
        () => withCpu(server, () => ask(server.url, pages, ROUND_MS)),
        () => withCpu(floor, () => ask(floor.url, bytes, ROUND_MS)),
      )
      const rate = (one: { perSecond: number }) => one.perSecond
      const cpu = (one: { cpuOfServer: number }) => one.cpuOfServer
      const p99 = (one: { latency: { p99: number } }) => one.latency.p99
      return [
        atLeastOfFloor(
          'player',
          'pages/s',
          medianOf(rounds.product, rate),
          medianOf(rounds.floor, rate),
          0.5,
        ),
        told('player/p99', 'ms', medianOf(rounds.product, p99), medianOf(rounds.floor, p99)),
        told('player/server-cpu', 'µs/page', medianOf(rounds.product, cpu), medianOf(rounds.floor, cpu)),
        told('player/bytes', 'bytes', bodies[0]!.length),
      ]
    } finally {
      await floor.stop()
      await server.stop()
    }
  },
}
