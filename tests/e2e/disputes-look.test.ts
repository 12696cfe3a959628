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
const LONG = 'Tôi học khóa này ở trung tâm từ tháng ba, cô Hoa biết rõ. '.repeat(16)

let browser: Browser
let full: Site
let empty: Site
const ids: string[] = []
const queues: { source: string }[] = []

beforeAll(async () => {
  ;[browser, full, empty] = await Promise.all([openBrowser(), serveSite(true), serveSite(false)])
  const { disputes, hidden } = full.services
  for (const [line, kind] of [
    ['line-0', 'other'],
    ['line-3', 'result'],
    ['line-4', 'twice'],
    ['line-9', 'time'],
    ['line-7', 'not-mine'],
    ['line-6', 'other'],
  ] as const) {
    const made = await disputes.make('citizen', line, {
      kind,
      words: LONG.slice(0, 990),
      asksVoid: line === 'line-7',
    })
    if ('problems' in made) throw new Error(`${line}: ${JSON.stringify(made)}`)
    ids.push(made.id)
    queues.push({ source: made.source })
  }
  await disputes.answer(ids[1]!, {
    queue: queues[1]!,
    by: 'operator',
    outcome: 'not-corrected',
    words: LONG.slice(0, 900),
    voids: false,
  })
  await disputes.answer(ids[2]!, {
    queue: queues[2]!,
    by: 'operator',
    outcome: 'corrected',
    words: '',
    voids: false,
  })
  await disputes.withdraw('citizen', ids[3]!)
  await hidden.set('citizen', 'line-1', true)
})
afterAll(async () => {
  await Promise.all([browser?.close(), full?.close(), empty?.close()])
})

describe.each(LOOKS)('$language, $scheme, $width px', (look) => {
  test('axe finds nothing, nothing overflows and every target fits a thumb', async () => {
    const desk = '/lms/sources/school/disputes'
    await inspect(full, 'full', look, 'citizen', [
      '/',
      '/me/transcript',
      '/me/transcript/line-0',
      '/me/transcript/line-1',
      '/me/transcript/line-3',
      '/me/transcript/line-12/dispute',
      '/me/disputes',
      `/me/disputes/${ids[0]}`,
      `/me/disputes/${ids[1]}`,
      '/me/shares/new',
    ])
    await inspect(full, 'full', look, 'operator', [
      '/lms/sources/school',
      '/lms/sources/school/edit',
      desk,
      `${desk}?done=yes`,
      `${desk}/${ids[1]}`,
      `${desk}/${ids[5]}`,
      `/lms/sources/product/disputes/${ids[4]}`,
    ])
    await inspect(empty, 'empty', look, 'citizen', ['/me/disputes'])
  }, 120_000)

  test('nor where something is wrong with what was sent', async () => {
    const { context, page } = await openReader(browser, full.url, look)
    await bringAxe(context)
    await signInAs(page, full.url, 'citizen')
    await page.goto(`${full.url}/me/transcript/line-12/dispute`)
    await page.fill('[name=words]', 'số 033190012345')
    await page.click('main form button.primary')
    await page.waitForSelector('#errors')
    await look2('wrong-report')
    await context.clearCookies({ name: 'session' })
    await signInAs(page, full.url, 'operator')
    await page.goto(`${full.url}/lms/sources/product/disputes/${ids[4]}`)
    await page.check('[name=outcome][value=pass-on]')
    await page.click('main form button.primary')
    await page.waitForSelector('#errors')
    await look2('wrong-answer')
    await context.close()

    async function look2(name: string): Promise<void> {
      expect({ name, found: await judge(page) }).toEqual({ name, found: [] })
      await photograph(page, `${name}-${Object.values(look).join('-')}`)
    }
  }, 60_000)
})

async function inspect(
  { url }: Site,
  name: string,
  look: Look,
  who: 'citizen' | 'operator',
  paths: readonly string[],
): Promise<void> {
  const { context, page, complaints } = await openReader(browser, url, look)
  await bringAxe(context)
  await signInAs(page, url, who)
  for (const path of paths) {
    const answer = await page.goto(`${url}${path}`)
    expect({ path, status: answer?.status(), found: await judge(page) }).toEqual({
      path,
      status: 200,
      found: [],
    })
    await photograph(page, `${who}${path}-${name}-${Object.values(look).join('-')}`)
  }
  expect(complaints).toEqual([])
  await context.close()
}

async function photograph(page: import('playwright-core').Page, name: string): Promise<void> {
  if (!PHOTOS) return
  mkdirSync(PHOTOS, { recursive: true })
  await page.screenshot({ path: join(PHOTOS, `${name.replace(/[^\p{L}\d]+/gu, '_')}.png`), fullPage: true })
}
