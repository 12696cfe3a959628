import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { StorageUnavailable } from '../../lrs/index.ts'
import { PASSWORD } from '../../web/testing/services.ts'
import { bringAxe } from '../support/axe.ts'
import { openBrowser } from '../support/browser.ts'
import { judge } from '../support/judge.ts'
import { openReader, type Site, serveSite, signInAs } from '../support/pages.ts'

/** Folder for a photograph of each step, to be looked at; nothing is kept without it. */
const PHOTOS = process.env.PHOTOS

let browser: Browser
let site: Site
let context: BrowserContext
let page: Page

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(async () => browser?.close())
beforeEach(async () => {
  site = await serveSite(false)
  ;({ context, page } = await openReader(browser, site.url, { language: 'vi', scheme: 'light', width: 360 }))
  await bringAxe(context)
})
afterEach(async () => {
  vi.restoreAllMocks()
  await context.close()
  await site.close()
})

const told = () =>
  (site.services.diaryStatements as { object: { definition?: { name: { vi: string } } } }[]).map(
    ({ object }) => object.definition?.name.vi,
  )
const waiting = () => page.locator('[data-unsent] li')

/** The server is reached and takes nothing just now. */
const takeNothing = () =>
  vi.spyOn(site.services.diary, 'add').mockRejectedValue(new StorageUnavailable('full'))

/** The browser is told, and nothing comes through, whatever it believes. */
async function line(isThere: boolean): Promise<void> {
  site.cut(!isThere)
  await context.setOffline(!isThere)
}

/** Signed in, with the page laid by. */
async function prepare(): Promise<void> {
  await signInAs(page, site.url, 'citizen')
  await page.goto(`${site.url}/me/diary`)
  await expect
    .poll(() => page.evaluate(async () => (await caches.match('/offline/diary')) !== undefined))
    .toBe(true)
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => {}))
}

async function write(what: string): Promise<void> {
  await page.fill('#what', what)
  await page.check('#minutes')
  await page.check('#did')
  await page.getByRole('button', { name: 'Ghi lại' }).click()
}

/** Without a line, on the page that was laid by. */
async function writeOffline(...all: string[]): Promise<void> {
  await line(false)
  await page.goto(`${site.url}/me/diary/new`)
  await inspect('empty')
  for (const [at, what] of all.entries()) {
    await write(what)
    await expect.poll(() => waiting().count()).toBe(at + 1)
  }
}

async function inspect(name: string): Promise<void> {
  expect({ name, found: await judge(page) }).toEqual({ name, found: [] })
  if (!PHOTOS) return
  mkdirSync(PHOTOS, { recursive: true })
  await page.screenshot({ path: join(PHOTOS, `offline-${name}.png`), fullPage: true })
}

test('two entries are written without a line, and once it is back both are there, once and in order', async () => {
  await prepare()
  await writeOffline('Ủ phân từ rơm', 'Vá lốp xe')
  await inspect('two')
  await page.reload()
  await expect
    .poll(() => waiting().allTextContents())
    .toEqual([expect.stringContaining('Ủ phân từ rơm'), expect.stringContaining('Vá lốp xe')])
  expect(told()).toEqual([])
  await line(true)
  await expect.poll(told).toEqual(['Ủ phân từ rơm', 'Vá lốp xe'])
  await expect.poll(() => page.locator('[data-unsent-title]').textContent()).toBe('Đã gửi: 2')
  await inspect('sent')
  await page.goto(`${site.url}/me/diary`)
  expect(await page.locator('tbody tr').count()).toBe(2)
  expect(await page.locator('[data-unsent]').isVisible()).toBe(false)
  await page.reload()
  expect(told()).toHaveLength(2)
})

test('a line that comes back while a request without one is still failing is used at once', async () => {
  await prepare()
  await writeOffline('Ủ phân từ rơm')
  let failing = true
  let fail = () => {}
  const asked = new Promise<void>((done) => {
    void page.route('**/me/diary/unsent', async (route) => {
      if (!failing) return route.continue()
      failing = false
      done()
      await new Promise<void>((go) => {
        fail = go
      })
      await route.abort()
    })
  })
  await line(true)
  await asked
  await page.evaluate(() => dispatchEvent(new Event('online')))
  fail()
  await expect.poll(told, { timeout: 15_000 }).toEqual(['Ủ phân từ rơm'])
})

test('a photo goes along, and what an answer that was lost leaves open is there once', async () => {
  await signInAs(page, site.url, 'citizen')
  await page.goto(`${site.url}/me/diary/new`)
  // It was written, and nobody heard of it.
  await page.route('**/me/diary/new', async (route) => {
    if (route.request().method() !== 'POST') return route.continue()
    await route.fetch()
    takeNothing()
    await route.abort('connectionreset')
  })
  await page.setInputFiles('#evidence', {
    name: 'a.pdf',
    mimeType: 'application/pdf',
    buffer: Buffer.from('%PDF-1.4\n%%EOF\n'),
  })
  await Promise.all([page.waitForResponse('**/me/diary/unsent'), write('Ủ phân từ rơm')])
  await expect.poll(() => waiting().allTextContents()).toEqual([expect.stringContaining('có ảnh')])
  vi.restoreAllMocks()
  await page.goto(`${site.url}/me/diary`)
  await expect.poll(() => page.locator('[data-unsent-title]').textContent()).toBe('Đã gửi: 1')
  expect(told()).toEqual(['Ủ phân từ rơm'])
  await page.reload()
  await page.locator('tbody a').first().click()
  await expect.poll(() => page.locator('.shots li').count()).toBe(1)
})

