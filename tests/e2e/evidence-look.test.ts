import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { bringAxe } from '../support/axe.ts'
import { openBrowser } from '../support/browser.ts'
import { judge } from '../support/judge.ts'
import { type Look, openReader, type Site, serveSite, signInAs } from '../support/pages.ts'

/** Folder for a photograph of every step, to be looked at; nothing is kept without it. */
const PHOTOS = process.env.PHOTOS
const PDF = { name: 'giay.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n%%EOF\n') }

const LOOKS: (Look & { words: { add: string; send: string; heic: string; save: string; remove: string } })[] =
  [
    {
      language: 'vi',
      scheme: 'light',
      width: 360,
      words: {
        add: 'Thêm vào hồ sơ',
        send: 'Gửi ảnh hoặc tệp',
        heic: 'dạng HEIC',
        save: 'Lưu thay đổi',
        remove: 'Gỡ và xóa',
      },
    },
    {
      language: 'en',
      scheme: 'dark',
      width: 1280,
      words: {
        add: 'Add to the record',
        send: 'Send the photo or file',
        heic: 'is HEIC',
        save: 'Save the change',
        remove: 'Remove and delete',
      },
    },
  ]

let browser: Browser
let site: Site

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(async () => browser?.close())
beforeEach(async () => {
  site = await serveSite(true)
})
afterEach(() => site.close())

const photo = async () => ({
  name: 'anh.jpg',
  mimeType: 'image/jpeg',
  buffer: await sharp({ create: { width: 900, height: 600, channels: 3, background: '#1f4e8c' } })
    .jpeg()
    .toBuffer(),
})
const HEIC = {
  name: 'IMG_0001.heic',
  mimeType: 'image/heic',
  buffer: Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypheic'), Buffer.alloc(40)]),
}

test.each(LOOKS)(
  'a certificate with its photo is brought in, corrected and shown: $language, $scheme, $width px',
  async (look) => {
    const { words } = look
    const { context, page, complaints } = await openReader(browser, site.url, look)
    await bringAxe(context)
    await signInAs(page, site.url, 'citizen')
    const see = (step: string) => inspect(page, `evidence-${step}-${look.language}-${look.width}`)

    await page.goto(`${site.url}/me/certificates/new`)
    await page.fill('#name', 'Chứng chỉ sơ cấp nghề may công nghiệp')
    await page.fill('#issuer', 'Trường Trung cấp nghề Hưng Yên')
    await page.fill('#number', '033195001234')
    await page.setInputFiles('#evidence', await photo())
    await page.getByRole('button', { name: words.add }).click()
    await expect.poll(() => page.locator('.field .error').count()).toBe(3)
    await see('wrong')
    await page.fill('#day', '2019-06-15')
    await page.fill('#number', 'B 012345/SCN')
    await page.setInputFiles('#evidence', HEIC)
    await page.getByRole('button', { name: words.add }).click()
    await expect.poll(() => page.locator('.field .error').textContent()).toContain(words.heic)
    await page.setInputFiles('#evidence', await photo())
    await page.getByRole('button', { name: words.add }).click()
    await page.waitForURL('**/me/transcript')
    await see('record')

    await page.goto(`${site.url}/me/certificates`)
    await see('list')
    await page.locator('tbody a').first().click()
    await page.setInputFiles('#evidence', PDF)
    await page.getByRole('button', { name: words.send }).click()
    await expect.poll(() => page.locator('.shots li').count()).toBe(2)
    expect(await page.locator('.shots img').evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(
      320,
    )
    await see('change')

    const [entry] = page.url().split('/').slice(-1)
    const line = site.services.lines[0]!
    site.services.lines.unshift({
      ...line,
      id: `paper-${look.language}`,
      person: 'citizen',
      activity: {
        ...line.activity,
        id: `urn:uuid:${entry}`,
        name: { vi: 'Chứng chỉ sơ cấp nghề may công nghiệp' },
      },
    })
    await page.goto(`${site.url}/me/transcript/paper-${look.language}`)
    await see('line')
    await page.goto(`${site.url}/me/certificates/${entry}/remove`)
    await see('remove-certificate')
    await page.goto(`${site.url}/me/certificates/${entry}`)
    await page.locator('.shots a.button').first().click()
    await see('remove')
    await page.getByRole('button', { name: words.remove }).click()
    await expect.poll(() => page.locator('.shots li').count()).toBe(1)
    expect(complaints).toEqual([])
    await context.close()
  },
  120_000,
)

async function inspect(page: Page, name: string): Promise<void> {
  expect({ name, found: await judge(page) }).toEqual({ name, found: [] })
  if (!PHOTOS) return
  mkdirSync(PHOTOS, { recursive: true })
  await page.screenshot({ path: join(PHOTOS, `${name}.png`), fullPage: true })
}
