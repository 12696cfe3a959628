import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { packLesson } from '../../h5p/pack.ts'
import { agreeIfAsked } from '../support/agree.ts'
import { readByAxe } from '../support/axe.ts'
import { openBrowser } from '../support/browser.ts'
import { openPerson } from '../support/open-person.ts'
import { openReader } from '../support/pages.ts'
import { playTrueFalse } from '../support/play.ts'
import { type Product, startProduct } from '../support/product.ts'

/** The words each reader looks for; everything else goes by the form's own names. */
const WORDS = {
  vi: { record: 'Hồ sơ học tập', published: 'Đã đăng “Rác nhà mình”', statements: 'Những gì đã ghi lại' },
  en: {
    record: 'Learning record',
    published: '“Rác nhà mình” is published',
    statements: 'What was recorded',
  },
} as const
const PASSWORD = 'cây tre trăm đốt 1954'
const HOME_PAGE = 'https://hoc.truong-mau.example'

let browser: Browser
let folder: string
let lessonFile: string
beforeAll(async () => {
  browser = await openBrowser()
  folder = await mkdtemp(join(tmpdir(), 'suotdoi-walk-'))
  lessonFile = join(folder, 'rac.h5p')
  await packLesson('phan-loai-rac', lessonFile)
})
afterAll(async () => {
  await browser.close()
  await rm(folder, { recursive: true })
})

