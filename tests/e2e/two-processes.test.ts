import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { packLesson } from '../../h5p/pack.ts'
import { feedCursors } from '../../lrs/feed/advance.ts'
import { leases } from '../../lrs/feed/lease.ts'
import { openMongo } from '../../lrs/storage/mongo/index.ts'
import type { Storage } from '../../lrs/storage/port.ts'
import { idOf, statement } from '../faults/product.ts'
import { agreeIfAsked } from '../support/agree.ts'
import { openBrowser } from '../support/browser.ts'
import { describeOnMongo } from '../support/left-out.ts'
import { freePort, startMongo } from '../support/mongo-server.ts'
import { openReader } from '../support/pages.ts'
import { playTrueFalse } from '../support/play.ts'
import { type Product, run, startProduct } from '../support/product.ts'
import { type RoundRobin, startRoundRobin } from '../support/round-robin.ts'
import { placeOf, type StorePlace } from '../support/store.ts'

const CREDENTIAL = { key: 'of-the-environment', secret: 'a-secret-of-some-length' }
const PASSWORD = 'cây tre trăm đốt 1954'
const DB_PASSWORD = 'hunter2'
const WRITERS = 8

describeOnMongo('two processes on one MongoDB, behind a proxy without stickiness', {}, () => {
  let folder: string
  let place: StorePlace
  let proxy: RoundRobin
  let processes: Product[]
  let ports: number[]
  let browser: Browser
  let storage: Storage
  let operator: Page
  let reader: Page
  const complaints: string[][] = []
  const closing: (() => Promise<void>)[] = []

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'suotdoi-two-'))
    place = await placeOf('mongo')
    ports = [await freePort(), await freePort()]
    proxy = await startRoundRobin(ports)
    // Both at once, on a database that nobody has used yet.
    processes = await Promise.all(ports.map((port) => startOne(port)))
    storage = await openMongo({ url: place.storeUrl })
    browser = await openBrowser()
  }, 120_000)
  afterAll(async () => {
    for (const close of closing) await close()
    await browser?.close()
    await Promise.all((processes ?? []).map((one) => one.stop()))
    await proxy?.close()
    await storage?.close()
    await place?.remove()
    await rm(folder, { recursive: true, force: true })
  })

  const startOne = (port: number) =>
    startProduct({
      storeUrl: place.storeUrl,
      env: {
        PORT: String(port),
        PUBLIC_URL: proxy.url,
        TRUST_PROXY: '1',
        LRS_KEY: CREDENTIAL.key,
        LRS_SECRET: CREDENTIAL.secret,
      },
    })
  const direct = (path: string) => ports.map((port) => `http://127.0.0.1:${port}${path}`)
  const cli = (...words: string[]) =>
    run(['app/cli/main.ts', ...words], { STORE_URL: place.storeUrl, DATA_DIR: join(folder, 'none') })

  async function newReader(width: 360 | 1280): Promise<Page> {
    const opened = await openReader(browser, proxy.url, { language: 'vi', scheme: 'light', width })
    complaints.push(opened.complaints)
    closing.push(() => opened.context.close())
    return opened.page
  }
  async function register(page: Page, name: string, identifier: string, to: string): Promise<void> {
    await page.fill('[name=name]', name)
    await page.fill('[name=identifier]', identifier)
    await page.fill('[name=password]', PASSWORD)
    await agreeIfAsked(page)
    await page.click('main form button[type=submit]')
    await page.waitForURL(proxy.url + to)
  }

  test('that start together for the first time tell one set-up link, and put the lessons in once', async () => {
    expect(processes.filter(({ setupUrl }) => setupUrl !== '')).toHaveLength(1)
    for (const url of direct('/lessons'))
      await expect
        .poll(
          async () => {
            const page = await (await fetch(url)).text()
            return [...page.matchAll(/href="(\/lessons\/[^"/]+)"/g)].map(([, path]) => path).sort()
          },
          { timeout: 15_000 },
        )
        .toEqual(['/lessons/lua-dao-qua-mang', '/lessons/phan-loai-rac', '/lessons/phong-duoi-nuoc'])
    const sources = JSON.parse((await cli('source', 'list', '--json')).out) as { kind: string }[]
    expect(sources.map(({ kind }) => kind).sort()).toEqual(['diary', 'lms', 'product'])
  })

  test('are one to people: signed in once, a lesson put in through one is played and recorded through both', async () => {
    operator = await newReader(1280)
    await operator.goto(processes.find(({ setupUrl }) => setupUrl !== '')!.setupUrl)
    await register(operator, 'Lê Thị Vận Hành', 'van-hanh@tinh.example', '/operator')
    const lesson = join(folder, 'rac.h5p')
    await packLesson('phan-loai-rac', lesson)
    await operator.goto(`${proxy.url}/author/upload`)
    await operator.setInputFiles('[name=package]', lesson)
    await operator.fill('[name=title]', 'Rác nhà mình')
    await operator.selectOption('[name=topics]', { index: 1 })
    await operator.click('main form button[type=submit]')
    await operator.click('main form[action$="/publish"] button', { timeout: 15_000 })
    await operator.waitForSelector('text=Đã đăng “Rác nhà mình”')

    reader = await newReader(360)
    await reader.goto(`${proxy.url}/register`)
    await register(reader, 'Nguyễn Thị Mến', '0912 345 678', '/')
    await reader.goto(`${proxy.url}/lessons`)
    await reader.click('main a:has-text("Rác nhà mình")')
    await reader.click('main a[href$="/play"]')
    await playTrueFalse(reader)
    for (const url of direct('/me/transcript'))
      await expect
        .poll(
          async () => {
            await reader.goto(url)
            return reader.textContent('main')
          },
          { timeout: 15_000 },
        )
        .toMatch(/Rác nhà mình[\s\S]*8\/8/)
    for (const port of ports) expect(proxy.answered.get(port)).toBeGreaterThan(20)
    expect(complaints.flat()).toEqual([])
  }, 90_000)

  test('take a new key at once in both, and refuse a revoked one within a second in both', async () => {
    const issued = JSON.parse(
      (await cli('credential', 'create', '--source', 'he-thong-hoc-tap', '--json')).out,
    ) as { credential: { key: string }; secret: string }
    const ask = (url: string) =>
      fetch(url, { headers: headersOf({ key: issued.credential.key, secret: issued.secret }) })
    const urls = direct('/xapi/statements?limit=1')
    for (const url of urls) expect((await ask(url)).status).toBe(200)
    // Each was asked once, and both show both.
    for (const url of direct('/lms/sources/he-thong-hoc-tap'))
      await expect
        .poll(
          async () => {
            await operator.goto(url)
            return operator.locator('main :text("/xapi/statements")').count()
          },
          { timeout: 10_000 },
        )
        .toBeGreaterThanOrEqual(2)
    await cli('credential', 'revoke', issued.credential.key)
    await pause(1_000)
    for (const url of urls) expect((await ask(url)).status).toBe(401)
  }, 30_000)

  test('lose nothing acknowledged when one is killed under load, and the other goes on with records within ten seconds', async () => {
    const tenant = storage.tenant('main')
    const holder = (await tenant.collections.get(leases, 'consumer transcript'))?.value.holder ?? ''
    const [killed, left] = processes.toSorted(
      (a, b) => Number(holder.includes(` ${b.pid} `)) - Number(holder.includes(` ${a.pid} `)),
    )
    expect(holder).toContain(` ${killed!.pid} `)

    const acknowledged: number[] = []
    let failed = 0
    let next = 1
    let ended = false
    const write = async () => {
      while (!ended) {
        const number = next++
        // As an LMS does: the same statement again until it is taken.
        while (!(await post(number))) failed++
        acknowledged.push(number)
      }
    }
    const post = async (number: number) => {
      const answer = await fetch(`${proxy.url}/xapi/statements`, {
        method: 'POST',
        headers: { ...headersOf(CREDENTIAL), 'Content-Type': 'application/json' },
        body: JSON.stringify(statement(number)),
      }).catch(() => null)
      await answer?.text().catch(() => {})
      return answer?.status === 200
    }
    const writing = Promise.all(Array.from({ length: WRITERS }, write))
    await expect.poll(() => acknowledged.length, { timeout: 30_000 }).toBeGreaterThan(50)
    process.kill(killed!.pid, 'SIGKILL')
    const killedAt = performance.now()
    await killed!.ended
    const before = acknowledged.length
    await expect.poll(() => acknowledged.length, { timeout: 30_000 }).toBeGreaterThan(before + 50)
    ended = true
    await writing

    const end = await tenant.feed.end()
    await expect
      .poll(async () => (await tenant.collections.get(feedCursors, 'transcript'))?.value.position ?? 0, {
        timeout: 15_000,
        interval: 100,
      })
      .toBeGreaterThanOrEqual(end)
    expect(performance.now() - killedAt).toBeLessThan(10_000)
    expect((await tenant.collections.get(leases, 'consumer transcript'))?.value.holder).toContain(
      ` ${left!.pid} `,
    )

    const told: string[] = []
    for (let after = 0; ; ) {
      const entries = await tenant.feed.read(after, 500)
      if (entries.length === 0) break
      for (const entry of entries) if (entry.kind === 'stored') told.push(entry.statement.id)
      after = entries.at(-1)!.position
    }
    for (const number of acknowledged) {
      const answer = await fetch(`${proxy.url}/xapi/statements?statementId=${idOf(number)}`, {
        headers: headersOf(CREDENTIAL),
      })
      expect(answer.status, `statement ${number}`).toBe(200)
      expect(told.filter((id) => id === idOf(number))).toHaveLength(1)
    }
    // Whoever was signed in still is, with the one that is left.
    await reader.goto(`${proxy.url}/me/transcript`)
    expect(await reader.textContent('main')).toContain('Rác nhà mình')
    expect(failed).toBeLessThan(acknowledged.length)
  }, 120_000)
})

