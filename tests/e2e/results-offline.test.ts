import { mkdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { bringAxe } from '../support/axe.ts'
import { openLasting } from '../support/browser.ts'
import { judge } from '../support/judge.ts'
import { type Product, run, startProduct } from '../support/product.ts'
import { register } from '../support/register.ts'

/** Folder for a photograph of each step, to be looked at; nothing is kept without it. */
const PHOTOS = process.env.PHOTOS
const LESSON = '/lessons/phan-loai-rac'

let product: Product
/** Reads all that was recorded. */
let reader: { key: string; secret: string }
let folder: string
let context: BrowserContext
let page: Page

beforeAll(async () => {
  product = await startProduct()
  const env = { DATA_DIR: product.dataDir, STORE_URL: product.storeUrl }
  const asked = async (...words: string[]) =>
    JSON.parse((await run(['app/cli/main.ts', ...words, '--json'], env)).out)
  const made = await asked('source', 'create', '--name', 'Người đọc')
  const { credential, secret } = await asked(
    'credential',
    'create',
    '--source',
    made.id,
    '--scope',
    'all/read',
  )
  reader = { key: credential.key, secret }
})
afterAll(async () => product.stop())
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'suotdoi-browser-'))
  await openBrowser()
})
afterEach(async () => {
  await context.close()
  await rm(folder, { recursive: true, force: true })
})

async function openBrowser(): Promise<void> {
  context = await openLasting(folder, { viewport: { width: 360, height: 780 }, locale: 'vi-VN' })
  await bringAxe(context)
  page = context.pages()[0] ?? (await context.newPage())
}

let people = 0
/** Somebody new, signed in; returns their address. */
async function somebody(): Promise<string> {
  const address = `hoc-${++people}@xa.example`
  await page.goto(`${product.url}/register`)
  await register(page, `Người học ${people}`, address)
  return address
}

/** What the record store has of answers at the lesson, in the order in which it came: the question of each. */
async function told(): Promise<{ who: string; question: string; id: string }[]> {
  const { key, secret } = reader
  const answer = await fetch(`${product.url}/xapi/statements?ascending=true&limit=500`, {
    headers: {
      Authorization: `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}`,
      'X-Experience-API-Version': '1.0.3',
    },
  })
  const { statements } = (await answer.json()) as {
    statements: { id: string; actor: { account: { name: string } }; object: { id: string } }[]
  }
  return statements.flatMap(({ id, actor, object }) => {
    const question = /subContentId=([\w-]+)/.exec(object.id)?.[1]
    return question ? [{ who: actor.account.name, question, id }] : []
  })
}
let before: Awaited<ReturnType<typeof told>> = []
/** Those that came since the test began. */
const fresh = async () => (await told()).slice(before.length)
const questions = async () => (await fresh()).map(({ question }) => question)
const FIRST = ['ba-nhom', 'rac-thuc-pham', 'trang-vo-hop']

async function play(): Promise<void> {
  await page.goto(`${product.url}${LESSON}/play`)
  await lesson().locator('.sd-place').first().waitFor()
}
const lesson = () => page.frameLocator('#lesson')
const state = () => page.locator('#lesson-state').textContent()

async function answerNext(): Promise<void> {
  await lesson().getByRole('radio', { name: 'Đúng' }).check()
  await lesson().getByRole('button', { name: 'Kiểm tra' }).click()
  await lesson().getByRole('button', { name: 'Câu tiếp theo' }).click()
}

/** One question answered on line and two without one. */
async function playAndLoseTheLine(): Promise<void> {
  before = await told()
  await play()
  await answerNext()
  await expect.poll(questions).toEqual(FIRST.slice(0, 1))
  await context.setOffline(true)
  await answerNext()
  await answerNext()
  await expect.poll(state).toMatch(/^Mất mạng/)
}

/** As by a phone that is short of memory: nothing in the page hears of it. */
async function killTab(): Promise<void> {
  const killed = page
  await killed.goto('chrome://crash').catch(() => {})
  page = await context.newPage()
  await killed.close()
}

async function inspect(name: string): Promise<void> {
  expect({ name, found: await judge(page) }).toEqual({ name, found: [] })
  if (!PHOTOS) return
  mkdirSync(PHOTOS, { recursive: true })
  await page.screenshot({ path: join(PHOTOS, `results-${name}.png`), fullPage: true })
}

