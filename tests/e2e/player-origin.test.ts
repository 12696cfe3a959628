import { type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { agreeIfAsked } from '../support/agree.ts'
import { openBrowser } from '../support/browser.ts'
import { openReader } from '../support/pages.ts'
import { playTrueFalse } from '../support/play.ts'
import { type Product, startProduct } from '../support/product.ts'

const LESSON = '/lessons/phan-loai-rac/play'
let product: Product
let browser: Browser
let playerUrl: string
beforeAll(async () => {
  const port = await freePort()
  playerUrl = `http://player.localhost:${port}`
  product = await startProduct({
    env: { PORT: String(port), PUBLIC_URL: `http://127.0.0.1:${port}`, PLAYER_URL: playerUrl },
  })
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await product?.stop()
})

/** Asks the one process by this name. */
function ask(origin: string, path: string, method = 'GET'): Promise<IncomingMessage> {
  const { port } = new URL(product.url)
  return new Promise((done, failed) =>
    request({ host: '127.0.0.1', port, path, method, headers: { Host: new URL(origin).host } }, (answer) => {
      answer.resume()
      done(answer)
    })
      .on('error', failed)
      .end(),
  )
}

test('a citizen plays in a frame of the other origin, which is sent no cookie and sets none', async () => {
  const { page, context, complaints } = await openReader(browser, product.url, {
    language: 'vi',
    scheme: 'light',
    width: 360,
  })
  await page.goto(`${product.url}/register`)
  await page.fill('[name=name]', 'Nguyễn Văn Học')
  await page.fill('[name=identifier]', 'hoc@xa.example')
  await page.fill('[name=password]', 'cây tre trăm đốt 1954')
  await agreeIfAsked(page)
  await page.click('main form button[type=submit]')
  await page.waitForURL(`${product.url}/**`)

  const ofPlayer: { path: string; cookie: string | undefined }[] = []
  const fromMain: string[] = []
  page.on('requestfinished', async (sent) => {
    const { origin, pathname } = new URL(sent.url())
    if (origin === playerUrl) ofPlayer.push({ path: pathname, cookie: (await sent.allHeaders()).cookie })
    else fromMain.push(pathname)
  })
  const opened = await page.goto(product.url + LESSON)
  expect(opened!.headers()['content-security-policy']).toContain(`frame-src ${playerUrl};`)
  await playTrueFalse(page)
  await page.locator('#lesson-done').waitFor()

  expect(ofPlayer.map(({ path }) => path.split('/')[2])).toEqual(
    expect.arrayContaining(['frame', 'client', 'joined']),
  )
  expect(ofPlayer.filter(({ cookie }) => cookie !== undefined)).toEqual([])
  expect(fromMain.filter((path) => /^\/h5p\/(frame|content|libraries|joined|core)\//.test(path))).toEqual([])
  const cookies = await context.cookies()
  expect(new Set(cookies.map(({ domain }) => domain))).toEqual(new Set(['127.0.0.1']))
  expect(complaints).toEqual([])

  // Each origin serves its own part, and nothing of the other.
  const frame = page.frames().find((each) => each.url().startsWith(playerUrl))!
  const paths = [
    ...ofPlayer.map(({ path }) => path),
    new URL(frame.url()).pathname + new URL(frame.url()).search,
  ]
  for (const path of paths) expect((await ask(product.url, path)).statusCode, path).toBe(404)
  await context.close()
})

test('the other origin serves nothing but frames', async () => {
  for (const [path, method] of [
    ['/', 'GET'],
    ['/lessons', 'GET'],
    ['/sign-in', 'GET'],
    ['/sign-in', 'POST'],
    ['/xapi/about', 'GET'],
    ['/xapi/statements', 'POST'],
    ['/assets/style.css', 'GET'],
    ['/h5p/attempts/00000000-0000-4000-8000-000000000000/events', 'POST'],
    ['/robots.txt', 'GET'],
  ] as const) {
    const answer = await ask(playerUrl, path, method)
    expect(answer.statusCode, path).toBe(404)
    expect(answer.headers['set-cookie'], path).toBeUndefined()
    expect(answer.headers['content-length'], path).toBe('0')
  }
  // The same paths lead somewhere on ours.
  expect((await ask(product.url, '/xapi/about')).statusCode).toBe(200)
})

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  await new Promise((done) => server.close(done))
  return port
}
