import { mkdirSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { DraftChange, Host } from '../../h5p/index.ts'
import { PASSWORD } from '../../web/testing/services.ts'
import { bringAxe } from '../support/axe.ts'
import { openBrowser } from '../support/browser.ts'
import { type CentreSite, openCentreSite } from '../support/centre-site.ts'
import { taken } from '../support/host-world.ts'
import { judge } from '../support/judge.ts'
import { playTrueFalse } from '../support/play.ts'

/** Folder for a photograph of each step, to be looked at; nothing is kept without it. */
const PHOTOS = process.env.PHOTOS
const ID = 'phan-loai-rac'
const LESSON = `/lessons/${ID}`

let site: CentreSite
let host: Host
let server: Server
let url: string
let browser: Browser
const contexts: BrowserContext[] = []

beforeAll(async () => {
  site = await openCentreSite()
  host = site.host
  await host.seed()
  server = createServer(site.app)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  url = `http://localhost:${(server.address() as AddressInfo).port}`
  browser = await openBrowser()
})
afterEach(async () => {
  for (const context of contexts.splice(0)) await context.close()
})
afterAll(async () => {
  await browser?.close()
  server?.closeAllConnections()
  server?.close()
  await site?.close()
})

async function reader(width = 360): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height: 780 }, locale: 'vi-VN' })
  contexts.push(context)
  await bringAxe(context)
  return context.newPage()
}

async function signIn(page: Page, who: string, { shared = false } = {}): Promise<void> {
  await page.fill('#identifier', `${who}@example.org`)
  await page.fill('#password', PASSWORD)
  if (shared) await page.check('#shared')
  await page.click('main form button[type=submit]')
  await page.waitForURL((address) => !address.pathname.startsWith('/sign-in'))
}

/** The lesson's next version, so. */
async function publish(change: DraftChange): Promise<void> {
  taken(await host.lessons.describe(ID, change))
  taken(await host.lessons.publish(ID, { by: 'product' }))
}

async function inspect(page: Page, name: string): Promise<void> {
  expect({ name, found: await judge(page) }).toEqual({ name, found: [] })
  if (!PHOTOS) return
  mkdirSync(PHOTOS, { recursive: true })
  await page.screenshot({ path: join(PHOTOS, `ways-${name}.png`), fullPage: true })
}

const scores = async (person: { id: string }) =>
  (await host.attempts(ID, person.id)).map(({ score }) => score && `${score.raw}/${score.max}`)

test('signed out one plays at once, and after signing in says once that it was them', async () => {
  await publish({ anonymous: true })
  const an = await site.person('an', 'Nguyễn Văn An')
  const page = await reader()
  await page.goto(url + LESSON)
  await inspect(page, 'signed-out')
  await page.getByRole('button', { name: 'Học ngay' }).click()
  await playTrueFalse(page)
  await page.locator('#lesson-done').waitFor()
  await inspect(page, 'anonymous-end')
  // By key: just after the page has scrolled a click may still reach the frame that stood there.
  await page.getByRole('link', { name: 'Đăng nhập để nhận' }).press('Enter')
  await signIn(page, 'an')
  expect(new URL(page.url()).pathname).toBe(LESSON)
  expect(await page.textContent('main')).toContain('Bài này là của bạn?')
  await inspect(page, 'claim')
  expect(await scores(an)).toEqual([])
  await page.getByRole('button', { name: 'Đúng, của tôi' }).click()
  await page.waitForURL(url + LESSON)
  expect(await page.textContent('.toast')).toContain('vào hồ sơ của bạn')
  expect(await scores(an)).toEqual(['8/8'])
  for (const path of ['/', LESSON]) {
    await page.goto(url + path)
    expect(await page.textContent('main')).not.toContain('Bài này là của bạn?')
  }
  await site.caughtUp()
  expect((await site.lines(an)).map(({ score }) => score?.raw)).toEqual([8])
})

test('who says that it was somebody else is not asked again, and it is nobody’s', async () => {
  const binh = await site.person('binh', 'Trần Thị Bình')
  const page = await reader()
  await page.goto(url + LESSON)
  await page.getByRole('button', { name: 'Học ngay' }).click()
  await playTrueFalse(page)
  await page.locator('#lesson-done').waitFor()
  await page.goto(`${url}/sign-in`)
  await signIn(page, 'binh')
  await page.getByRole('button', { name: 'Không phải tôi' }).click()
  await page.goto(url)
  expect(await page.textContent('main')).not.toContain('Bài này là của bạn?')
  expect(await scores(binh)).toEqual([])
})

test('on a shared device nobody is asked', async () => {
  const chi = await site.person('chi', 'Lê Thị Chi')
  const page = await reader()
  await page.goto(url + LESSON)
  await page.getByRole('button', { name: 'Học ngay' }).click()
  await playTrueFalse(page)
  await page.locator('#lesson-done').waitFor()
  await page.goto(`${url}/sign-in`)
  await signIn(page, 'chi', { shared: true })
  for (const path of ['/', LESSON]) {
    await page.goto(url + path)
    expect(await page.textContent('main')).not.toContain('Bài này là của bạn?')
  }
  expect(await scores(chi)).toEqual([])
})

