import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SETUP_TOKEN } from '../../web/testing/services.ts'
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
const PAGES = {
  nobody: [
    '/',
    '/lessons',
    '/lessons/lesson-0',
    '/register',
    '/sign-in',
    '/recover',
    '/recover/printed',
    '/-/outbox',
    `/setup/${SETUP_TOKEN}`,
    '/setup/x',
    '/nothing',
    '/-/parts',
  ],
  citizen: [
    '/',
    '/lessons',
    '/lessons?topic=none',
    '/lessons?q=khong-co&topic=none',
    '/lessons/lesson-0',
    '/lessons/lesson-0/play',
    '/me',
    '/me/change',
    '/me/password',
    '/me/identifiers',
    '/me/identifiers/add',
    '/me/identifiers/start',
    '/me/recovery-codes',
    '/me/sessions',
    '/me/second-factor',
    '/me/second-factor/move',
    '/me/second-factor/remove',
    '/me/passkeys',
    '/me/passkeys/new',
    '/me/confirm',
    '/me/consents',
    '/me/consents/learning-record/withdraw',
    '/me/transcript',
    '/me/transcript?after=250',
    '/me/transcript/line-1',
    '/me/transcript/line-1/parts',
    '/me/transcript/line-5',
    '/me/archive',
    '/me/diary',
    '/me/diary/new',
    '/offline/diary',
    '/me/certificates',
    '/me/certificates/new',
    '/me/shares',
    '/me/shares/new?line=line-3',
    '/author',
  ],
  author: [
    '/author',
    '/author/upload',
    '/author/lesson-0',
    '/author/lesson-3',
    '/author/lesson-0/report',
    '/author/lesson-0/delete',
  ],
} as const

let browser: Browser
let full: Site
let empty: Site

beforeAll(async () => {
  ;[browser, full, empty] = await Promise.all([openBrowser(), serveSite(true), serveSite(false)])
})
afterAll(async () => {
  await Promise.all([browser?.close(), full?.close(), empty?.close()])
})

/** Where it shows that there is nothing yet. */
const EMPTY = [
  '/',
  '/lessons',
  '/me',
  '/me/transcript',
  '/me/diary',
  '/me/certificates',
  '/me/shares',
  '/me/shares/new',
  '/author',
]

describe.each(LOOKS)('$language, $scheme, $width px', (look) => {
  test.each(Object.keys(PAGES) as (keyof typeof PAGES)[])(
    'axe finds nothing, nothing overflows, every target fits a thumb and the console is silent for: %s',
    (who) => inspect(full, 'full', look, who, PAGES[who]),
    60_000,
  )

  test('nor where there is nothing yet', () => inspect(empty, 'empty', look, 'author', EMPTY), 60_000)
})

async function inspect(
  { url }: Site,
  name: string,
  look: Look,
  who: keyof typeof PAGES,
  paths: readonly string[],
): Promise<void> {
  const { context, page, complaints } = await openReader(browser, url, look)
  await bringAxe(context)
  if (who !== 'nobody') await signInAs(page, url, who)
  const found: unknown[] = []
  for (const path of paths) {
    await page.goto(`${url}${path}`)
    expect(await page.locator('html').getAttribute('lang')).toBe(look.language)
    found.push(...(await judge(page)).map((finding) => ({ path, finding })))
    if (PHOTOS) await photograph(page, `${who}${path}-${name}-${Object.values(look).join('-')}`)
  }
  expect(found).toEqual([])
  expect(complaints).toEqual([])
  await context.close()
}

async function photograph(page: Page, name: string): Promise<void> {
  mkdirSync(PHOTOS!, { recursive: true })
  await page.screenshot({ path: join(PHOTOS!, `${name.replace(/[^\p{L}\d]+/gu, '_')}.png`), fullPage: true })
}
