import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bringAxe } from '../support/axe.ts'
import { openBrowser } from '../support/browser.ts'
import { judge } from '../support/judge.ts'
import { type Look, openReader, type Site, serveSite, signInAs } from '../support/pages.ts'

/** Folder for the paper and a photograph of the page, to be looked at; nothing is kept without it. */
const PHOTOS = process.env.PHOTOS
/** Most that an ordinary record (300 lines) may weigh, without what the browser has from the page before. */
const MOST_BYTES = 150_000

const LOOKS: Look[] = [
  { language: 'vi', scheme: 'light', width: 360 },
  { language: 'vi', scheme: 'dark', width: 1280 },
  { language: 'en', scheme: 'light', width: 1280 },
  { language: 'en', scheme: 'dark', width: 360 },
]

let browser: Browser
let site: Site
let empty: Site
beforeAll(async () => {
  ;[browser, site, empty] = await Promise.all([openBrowser(), serveSite(true), serveSite(false)])
})
afterAll(() => Promise.all([browser?.close(), site?.close(), empty?.close()]))

describe.each(LOOKS)('$language, $scheme, $width px', (look) => {
  test('the record is printed on A4, page after page, in black on white', async () => {
    const { context, page, complaints } = await openReader(browser, site.url, look)
    await bringAxe(context)
    await signInAs(page, site.url, 'citizen')
    let bytes = 0
    page.on('requestfinished', async (request) => {
      bytes += (await request.sizes()).responseBodySize
    })
    await page.goto(`${site.url}/me/record/print`)
    expect(await judge(page)).toEqual([])
    expect(await page.locator('.paper tbody tr').count()).toBeGreaterThan(300)
    expect(bytes).toBeLessThan(MOST_BYTES)
    const name = `print-${Object.values(look).join('-')}`
    const pdf = await page.pdf({ preferCSSPageSize: true })
    const [, width, height] = /\/MediaBox ?\[ ?0 0 ([\d.]+) ([\d.]+)/.exec(pdf.toString('latin1')) ?? []
    expect([Math.round(Number(width)), Math.round(Number(height))]).toEqual([595, 842])
    const pages = pdf.toString('latin1').match(/\/Type ?\/Page\b(?!s)/g)?.length ?? 0
    expect(pages).toBeGreaterThan(5)
    await page.emulateMedia({ media: 'print' })
    const colours = await page
      .locator('.paper td')
      .first()
      .evaluate((cell) => [getComputedStyle(cell).color, getComputedStyle(document.body).backgroundColor])
    expect(colours).toEqual(['rgb(0, 0, 0)', 'rgb(255, 255, 255)'])
    expect(await page.locator('form').first().isVisible()).toBe(false)
    await page.emulateMedia({ media: 'screen' })
    if (PHOTOS) {
      mkdirSync(PHOTOS, { recursive: true })
      writeFileSync(join(PHOTOS, `${name}.pdf`), pdf)
      await page.screenshot({ path: join(PHOTOS, `${name}.png`) })
    }
    await page.goto(`${site.url}/me/record/print?topic=none&year=1999`)
    expect(await judge(page)).toEqual([])
    expect(complaints).toEqual([])
    await context.close()

    const nobody = await openReader(browser, empty.url, look)
    await bringAxe(nobody.context)
    await signInAs(nobody.page, empty.url, 'citizen')
    await nobody.page.goto(`${empty.url}/me/record/print`)
    expect(await judge(nobody.page)).toEqual([])
    await nobody.context.close()
  }, 120_000)
})