test('answers given without a line outlive the tab and the browser, and are sent once and in order', async () => {
  await somebody()
  await playAndLoseTheLine()
  expect(await state()).toContain('dù bạn đóng trang này')
  await inspect('offline')
  await killTab()
  await context.close()
  await openBrowser()
  expect(await questions()).toEqual(FIRST.slice(0, 1))
  await page.goto(product.url)
  await expect.poll(() => page.locator('[data-unsent-title]').textContent()).toBe('Đã gửi 2 kết quả')
  await inspect('sent')
  expect(await questions()).toEqual(FIRST)
  await page.reload()
  await play()
  await expect.poll(() => lesson().locator('.sd-place').first().textContent()).toBe('Câu 4 / 8')
  expect(await questions()).toEqual(FIRST)
  // Nothing is left of it on the device.
  expect(await page.evaluate(() => document.cookie)).not.toContain('unsent-results')
})

test('whoever opens the lesson itself again goes on from the last answer that was given', async () => {
  await somebody()
  await playAndLoseTheLine()
  await killTab()
  await context.setOffline(false)
  await play()
  await expect.poll(() => lesson().locator('.sd-place').first().textContent()).toBe('Câu 4 / 8')
  await expect.poll(questions).toEqual(FIRST)
  expect(new Set((await fresh()).map(({ id }) => id)).size).toBe(3)
})

test('another who signs in neither sees nor sends them; whoever answered does, by signing in again', async () => {
  const first = await somebody()
  await playAndLoseTheLine()
  await killTab()
  // The server is reached, and takes no results just now.
  await context.setOffline(false)
  await context.route(/\/(renew|events)$/, (route) => route.fulfill({ status: 503, body: '' }))
  await page.goto(`${product.url}/me`)
  await expect.poll(() => page.locator('[data-unsent-title]').textContent()).toBe('Còn 2 kết quả chưa gửi')
  await page.getByRole('button', { name: 'Đăng xuất', exact: true }).click()
  const dialog = page.locator('#unsent-sign-out')
  await expect.poll(() => dialog.textContent()).toContain('Còn 2 kết quả chưa gửi.')
  await inspect('sign-out')
  await dialog.getByRole('button', { name: 'Giữ trên máy và đăng xuất' }).click()
  await page.waitForURL(`${product.url}/`)
  await context.unroute(/\/(renew|events)$/)

  await somebody()
  for (const path of ['/', '/me', `${LESSON}/play`]) {
    await page.goto(product.url + path)
    await page.waitForLoadState('networkidle')
    expect(await page.locator('[data-unsent]:visible').count()).toBe(0)
  }
  expect(await questions()).toEqual(FIRST.slice(0, 1))
  await page.goto(`${product.url}/me`)
  await page.getByRole('button', { name: 'Đăng xuất', exact: true }).click()
  await page.waitForURL(`${product.url}/`)

  await page.goto(`${product.url}/sign-in`)
  await page.fill('#identifier', first)
  await page.fill('#password', 'cây tre trăm đốt 1954')
  await Promise.all([page.waitForURL(`${product.url}/`), page.click('main form button[type=submit]')])
  await expect.poll(questions).toEqual(FIRST)
  expect(new Set((await fresh()).map(({ who }) => who)).size).toBe(1)
})

test('on a shared device nothing is kept, and the page says so', async () => {
  const address = await somebody()
  await page.goto(`${product.url}/me`)
  await page.getByRole('button', { name: 'Đăng xuất', exact: true }).click()
  await page.waitForURL(`${product.url}/`)
  await page.goto(`${product.url}/sign-in`)
  await page.fill('#identifier', address)
  await page.fill('#password', 'cây tre trăm đốt 1954')
  await page.check('#shared')
  await Promise.all([page.waitForURL(`${product.url}/`), page.click('main form button[type=submit]')])
  await playAndLoseTheLine()
  expect(await state()).toContain('đừng đóng trang này')
  const kept = await page.evaluate(async () => ({
    databases: (await indexedDB.databases()).map(({ name }) => name),
    local: Object.keys(localStorage),
  }))
  expect(kept).toEqual({ databases: [], local: [] })
  await context.setOffline(false)
  await expect.poll(questions).toEqual(FIRST)
})
