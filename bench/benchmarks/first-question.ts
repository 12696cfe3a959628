import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { openBrowser } from '../../tests/support/browser.ts'
import { openHostWorld } from '../../tests/support/host-world.ts'
import { register } from '../../tests/support/register.ts'
import { atMost, type Bench, type Benchmark, type Figure, median, told } from '../bench.ts'
import { openSlowLine, type SlowLine } from '../slow-line.ts'

const LINE = { bitsPerSecond: 400_000, roundTripMs: 300 }
const MOST_BYTES = 80_000
const MOST_MS = 3_000
/** Lessons that come with the program. */
const OWN = ['phan-loai-rac', 'phong-duoi-nuoc', 'lua-dao-qua-mang']

/**
 * From the press on the link to the lesson until its first question, or whatever comes first in it, can be seen, in a
 * browser that has nothing of the site but a session, on a phone's slow line.
 */
export const firstQuestion: Benchmark = {
  name: 'first-question',
  title: `A lesson on a line of 400 kbit/s and 300 ms, cold cache: what comes down it, and how long, up to its first question`,
  async run(bench) {
    const browser = await openBrowser()
    try {
      return [...(await ownTypes(bench, browser)), ...(await communityTypes(bench, browser))]
    } finally {
      await browser.close()
    }
  },
}

async function ownTypes(bench: Bench, browser: Browser): Promise<Figure[]> {
  const server = await bench.start()
  const line = await openSlowLine(server.url, LINE)
  const figures: Figure[] = []
  try {
    const first = await browser.newContext()
    const page = await first.newPage()
    await page.goto(`${server.url}/register`)
    await register(page, 'Người học', 'hoc@xa.example')
    const state = await first.storageState()
    for (const id of OWN) {
      const { bytes, ms } = await measure(bench, line, async () => {
        const context = await browser.newContext({
          storageState: state,
          viewport: { width: 360, height: 740 },
        })
        const page = await context.newPage()
        return { page, path: `/lessons/${id}/play`, seen: '#lesson' }
      })
      figures.push(atMost(`first-question/${id}/bytes`, 'bytes', bytes, MOST_BYTES))
      figures.push(atMost(`first-question/${id}/seen`, 'ms', ms, MOST_MS))
    }
  } finally {
    await line.close()
    await server.stop()
  }
  return figures
}

/** Told for comparison: packages of other makers (CORPUS_DIR), in a page that has nothing but the player. */
async function communityTypes(bench: Bench, browser: Browser): Promise<Figure[]> {
  const corpus = process.env.CORPUS_DIR
  if (!corpus) return []
  const folder = join(corpus, 'h5p', 'valid')
  const world = await openHostWorld()
  const line = await openSlowLine(world.url, LINE)
  const figures: Figure[] = []
  try {
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.h5p'))) {
      const lesson = await world.publish(join(folder, file))
      const { bytes, ms } = await measure({ ...bench, rounds: 1 }, line, async () => {
        const context = await browser.newContext({ viewport: { width: 360, height: 740 } })
        return { page: await context.newPage(), path: `/play/${lesson.id}/hoc`, seen: 'iframe' }
      })
      const name = `first-question/${basename(file, '.h5p')}`
      figures.push({ ...told(`${name}/bytes`, 'bytes', bytes), higherIsBetter: false })
      figures.push({ ...told(`${name}/seen`, 'ms', ms), higherIsBetter: false })
    }
  } finally {
    await line.close()
    await world.close()
  }
  return figures
}

/** The median of the rounds, each with a browser's window of its own. */
async function measure(
  bench: Pick<Bench, 'rounds' | 'say'>,
  line: SlowLine,
  open: () => Promise<{ page: Page; path: string; seen: string }>,
): Promise<{ bytes: number; ms: number }> {
  const rounds: { bytes: number; ms: number }[] = []
  for (let round = 0; round < bench.rounds; round++) {
    const { page, path, seen } = await open()
    line.begin()
    const began = performance.now()
    await page.goto(line.url + path, { waitUntil: 'commit' })
    const content = page.frameLocator(seen).locator('.h5p-content', { hasText: /\S/ })
    await content.first().waitFor({ timeout: 60_000 })
    rounds.push({ ms: performance.now() - began, bytes: line.down() })
    await page.context().close()
  }
  bench.say(`  ${rounds.map(({ bytes, ms }) => `${Math.round(ms)} ms, ${bytes} bytes`).join(' · ')}`)
  return {
    bytes: median(rounds.map(({ bytes }) => bytes)),
    ms: median(rounds.map(({ ms }) => ms)),
  }
}
