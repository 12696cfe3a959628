import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import express from 'express'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { gatherLesson } from '../../h5p/pack.ts'
import { openBrowser } from '../support/browser.ts'

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

/** Another host: H5P's own core, our package unpacked, and nothing of ours besides. */
async function openElsewhere(lesson: string) {
  const dist = join(dirname(createRequire(import.meta.url).resolve('h5p-standalone/package.json')), 'dist')
  const files = await gatherLesson(lesson)
  const app = express()
    .use('/dist', express.static(dist))
    .get('/package/*path', (request, response) => {
      const path = (request.params.path as string[]).join('/')
      const bytes = files.get(path)
      if (!bytes) return void response.status(404).end()
      response.type(path.slice(path.lastIndexOf('.'))).send(bytes)
    })
    .get('/', (_request, response) => {
      response.send(`<!doctype html><html lang="en"><meta charset="utf-8"><div id="here"></div>
<script src="/dist/main.bundle.js"></script><script>
const options = { h5pJsonPath: '/package', frameJs: '/dist/frame.bundle.js', frameCss: '/dist/styles/h5p.css' }
new H5PStandalone.H5P(document.getElementById('here'), options).then(() => {
  const said = []
  H5P.externalDispatcher.on('xAPI', (event) => said.push(JSON.parse(JSON.stringify(event.data.statement))))
  window.said = said
})</script>`)
    })
  const server = createServer(app)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const page = await browser.newPage()
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  await page.waitForFunction(() => 'said' in globalThis)
  return {
    page,
    lesson: page.frameLocator('iframe'),
    async close() {
      await page.close()
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}

test('an exported lesson plays under H5P’s own core, in its own language, and tells what was answered', async () => {
  const { page, lesson, close } = await openElsewhere('lua-dao-qua-mang')
  await lesson.getByText('Trang 1 / 5').waitFor()
  const width = () => lesson.getByRole('img').evaluate((image: HTMLImageElement) => image.naturalWidth)
  await expect.poll(width).toBe(720)
  await lesson.getByLabel('Sai', { exact: true }).check()
  await lesson.getByRole('button', { name: 'Kiểm tra' }).click()
  await lesson.getByText('Đúng rồi').waitFor()
  await lesson.getByRole('button', { name: 'Đọc tiếp' }).click()
  await lesson.getByRole('heading', { name: 'Bốn dấu hiệu' }).waitFor()
  const said = await page.evaluate(() => (globalThis as unknown as { said: object[] }).said)
  const answered = said.filter((each) => JSON.stringify(each).includes('verbs/answered'))
  expect(answered).toMatchObject([
    {
      object: {
        id: expect.stringMatching(/\?subContentId=ai-bi-lua$/),
        definition: { interactionType: 'true-false', correctResponsesPattern: ['false'] },
      },
      result: { response: 'false', success: true, score: { raw: 1, max: 1 } },
    },
  ])
  await close()
})
