import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bringAxe } from '../support/axe.ts'
import { openBrowser } from '../support/browser.ts'
import { judge } from '../support/judge.ts'
import { type Look, openReader } from '../support/pages.ts'
import { type Product, startProduct } from '../support/product.ts'

/** Folder for a photograph of every step, to be looked at; nothing is kept without it. */
const PHOTOS = process.env.PHOTOS
const LOOKS: Look[] = [
  { language: 'vi', scheme: 'light', width: 360 },
  { language: 'en', scheme: 'dark', width: 1280 },
]
const WORDS = {
  vi: {
    choose: 'Chọn một trong hai',
    withdraw: 'Rút đồng ý',
    gone: 'Chia sẻ này đã kết thúc',
    yes: 'Đồng ý',
  },
  en: { choose: 'Choose one of the two', withdraw: 'Withdraw', gone: 'This share has ended', yes: 'Agreed' },
} as const
const WHAT = 'ủ phân từ rơm'

let browser: Browser
let product: Product
beforeAll(async () => {
  ;[browser, product] = await Promise.all([openBrowser(), startProduct()])
})
afterAll(async () => {
  await browser?.close()
  await product?.stop()
})

describe.each(LOOKS)('consent to a record: $language, $scheme, $width px', (look) => {
  const words = WORDS[look.language]
  let context: BrowserContext
  let page: Page
  let complaints: string[]
  let door: string

  beforeAll(async () => {
    ;({ context, page, complaints } = await openReader(browser, product.url, look))
    await bringAxe(context)
  })
  afterAll(() => context.close())

  const open = (path: string) => page.goto(product.url + path)
  const press = (selector: string, to: string) =>
    Promise.all([page.waitForURL(product.url + to), page.click(selector)])
  const lines = () => page.locator('main a[href^="/me/transcript/"]').count()
  /** Lines of the record, looked at until there are so many. */
  async function recordHas(count: number): Promise<void> {
    await expect
      .poll(async () => {
        await open('/me/transcript')
        return lines()
      })
      .toBe(count)
  }
  async function seen(name: string): Promise<void> {
    expect({ name, found: await judge(page) }).toEqual({ name, found: [] })
    if (!PHOTOS) return
    mkdirSync(PHOTOS, { recursive: true })
    await page.screenshot({ path: join(PHOTOS, `consent-${name}-${look.language}.png`), fullPage: true })
  }

  test('one cannot register without an answer, and may say no', async () => {
    await open('/register')
    await page.fill('[name=name]', 'Nguyễn Thị Mến')
    await page.fill('[name=identifier]', `men-${look.language}@example.org`)
    await page.fill('[name=password]', 'cây tre trăm đốt 1954')
    expect(await page.locator('input[type=radio]:checked').count()).toBe(0)
    await page.click('main form button[type=submit]')
    expect(await page.textContent('#errors')).toContain(words.choose)
    await seen('register-wrong')
    await page.fill('[name=password]', 'cây tre trăm đốt 1954')
    await page.check('[name=learning-record][value=no]')
    await press('main form button[type=submit]', '/')
    await seen('today-no')
  })

  test('what is written down meanwhile enters no record, and every page says so', async () => {
    await open('/me/diary/new')
    await seen('diary')
    await page.fill('[name=what]', WHAT)
    await page.check('[name=minutes][value="30"]')
    await page.check('[name=did][value=hanh]')
    await press('main form button[type=submit]', '/me/diary')
    await seen('diary-list')
    await open('/me/transcript')
    expect(await page.textContent('main')).not.toContain(WHAT)
    await seen('record-no')
    await open('/me/shares/new')
    await seen('share-no')
  })

  test('with a yes the record is made of what was told before', async () => {
    await open('/me/transcript')
    await press('main form button[value=yes]', '/me/transcript')
    await recordHas(1)
    expect(await page.textContent('main')).toContain(WHAT)
    await open('/me/consents')
    expect(await page.textContent('main')).toContain(words.yes)
    await page.click('main summary')
    await seen('consents')
  })

  test('taken back, the record is empty and its share closed on the next page', async () => {
    await open('/me/shares/new')
    await page.check('[name=line]')
    await page.click('button[value=tell]')
    await page.fill('#reader', 'công ty')
    await page.fill('#purpose', 'xin việc')
    await page.click('button[value=create]')
    door = new URL(await page.locator('#link').inputValue()).pathname
    await open(door)
    await page.click('main form button')
    expect(await page.textContent('main')).toContain(WHAT)

    await open('/me/consents')
    await press('a[href$="/withdraw"]', '/me/consents/learning-record/withdraw')
    expect(await page.textContent('h1')).toContain(words.withdraw)
    await seen('withdraw')
    await press('main form button', '/me/consents')
    await seen('withdrawn')
    await open('/me/transcript')
    expect(await page.textContent('main')).not.toContain(WHAT)
    expect((await open(door))?.status()).toBe(410)
    expect(await page.textContent('h1')).toBe(words.gone)
    await open('/me/shares')
    await seen('shares-stopped')
    await open('/')
    expect(await page.textContent('main')).not.toContain(WHAT)
  })

  test('given again, it is what it was; the share stays closed', async () => {
    await open('/me/consents')
    await press('main form button[value=yes]', '/me/consents')
    await recordHas(1)
    await seen('record')
    expect((await open(door))?.status()).toBe(410)
    // A page that is gone is an error to the browser's console.
    expect(complaints.filter((each) => !each.includes('410'))).toEqual([])
  })
})