test('inside of another site’s page it is played by nobody, whoever is signed in, and grows with the lesson', async () => {
  const dung = await site.person('dung', 'Phạm Văn Dũng', 'operator')
  const page = await reader(1280)
  await page.goto(`${url}/sign-in`)
  await signIn(page, 'dung')
  await page.goto(`${url}/author/${ID}/share`)
  await inspect(page, 'share')
  const snippet = (await page.inputValue('#embed')).replaceAll(/https?:\/\/localhost(:\d+)?/g, url)
  // Another site: another host name, and so another site to the browser.
  const other = createServer((_req, res) =>
    res.setHeader('Content-Type', 'text/html').end(`<!doctype html><title>Trang khác</title>${snippet}`),
  )
  await new Promise<void>((done) => other.listen(0, '127.0.0.1', done))
  try {
    await page.goto(`http://127.0.0.1:${(other.address() as AddressInfo).port}/`)
    const frame = page.frameLocator('iframe')
    await frame.getByRole('button', { name: 'Bắt đầu học' }).click()
    const lesson = frame.frameLocator('#lesson')
    await lesson.getByText('Câu 1 / 8').waitFor()
    const height = () => page.locator('iframe').evaluate((each) => each.getBoundingClientRect().height)
    await expect.poll(height).not.toBe(560)
    await lesson.getByRole('radio', { name: 'Đúng' }).check()
    await lesson.getByRole('button', { name: 'Kiểm tra' }).click()
    await lesson.getByRole('button', { name: 'Câu tiếp theo' }).click()
    await lesson.getByText('Câu 2 / 8').waitFor()
    if (PHOTOS) await page.screenshot({ path: join(PHOTOS, 'ways-embedded.png') })
    expect(await scores(dung)).toEqual([])
  } finally {
    other.closeAllConnections()
    other.close()
  }
  // Where the author does not let everybody play, neither does another site.
  await publish({ anonymous: false })
  expect((await fetch(`${url}/embed/${ID}`)).status).toBe(404)
  expect((await fetch(`${url}/embed/${ID}`, { method: 'POST' })).status).toBe(404)
})

test('a link shows a card with title and description, and nothing of who reads', async () => {
  const text = await (await fetch(url + LESSON)).text()
  expect(text).toContain('<meta property="og:title" content="Phân loại rác sinh hoạt tại nhà"')
  expect(text).toMatch(/<meta property="og:description" content="Tám câu/)
  const page = await reader()
  await page.goto(`${url}/sign-in`)
  await signIn(page, 'an')
  await page.goto(url + LESSON)
  const head = await page.innerHTML('head')
  expect(head).toContain('og:title')
  expect(head).not.toMatch(/Nguyễn Văn An|an@example/)
})

test('where the learner says that it is done, one press says so, and the record calls it their own word', async () => {
  await publish({ completion: { by: 'learner' } })
  const giang = await site.person('giang', 'Vũ Thị Giang')
  const page = await reader()
  await page.goto(`${url}/sign-in?next=${LESSON}/play`)
  await signIn(page, 'giang')
  await page.frameLocator('#lesson').getByText('Câu 1 / 8').waitFor()
  await inspect(page, 'declare')
  await page.getByRole('button', { name: 'Tôi đã học xong' }).press('Enter')
  await page.locator('#lesson-end').waitFor()
  expect(await page.textContent('#lesson-done')).toContain('Tự khai đã học xong')
  await inspect(page, 'declared')
  const [attempt] = await host.attempts(ID, giang.id)
  expect(attempt).toMatchObject({ declared: true, score: null, finished: expect.any(Number) })
})

test('an assessed lesson is handed in once, says how it went, and counts its attempts', async () => {
  await publish({
    completion: { by: 'answered' },
    mode: { kind: 'assessed', attempts: 1, passPercent: 50, shuffle: false },
  })
  const ha = await site.person('ha', 'Đỗ Thị Hà')
  const page = await reader()
  await page.goto(`${url}/sign-in?next=${LESSON}`)
  await signIn(page, 'ha')
  expect(await page.textContent('main')).toContain('Bài có chấm điểm: 1 lần làm')
  await inspect(page, 'assessed')
  await page.click(`main a[href="${LESSON}/play"]`)
  const lesson = page.frameLocator('#lesson')
  for (let at = 1; at <= 8; at++) {
    await lesson.getByText(`Câu ${at} / 8`).waitFor()
    await lesson.getByRole('radio', { name: 'Đúng' }).check()
    await lesson.getByRole('button', { name: at < 8 ? 'Câu tiếp theo' : 'Nộp bài' }).click()
  }
  await page.locator('#lesson-end').waitFor()
  // Half of them are true.
  expect(await page.textContent('#lesson-done')).toContain('Đạt, do hệ thống chấm')
  expect(await page.textContent('#lesson-done')).toContain('4/8')
  expect(await page.locator('#lesson-review li').count()).toBe(8)
  expect(await page.textContent('#lesson-review')).toContain('Đáp án: Sai')
  await inspect(page, 'assessed-end')
  await page.goto(url + LESSON)
  expect(await page.textContent('main')).toContain('Bạn đã dùng hết số lần làm bài này.')
  expect(await scores(ha)).toEqual(['4/8'])
  await page.goto(`${url}${LESSON}/play`)
  expect(new URL(page.url()).pathname).toBe(LESSON)
})
