import { afterEach, expect, test } from 'vitest'
import { type FaultyProduct, idOf, startFaulty } from './product.ts'

let product: FaultyProduct
afterEach(() => product.stop())

const HOUR = 3_600_000

/** Time of storing of a statement, ms. */
async function storedOf(number: number): Promise<number> {
  const { text } = await product.xapi(`/statements?statementId=${idOf(number)}`)
  return Date.parse((JSON.parse(text) as { stored: string }).stored)
}

/** Newest that a list shows, and the time up to which it says that it shows all. */
async function listed(): Promise<{ newest: number; through: number }> {
  const { headers, text } = await product.xapi('/statements?limit=1')
  const [first] = (JSON.parse(text) as { statements: { stored: string }[] }).statements
  return {
    newest: first ? Date.parse(first.stored) : 0,
    through: Date.parse(headers.get('X-Experience-API-Consistent-Through')!),
  }
}

async function signIn(): Promise<string> {
  const citizen = product.demo.find(({ who }) => who === 'citizen')!
  const answer = await fetch(`${product.url}/sign-in`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'Sec-Fetch-Site': 'same-origin' },
    body: new URLSearchParams({ identifier: citizen.identifier, password: citizen.password }),
  })
  return answer.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ')
}
const record = async (cookie: string) => {
  const answer = await fetch(`${product.url}/me`, { redirect: 'manual', headers: { Cookie: cookie } })
  await answer.text()
  return answer.status
}

test('while the clock steps back and forward by hours, times of storing rise, nothing appears behind what lists promised, and who is signed in stays so', async () => {
  product = await startFaulty({ demo: true })
  const cookie = await signIn()
  expect(await record(cookie)).toBe(200)
  let number = 0
  let last = 0
  for (const clockMs of [0, -3 * HOUR, 6 * HOUR, -HOUR, 0]) {
    await product.fault({ clockMs })
    const before = await listed()
    // A list never promises less than it shows.
    expect(before.through).toBeGreaterThanOrEqual(before.newest)
    for (let i = 0; i < 5; i++) {
      const { through } = await listed()
      expect((await product.post(++number)).status).toBe(200)
      const stored = await storedOf(number)
      expect(stored).toBeGreaterThan(Math.max(last, through))
      last = stored
    }
    const after = await listed()
    expect(after.newest).toBe(last)
    expect(await record(cookie), `${clockMs} ms`).toBe(200)
    expect((await fetch(`${product.internalUrl}/health/ready`)).status).toBe(200)
  }
  // All together, in the order in which they came.
  const { text } = await product.xapi(
    `/statements?ascending=true&limit=100&since=${new Date(0).toISOString()}`,
  )
  const ids = (JSON.parse(text) as { statements: { id: string }[] }).statements.map(({ id }) => id)
  const mine = Array.from({ length: number }, (_, i) => idOf(i + 1))
  expect(ids.filter((id) => mine.includes(id))).toEqual(mine)
  await expect
    .poll(() => product.metric('suotdoi_consumer_lag_positions', '{consumer="transcript"}'), {
      timeout: 60_000,
    })
    .toBe(0)
  expect(await product.verify()).toEqual([])
}, 120_000)

test('a restart on a clock that went back by hours goes on above all that was stored', async () => {
  product = await startFaulty()
  await product.fault({ clockMs: 5 * HOUR })
  expect((await product.post(1)).status).toBe(200)
  const before = await storedOf(1)
  const { through } = await listed()
  const { dataDir, credential } = product
  await product.stop({ keep: true })
  product = await startFaulty({ dataDir, credential })
  expect((await listed()).through).toBeGreaterThanOrEqual(before)
  expect((await product.post(2)).status).toBe(200)
  expect(await storedOf(2)).toBeGreaterThan(Math.max(before, through))
  expect(await product.verify()).toEqual([])
}, 120_000)
