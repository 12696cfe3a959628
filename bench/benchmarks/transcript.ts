import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { atLeast, atMost, type Bench, type Benchmark, median, told } from '../bench.ts'
import { postOne } from '../load/http.ts'
import { registerPeople, signIn } from '../people.ts'
import { lessonsAreThere, type StartedServer } from '../server.ts'
import { ACCOUNT_HOME, accountName, createStatements } from '../statements.ts'

const PER_SECOND = 1_000
const CONNECTIONS = 64
const WARM_UP_MS = 4_000
const ROUND_MS = 15_000
const PEOPLE = 100
/** Accounts that statements come under; every one of them belongs to a person. */
const ACCOUNTS = 500
/** The account whose statements are looked for: it belongs to the first person. */
const PROBE = 0
const PROBES_PER_SECOND = 20
const POLL_MS = 50

export const transcript: Benchmark = {
  name: 'transcript',
  title: `acknowledged → on the person's page, while ${PER_SECOND} statements a second of linked people come in`,
  async run(bench) {
    const dataDir = join(await bench.folder('people'), 'data')
    const first = await bench.start({ dataDir })
    await lessonsAreThere(first.url)
    await first.stop()
    const accounts = Array.from({ length: ACCOUNTS }, (_, actor) => ({
      homePage: ACCOUNT_HOME,
      name: accountName(actor),
    }))
    const [reader] = await registerPeople(
      { DATA_DIR: dataDir, ...(await bench.storeOf(dataDir)) },
      PEOPLE,
      accounts,
    )
    const server = await bench.start({ dataDir })
    const cookie = await signIn(server.url, reader!)
    await watch(bench, server, cookie, 0, WARM_UP_MS * bench.scale)
    const rounds: Watched[] = []
    for (let round = 1; round <= bench.rounds; round++)
      rounds.push(await watch(bench, server, cookie, round, ROUND_MS * bench.scale))
    return [
      atMost('transcript/p99', 'ms', median(rounds.map(({ delays }) => percentile(delays, 0.99))), 1_000),
      told('transcript/p50', 'ms', median(rounds.map(({ delays }) => percentile(delays, 0.5)))),
      told('transcript/max', 'ms', Math.max(...rounds.flatMap(({ delays }) => delays))),
      // Without it the delay says nothing: fewer statements came in than were to.
      atLeast('transcript/rate', 'statements/s', median(rounds.map(({ rate }) => rate)), 0.98 * PER_SECOND),
      told('transcript/post-p99', 'ms', median(rounds.map(({ postP99 }) => postP99))),
    ]
  },
}

interface Watched {
  /** Acknowledged → seen, ms, of each probe. Polling adds up to POLL_MS. */
  delays: number[]
  rate: number
  postP99: number
}

/**
 * Sends the traffic, and among it probes of one person, numbered in the name of their course; meanwhile reads that
 * person's transcript, as their browser does, and notes when each number first stands there. The feed is in order, so
 * a number that stands there tells that all before it were applied.
 */
async function watch(
  bench: Bench,
  server: StartedServer,
  cookie: string,
  round: number,
  durationMs: number,
): Promise<Watched> {
  const statements = createStatements({ seed: 5 + round, actors: ACCOUNTS, activities: 1_600 })
  const count = Math.max(1, Math.floor((durationMs / 1000) * PROBES_PER_SECOND))
  const numbers = Array.from({ length: count }, (_, index) => round * 100_000 + index)
  const now = Date.now()
  const probes = numbers.map((number, index) => {
    const statement = JSON.parse(
      statements.next({ actor: PROBE, activity: 0, timestamp: now + round * 60_000 + index }),
    )
    // The record's line is about the course.
    const [course] = statement.context.contextActivities.parent
    course.id += `/probe/${number}`
    course.definition.name = { vi: nameOf(number) }
    return postOne(server, JSON.stringify(statement))
  })
  const requests = Array.from({ length: 4_000 }, () => postOne(server, statements.next()))

  const seen = new Map<number, number>()
  let over = false
  const polling = poll()
  const [traffic, probed] = await Promise.all([
    bench.load.run({
      url: server.url,
      connections: CONNECTIONS,
      requests,
      perSecond: PER_SECOND,
      durationMs,
    }),
    bench.load.run({
      url: server.url,
      // On one line acknowledgements come in the order of the probes.
      connections: 1,
      requests: probes,
      perSecond: PROBES_PER_SECOND,
      count,
      acknowledged: true,
    }),
  ])
  if (traffic.statuses[200] !== traffic.answers || probed.acknowledged.length !== count)
    throw new Error(`Not all were taken: ${JSON.stringify([traffic.statuses, probed.statuses])}`)
  over = true
  await polling
  const delays = numbers.map((number, index) =>
    Math.max(0, seen.get(number)! - probed.acknowledged[index]!.at),
  )
  bench.say(
    `  ${Math.round(traffic.perSecond)} a second; seen after ${Math.round(percentile(delays, 0.99))} ms (p99)`,
  )
  return { delays, rate: traffic.perSecond, postP99: traffic.latency.p99 }

  async function poll(): Promise<void> {
    const waiting = [...numbers]
    const giveUp = 60_000
    let overSince: number | null = null
    while (waiting.length > 0) {
      const page = await fetch(`${server.url}/me/transcript`, { headers: { Cookie: cookie } })
      const text = await page.text()
      const at = performance.timeOrigin + performance.now()
      if (page.status !== 200) throw new Error(`The transcript was answered ${page.status}`)
      const newest = Math.max(-1, ...[...text.matchAll(NAME)].map(([, number]) => Number(number)))
      while (waiting.length > 0 && waiting[0]! <= newest) seen.set(waiting.shift()!, at)
      if (over) overSince ??= performance.now()
      if (overSince !== null && performance.now() - overSince > giveUp)
        throw new Error(`${waiting.length} statements did not appear on the transcript within a minute`)
      await setTimeout(POLL_MS)
    }
  }
}

const nameOf = (number: number) => `Mốc ${number}.`
const NAME = /Mốc (\d+)\./g

function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]!
}
