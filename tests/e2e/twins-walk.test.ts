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

type Words = Record<'title' | 'split' | 'splitDo' | 'done' | 'join' | 'joined', string>
const LOOKS: (Look & { words: Words })[] = [
  {
    language: 'vi',
    scheme: 'light',
    width: 360,
    words: {
      title: 'Hai nơi cùng kể',
      split: 'Tách ra',
      splitDo: 'Tách ra',
      done: 'Đã tách phần',
      join: 'Gộp lại',
      joined: 'Đã gộp lại thành một mục.',
    },
  },
  {
    language: 'en',
    scheme: 'dark',
    width: 1280,
    words: {
      title: 'Told by two',
      split: 'Split',
      splitDo: 'Split',
      done: 'is an entry of its own now',
      join: 'Join again',
      joined: 'They are one entry again.',
    },
  },
]

let browser: Browser
let site: Site
beforeAll(async () => {
  ;[browser, site] = await Promise.all([openBrowser(), serveSite(true)])
})
afterAll(async () => {
  await Promise.all([browser?.close(), site?.close()])
})

test.each(LOOKS)(
  'a citizen sees who tells of a line, splits it and joins it again: $language, $scheme, $width px',
  async (look) => {
    const { words } = look
    const { context, page, complaints } = await openReader(browser, site.url, look)
    await bringAxe(context)
    await signInAs(page, site.url, 'citizen')
    const seen = (step: string) => inspect(page, `twins-${step}-${look.language}-${look.width}`)
    const title = page.getByRole('heading', { name: words.title })

    await page.goto(`${site.url}/me/transcript`)
    await page.locator('a[href="/me/transcript/line-1"]').scrollIntoViewIfNeeded()
    await seen('list')
    await page.goto(`${site.url}/me/transcript/line-1`)
    expect(await title.count()).toBe(1)
    await seen('line')
    await page.getByRole('link', { name: words.split, exact: true }).click()
    await page.getByRole('button', { name: words.splitDo, exact: true }).waitFor()
    await seen('split')
    await page.getByRole('button', { name: words.splitDo, exact: true }).click()
    await page.getByText(words.done).waitFor()
    await seen('apart')
    await page.locator('main').getByRole('button', { name: words.join, exact: true }).click()
    await page.getByText(words.joined).waitFor()
    expect(await title.count()).toBe(1)
    await seen('joined')
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
