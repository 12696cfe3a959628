/** Every requirement that a test can show has one, every test speaks of a requirement, and code cites only what there is. */
import { execFile } from 'node:child_process'
import { glob, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, it } from 'vitest'
import file from '../../schemas/requirements.json' with { type: 'json' }
import schema from '../../schemas/requirements.schema.json' with { type: 'json' }

const root = fileURLToPath(new URL('../..', import.meta.url))
const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url))
const { requirements } = file
const ids = new Set(requirements.map(({ id }) => id))
/** Tests that are of no requirement: this one, and of a client. */
const OTHERS = /(?:coverage|xapi-client)\.test\.ts$/
const ID = /^XAPI2?-\S+$/

/** Names of the tests of this folder, as vitest collects them, without running any. */
async function testNames(): Promise<string[]> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [vitest, 'list', 'tests/conformance', '--json', '--no-static-parse', '--no-isolate'],
    { cwd: root, maxBuffer: 64_000_000, env: { ...process.env, NO_COLOR: '1' } },
  )
  const listed: { name: string; file: string }[] = JSON.parse(stdout.slice(stdout.indexOf('[')))
  return listed.filter(({ file }) => !OTHERS.test(file)).map(({ name }) => name)
}

/** The ids at the start of a name. */
function idsOf(name: string): string[] {
  const words = name.split(' ')
  const end = words.findIndex((word) => !ID.test(word))
  return end < 0 ? words : words.slice(0, end)
}

it('each testable requirement has a test, and each test a requirement that there is', {
  timeout: 60_000,
}, async () => {
  const names = await testNames()
  expect(names.length).toBeGreaterThan(1000)
  const nameless = names.filter((name) => idsOf(name).length === 0)
  expect(nameless, 'tests that name no requirement').toEqual([])
  const tested = new Set(names.flatMap(idsOf))
  expect(
    [...tested].filter((id) => !ids.has(id)),
    'unknown requirements',
  ).toEqual([])
  const testable = requirements.filter((requirement) => requirement.testable)
  expect(
    testable.filter(({ id }) => !tested.has(id)).map(({ id }) => id),
    'without a test',
  ).toEqual([])
  const claimed = requirements.filter(({ id, testable }) => !testable && tested.has(id))
  expect(
    claimed.map(({ id }) => id),
    'said to be untestable, but tested',
  ).toEqual([])
})

it('the list of requirements follows its schema, each id once', () => {
  const validate = new Ajv2020({ allErrors: true }).compile(schema)
  expect(validate(file), JSON.stringify(validate.errors)).toBe(true)
  expect(ids.size).toBe(requirements.length)
})

it('what the code cites is in the list', async () => {
  const cited = new Map<string, string>()
  for await (const path of glob('{lrs,h5p,profiles,schemas/xapi}/**/*.{ts,json}', { cwd: root })) {
    if (path.endsWith('.test.ts')) continue
    const text = await readFile(`${root}/${path}`, 'utf8')
    for (const [id] of text.matchAll(/XAPI2?-\d[\w.-]*\w/g)) cited.set(id, path)
  }
  expect(cited.size).toBeGreaterThan(100)
  expect([...cited].filter(([id]) => !ids.has(id))).toEqual([])
})