describeOnMongo('a MongoDB outside of any replica set', { own: true }, () => {
  test('cannot be used, which is told in words, and nothing of the password', async () => {
    const server = await startMongo({ alone: true })
    const { code, out, err } = await run(['app/main.ts'], { STORE_URL: server.urlOf('x'), PORT: '0' })
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toMatch(
      /^The store at mongodb:\/\/127\.0\.0\.1:\d+\/x \(STORE_URL\) cannot be used: the MongoDB server stands alone.*rs\.initiate/,
    )
    expect(err).not.toContain('    at ')
    await server.stop()
  })
})

describeOnMongo('a MongoDB that cannot be used', {}, () => {
  test('because nothing answers is told in words by the server and by commands, without the password', async () => {
    const STORE_URL = `mongodb://user:${DB_PASSWORD}@127.0.0.1:${await freePort()}/x?authSource=${DB_PASSWORD}`
    const [server, command] = await Promise.all([
      run(['app/main.ts'], { STORE_URL, PORT: '0' }),
      run(['app/cli/main.ts', 'source', 'list'], { STORE_URL }),
    ])
    expect([server.code, command.code]).toEqual([1, 3])
    for (const { out, err } of [server, command]) {
      expect(err).toContain('no MongoDB server that takes writes answers')
      expect(out + err).not.toContain(DB_PASSWORD)
      expect(err).not.toContain('    at ')
    }
  }, 40_000)

  test('by a command, because no server was ever started on it, is not made', async () => {
    const place = await placeOf('mongo')
    const { code, err } = await run(['app/cli/main.ts', 'source', 'list'], { STORE_URL: place.storeUrl })
    expect(code).toBe(3)
    expect(err).toMatch(/^There is no data in mongodb:.*Start the server once/)
    await place.remove()
  })

  test('tells its password nowhere when it can be used: not in the log, the metrics, the audit or the help', async () => {
    const place = await placeOf('mongo')
    const url = new URL(place.storeUrl)
    url.searchParams.set('appName', DB_PASSWORD)
    const product = await startProduct({ storeUrl: url.href, env: { LOG_LEVEL: 'trace' } })
    const metrics = await (await fetch(`${product.internalUrl}/metrics`)).text()
    const help = await run(['app/main.ts', '--help'], { STORE_URL: url.href })
    const code = await product.stop()
    expect(code).toBe(0)
    expect(product.output()).toContain(`mongodb://${url.host}${url.pathname}`)
    for (const text of [product.output(), product.logged(), metrics, help.out])
      expect(text).not.toContain(DB_PASSWORD)
    await place.remove()
  }, 40_000)
})

function headersOf({ key, secret }: { key: string; secret: string }): Record<string, string> {
  return {
    Authorization: `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}`,
    'X-Experience-API-Version': '1.0.3',
  }
}
