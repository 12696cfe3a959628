import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ZipFile } from 'yazl'
import { gatherLesson } from '../../h5p/pack.ts'
import { agreeIfAsked } from '../support/agree.ts'
import { openBrowser } from '../support/browser.ts'
import { judge } from '../support/judge.ts'
import { openPerson } from '../support/open-person.ts'
import { openReader } from '../support/pages.ts'
import { type Product, run, startProduct } from '../support/product.ts'

const PASSWORD = 'cây tre trăm đốt 1954'
const KIT = 'SuotDoi.Kit-1.0'
const HOSTILE = "document.body.dataset.seen = '<b>mới</b>'"

/** The quiz with a newer patch of the kit, which also holds one file more. */
async function packNewer(file: string): Promise<void> {
  const zip = new ZipFile()
  for (const [path, bytes] of await gatherLesson('phan-loai-rac')) {
    const description = path === `${KIT}/library.json` ? (JSON.parse(bytes.toString()) as object) : null
    const text = description ? JSON.stringify({ ...description, patchVersion: 77 }) : bytes
    zip.addBuffer(Buffer.from(text as Buffer), path)
  }
  zip.addBuffer(Buffer.from(HOSTILE), `${KIT}/more.js`)
  zip.end()
  await pipeline(zip.outputStream, createWriteStream(file))
}

describe('a lesson that brings a newer library', () => {
  let browser: Browser
  let folder: string
  let product: Product
  let operator: Page
  let author: Page
  let lesson = ''
  const complaints: string[][] = []

  async function reader(width: 360 | 1280): Promise<Page> {
    const opened = await openReader(browser, product.url, { language: 'vi', scheme: 'light', width })
    complaints.push(opened.complaints)
    return opened.page
  }
  async function register(page: Page, name: string, identifier: string): Promise<void> {
    await page.fill('[name=name]', name)
    await page.fill('[name=identifier]', identifier)
    await page.fill('[name=password]', PASSWORD)
    await agreeIfAsked(page)
    await page.click('main form button[type=submit]')
    await page.waitForURL((url) => !url.pathname.endsWith('/register'))
  }
  const text = (page: Page) => page.locator('main').textContent()

  beforeAll(async () => {
    browser = await openBrowser()
    folder = await mkdtemp(join(tmpdir(), 'suotdoi-libraries-'))
    await packNewer(join(folder, 'rac.h5p'))
    product = await startProduct()
    operator = await reader(1280)
    author = await reader(360)
    const env = { DATA_DIR: product.dataDir, STORE_URL: product.storeUrl, PUBLIC_URL: product.url }
    const recovered = await run(['app/cli/main.ts', 'operator', 'recover'], env)
    await operator.goto(`${product.url}/join${new URL(recovered.out.trim()).hash}`)
    await operator.click('a[href="/register?next=/join"]')
    await register(operator, 'Lê Thị Vận Hành', 'van-hanh@tinh.example')
    if (!operator.url().endsWith('/join')) await operator.goto(`${product.url}/join`)
    await operator.click('form[action="/join/accept"] button')
    await operator.waitForURL(/\/operator$/)
    await author.goto(`${product.url}/register`)
    await register(author, 'Trần Văn Soạn', 'soan@truong.example')
    await operator.goto(`${product.url}/operator/people`)
    await openPerson(operator, 'Trần Văn Soạn')
    await operator.click('main a[href$="/grant/author"]')
    await operator.click('main form button[type=submit]')
    await operator.waitForURL(/\/operator\/people\/[^/]+$/)
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    await product?.stop()
    await rm(folder, { recursive: true })
  })

  test('is kept and waits, and its author reads what for', async () => {
    await author.goto(`${product.url}/author/upload`)
    await author.setInputFiles('[name=package]', join(folder, 'rac.h5p'))
    await Promise.all([author.waitForURL(/\/author\/(?!upload)/), author.click('main form button.primary')])
    lesson = author.url()
    expect(await text(author)).toContain('Bài đang chờ duyệt thư viện')
    expect(await author.locator(`form[action$="/publish"]`).count()).toBe(0)
    expect(await judge(author)).toEqual([])
    await author.goto(`${product.url}/author`)
    expect(await text(author)).toContain('Chờ duyệt thư viện')
  })

  test('is shown to the operator file by file, and approved with one press', async () => {
    await operator.goto(`${product.url}/operator`)
    await operator.click('main a[href="/operator/libraries"]')
    await operator.click('main a[href^="/operator/libraries/waiting/"]')
    await operator.waitForURL(/\/waiting\/[^/]+$/)
    const request = operator.url()
    expect(await text(operator)).toMatch(/1 tệp thêm · 1 tệp đổi/)
    await operator.click('main a[href*="SuotDoi.Kit"]')
    await operator.click('main a[href*="more.js"]')
    await operator.waitForSelector('#file')
    expect(await operator.locator('#file ins').textContent()).toContain(HOSTILE)
    expect(await judge(operator)).toEqual([])
    await operator.goto(request)
    await operator.click('main form button.primary')
    await operator.waitForURL(/\/operator\/libraries$/)
    expect(await operator.locator('.toast').first().textContent()).toContain('1 bài không còn phải chờ')
    await operator.click(`main a[href="/operator/libraries/${KIT}"]`)
    expect(await operator.textContent('h1')).toContain('1.0.77')
  })

  test('then plays, and its author is told', async () => {
    await author.goto(lesson)
    expect(await text(author)).toContain('Thư viện đã được duyệt')
    await author.goto(`${product.url}/lessons/${lesson.split('/').at(-1)}/play`)
    await author.frameLocator('main iframe').getByText('Luật Bảo vệ môi trường').first().waitFor()
    expect(complaints.flat()).toEqual([])
  })
})
