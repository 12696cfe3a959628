import { setTimeout } from 'node:timers/promises'
import { atMost, type Bench, type Benchmark, median, told } from '../bench.ts'
import { READER } from '../data/build.ts'
import { untilQuiet } from '../data/quiet.ts'
import { idReads, mixedPages, singlePosts } from '../data/traffic.ts'
import { megabytes, watchLargest } from '../data/watch.ts'
import type { StartedServer } from '../server.ts'

const SIZE = 1_000_000
const LOAD_MS = 60_000
const REST_MS = 15_000
const BOUND_MB = 300
const START_MS = 1_000

export const memory: Benchmark = {
  name: 'memory',
  title:
    'A million statements: how long a start on them takes, and what the server holds under load and at rest',
  async run(bench) {
    const set = await bench.dataSet(Math.max(10_000, SIZE * bench.scale))
    const dataDir = await bench.copyOf(set)
    const starts: number[] = []
    for (let round = 0; round < Math.max(3, bench.rounds); round++) {
      const { server, ms } = await startUntilRead(bench, dataDir)
      starts.push(ms)
      await server.stop()
    }

    const { server } = await startUntilRead(bench, dataDir)
    await untilQuiet(server)
    const idle = server.rssBytes()
    const watch = watchLargest(() => server.rssBytes())
    const work = { url: server.url, durationMs: LOAD_MS * bench.scale }
    const done = await Promise.all([
      bench.load.run({ ...work, connections: 32, requests: singlePosts(server, set, 2_000) }),
      bench.load.run({ ...work, connections: 8, requests: idReads(server, set) }),
      bench.load.run({ ...work, connections: 4, requests: mixedPages(server, set, 20) }),
    ])
    const peak = watch.stop()
    bench.say(
      done
        .map(({ perSecond, statuses }) => `${perSecond.toFixed(0)}/s ${JSON.stringify(statuses)}`)
        .join(', '),
    )
    await setTimeout(REST_MS * bench.scale)
    const resting = server.rssBytes()
    await server.stop()
    return [
      atMost('memory/start', 'ms', median(starts), START_MS),
      atMost('memory/peak', 'MB', megabytes(peak), BOUND_MB),
      atMost('memory/resting', 'MB', megabytes(resting), BOUND_MB),
      { ...told('memory/idle', 'MB', megabytes(idle)), higherIsBetter: false },
    ]
  },
}

/** From the start of the process until it has answered a read with 200. */
async function startUntilRead(bench: Bench, dataDir: string): Promise<{ server: StartedServer; ms: number }> {
  const server = await bench.start({ dataDir, atOnce: true })
  const asked = performance.now()
  const answer = await fetch(`${server.endpoint}/statements?limit=1`, {
    headers: {
      Authorization: `Basic ${Buffer.from(`${READER.key}:${READER.secret}`).toString('base64')}`,
      'X-Experience-API-Version': '1.0.3',
    },
  })
  if (!answer.ok) throw new Error(`The first read was answered with ${answer.status}`)
  await answer.text()
  return { server, ms: server.startMs + (performance.now() - asked) }
}
