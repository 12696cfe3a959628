import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startScript } from './process.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'suotdoi-bench-test-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function bench(...args: string[]) {
  const child = startScript(['bench/main.ts', '--folder', folder, ...args], {}, 'pipe')
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const [out, err] = await Promise.all([text(child.stdout!), text(child.stderr!)])
  return { out, err, code: await ended }
}

test.runIf(process.platform === 'linux')(
  'one benchmark runs end to end: a JSON object a line with value and floor, and nothing else',
  { timeout: 60_000 },
  async () => {
    const { out, err, code } = await bench(
      ...['--only', 'get-by-id', '--json', '--rounds', '1', '--scale', '0.03'],
    )
    const figures = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(Object.keys(figures[0]).sort()).toEqual(
      ['name', 'value', 'unit', 'floor', 'ratio', 'goal', 'higherIsBetter', 'met'].sort(),
    )
    expect(figures[0]).toMatchObject({ name: 'get-by-id', unit: 'requests/s', higherIsBetter: true })
    expect(figures[0].ratio).toBeCloseTo(figures[0].value / figures[0].floor)
    expect(figures[0].met).toBe(figures[0].ratio >= 0.7)
    expect(code).toBe(figures.every(({ met }) => met !== false) ? 0 : 1)
    expect(err).toMatch(/fsync of 4 kB/)
  },
)

test('an unknown name ends with 2 and the list', async () => {
  const { out, err, code } = await bench('--only', 'nothing')
  expect({ out, code }).toEqual({ out: '', code: 2 })
  expect(err).toMatch(/“nothing”.*post-one/)
})
