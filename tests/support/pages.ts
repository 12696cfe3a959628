import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import type { FakeServices } from '../../web/testing/services.ts'
import { PASSWORD } from '../../web/testing/services.ts'
import { site } from '../../web/testing/site.ts'

export interface Site {
  url: string
  services: FakeServices
  /** While it is cut, every connection ends without an answer. */
  cut(yes: boolean): void
  close(): Promise<void>
}

/** A frame that says nothing, and an outer module that the test itself plays. */
const FRAME = '<!doctype html><html lang="vi"><title>Bài</title><body><p>Nội dung bài học</p></body></html>'

/** The pages over services in memory, on a port of their own. */
export async function serveSite(full: boolean): Promise<Site> {
  let isCut = false
  const { app, services } = site({
    full,
    before: (app) => {
      app.use((req, _res, next) => (isCut ? req.socket.destroy() : next()))
      app.get('/h5p/frame/:id', (_req, res) => void res.type('html').send(FRAME))
      app.get('/h5p/outer.js', (_req, res) => void res.type('js').send('export {}'))
    },
  })
  const server = await new Promise<Server>((done) => {
    const listening = app.listen(0, '127.0.0.1', () => done(listening))
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    services,
    cut(yes) {
      isCut = yes
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}

export interface Look {
  language: 'vi' | 'en'
  scheme: 'light' | 'dark'
  width: 360 | 1280
}

/** One reader's browser window; what its console complains of is gathered. */
export async function openReader(
  browser: Browser,
  url: string,
  look: Look,
): Promise<{ context: BrowserContext; page: Page; complaints: string[] }> {
  const context = await browser.newContext({
    viewport: { width: look.width, height: 800 },
    colorScheme: look.scheme,
    reducedMotion: 'reduce',
  })
  await context.addCookies([{ name: 'language', value: look.language, url }])
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    // A page that is meant to be a 4xx is told of as a failed load.
    if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  return { context, page, complaints }
}

export async function signInAs(
  page: Page,
  url: string,
  who: 'citizen' | 'author' | 'operator',
): Promise<void> {
  await page.goto(`${url}/sign-in`)
  await page.fill('#identifier', `${who}@example.org`)
  await page.fill('#password', PASSWORD)
  await Promise.all([page.waitForURL(`${url}/`), page.click('main button')])
}
