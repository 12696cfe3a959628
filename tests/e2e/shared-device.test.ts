import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { PASSWORD } from '../../web/testing/services.ts'
import { readByAxe } from '../support/axe.ts'
import { openBrowser } from '../support/browser.ts'
import { type Site, serveSite } from '../support/pages.ts'

const NAME = 'Nguyễn Thị Ánh Nguyệt'
const MINUTE = 60_000

let browser: Browser
let site: Site
let context: BrowserContext
let page: Page

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(async () => browser?.close())
beforeEach(async () => {
  site = await serveSite(true)
  await open({})
})
afterEach(async () => {
  vi.restoreAllMocks()
  await context.close()
  await site.close()
})

async function open(options: { javaScriptEnabled?: boolean }): Promise<void> {
  await context?.close()
  context = await browser.newContext({ viewport: { width: 360, height: 740 }, ...options })
  page = await context.newPage()
}

async function signInOnSharedDevice(): Promise<void> {
  await page.goto(`${site.url}/sign-in`)
  await page.fill('#identifier', 'citizen@example.org')
  await page.fill('#password', PASSWORD)
  await page.check('#shared')
  await Promise.all([page.waitForURL(`${site.url}/`), page.click('main form button[type=submit]')])
}

/** Everything that the next one at the device could look into. */
async function leftBehind(): Promise<object> {
  const found = await page.evaluate(async (paths) => {
    const cached: string[] = []
    for (const path of paths) {
      const answer = await fetch(path, { cache: 'only-if-cached', mode: 'same-origin' }).catch(() => null)
      if (answer?.ok) cached.push(path)
    }
    return {
      cached,
      local: Object.keys(localStorage),
      session: Object.keys(sessionStorage),
      caches: await caches.keys(),
      databases: (await indexedDB.databases()).map(({ name }) => name),
      body: document.body.textContent,
    }
  }, VISITED)
  return { ...found, body: found.body.includes(NAME) ? found.body : 'nothing of the person' }
}
const NOTHING = {
  cached: [],
  local: [],
  session: [],
  caches: [],
  databases: [],
  body: 'nothing of the person',
}
const VISITED = ['/me', '/me/transcript', '/me/transcript/line-5', '/me/change']

test('after signing out nothing of the person is left: not on the way back, in the cache or in any store', async () => {
  await signInOnSharedDevice()
  for (const path of VISITED) await page.goto(site.url + path)
  await page.fill('#name', `${NAME} bản nháp`)
  // What a lesson or a script of ours might keep one day.
  await page.evaluate(async (name) => {
    localStorage.setItem('draft', name)
    await (await caches.open('draft')).put('/draft', new Response(name))
    await new Promise((done) => {
      indexedDB.open('draft').onsuccess = done
    })
  }, NAME)
  expect(await readByAxe(page)).toEqual([])
  await Promise.all([page.waitForURL(`${site.url}/`), page.click('.shared-bar button')])
  expect(await page.textContent('.toast')).toContain('Trên máy này không còn trang nào của bạn')
  await expect.poll(leftBehind, { timeout: 10_000 }).toEqual(NOTHING)
  for (let back = 0; back < VISITED.length + 2; back++) {
    await page.goBack()
    expect(new URL(page.url()).pathname).toMatch(/^\/(sign-in)?$/)
    expect(await page.content()).not.toContain(NAME)
  }
  expect(await page.locator('#identifier').inputValue()).toBe('')
})

test('two minutes before the end it says so, goes on when asked to, and leaves the page when nobody does', async () => {
  await page.clock.install()
  await signInOnSharedDevice()
  await page.goto(`${site.url}/me`)
  const warning = page.locator('[data-shared]')
  await page.clock.runFor(12 * MINUTE)
  expect(await warning.isVisible()).toBe(false)
  await page.clock.runFor(2 * MINUTE)
  expect(await warning.textContent()).toContain('sẽ tự đăng xuất')
  expect(await readByAxe(page)).toEqual([])
  await warning.locator('button').click()
  await warning.waitFor({ state: 'hidden' })
  await page.clock.runFor(12 * MINUTE)
  expect(await warning.isVisible()).toBe(false)
  // Somebody who types is at work, and is not asked.
  await Promise.all([page.waitForResponse(/sessions\/stay/), page.keyboard.press('Shift')])
  await page.clock.runFor(12 * MINUTE)
  expect(await warning.isVisible()).toBe(false)
  const real = Date.now
  vi.spyOn(Date, 'now').mockImplementation(() => real() + 16 * MINUTE)
  await page.clock.runFor(4 * MINUTE)
  await page.waitForURL(/\/sign-in\?ended=shared$/)
  expect(await page.content()).not.toContain(`>${NAME}<`)
})

test('without any script the browser leaves the page by itself', async () => {
  await open({ javaScriptEnabled: false })
  await signInOnSharedDevice()
  const refresh = await page.locator('head meta[http-equiv=refresh]').getAttribute('content')
  expect(refresh).toBe('900;url=/sign-in?ended=shared')
})
