import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bringAxe } from '../support/axe.ts'
import { openBrowser } from '../support/browser.ts'
import { judge } from '../support/judge.ts'
import { openReader } from '../support/pages.ts'
import { type Product, startProduct } from '../support/product.ts'
import { register } from '../support/register.ts'

/** Folder for a photograph of each step, to be looked at; nothing is kept without it. */
const PHOTOS = process.env.PHOTOS

const TITLE = 'Giữ nguồn nước sạch ở làng'
/** Five pages that hold every kind of question there is. */
const FILE = `title: ${TITLE}
description: Vì sao giếng bị bẩn, và mỗi nhà làm được gì.
language: vi
topics: [moi-truong]
audience: [everyone]
minutes: 8
licence: CC BY-SA 4.0
authors: [Trạm y tế xã]
pass: 60
completion: answered
pages:
  - title: Nước từ đâu đến
    content:
      - text: Giếng khoan lấy nước **ngầm**; nước ngầm đến từ mưa ngấm qua đất.
      - true-false: Đổ dầu thải xuống đất thì nước giếng vẫn sạch.
        right: false
        explanation: Dầu ngấm theo nước mưa xuống tầng nước ngầm.
  - title: Cái gì làm bẩn
    content:
      - several: Những thứ nào làm bẩn nguồn nước?
        answers:
          - { text: Vỏ chai thuốc trừ sâu, right: true }
          - { text: Nước thải chuồng nuôi, right: true }
          - { text: Lá tre khô }
  - title: Giữ sạch thế nào
    content:
      - choice: Nên đào giếng cách chuồng nuôi ít nhất bao xa?
        answers:
          - { text: 2 mét }
          - { text: 10 mét, right: true }
  - title: Khử trùng
    content:
      - order: Xếp các bước xử lý nước sau lũ.
        items: [Thau giếng, Làm trong nước, Khử trùng]
  - title: Nhớ lại
    content:
      - gaps: Trước khi uống, nước phải được đun [[sôi]].
        task: Điền vào chỗ trống.
`

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

