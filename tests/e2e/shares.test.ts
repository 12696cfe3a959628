import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bringAxe } from '../support/axe.ts'
import { openBrowser } from '../support/browser.ts'
import { judge } from '../support/judge.ts'
import { type Look, openReader, type Site, serveSite, signInAs } from '../support/pages.ts'

/** Folder for a photograph of every step, to be looked at; nothing is kept without it. */
const PHOTOS = process.env.PHOTOS
/** Most that a citizen's page may weigh, without what the browser has from the page before. */
const MOST_BYTES = 150_000

const LOOKS: (Look & { words: Words })[] = [
  {
    language: 'vi',
    scheme: 'light',
    width: 360,
    words: {
      start: 'Chia sẻ một phần hồ sơ',
      goOn: 'Xong phần chọn mục',
      share: 'Chia sẻ',
      open: 'Mở hồ sơ',
      revoke: 'Thu lại',
      gone: 'Chia sẻ này đã kết thúc',
      once: '1 lần',
    },
  },
  {
    language: 'en',
    scheme: 'dark',
    width: 1280,
    words: {
      start: 'Share a part of your record',
      goOn: 'Done choosing',
      share: 'Share',
      open: 'Open the record',
      revoke: 'Take back',
      gone: 'This share has ended',
      once: 'once',
    },
  },
]
type Words = Record<'start' | 'goOn' | 'share' | 'open' | 'revoke' | 'gone' | 'once', string>

let browser: Browser
let site: Site

beforeAll(async () => {
  ;[browser, site] = await Promise.all([openBrowser(), serveSite(true)])
})
afterAll(async () => {
  await Promise.all([browser?.close(), site?.close()])
})

test.each(LOOKS)(
  'a citizen shares two lines, sees them opened and takes them back: $language, $scheme, $width px',
  async (look) => {
    const { words } = look
    const { context, page, complaints } = await openReader(browser, site.url, look)
    await bringAxe(context)
    await signInAs(page, site.url, 'citizen')
    const owner = (step: string) => inspect(page, `share-${step}-${look.language}-${look.width}`)

    await page.goto(`${site.url}/me/shares`)
    await owner('list')
    await page.getByRole('link', { name: words.start }).click()
    await owner('choose')
    await page.getByRole('checkbox').nth(0).check()
    await page.getByRole('checkbox').nth(3).check()
    await page.getByRole('button', { name: words.goOn }).click()
    await owner('tell')
    await page.locator('#reader').fill('Công ty Cổ phần May Hưng Yên, phòng tổ chức nhân sự')
    await page.locator('#purpose').fill('xét chức danh tổ trưởng chuyền may')
    await page.getByRole('button', { name: words.share, exact: true }).click()
    const link = await page.locator('#link').inputValue()
    await page.locator('summary').first().click()
    await owner('made')

    const reader = await openReader(browser, site.url, look)
    await bringAxe(reader.context)
    const door = new URL(new URL(link).pathname, site.url).href
    await reader.page.goto(door)
    await inspect(reader.page, `share-door-${look.language}-${look.width}`)
    const weight = weigh(reader.page)
    await reader.page.getByRole('button', { name: words.open }).click()
    await expect.poll(() => reader.page.locator('tbody tr').count()).toBe(2)
    await inspect(reader.page, `share-record-${look.language}-${look.width}`)
    expect(await weight()).toBeLessThan(MOST_BYTES)

    await page.goto(`${site.url}/me/shares`)
    expect(await page.locator('table').textContent()).toContain(words.once)
    await owner('opened')
    await page.locator('table a.cover').first().click()
    await owner('one')
    await page.getByRole('button', { name: words.revoke }).click()
    await page.waitForURL('**/me/shares')
    expect((await reader.page.goto(door))?.status()).toBe(410)
    expect(await reader.page.locator('h1').textContent()).toBe(words.gone)
    await inspect(reader.page, `share-gone-${look.language}-${look.width}`)
    expect(complaints).toEqual([])
    await Promise.all([context.close(), reader.context.close()])
  },
  120_000,
)

async function inspect(page: Page, name: string): Promise<void> {
  expect({ name, found: await judge(page) }).toEqual({ name, found: [] })
  if (!PHOTOS) return
  mkdirSync(PHOTOS, { recursive: true })
  await page.screenshot({ path: join(PHOTOS, `${name}.png`), fullPage: true })
}

/** Bytes of what comes from here on. */
function weigh(page: Page): () => Promise<number> {
  const sizes: Promise<number>[] = []
  page.on('requestfinished', (request) => {
    sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize))
  })
  return async () => (await Promise.all(sizes)).reduce((sum, one) => sum + one, 0)
}