test('another who signs in neither sees nor sends them; whoever wrote them does', async () => {
  await prepare()
  await writeOffline('Chuyện riêng của Nguyệt')
  takeNothing()
  await line(true)
  await page.goto(`${site.url}/me`)
  await expect.poll(() => waiting().count()).toBe(1)
  await page.getByRole('button', { name: 'Đăng xuất', exact: true }).click()
  await inspect('sign-out')
  await page.getByRole('button', { name: 'Giữ trên máy và đăng xuất' }).click()
  await page.waitForURL(`${site.url}/`)
  vi.restoreAllMocks()
  await signInAs(page, site.url, 'author')
  for (const path of ['/', '/me', '/me/diary', '/me/diary/new']) {
    await page.goto(site.url + path)
    await page.waitForLoadState('networkidle')
    expect(await page.locator('[data-unsent]').isVisible()).toBe(false)
  }
  await line(false)
  await page.goto(`${site.url}/me/diary/new`)
  expect(await waiting().count()).toBe(0)
  await line(true)
  expect(told()).toEqual([])
  await page.goto(`${site.url}/me`)
  await page.getByRole('button', { name: 'Đăng xuất', exact: true }).click()
  await page.waitForURL(`${site.url}/`)
  await signInAs(page, site.url, 'citizen')
  await expect.poll(told).toEqual(['Chuyện riêng của Nguyệt'])
})

test.each([
  { choice: 'Gửi rồi đăng xuất', sent: ['Vá lốp xe'] },
  { choice: 'Bỏ đi và đăng xuất', sent: [] },
])('signing out: $choice', async ({ choice, sent }) => {
  await prepare()
  await writeOffline('Vá lốp xe')
  takeNothing()
  await line(true)
  await page.goto(`${site.url}/me`)
  await expect.poll(() => waiting().count()).toBe(1)
  await page.getByRole('button', { name: 'Đăng xuất', exact: true }).click()
  await page.getByRole('dialog').waitFor()
  if (sent.length > 0) vi.restoreAllMocks()
  await page.getByRole('button', { name: choice }).click()
  await page.waitForURL(`${site.url}/`)
  expect(told()).toEqual(sent)
  await expect
    .poll(() =>
      page.evaluate(async () => (await indexedDB.databases()).length + (await caches.keys()).length),
    )
    .toBe(0)
})

test('what the server does not take is told with its reason, and can be corrected or thrown away', async () => {
  await prepare()
  await writeOffline('Vá lốp xe')
  await line(false)
  await page.fill('#what', 'Học bơi')
  await page.check('#minutes-4')
  await page.fill('#otherMinutes', '999')
  await page.check('#did')
  await page.getByRole('button', { name: 'Ghi lại' }).click()
  await expect.poll(() => waiting().count()).toBe(2)
  await line(true)
  await page.goto(`${site.url}/me/diary/new`)
  await expect.poll(() => waiting().allTextContents()).toEqual([expect.stringContaining('từ 1 đến 960')])
  expect(told()).toEqual(['Vá lốp xe'])
  await inspect('refused')
  await page.getByRole('button', { name: /^Sửa/ }).click()
  await expect.poll(() => waiting().count()).toBe(0)
  expect(await page.locator('#what').inputValue()).toBe('Học bơi')
  await page.fill('#otherMinutes', '99')
  await page.getByRole('button', { name: 'Ghi lại' }).click()
  await expect.poll(told).toEqual(['Vá lốp xe', 'Học bơi'])
})

test('on a shared device nothing is laid by, and nothing can be written without a line', async () => {
  await page.goto(`${site.url}/sign-in`)
  await page.fill('#identifier', 'citizen@example.org')
  await page.fill('#password', PASSWORD)
  await page.check('#shared')
  await Promise.all([page.waitForURL(`${site.url}/`), page.click('main form button[type=submit]')])
  await page.goto(`${site.url}/me/diary/new`)
  await page.waitForLoadState('networkidle')
  const kept = await page.evaluate(async () => ({
    caches: await caches.keys(),
    databases: await indexedDB.databases(),
    workers: (await navigator.serviceWorker.getRegistrations()).length,
    local: Object.keys(localStorage),
  }))
  expect(kept).toEqual({ caches: [], databases: [], workers: 0, local: [] })
})

test('the page that is laid by speaks the language of whoever laid it by', async () => {
  await context.close()
  ;({ context, page } = await openReader(browser, site.url, { language: 'en', scheme: 'dark', width: 1280 }))
  await bringAxe(context)
  await prepare()
  await line(false)
  await page.goto(`${site.url}/me/diary`)
  expect(await page.locator('html').getAttribute('lang')).toBe('en')
  expect(await page.locator('main').textContent()).toContain('This device is offline')
  await page.getByRole('button', { name: 'Write it down' }).click()
  expect(await page.locator('[data-diary-missing]').textContent()).toContain('Say three things')
  await inspect('english')
})