describe.each(['vi', 'en'] as const)(
  'a lesson from its author to the record of who learned it (%s)',
  (language) => {
    let product: Product
    let author: Page
    let phone: Page
    let lesson = ''
    const closing: (() => Promise<void>)[] = []
    const complaints: string[][] = []

    async function reader(width: 360 | 1280): Promise<Page> {
      const opened = await openReader(browser, product.url, { language, scheme: 'light', width })
      await bringAxe(opened.context)
      complaints.push(opened.complaints)
      closing.push(() => opened.context.close())
      return opened.page
    }
    async function inspect(page: Page, name: string): Promise<void> {
      expect({ name, found: await judge(page) }).toEqual({ name, found: [] })
      if (!PHOTOS) return
      mkdirSync(PHOTOS, { recursive: true })
      await page.screenshot({ path: join(PHOTOS, `lessons-${name}-${language}.png`), fullPage: true })
    }
    const press = (page: Page, selector: string) =>
      Promise.all([page.waitForNavigation(), page.click(selector)])
    const main = async (page: Page, path: string) => {
      await page.goto(product.url + path)
      return (await page.textContent('main')) ?? ''
    }
    const frame = (page: Page) => page.frameLocator('#lesson')
    /** Until the page says in words what it says when all is kept, or when the line is gone. */
    const says = async (page: Page, state: 'saved' | 'offline') => {
      const line = page.locator('#lesson-state')
      const words = await line.getAttribute(`data-${state}`)
      await expect.poll(() => line.textContent(), { timeout: 20_000 }).toBe(words)
    }
    const check = async (page: Page) => frame(page).getByRole('button', { name: 'Kiểm tra' }).click()
    const next = async (page: Page) => frame(page).locator('.sd-actions .sd-primary, .sd-next').last().click()

    beforeAll(async () => {
      product = await startProduct()
      author = await reader(1280)
      phone = await reader(360)
      await author.goto(product.setupUrl)
      await register(author, 'Lê Thị Soạn', 'soan@tinh.example')
    })
    afterAll(async () => {
      for (const close of closing) await close()
      await product.stop()
    })

    test('an author with nothing but a browser uploads one file of five pages, and publishes it', async () => {
      await author.goto(`${product.url}/author/upload`)
      await author.setInputFiles('[name=package]', {
        name: 'nuoc-sach.yaml',
        mimeType: 'application/yaml',
        buffer: Buffer.from(FILE.replace('right: false', 'right: sai')),
      })
      await author.click('main form button.primary')
      // What is wrong is told with its line, and nothing is kept.
      await author.waitForSelector('.error-summary, [role=alert]')
      expect(await author.textContent('main')).toMatch(/Dòng 16|Line 16/)
      await inspect(author, 'upload-wrong')
      await author.setInputFiles('[name=package]', {
        name: 'nuoc-sach.yaml',
        mimeType: 'application/yaml',
        buffer: Buffer.from(FILE),
      })
      await author.click('main form button.primary')
      await author.waitForURL(/\/author\/[0-9a-f-]{36}/)
      lesson = new URL(author.url()).pathname.split('/')[2]!
      await inspect(author, 'draft')
      await press(author, `form[action="/author/${lesson}/publish"] button`)
      await inspect(author, 'published')
    })

    test('a citizen finds it by words without marks, loses the line, and nothing that was answered is lost', async () => {
      await phone.goto(`${product.url}/register`)
      await register(phone, 'Nguyễn Thị Mến', 'men@xa.example')
      await phone.goto(`${product.url}/lessons`)
      await phone.fill('[name=q]', 'nguon nuoc')
      await press(phone, 'main form[role=search] button')
      await inspect(phone, 'found')
      await press(phone, `main a[href="/lessons/${lesson}"]`)
      await inspect(phone, 'lesson')
      await press(phone, `main a[href="/lessons/${lesson}/play"]`)
      await frame(phone).getByRole('radio', { name: 'Sai' }).check()
      await check(phone)
      await says(phone, 'saved')
      await phone.context().setOffline(true)
      await next(phone)
      await frame(phone).getByLabel('Vỏ chai thuốc trừ sâu').check()
      await frame(phone).getByLabel('Nước thải chuồng nuôi').check()
      await check(phone)
      await says(phone, 'offline')
      await inspect(phone, 'offline')
      await phone.context().setOffline(false)
      await says(phone, 'saved')
    })

    test('goes on where it stood on another device, to the end, and the record has its line', async () => {
      const desk = await reader(1280)
      await desk.goto(`${product.url}/sign-in`)
      await desk.fill('#identifier', 'men@xa.example')
      await desk.fill('#password', 'cây tre trăm đốt 1954')
      await press(desk, 'main form button[type=submit]')
      await desk.goto(`${product.url}/lessons/${lesson}/play`)
      await frame(desk).getByText('Cái gì làm bẩn').waitFor()
      await next(desk)
      await frame(desk).getByRole('radio', { name: '10 mét' }).check()
      await check(desk)
      await next(desk)
      await frame(desk).locator('.sd-mover[aria-disabled=false]').first().click()
      await check(desk)
      await next(desk)
      await frame(desk).getByRole('textbox').fill('sôi')
      await check(desk)
      await next(desk)
      await desk.locator('#lesson-end').waitFor()
      await inspect(desk, 'end')
      // By key: just after the page has scrolled a click may still reach the frame that stood there.
      await desk.press('#lesson-done a[href$="/line"]', 'Enter')
      await desk.waitForURL(/\/me\/transcript\/[^/?]+$/, { timeout: 20_000 })
      expect(await desk.textContent('main')).toContain(TITLE)
      await inspect(desk, 'line')
    })

    test('the author changes it: a second version is published, and the first keeps its attempts', async () => {
      await author.goto(`${product.url}/author/${lesson}/more`)
      await author.setInputFiles('[name=package]', {
        name: 'nuoc-sach.yaml',
        mimeType: 'application/yaml',
        buffer: Buffer.from(FILE.replace('đun [[sôi]]', 'đun thật [[sôi]]')),
      })
      await press(author, `form[action="/author/${lesson}/content"] button:not([type=button])`)
      await author.goto(`${product.url}/author/${lesson}`)
      await author.fill('[name=note]', 'Sửa câu cuối')
      await press(author, `form[action="/author/${lesson}/publish"] button`)
      const versions = await main(author, `/author/${lesson}/versions`)
      expect(versions).toContain('Sửa câu cuối')
      await inspect(author, 'versions')
    })

    test('its report counts who learned, and tells no number of fewer than five', async () => {
      await expect
        .poll(() => main(author, `/author/${lesson}/report`), { timeout: 20_000 })
        .toMatch(/dưới 5|fewer than 5/i)
      await inspect(author, 'report')
      // What the browser says of the line that was gone is no fault.
      expect(complaints.flat().filter((text) => !text.includes('ERR_INTERNET_DISCONNECTED'))).toEqual([])
    })
  },
)