describe.each(['vi', 'en'] as const)('from an empty folder to a citizen’s record (%s)', (language) => {
  const words = WORDS[language]
  let product: Product
  let operator: Page
  let citizen: Page
  const complaints: string[][] = []
  const closing: (() => Promise<void>)[] = []
  let credential = { key: '', secret: '' }
  let person = ''

  async function reader(width: 360 | 1280): Promise<Page> {
    const opened = await openReader(browser, product.url, { language, scheme: 'light', width })
    complaints.push(opened.complaints)
    closing.push(() => opened.context.close())
    return opened.page
  }
  async function register(page: Page, name: string, identifier: string, to = '/'): Promise<void> {
    await page.fill('[name=name]', name)
    await page.fill('[name=identifier]', identifier)
    await page.fill('[name=password]', PASSWORD)
    await agreeIfAsked(page)
    await page.click('main form button[type=submit]')
    await page.waitForURL(product.url + to)
  }
  beforeAll(async () => {
    product = await startProduct()
    operator = await reader(1280)
    citizen = await reader(360)
  })
  afterAll(async () => {
    for (const close of closing) await close()
    await product.stop()
  })

  test('the set-up link makes the operator, once', async () => {
    await operator.goto(product.setupUrl)
    await register(operator, 'Lê Thị Vận Hành', 'van-hanh@tinh.example', '/operator')
    expect((await operator.goto(product.setupUrl))?.status()).toBe(410)
  })

  test('the operator connects an LMS: a source, and a key and secret shown once', async () => {
    await operator.goto(`${product.url}/lms/new`)
    await operator.fill('[name=name]', 'Moodle trường mẫu')
    await operator.fill('[name=homePages]', HOME_PAGE)
    await operator.click('main form button[type=submit]')
    await operator.waitForURL(/\/credentials\/new/)
    const source = operator.url().replace(/\/credentials\/new.*/, '')
    await operator.fill('[name=label]', 'Máy chủ Moodle')
    await operator.click('main form button[type=submit]')
    await operator.waitForSelector('#secret')
    credential = {
      key: await operator.inputValue('#key'),
      secret: await operator.inputValue('#secret'),
    }
    expect(credential.secret.length).toBeGreaterThan(20)
    expect(await readByAxe(operator)).toEqual([])
    await operator.goto(source)
    expect(await operator.content()).not.toContain(credential.secret)
  })

  test('the citizen registers with a phone number', async () => {
    await citizen.goto(`${product.url}/register`)
    await register(citizen, 'Nguyễn Thị Mến', '0912 345 678')
    await citizen.goto(`${product.url}/me/transcript`)
    expect(await citizen.textContent('h1')).toBe(words.record)
    expect(await citizen.locator('main a[href^="/me/transcript/"]').count()).toBe(0)
  })

  test('the citizen plays a lesson to its end, and it is on the record', async () => {
    await citizen.goto(`${product.url}/lessons`)
    await citizen.click('main a[href="/lessons/phan-loai-rac"]')
    await citizen.click('main a[href="/lessons/phan-loai-rac/play"]')
    await playTrueFalse(citizen)
    await expect
      .poll(async () => {
        await citizen.goto(`${product.url}/me/transcript`)
        return citizen.textContent('main')
      })
      .toMatch(/Phân loại rác sinh hoạt tại nhà[\s\S]*8\/8/)
  })

  test('what the LMS sends under a linked account stands on the same record', async () => {
    await operator.goto(`${product.url}/operator/people`)
    await openPerson(operator, 'Nguyễn Thị Mến')
    person = new URL(operator.url()).pathname
    await operator.click(`main a[href="${person}/link"]`)
    await operator.fill('[name=identifier]', `${HOME_PAGE} 1024`)
    await operator.fill('[name=reason]', 'Phiếu ghi danh số 12, đã đối chiếu')
    await operator.fill('[name=number]', '12/QĐ-UBND')
    await operator.fill('[name=date]', '2026-11-12')
    await operator.click('main form button[type=submit]')
    // What it does is said before it is done.
    if (await operator.locator('main form button[type=submit]').count())
      await operator.click('main form button[type=submit]')
    await operator.waitForURL(new RegExp(`${person}$`))
    const answer = await send(product, credential)
    expect(answer.status).toBe(200)
    const sentAt = Date.now()
    let text = ''
    while (!text.includes('Toán 10') && Date.now() - sentAt < 30_000) {
      await citizen.goto(`${product.url}/me/transcript`)
      text = (await citizen.textContent('main')) ?? ''
    }
    expect(text).toContain('Toán 10')
    expect(text).toContain('Moodle trường mẫu')
    expect(text).toContain('Phân loại rác sinh hoạt tại nhà')
    expect(await readByAxe(citizen)).toEqual([])
  })

  test('each line opens the statements behind it', async () => {
    await citizen.click('main a[href^="/me/transcript/"]:has-text("Toán 10")')
    expect(await citizen.textContent('main')).toContain(words.statements)
    expect(await citizen.textContent('main')).toContain('Toán 10')
    expect(await readByAxe(citizen)).toEqual([])
  })

  test('the operator sees the LMS’s request, the statement and that the consumer is at the end', async () => {
    await operator.goto(`${product.url}/lms`)
    await operator.click('main a:has-text("Moodle trường mẫu")')
    await operator.waitForURL(/\/lms\/sources\/[^/]+$/)
    expect(await operator.textContent('main')).toContain('/statements')
    await operator.goto(`${product.url}/operator/statements`)
    await operator.click('main a[href^="/operator/statements/"]')
    await operator.waitForURL(/\/operator\/statements\/[^/]+$/)
    expect(await operator.textContent('main')).toContain('"stored"')
    await operator.goto(`${product.url}/operator/consumers`)
    expect(await operator.textContent('main')).toContain(words.record)
    expect(await readByAxe(operator)).toEqual([])
  })

  test('the operator makes somebody an author, who uploads a lesson and publishes it', async () => {
    const author = await reader(360)
    await author.goto(`${product.url}/register`)
    await register(author, 'Trần Văn Soạn', 'soan@truong.example')
    expect((await author.goto(`${product.url}/author`))?.status()).toBe(403)
    await operator.goto(`${product.url}/operator/people`)
    await openPerson(operator, 'Trần Văn Soạn')
    await operator.click('main a[href$="/grant/author"]')
    await operator.click('main form button[type=submit]')
    await operator.waitForURL(/\/operator\/people\/[^/]+$/)

    await author.goto(`${product.url}/author/upload`)
    await author.setInputFiles('[name=package]', lessonFile)
    await author.fill('[name=title]', 'Rác nhà mình')
    await author.selectOption('[name=topics]', { index: 1 })
    await author.click('main form button[type=submit]')
    await author.click('main form[action$="/publish"] button', { timeout: 15_000 })
    await author.waitForSelector(`text=${words.published}`)
    await citizen.goto(`${product.url}/lessons`)
    expect(await citizen.textContent('main')).toContain('Rác nhà mình')
  }, 40_000)

  test('no page complained on its console', () => {
    expect(complaints.flat()).toEqual([])
  })

  test('the citizen signs out, and the record is closed', async () => {
    await citizen.goto(`${product.url}/me`)
    await Promise.all([citizen.waitForNavigation(), citizen.click('main form[action="/sign-out"] button')])
    await citizen.goto(`${product.url}/me/transcript`)
    expect(new URL(citizen.url()).pathname).toBe('/sign-in')
  })
})

/** As Moodle's log store sends: an array, by Basic, in version 1.0.3. */
function send(product: Product, { key, secret }: { key: string; secret: string }): Promise<Response> {
  return fetch(`${product.url}/xapi/statements`, {
    method: 'POST',
    headers: {
      Authorization: `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}`,
      'Content-Type': 'application/json',
      'X-Experience-API-Version': '1.0.3',
    },
    body: JSON.stringify([
      {
        actor: { name: 'Nguyễn Thị Mến', account: { homePage: HOME_PAGE, name: '1024' } },
        verb: { id: 'http://adlnet.gov/expapi/verbs/completed', display: { en: 'completed' } },
        object: {
          id: `${HOME_PAGE}/course/view.php?id=7`,
          definition: {
            type: 'http://lrs.learninglocker.net/define/type/moodle/course',
            name: { vi: 'Toán 10' },
          },
        },
        result: { completion: true, success: true, score: { raw: 85, min: 0, max: 100, scaled: 0.85 } },
        timestamp: new Date().toISOString(),
      },
    ]),
  })
}
