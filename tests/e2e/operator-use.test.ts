import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { storedStatement } from '../../web/testing/record-store.ts'
import { sampleRequests } from '../../web/testing/sample.ts'
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
  const reader = await openReader(browser, site.url, { language: 'vi', scheme: 'light', width: 1280 })
  page = reader.page
  complaints = reader.complaints
  close = () => reader.context.close()
  await signInAs(page, site.url, 'operator')
})
afterEach(async () => {
  await close()
  await site.close()
})

const ONE = { ...sampleRequests()[0]!, source: 'source-5' }

test('from nothing to connected: name it, issue, copy, and watch the first statement come', async () => {
  await page.goto(`${site.url}/operator`)
  await page.click('nav >> text=Nguồn và khóa')
  await page.click('text=Kết nối một nguồn')
  await page.fill('#name', 'Moodle, Trường Tiểu học Mẫu')
  await page.fill('#homePages', 'https://moodle.mau.example')
  await page.click('text=Tạo nguồn')
  await page.fill('#label', 'Máy chủ chính')
  await page.click('main >> button:has-text("Cấp khóa")')
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.click('.copy:has(#secret) button')
  const secret = await page.inputValue('#secret')
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(secret)
  expect(page.url()).not.toContain(secret)
  await page.click('text=Đã chép xong')
  expect(await page.textContent('main')).toContain('Đang chờ yêu cầu đầu tiên')

  site.services.requests.note({ ...ONE, status: 400, problems: ['statement.actor: missing'], at: Date.now() })
  await page.waitForSelector('text=Yêu cầu gần nhất bị từ chối')
  expect(await page.textContent('main')).toContain('statement.actor: missing')
  site.services.requests.note({ ...ONE, at: Date.now() })
  const { text } = site.services.statementList[0]!
  site.services.statementList.push(
    storedStatement({ id: '20000000-0000-4000-8000-000000000001', text, source: 'source-5', position: 900 }),
  )
  await page.waitForSelector('.badge >> text=Đã kết nối')
  expect(await page.textContent('[data-live-part=state]')).toContain('Một giờ qua: 1 câu.')
  expect(await page.locator('[data-live-part=requests] tbody tr').count()).toBe(2)
  expect(await page.locator('.steps').count()).toBe(0)
  expect(complaints).toEqual([])
})

test('going back from the page after a secret does not show it again', async () => {
  await page.goto(`${site.url}/lms/sources/quiet/credentials/new`)
  await page.fill('#label', 'Máy chủ')
  await page.click('main form button.primary')
  const secret = await page.inputValue('#secret')
  await page.click('text=Đã chép xong')
  // The browser asks whether to send the form again, instead of showing what it kept.
  await page.goBack().catch(() => null)
  await expect.poll(() => page.content().catch(() => secret)).not.toContain(secret)
})

test('revoking asks in a dialog, and keeping keeps', async () => {
  await page.goto(`${site.url}/lms/credentials/centre-key`)
  await page.click('text=Thu hồi')
  await page.click('text=Giữ nguyên')
  const held = site.services.credentialList.find((each) => each.key === 'centre-key')
  expect(held?.revoked).toBeNull()
  await page.click('text=Thu hồi')
  await Promise.all([page.waitForURL(/sources\/centre$/), page.click('dialog >> button.danger')])
  expect(held?.revoked).not.toBeNull()
})

test('a filtered list leads to a statement, and from there to others like it', async () => {
  await page.goto(`${site.url}/operator/statements`)
  await page.selectOption('#source', 'centre')
  await page.click('main >> button:has-text("Lọc")')
  expect(await page.locator('tbody tr').count()).toBe(1)
  await page.click('tbody tr >> nth=0')
  await page.waitForURL(/statements\/[0-9a-f-]{36}$/)
  await page.click('text=cùng động từ')
  expect(await page.inputValue('#verb')).toBe('http://adlnet.gov/expapi/verbs/voided')
})

test('the overview says what to do first, and leads there; its charts have their figures', async () => {
  await page.goto(`${site.url}/operator`)
  expect(await page.textContent('.notice')).toContain('Có việc phải làm ngay')
  await page.click('text=30 ngày qua')
  expect(page.url()).toContain('range=days')
  await page.click('.chart summary >> nth=0')
  expect(await page.locator('.chart details >> nth=0').locator('tbody tr').count()).toBe(30)
  await page.click('.notice a >> nth=0')
  await page.waitForURL(/\/operator\/consumers$/)
  await page.goto(`${site.url}/operator`)
  await page.click('main tbody a >> text=TTHTCĐ xã Mẫu')
  await page.waitForURL(/\/lms\/sources\/centre$/)
  expect(complaints).toEqual([])
})

test('the audit is filtered, paged and taken along; from a person to what was done to them', async () => {
  await page.goto(`${site.url}/operator/audit`)
  await page.selectOption('#kind', 'read')
  await page.click('main >> button:has-text("Lọc")')
  expect(await page.locator('tbody tr').count()).toBe(25)
  await page.click('text=Xem tiếp')
  expect(await page.inputValue('#kind')).toBe('read')
  expect(await page.locator('tbody tr').count()).toBe(25)
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('text=Tải về (CSV)')])
  expect(download.suggestedFilename()).toMatch(/^nhat-ky-.*\.csv$/)
  await page.goto(`${site.url}/operator/people/citizen`)
  await page.selectOption('#purpose', 'account')
  await page.click('main button[type=submit], main .button-primary')
  await page.click('text=Nhật ký về người này')
  expect(await page.inputValue('#who')).toBe('citizen')
  expect(await page.locator('tbody tr').count()).toBe(3)
  expect(complaints).toEqual([])
})

test('without any script: connect, rotate, filter, link an account', async () => {
  const context = await browser.newContext({
    javaScriptEnabled: false,
    viewport: { width: 360, height: 740 },
  })
  const plain = await context.newPage()
  await plain.goto(`${site.url}/sign-in`)
  await plain.fill('#identifier', 'operator@example.org')
  await plain.fill('#password', 'mot cau dai de nho')
  await plain.click('main button')
  await plain.goto(`${site.url}/lms/credentials/school-key-2`)
  await plain.click('text=Thay bí mật')
  await plain.click('main form button')
  expect(await plain.inputValue('#secret')).toMatch(/^secret-of-/)
  await plain.goto(`${site.url}/lms/sources/school`)
  await plain.click('text=Tải lại')
  expect(await plain.textContent('main')).toContain('Đã kết nối')
  await plain.goto(`${site.url}/operator/statements`)
  await plain.click('summary >> text=Lọc kỹ hơn')
  await plain.fill('#verb', 'http://id.tincanapi.com/verb/viewed')
  await plain.click('main >> button:has-text("Lọc")')
  expect(await plain.locator('tbody tr').count()).toBeGreaterThan(10)
  await plain.goto(`${site.url}/operator/audit`)
  await plain.selectOption('#source', 'centre')
  await plain.selectOption('#kind', 'void')
  await plain.click('main >> button:has-text("Lọc")')
  expect(await plain.locator('tbody tr').count()).toBe(1)
  await plain.goto(`${site.url}/operator/people/citizen/link`)
  await plain.fill('#identifier', 'https://lms.example.org hoc-vien-2')
  await plain.fill('#reason', 'Trường xác nhận')
  await plain.fill('#number', '12/QĐ-UBND')
  await plain.fill('#date', '2026-11-12')
  await plain.click('main form button')
  await plain.click('text=Nối vào hồ sơ')
  expect(await plain.textContent('.toast')).toContain('Đã nối')
  await context.close()
})
