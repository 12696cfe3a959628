import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
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
const WAITING = '/operator/libraries/waiting'
const FILES = `${WAITING}/request-1/H5P.MultiChoice-1.16.17-0123456789abcdef`
const PAGES = [
  '/operator/libraries',
  '/operator/libraries/install',
  '/operator/libraries/H5P.MultiChoice-1.14',
  '/operator/libraries/FontAwesome-4.5',
  `${WAITING}/request-1`,
  `${WAITING}/request-1/refuse`,
  FILES,
  `${FILES}?file=multichoice.js`,
  `${FILES}?file=library.json`,
  `${WAITING}/request-3`,
  '/author/lesson-3',
  '/author/lesson-7',
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
    ['full', () => full, PAGES],
    ['empty', () => empty, ['/operator/libraries']],
  ] as const)(
    'axe finds nothing, nothing overflows and every target fits a thumb where the site is %s',
    async (name, site, pages) => {
      const { url } = site()
      const { context, page, complaints } = await openReader(browser, url, look)
      await bringAxe(context)
      await signInAs(page, url, 'operator')
      const found: unknown[] = []
      for (const path of pages) {
        const answer = await page.goto(`${url}${path}`)
        expect(answer?.status(), path).toBe(200)
        found.push(...(await judge(page)).map((finding) => ({ path, finding })))
        if (!PHOTOS) continue
        mkdirSync(PHOTOS, { recursive: true })
        const file = `${name}${path}-${Object.values(look).join('-')}`.replace(/[^\p{L}\d]+/gu, '_')
        await page.screenshot({ path: join(PHOTOS, `${file}.png`), fullPage: true })
      }
      expect(found).toEqual([])
      expect(complaints).toEqual([])
      await context.close()
    },
    60_000,
  )
})
