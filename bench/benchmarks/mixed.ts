import { statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { atMost, type Bench, type Benchmark, type Figure, told } from '../bench.ts'
import { watchIdleDelay } from '../data/idle-delay.ts'
import { untilQuiet } from '../data/quiet.ts'
import { batchText, postStream } from '../data/stream.ts'
import { idReads, mixedPages, singlePosts } from '../data/traffic.ts'
import { megabytes, watchLargest } from '../data/watch.ts'
import { startScript } from '../process.ts'
import type { StartedServer } from '../server.ts'

const SIZE = 200_000
const LOAD_MS = 60_000
/** A second, whether answers come or not: what a busy province sends, and far from all that the server can do. */
const RATES = { posts: 300, reads: 200, pages: 50 } as const
const BATCH = 10_000
const LOG_BOUND_MB = 256

export const mixed: Benchmark = {
  name: 'mixed',
  title:
    'Writers, readers and pages, and at once a batch of 10,000, a rebuild of the transcript, a backup and checkpoints',
  async run(bench) {
    const set = await bench.dataSet(Math.max(10_000, SIZE * bench.scale))
    const dataDir = await bench.copyOf(set)
    const server = await bench.start({ dataDir })
    await untilQuiet(server)
    const posts = { connections: 64, perSecond: RATES.posts, requests: singlePosts(server, set, 4_000) }
    const reads = { connections: 32, perSecond: RATES.reads, requests: idReads(server, set) }
    const pages = { connections: 16, perSecond: RATES.pages, requests: mixedPages(server, set, 20) }
    await Promise.all(
      [posts, reads, pages].map((work) => bench.load.run({ url: server.url, durationMs: 3_000, ...work })),
    )

    const log = join(dataDir, 'tenants', 'main.db-wal')
    const logBytes = watchLargest(() => statSync(log, { throwIfNoEntry: false })?.size ?? 0)
    // What is asked for here is forgotten there: the delays that are told at the end are those since now.
    await loopDelay(server)
    const idle = watchIdleDelay()
    const durationMs = LOAD_MS * bench.scale
    const load = Promise.all(
      [posts, reads, pages].map((work) => bench.load.run({ url: server.url, durationMs, ...work })),
    )
    await setTimeout(durationMs / 10)
    const heavy = runHeavy(bench, server, Math.ceil(BATCH * bench.scale))
    // What goes wrong there is told below, when the load has ended.
    heavy.catch(() => {})
    const [posted, read, paged] = await load
    const delay = await loopDelay(server)
    const machine = await idle.stop()
    const times = await heavy
    const mostLog = logBytes.stop()
    await server.stop()
    bench.say([posted, read, paged].map((one) => JSON.stringify(one!.statuses)).join(' '))
    const lower = { higherIsBetter: false }
    return [
      besideIdle(atMost('mixed/event-loop-delay/p99', 'ms', delay.p99, 20), machine.p99),
      besideIdle(atMost('mixed/event-loop-delay/max', 'ms', delay.max, 100), machine.max),
      atMost('mixed/get-by-id/p99', 'ms', read!.latency.p99, 50),
      ...(bench.store === 'sqlite' ? [atMost('mixed/wal', 'MB', megabytes(mostLog), LOG_BOUND_MB)] : []),
      { ...told('mixed/post-one/p99', 'ms', posted!.latency.p99), ...lower },
      { ...told('mixed/page/p99', 'ms', paged!.latency.p99), ...lower },
      told(
        'mixed/not-answered-well',
        'requests',
        [posted, read, paged].reduce((sum, one) => sum + badAnswers(one!), 0),
      ),
      ...times,
    ]
  },
}

/** The floor is what a thread that does nothing suffers meanwhile. */
const besideIdle = (figure: Figure, floor: number): Figure => ({
  ...figure,
  floor,
  ratio: figure.value / floor,
})

/** All at once, while the load goes on. */
async function runHeavy(bench: Bench, server: StartedServer, batch: number): Promise<Figure[]> {
  const env = await bench.storeOf(server.dataDir)
  const backup = join(await bench.folder('backup'), 'now')
  const timed = async (name: string, act: () => Promise<void>): Promise<Figure> => {
    const began = performance.now()
    await act()
    const seconds = (performance.now() - began) / 1000
    return { ...told(`mixed/${name}/time`, 's', seconds), higherIsBetter: false }
  }
  const results = await Promise.allSettled([
    timed('batch-10000', async () => {
      const { status, text } = await postStream(server, 'application/json', batchText(batch))
      if (status !== 200) throw new Error(`The batch was answered with ${status}: ${text.slice(0, 300)}`)
    }),
    timed('backup', () => command(server, env, ['backup', backup])),
    timed('rebuild', () => command(server, env, ['rebuild', 'transcript'])),
  ])
  const wrong = results.flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : []))
  if (wrong.length > 0) throw new Error(wrong.join('\n'))
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
}

/** A command to the running server, as the operator types it. Rejects when it ends badly. */
function command(
  server: StartedServer,
  env: Readonly<Record<string, string>>,
  words: readonly string[],
): Promise<void> {
  const child = startScript(['app/cli/main.ts', ...words], { DATA_DIR: server.dataDir, ...env })
  child.stdout!.resume()
  return new Promise((resolve, reject) => {
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`suotdoi ${words[0]} ended with ${code}`)),
    )
  })
}

/** How late the thread that answers requests came to its timers since this was asked before; ms. */
async function loopDelay(server: StartedServer): Promise<{ p99: number; max: number }> {
  const text = await (await fetch(`${server.internalUrl}/metrics`)).text()
  const ms = (name: string) => {
    const value = new RegExp(`^suotdoi_event_loop_delay_${name}_seconds (\\S+)$`, 'm').exec(text)?.[1]
    if (value === undefined) throw new Error(`/metrics does not tell the event loop's ${name}`)
    return Number(value) * 1000
  }
  return { p99: ms('p99'), max: ms('max') }
}

function badAnswers({
  statuses,
  lost,
}: {
  statuses: Readonly<Record<string, number>>
  lost: number
}): number {
  const bad = Object.entries(statuses).filter(([status]) => status !== '200' && status !== '404')
  return bad.reduce((sum, [, count]) => sum + count, lost)
}
