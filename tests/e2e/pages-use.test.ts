import { readdirSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { agreeIfAsked } from '../support/agree.ts'
import { openBrowser } from '../support/browser.ts'
import { openReader, type Site, serveSite, signInAs } from '../support/pages.ts'

let browser: Browser
let site: Site
let page: Page
let complaints: string[]
let close: () => Promise<void>

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(async () => browser?.close())
beforeEach(async () => {
  site = await serveSite(true)
  const reader = await openReader(browser, site.url, { language: 'vi', scheme: 'light', width: 360 })
  page = reader.page
  complaints = reader.complaints
  close = () => reader.context.close()
})
afterEach(async () => {
  await close()
  await site.close()
})

const PACKAGE = { name: 'bai.h5p', mimeType: 'application/zip', buffer: Buffer.from('PK') }

test('without any script: start a record, choose a lesson, read the record, sign out', async () => {
  const context = await browser.newContext({
    javaScriptEnabled: false,
    viewport: { width: 360, height: 740 },
  })
  const plain = await context.newPage()
  await plain.goto(site.url)
  await plain.click('text=Tạo hồ sơ')
  await plain.fill('#name', 'Phạm Văn Bình')
  await plain.fill('#identifier', '0912 345 678')
  await plain.fill('#password', 'một câu dài dễ nhớ')
  await agreeIfAsked(plain)
  await plain.click('main button')
  expect(await plain.textContent('.toast')).toContain('Chào mừng Phạm Văn Bình')
  await plain.click('nav >> text=Học')
  await plain.click('main summary')
  await plain.selectOption('#topic', { index: 1 })
  await plain.click('main form[role=search] button')
  expect(await plain.locator('.card').count()).toBeGreaterThan(0)
  await plain.click('nav >> text=Hồ sơ')
  expect(await plain.textContent('main')).toContain('Hồ sơ còn trống')
  await plain.click('nav >> text=Tôi')
  await plain.click('main form[action="/sign-out"] button')
  expect(await plain.textContent('.bar')).toContain('Đăng nhập')
  await context.close()
})

test('by keyboard alone: skip link first, ring always seen, sign in with Enter', async () => {
  await page.goto(`${site.url}/sign-in`)
  await page.keyboard.press('Tab')
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Đến nội dung chính')
  const outline = () => page.evaluate(() => getComputedStyle(document.activeElement!).outlineWidth)
  expect(await outline()).toBe('3px')
  await page.focus('#identifier')
  await page.keyboard.type('citizen@example.org')
  await page.keyboard.press('Tab')
  await page.keyboard.type('mot cau dai de nho')
  await Promise.all([page.waitForURL(`${site.url}/`), page.keyboard.press('Enter')])
})

test('a form sent back takes the reader to what needs a correction', async () => {
  await page.goto(`${site.url}/sign-in`)
  await page.click('main button')
  const focused = () => page.evaluate(() => document.activeElement?.id)
  await expect.poll(focused, { timeout: 10_000 }).toBe('errors')
  await page.click('#errors a >> nth=1')
  expect(await focused()).toBe('password')
})

test('an upload shows how far it is, and leads to the new lesson', async () => {
  await signInAs(page, site.url, 'author')
  await page.goto(`${site.url}/author/upload`)
  await page.setInputFiles('#package', PACKAGE)
  await page.fill('#title', 'Bài qua kéo thả')
  await page.click('main button[type=submit]')
  await page.waitForURL(/\/author\/[0-9a-f-]{36}$/)
  expect(await page.textContent('.toast')).toContain('Bài qua kéo thả')
  expect(complaints).toEqual([])
})

test('a refused upload is explained in place, and can be sent again', async () => {
  await signInAs(page, site.url, 'author')
  await page.goto(`${site.url}/author/upload`)
  for (let time = 0; time < 2; time++) {
    await page.setInputFiles('#package', PACKAGE)
    await page.fill('#title', 'refused')
    await page.click('main button[type=submit]')
    await page.waitForSelector('#errors')
    expect(await page.textContent('#errors')).toContain('Đây không phải tệp bài học H5P')
    await page.evaluate(() => document.querySelector('#errors')?.remove())
  }
  expect(site.services.uploads).toHaveLength(2)
})

test('an upload can be stopped, and nothing stays behind', async () => {
  await signInAs(page, site.url, 'author')
  await page.goto(`${site.url}/author/upload`)
  const network = await page.context().newCDPSession(page)
  await network.send('Network.enable')
  await network.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: 50_000,
  })
  await page.setInputFiles('#package', { ...PACKAGE, buffer: Buffer.alloc(900_000, 1) })
  await page.click('main button[type=submit]')
  await page.waitForSelector('[data-progress]:not([hidden])')
  await page.click('text=Dừng gửi')
  await page.waitForSelector('[data-progress]', { state: 'hidden' })
  expect(site.services.uploads).toEqual([])
  await expect.poll(() => filesIn(site.services.uploadDir)).toEqual([])
})

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

