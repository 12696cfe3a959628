import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { atLeastOfFloor, type Bench, type Benchmark, told } from '../bench.ts'
import { startFloor } from '../floors/start.ts'
import { browserRequest, openLessons } from '../lessons.ts'
import type { RequestBytes } from '../load/work.ts'
import { interleave, medianOf, mustBe, withCpu } from '../rounds.ts'

const CONNECTIONS = 16
const WARM_UP_MS = 5_000
const ROUND_MS = 5_000

export const libraryFile: Benchmark = {
  name: 'library-file',
  title:
    'The scripts and style sheets of a lesson’s libraries, as a browser asks for them; floor: express.static over files that hold the same packed bytes',
  async run(bench) {
    const { dataDir, attempts } = await openLessons(bench, 'phong-duoi-nuoc', 1)
    const server = await bench.start({ dataDir })
    const paths = await libraryFiles(bench, server.url, attempts[0]!.frameUrl)
    const folder = await bench.folder('files')
    let bytes = 0
    for (const path of paths) {
      const body = await once(bench, server.url, path)
      bytes += body.length
      await mkdir(join(folder, path, '..'), { recursive: true })
      await writeFile(join(folder, path), body)
    }
    const floor = await startFloor('express-static', folder)
    const ask = async (url: string, durationMs: number) =>
      mustBe(
        200,
        await bench.load.run({
          url,
          connections: CONNECTIONS,
          requests: paths.map((path): RequestBytes => browserRequest(url, path)),
          durationMs: durationMs * bench.scale,
        }),
      )
    try {
      await ask(server.url, WARM_UP_MS)
      await ask(floor.url, WARM_UP_MS)
      const rounds = await interleave(
        bench.rounds,
        () => withCpu(server, () => ask(server.url, ROUND_MS)),
        () => withCpu(floor, () => ask(floor.url, ROUND_MS)),
      )
      const rate = (one: { perSecond: number }) => one.perSecond
      const cpu = (one: { cpuOfServer: number }) => one.cpuOfServer
      const p99 = (one: { latency: { p99: number } }) => one.latency.p99
      return [
        atLeastOfFloor(
          'library-file',
          'files/s',
          medianOf(rounds.product, rate),
          medianOf(rounds.floor, rate),
          0.8,
        ),
        told('library-file/p99', 'ms', medianOf(rounds.product, p99), medianOf(rounds.floor, p99)),
        told(
          'library-file/server-cpu',
          'µs/file',
          medianOf(rounds.product, cpu),
          medianOf(rounds.floor, cpu),
        ),
        told('library-file/bytes', 'bytes/file', bytes / paths.length),
      ]
    } finally {
      await floor.stop()
      await server.stop()
    }
  },
}

/** Paths of the library files that the frame's page loads. */
async function libraryFiles(bench: Bench, url: string, frameUrl: string): Promise<string[]> {
  const html = gunzipSync(await once(bench, url, frameUrl)).toString('utf8')
  const joined = [...html.matchAll(/(?:src|href)="(\/h5p\/joined\/[^"]+)"/g)].map(([, path]) => path!)
  const kit = /SuotDoi\.Kit-[\w.]+-[0-9a-f]{16}/.exec(joined[0] ?? '')?.[0]
  if (!kit) throw new Error('The lesson loads no library.')
  // One by one, as types of the community are loaded, and several as one.
  return [...joined, `/h5p/libraries/${kit}/kit.js`, `/h5p/libraries/${kit}/kit.css`]
}

async function once(bench: Bench, url: string, path: string): Promise<Buffer> {
  const { bodies } = mustBe(
    200,
    await bench.load.run({
      url,
      connections: 1,
      requests: [browserRequest(url, path)],
      count: 1,
      bodies: 1,
    }),
  )
  return Buffer.from(bodies[0]!)
}
