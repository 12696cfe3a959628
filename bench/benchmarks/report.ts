import { atMost, type Benchmark, told } from '../bench.ts'
import { openLearnedLesson } from '../data/learned-lesson.ts'
import { untilQuiet } from '../data/quiet.ts'
import type { RequestBytes } from '../load/work.ts'
import { signIn } from '../people.ts'
import { medianOf, mustBe } from '../rounds.ts'

const STATEMENTS = 1_000_000
const ROUND = 300
const WARM_UP = 100
const BOUND_MS = 100

export const report: Benchmark = {
  name: 'report',
  title: `The report of a lesson with ${STATEMENTS} statements of its attempts, as its author opens it`,
  async run(bench) {
    const { dataDir, lesson, author } = await openLearnedLesson(
      bench,
      Math.max(1_000, Math.ceil(STATEMENTS * bench.scale)),
    )
    const server = await bench.start({ dataDir })
    try {
      const cookie = await signIn(server.url, author)
      await untilQuiet(server)
      const page: RequestBytes = {
        bytes: Buffer.from(
          `GET /author/${lesson}/report HTTP/1.1\r\nHost: ${new URL(server.url).host}\r\nCookie: ${cookie}\r\n\r\n`,
        ),
      }
      const ask = async (count: number, bodies = 0) =>
        mustBe(
          200,
          await bench.load.run({ url: server.url, connections: 1, requests: [page], count, bodies }),
        )
      const { bodies } = await ask(WARM_UP, 1)
      if (!Buffer.from(bodies[0]!).toString('utf8').includes('Câu hỏi 16'))
        throw new Error('The report shows no question.')
      const rounds: Awaited<ReturnType<typeof ask>>[] = []
      for (let round = 0; round < bench.rounds; round++) rounds.push(await ask(ROUND))
      return [
        atMost(
          'report/p95',
          'ms',
          medianOf(rounds, ({ latency }) => latency.p95),
          BOUND_MS,
        ),
        told(
          'report/p50',
          'ms',
          medianOf(rounds, ({ latency }) => latency.p50),
        ),
        told('report/bytes', 'bytes', bodies[0]!.length),
      ]
    } finally {
      await server.stop()
    }
  },
}
