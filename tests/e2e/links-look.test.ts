import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { linkId } from '../../web/citizen/link-id.ts'
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

const MAIL = 'mbox:mailto:nguyet.nguyen.thi.anh@truong-trung-hoc-song-hong.example.org'
const ACCOUNT = 'account:https://lms.example.org an.nguyen'

let browser: Browser
let full: Site
let empty: Site

beforeAll(async () => {
  ;[browser, full, empty] = await Promise.all([openBrowser(), serveSite(true), serveSite(false)])
  fill(full)
})
afterAll(async () => {
  await Promise.all([browser?.close(), full?.close(), empty?.close()])
})

/** Everything that these pages can show, at once. */
function fill({ services }: Site): void {
  const { linkList, waitingList, linkWork, claimLists, mergeList } = services
  const now = Date.now()
  const own = { person: 'citizen', since: now - 1e9, until: null, by: 'citizen', reason: 'code' }
  linkList.push(
    { ...own, agent: MAIL, how: 'email-code', sources: [] },
    {
      ...own,
      agent: 'account:https://elearning.example.org tran.binh',
      how: 'claim-code',
      proof: { source: 'centre' },
      sources: ['centre'],
    },
    {
      ...own,
      agent: 'account:https://old.example.org x',
      how: 'operator',
      by: 'operator',
      until: now - 1e8,
      ended: { by: 'citizen', reason: 'contested', contested: true },
    },
  )
  const years = [2019, 2024, 2025].map((year) => ({ year, count: year - 2000 }))
  waitingList.push({ id: linkId(MAIL), agent: MAIL, source: 'school', years })
  linkWork.push({ agent: ACCOUNT, done: 1240, joining: true }, { agent: MAIL, done: 200, joining: false })
  const claim = { person: 'citizen', source: 'school', at: now - 60_000 }
  claimLists.claims.push({ ...claim, id: 'c1', agent: 'mbox:mailto:nguyen@example.org' })
  claimLists.activities.set('school', 'https://lms.example.org/question/question.php?cmid=7&id=12')
  claimLists.suggestions.push(
    { kind: 'mail', agent: 'mbox:mailto:an@example.org', mail: 'an@example.org' },
    { kind: 'sha1', agent: `sha1:${'a'.repeat(40)}`, mail: 'an@example.org' },
    { kind: 'name', source: 'centre', count: 2 },
  )
  claimLists.namesakes.push({ source: 'school', agent: ACCOUNT, name: 'Nguyễn Thị Ánh Nguyệt' })
  const merge = {
    at: now - 1e7,
    by: 'operator',
    reason: 'Cùng một số căn cước, hai lần đăng ký',
    undone: null,
  }
  mergeList.push({ ...merge, id: 'm1', from: 'author', into: 'citizen' })
}

const CITIZEN = [
  '/me',
  '/me/links',
  `/me/links/${linkId(ACCOUNT)}/contest`,
  `/me/links/${linkId(MAIL)}/contest`,
  '/me/link-code',
]
const OPERATOR = [
  '/operator',
  '/operator/contested',
  '/operator/people/citizen',
  '/operator/people/citizen/merge',
  '/operator/people/author/merge/undo',
  '/lms/sources/school',
  '/lms/sources/centre/claim-activity',
  '/lms/sources/school/claim-activity',
]
const EMPTY = ['/me/links', '/me/link-code']

describe.each(LOOKS)('$language, $scheme, $width px', (look) => {
  test.each([
    ['citizen', CITIZEN, () => full],
    ['operator', OPERATOR, () => full],
    ['citizen without anything', EMPTY, () => empty],
  ] as const)(
    'axe finds nothing, nothing overflows and the console is silent for: %s',
    async (who, paths, siteOf) => {
      const { url } = siteOf()
      const { context, page, complaints } = await openReader(browser, url, look)
      await bringAxe(context)
      await signInAs(page, url, who === 'operator' ? who : 'citizen')
      const found: unknown[] = []
      const seen = async (name: string) => {
        found.push(...(await judge(page)).map((finding) => ({ name, finding })))
        if (PHOTOS) await photograph(page, `${who}${name}-${Object.values(look).join('-')}`)
      }
      for (const path of paths) {
        await page.goto(`${url}${path}`)
        expect(await page.locator('html').getAttribute('lang')).toBe(look.language)
        await seen(path)
      }
      if (who === 'operator') {
        await page.goto(`${url}/operator/people/citizen/merge`)
        await page.click('main form button.primary')
        await seen('merge-error')
        await page.fill('#into', 'operator@example.org')
        await page.fill('#reason', 'Cùng một số căn cước')
        await page.click('main form button.primary')
        await seen('merge-confirm')
      } else {
        await page.goto(`${url}/me/link-code`)
        await page.click('main form button.primary')
        await page.waitForSelector('.shown-code')
        await seen('code')
      }
      expect(found).toEqual([])
      expect(complaints).toEqual([])
      await context.close()
    },
    120_000,
  )
})

async function photograph(page: Page, name: string): Promise<void> {
  mkdirSync(PHOTOS!, { recursive: true })
  await page.screenshot({ path: join(PHOTOS!, `${name.replace(/[^\w-]+/g, '_')}.png`), fullPage: true })
}
