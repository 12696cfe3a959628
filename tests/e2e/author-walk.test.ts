import { mkdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readByAxe } from '../support/axe.ts'
import { openBrowser } from '../support/browser.ts'
import { type Product, startProduct } from '../support/product.ts'

/** Folder for photographs, to be looked at; nothing is kept without it. */
const PHOTOS = process.env.PHOTOS

let browser: Browser
let product: Product
let author: Page
let citizen: Page
let address: string
const complaints: string[] = []
beforeAll(async () => {
  ;[browser, product] = await Promise.all([openBrowser(), startProduct({ demo: true })])
  ;[author, citizen] = [await reader('author', 1280), await reader('citizen', 360)]
}, 60_000)
afterAll(async () => {
  await browser?.close()
  await product?.stop()
})

async function reader(who: string, width: number): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height: 800 }, locale: 'vi' })
  const page = await context.newPage()
  page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())))
  const { identifier, password } = product.demo.find((each) => each.who === who)!
  await page.goto(`${product.url}/sign-in`)
  await page.fill('[name=identifier]', identifier)
  await page.fill('[name=password]', password)
  await page.click('main form button[type=submit]')
  await page.waitForURL((url) => url.pathname !== '/sign-in')
  return page
}
const main = (page: Page) => page.textContent('main')
const submit = (page: Page, action: string) =>
  page.click(`main form[action$="${action}"] button[type=submit]`)
async function looked(page: Page, name: string): Promise<void> {
  expect(await readByAxe(page)).toEqual([])
  if (!PHOTOS) return
  mkdirSync(PHOTOS, { recursive: true })
  await page.screenshot({ path: join(PHOTOS, `walk-${name}.png`), fullPage: true })
}

describe('a lesson from its draft to its second version', () => {
  test('what is missing is asked for beside its field, then the draft becomes version 1, with a cover', async () => {
    await author.goto(`${product.url}/author`)
    await author.click('main table a')
    address = author.url()
    await author.selectOption('[name=licence]', '')
    await submit(author, new URL(address).pathname)
    await submit(author, '/publish')
    expect(await author.textContent('#errors')).toContain('Chọn giấy phép trước khi đăng')
    await author.check('[name=topics] >> nth=0')
    await author.check('[name=audience] >> nth=1')
    await author.selectOption('[name=licence]', { label: 'Ghi tên tác giả (CC BY 4.0)' })
    await submit(author, new URL(address).pathname)
    const picture = await sharp({ create: { width: 1200, height: 675, channels: 3, background: '#0b6350' } })
      .png()
      .toBuffer()
    await author.setInputFiles('[name=cover]', { name: 'bia.png', mimeType: 'image/png', buffer: picture })
    await author.fill('[name=alt]', 'Ba thùng rác')
    await submit(author, '/cover')
    await author.waitForSelector('main img[alt="Ba thùng rác"]')
    await submit(author, '/publish')
    await author.waitForSelector('text=Người học đang học bản 1')
    await looked(author, 'published')
  }, 60_000)

  test('the citizen sees it and begins; the author changes it, and publishes version 2', async () => {
    const lesson = `${product.url}/lessons/${address.split('/').at(-1)}`
    await citizen.goto(lesson)
    expect(await main(citizen)).toContain('CC BY 4.0')
    await citizen.waitForFunction(() => document.querySelector<HTMLImageElement>('main img')?.complete)
    await looked(citizen, 'lesson')
    await citizen.goto(`${lesson}/play`)
    await citizen.frameLocator('#lesson').locator('button').first().waitFor()

    await author.goto(address)
    await author.fill('[name=title]', 'Tên mới')
    await submit(author, new URL(address).pathname)
    expect(await main(author)).toContain('Có thay đổi chưa đăng')
    await citizen.goto(lesson)
    expect(await main(citizen)).not.toContain('Tên mới')
    await author.fill('[name=note]', 'Đổi tên')
    await submit(author, '/publish')
    await author.waitForSelector('text=Người học đang học bản 2')
    await citizen.goto(lesson)
    expect(await main(citizen)).toContain('Tên mới')
  }, 60_000)

  test('versions are listed, one leaves as a package, the first becomes the draft again', async () => {
    await author.goto(`${address}/versions`)
    expect(await main(author)).toContain('Đổi tên')
    await looked(author, 'versions')
    await author.goto(`${address}/versions/1`)
    const [download] = await Promise.all([
      author.waitForEvent('download'),
      author.click('main a[href$="/export?version=1"]'),
    ])
    expect(download.suggestedFilename()).toMatch(/\.h5p$/)
    expect((await readFile(await download.path())).subarray(0, 2).toString()).toBe('PK')
    await submit(author, '/versions/1/restore')
    expect(await author.textContent('.toast')).toContain('như bản 1')
    expect(await main(author)).toContain('Có thay đổi chưa đăng')
  }, 60_000)

  test('it is put away and taken back; a copy is a draft of its own, and is deleted', async () => {
    await author.goto(`${address}/more`)
    await submit(author, '/archive')
    await citizen.goto(`${product.url}/lessons/${address.split('/').at(-1)}`)
    expect(await main(citizen)).not.toContain('Tên mới')
    await author.click('.toast button')
    await author.waitForSelector('text=Đã rút xuống')
    await author.goto(`${address}/more`)
    await submit(author, '/duplicate')
    await author.waitForSelector('text=(bản sao)')
    await author.goto(`${author.url()}/delete`)
    await submit(author, '/delete')
    await author.waitForURL(`${product.url}/author`)
    // What was missing answers 400, a lesson that is gone 410; browsers note both.
    expect(complaints.filter((each) => !/status of (400|410)/.test(each))).toEqual([])
  }, 60_000)
})
