import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { atMost, type Bench, type Benchmark, told } from '../bench.ts'
import { untilQuiet } from '../data/quiet.ts'
import { openRecords } from '../data/records.ts'
import { startFloor } from '../floors/start.ts'
import type { RequestBytes } from '../load/work.ts'
import { signIn } from '../people.ts'
import { interleave, medianOf, mustBe } from '../rounds.ts'
import type { StartedServer } from '../server.ts'

const STATEMENTS = 1_000_000
const PERSONS = 100_000
const MOST = 50_000
const ROUND = 1_000
const WARM_UP = 300
const BOUND_MS = 10

export const transcriptPage: Benchmark = {
  name: 'transcript-page',
  title: `The first page of a record, one line, among ${PERSONS} people and a million statements: people with some ten, and one with ${MOST}; floor: Express that sends the same bytes`,
  async run(bench) {
    const part = (count: number) => Math.max(200, Math.ceil(count * bench.scale))
    const { dataDir, readers } = await openRecords(bench, {
      statements: part(STATEMENTS),
      persons: part(PERSONS),
      most: part(MOST),
    })
    const server = await bench.start({ dataDir })
    const cookies: string[] = []
    for (const reader of readers) cookies.push(await signIn(server.url, reader))
    await untilQuiet(server)
    const [most, ...others] = cookies.map((cookie) => pageRequest(server.url, cookie))
    const figures = [
      ...(await measure(bench, server, 'some', others)),
      ...(await measure(bench, server, 'most', [most!])),
    ]
    await server.stop()
    return figures
  },
}

async function measure(bench: Bench, server: StartedServer, whose: string, requests: RequestBytes[]) {
  const ask = (url: string, asked: RequestBytes[], count: number, bodies = 0) =>
    bench.load.run({
      url,
      connections: 1,
      requests: asked,
      count: Math.ceil(count * bench.scale),
      bodies,
    })
  const { bodies } = mustBe(200, await ask(server.url, requests, WARM_UP, 1))
  const page = Buffer.from(bodies[0]!).toString('utf8')
  if (!page.includes('href="/me/transcript/')) throw new Error(`The page of ${whose} shows no line.`)
  const path = join(await bench.folder('page'), 'page.json')
  await writeFile(path, JSON.stringify([[whose, page]]))
  const floor = await startFloor('express-bytes', path)
  try {
    const bytes = [plainRequest(floor.url, `/xapi/statements?statementId=${whose}`)]
    mustBe(200, await ask(floor.url, bytes, WARM_UP))
    const rounds = await interleave(
      bench.rounds,
      async () => mustBe(200, await ask(server.url, requests, ROUND)),
      async () => mustBe(200, await ask(floor.url, bytes, ROUND)),
    )
    const name = `transcript-page/${whose}`
    const p95 = (all: typeof rounds.product) => medianOf(all, ({ latency }) => latency.p95)
    const floored = p95(rounds.floor)
    const figure = atMost(`${name}/p95`, 'ms', p95(rounds.product), BOUND_MS)
    return [
      { ...figure, floor: floored, ratio: figure.value / floored },
      told(
        `${name}/p50`,
        'ms',
        medianOf(rounds.product, ({ latency }) => latency.p50),
        medianOf(rounds.floor, ({ latency }) => latency.p50),
      ),
      told(
        `${name}/p99`,
        'ms',
        medianOf(rounds.product, ({ latency }) => latency.p99),
        medianOf(rounds.floor, ({ latency }) => latency.p99),
      ),
      told(`${name}/bytes`, 'bytes', bodies[0]!.length),
    ]
  } finally {
    await floor.stop()
  }
}

const plainRequest = (url: string, path: string, more = ''): RequestBytes => ({
  bytes: Buffer.from(`GET ${path} HTTP/1.1\r\nHost: ${new URL(url).host}\r\n${more}\r\n`),
})
const pageRequest = (url: string, cookie: string) =>
  plainRequest(url, '/me/transcript', `Cookie: ${cookie}\r\n`)
