import { glob, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { someStatement, startXapi, type TestClient, type TestXapi } from '../../tests/support/xapi.ts'
import { PROBLEMS } from '../statement/problems.ts'
import { REQUIREMENTS } from './requirements.ts'

let xapi: TestXapi
let all: TestClient
beforeAll(async () => {
  xapi = await startXapi()
  all = await xapi.issue(['all'])
})
afterAll(() => xapi.close())

test('each version cites requirements of its own, for problems that there are', async () => {
  const made = new Set<string>()
  const root = fileURLToPath(new URL('..', import.meta.url))
  for await (const path of glob('{*,auth/*,http/*,resources/**/*,versions/*}.ts', { cwd: root })) {
    if (path.endsWith('.test.ts')) continue
    const text = await readFile(`${root}/${path}`, 'utf8')
    for (const [line] of text.matchAll(/\bid: .*/g)) {
      for (const [, id = ''] of line.matchAll(/'([a-z\d-]+)'/g)) made.add(id)
    }
  }
  expect(made.size).toBeGreaterThan(40)
  for (const [id, [v1, v2]] of Object.entries(REQUIREMENTS)) {
    expect(made, id).toContain(id)
    expect(id in PROBLEMS, `${id} is a problem of statements`).toBe(false)
    expect(v1 ?? 'XAPI-', id).toMatch(/^XAPI-/)
    expect(v2 ?? 'XAPI2-', id).toMatch(/^XAPI2-/)
  }
})

const document = `/xapi/activities/profile?activityId=${encodeURIComponent('http://example.vn/a')}&profileId=p`
const cases: [string, string, string, (version: string) => Promise<{ status: number; body: unknown }>][] = [
  [
    'document-changed',
    'XAPI-00322',
    'XAPI2-4.1.4-precondition-failed',
    (version) => all.request('put', document, version).set('If-Match', '"none"').send('x'),
  ],
  [
    'parameter-unknown',
    'XAPI-00324',
    'XAPI2-4.1.5-unknown-parameter',
    (version) => all.request('get', '/xapi/statements?foo=1', version),
  ],
  [
    'parameter-case',
    'XAPI-00325',
    'XAPI2-4.1.5-parameter-case',
    (version) => all.request('get', '/xapi/statements?Limit=1', version),
  ],
  [
    'agent-identifier',
    'XAPI-00034',
    'XAPI2-4.2.2.1-one-identifier',
    (version) =>
      all.request('post', '/xapi/statements', version).send(someStatement({ actor: { name: 'Hoa' } })),
  ],
]
test.each(cases)('%s cites %s to a client of 1.0.3, %s to one of 2.0', async (id, v1, v2, ask) => {
  for (const [version, requirement] of [
    ['1.0.3', v1],
    ['1.0.1', v1],
    ['2.0.0', v2],
  ] as const) {
    expect((await ask(version)).body).toMatchObject({ problems: [{ id, requirement }] })
  }
})
