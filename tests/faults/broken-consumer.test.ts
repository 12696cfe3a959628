import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, expect, test } from 'vitest'
import { type FaultyProduct, startFaulty } from './product.ts'

let product: FaultyProduct
afterEach(() => product.stop())

/** Whatever the transcript does with an entry of the feed fails: how far it has come cannot be kept. */
const BREAK = `CREATE TRIGGER broken BEFORE UPDATE ON doc
  WHEN NEW.collection = 'feed-cursors' AND NEW.key = 'transcript'
  BEGIN SELECT RAISE(ABORT, 'told to fail'); END`
const MEND = 'DROP TRIGGER broken'

function change(sql: string): void {
  const db = new DatabaseSync(join(product.dataDir, 'tenants/main.db'), { timeout: 10_000 })
  db.exec(sql)
  db.close()
}

async function operatorPage(path: string): Promise<string> {
  const operator = product.demo.find(({ who }) => who === 'operator')!
  const signedIn = await fetch(`${product.url}/sign-in`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'Sec-Fetch-Site': 'same-origin' },
    body: new URLSearchParams({ identifier: operator.identifier, password: operator.password }),
  })
  const cookie = signedIn.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ')
  return (await fetch(`${product.url}${path}`, { headers: { Cookie: cookie } })).text()
}

const lag = (consumer: string) => product.metric('suotdoi_consumer_lag_positions', `{consumer="${consumer}"}`)
const errors = () => product.metric('suotdoi_consumer_errors_total', '{consumer="transcript"}')

test('a consumer that fails at each statement holds nobody else, is seen by the operator, and takes all when it is mended', async () => {
  product = await startFaulty({ demo: true })
  await expect.poll(() => lag('transcript'), { timeout: 30_000 }).toBe(0)
  change(BREAK)
  for (let number = 0; number < 20; number++) expect((await product.post(number)).status).toBe(200)
  await expect.poll(errors, { timeout: 30_000 }).toBeGreaterThan(2)
  expect(await lag('transcript')).toBeGreaterThan(0)
  await expect.poll(() => lag('audit'), { timeout: 30_000 }).toBe(0)
  expect(await product.has(19)).toBe(true)
  expect(await operatorPage('/operator/consumers')).toContain('told to fail')

  change(MEND)
  await expect.poll(() => lag('transcript'), { timeout: 90_000, interval: 200 }).toBe(0)
  expect(await operatorPage('/operator/consumers')).not.toContain('told to fail')
  expect(await product.verify()).toEqual([])
}, 180_000)