test('deleting asks in a dialog, and keeping keeps', async () => {
  await signInAs(page, site.url, 'author')
  // A draft that nobody has learned.
  await page.goto(`${site.url}/author/lesson-3/more`)
  await page.click('text=Xóa bài này')
  expect(await page.locator('dialog').evaluate((dialog) => (dialog as HTMLDialogElement).open)).toBe(true)
  await page.click('dialog >> text=Giữ nguyên')
  expect(site.services.lessonList).toHaveLength(30)
  await page.click('text=Xóa bài này')
  await Promise.all([page.waitForURL(`${site.url}/author`), page.click('dialog >> text=Xóa hẳn')])
  expect(site.services.lessonList).toHaveLength(29)
})

test('withdrawing can be undone from the word that says it was done', async () => {
  await signInAs(page, site.url, 'author')
  await page.goto(`${site.url}/author/lesson-0`)
  await page.click('text=Rút xuống')
  expect(site.services.lessonList[0]?.status).toBe('withdrawn')
  await page.click('.toast >> text=Hoàn tác')
  expect(site.services.lessonList[0]?.status).toBe('published')
})

test('the player says in words how the record is kept, and shows the way on at the end', async () => {
  await signInAs(page, site.url, 'citizen')
  // What the server says of it follows; where that cannot be had, the page has words of its own.
  await page.route('**/attempts/*/end', (route) => route.abort())
  await page.goto(`${site.url}/lessons/lesson-0/play`)
  const tell = (type: string, detail: object) =>
    page.evaluate(
      ([name, data]) =>
        document.querySelector('#lesson')?.dispatchEvent(new CustomEvent(name, { detail: data })),
      [type, detail] as const,
    )
  await tell('h5p:status', { unsent: 2, waiting: false })
  expect(await page.textContent('#lesson-state')).toBe('Đang ghi vào hồ sơ')
  await tell('h5p:status', { unsent: 0, waiting: false })
  expect(await page.textContent('#lesson-state')).toBe('Đã ghi vào hồ sơ')
  await tell('h5p:finished', {})
  await page.click('#lesson-done >> text=Xem trong hồ sơ')
  await page.waitForURL(`${site.url}/me/transcript`)
})

test('a lost connection is said, and that it is back', async () => {
  await page.goto(site.url)
  const toast = page.locator('[data-offline]')
  expect(await toast.isVisible()).toBe(false)
  await page.evaluate(() => dispatchEvent(new Event('offline')))
  expect(await toast.textContent()).toContain('không có mạng')
  expect(await toast.isVisible()).toBe(true)
  await page.evaluate(() => dispatchEvent(new Event('online')))
  expect(await toast.isVisible()).toBe(false)
})

test('a menu closes on Escape and gives the focus back; a value is copied or selected', async () => {
  await page.goto(`${site.url}/-/parts`)
  const menu = page.locator('details[data-menu]')
  await menu.locator('summary').click()
  expect(await menu.getAttribute('open')).not.toBeNull()
  await page.keyboard.press('Escape')
  expect(await menu.getAttribute('open')).toBeNull()
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('SUMMARY')
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.click('[data-copy] button')
  await expect.poll(() => page.textContent('[data-copy] button')).toBe('Đã chép')
})
