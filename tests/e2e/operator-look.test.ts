import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sampleId } from '../../web/testing/sample.ts'
import { bringAxe } from '../support/axe.ts'
import { openBrowser } from '../support/browser.ts'
import { judge } from '../support/judge.ts'
import { type Look, openReader, type Site, serveSite, signInAs } from '../support/pages.ts'

/** Folder for a photograph of every page, to be looked at; nothing is kept without it. */
const PHOTOS = process.env.PHOTOS

const LOOKS: Look[] = [
  { language: 'vi', scheme: 'light', width: 360 },
  { language: 'vi', scheme: 'dark', width: 1280 },
  { language: 'en', scheme: 'light', width: 1280 },
  { language: 'en', scheme: 'dark', width: 360 },
]
const LISTS = [
  '/operator',
  '/operator?range=days',
  '/lms',
  '/lms/credentials',
  '/lms/new',
  '/operator/statements',
  '/operator/statements?verb=no%20iri&since=2026-11-24&related=yes',
  '/operator/consumers',
  '/operator/people',
  '/operator/people/citizen',
  '/operator/people/citizen/link',
  '/operator/people/citizen/grant/operator',
  '/operator/people/citizen/recovery-code',
  '/operator/mapping',
  '/operator/mapping?tab=topics',
  '/operator/mapping?tab=versions',
  '/operator/mapping?tab=kind&q=zzz',
  '/operator/mapping/rule?tells=topic',
  '/operator/mapping/topic',
  '/operator/audit',
  '/operator/audit?kind=nothing&who=an%20b&since=2026-11-24&until=2026-11-01',
  '/operator/audit?kind=link&since=2026-11-24',
]
const ITEMS = [
  '/lms/sources/product',
  '/lms/sources/school',
  '/lms/sources/centre',
  '/lms/sources/quiet',
  '/lms/sources/school/edit',
  '/lms/sources/school/credentials/new',
  '/lms/credentials/school-key-1',
  '/lms/credentials/school-key-0',
  '/lms/credentials/school-key-1/rotate',
  '/lms/credentials/centre-key/narrow',
  '/lms/credentials/school-key-1/revoke',
  '/operator/statements?after=71',
  `/operator/statements/${sampleId(3)}`,
  `/operator/statements/${sampleId(5)}`,
  `/operator/statements/${sampleId(7)}`,
]

let browser: Browser
let full: Site
let empty: Site

beforeAll(async () => {
  ;[browser, full, empty] = await Promise.all([openBrowser(), serveSite(true), serveSite(false)])
})
afterAll(async () => {
  await Promise.all([browser?.close(), full?.close(), empty?.close()])
})

describe.each(LOOKS)('$language, $scheme, $width px', (look) => {
  test.each([
    ['much data', () => full, [...LISTS, ...ITEMS]],
    ['no data', () => empty, LISTS],
  ] as const)(
    'axe finds nothing, nothing overflows, every target fits a thumb and the console is silent with %s',
    async (amount, siteOf, paths) => {
      const { url } = siteOf()
      const { context, page, complaints } = await openReader(browser, url, look)
      await bringAxe(context)
      await signInAs(page, url, 'operator')
      const found: unknown[] = []
      for (const path of paths) {
        await page.goto(`${url}${path}`)
        expect(await page.locator('html').getAttribute('lang')).toBe(look.language)
        found.push(...(await judge(page)).map((finding) => ({ path, finding })))
        if (PHOTOS) await photograph(page, `${path}-${amount}-${Object.values(look).join('-')}`)
      }
      expect(found).toEqual([])
      expect(complaints).toEqual([])
      await context.close()
    },
    120_000,
  )

  test('the pages that forms lead to: an error, a secret, what a link will do', async () => {
    const { url } = full
    const { context, page, complaints } = await openReader(browser, url, look)
    await bringAxe(context)
    await signInAs(page, url, 'operator')
    const found: unknown[] = []
    const seen = async (name: string) => {
      found.push(...(await judge(page)).map((finding) => ({ name, finding })))
      if (PHOTOS) await photograph(page, `${name}-${Object.values(look).join('-')}`)
    }
    await page.goto(`${url}/lms/new`)
    await page.fill('#homePages', 'moodle')
    await page.click('main form button.primary')
    await seen('new-error')
    await page.goto(`${url}/lms/sources/quiet/credentials/new`)
    await page.fill('#label', 'Máy chủ Sakai')
    await page.click('summary')
    await page.check('[name=wider] >> nth=0')
    await page.click('main form button.primary')
    await seen('issue-error')
    await page.check('#understood')
    await page.click('main form button.primary')
    await page.waitForSelector('#secret')
    await seen('secret')
    await page.goto(`${url}/operator/people/citizen/link`)
    await page.fill('#identifier', 'https://lms.example.org hoc-vien-1')
    await page.fill('#reason', 'Trường xác nhận')
    await page.fill('#number', '12/QĐ-UBND')
    await page.fill('#date', '2026-11-12')
    await page.click('main form button.primary')
    await page.waitForSelector('[name=confirmed]', { state: 'attached' })
    await seen('link-confirm')
    expect(found).toEqual([])
    expect(complaints).toEqual([])
    await context.close()
  }, 60_000)
})

async function photograph(page: Page, name: string): Promise<void> {
  mkdirSync(PHOTOS!, { recursive: true })
  await page.screenshot({ path: join(PHOTOS!, `${name.replace(/[^\p{L}\d]+/gu, '_')}.png`), fullPage: true })
}
