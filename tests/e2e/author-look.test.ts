import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
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
/** In this order a lesson is: as published; changed, on older libraries, one that can be assessed; a draft. */
const PAGES = [
  '/author',
  '/author/lesson-0',
  '/author/lesson-4',
  '/author/lesson-4/rule',
  '/author/lesson-0/rule',
  '/author/lesson-4/versions',
  '/author/lesson-4/versions/1',
  '/author/lesson-11',
  '/author/lesson-11/versions',
  '/author/lesson-11/more',
  '/author/lesson-11/delete',
  '/author/lesson-0/more',
]

let browser: Browser
let site: Site
beforeAll(async () => {
  ;[browser, site] = await Promise.all([openBrowser(), serveSite(true)])
  const lesson = site.services.lessonList.find(({ id }) => id === 'lesson-4')!
  lesson.changed = true
  lesson.draft.library = 'SuotDoi.QuestionSet 1.0'
})
afterAll(async () => {
  await Promise.all([browser?.close(), site?.close()])
})

test.each(LOOKS)(
  'axe finds nothing, nothing overflows and every target fits a thumb: $language, $scheme, $width px',
  async (look) => {
    const { context, page, complaints } = await openReader(browser, site.url, look)
    await bringAxe(context)
    await signInAs(page, site.url, 'author')
    const found: unknown[] = []
    for (const path of PAGES) {
      const answer = await page.goto(`${site.url}${path}`)
      expect(answer?.status(), path).toBe(200)
      found.push(...(await judge(page)).map((finding) => ({ path, finding })))
      if (!PHOTOS) continue
      mkdirSync(PHOTOS, { recursive: true })
      const file = `${path}-${Object.values(look).join('-')}`.replace(/[^\p{L}\d]+/gu, '_')
      await page.screenshot({ path: join(PHOTOS, `${file}.png`), fullPage: true })
    }
    expect(found).toEqual([])
    expect(complaints).toEqual([])
    await context.close()
  },
  60_000,
)
