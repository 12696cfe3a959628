import { randomUUID } from 'node:crypto'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readByAxe } from '../support/axe.ts'
import { openBrowser } from '../support/browser.ts'
import { openPerson } from '../support/open-person.ts'
import { openReader } from '../support/pages.ts'
import { type Product, startProduct } from '../support/product.ts'
import { register } from '../support/register.ts'

const MOODLE = 'https://moodle.truong-mau.example'
const CLAIM = `${MOODLE}/question/question.php?cmid=7&id=12`
const WORDS = {
  vi: {
    masked: 'ng•••',
    figures: '1 mã đúng, 2 mã sai hoặc quá hạn',
    contested: 'bạn báo không phải của mình',
    merged: 'Đã hợp nhất vào đây',
  },
  en: {
    masked: 'ng•••',
    figures: 'one right code, 2 wrong or late',
    contested: 'you said that it is not yours',
    merged: 'Merged into this one',
  },
} as const

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

describe.each(['vi', 'en'] as const)(
  'an account of an LMS becomes a citizen’s by a code (%s)',
  (language) => {
    const words = WORDS[language]
    let product: Product
    let operator: Page
    let citizen: Page
    let code = ''
    let source = ''
    let credential = { key: '', secret: '' }
    let person = ''
    const closing: (() => Promise<void>)[] = []
    const complaints: string[][] = []

    async function reader(width: 360 | 1280): Promise<Page> {
      const opened = await openReader(browser, product.url, { language, scheme: 'light', width })
      complaints.push(opened.complaints)
      closing.push(() => opened.context.close())
      return opened.page
    }
    const press = (page: Page, selector: string) =>
      Promise.all([page.waitForNavigation(), page.click(selector)])
    /** What Moodle sends for a learner. */
    async function send(name: string, activity: string, response?: string): Promise<void> {
      const statement = {
        id: randomUUID(),
        actor: { objectType: 'Agent', account: { homePage: MOODLE, name } },
        verb: {
          id: `http://adlnet.gov/expapi/verbs/${response ? 'answered' : 'completed'}`,
          display: { en: 'x' },
        },
        object: { id: activity, definition: { name: { vi: activity.split('/').at(-1) } } },
        ...(response && { result: { response } }),
      }
      const answer = await fetch(`${product.url}/xapi/statements`, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          'X-Experience-API-Version': '1.0.3',
          Authorization: `Basic ${Buffer.from(`${credential.key}:${credential.secret}`).toString('base64')}`,
        },
        body: JSON.stringify([statement]),
      })
      expect(answer.status).toBe(200)
    }
    async function until(page: Page, path: string, text: string): Promise<void> {
      await expect
        .poll(async () => {
          await page.goto(`${product.url}${path}`)
          return page.textContent('main')
        })
        .toContain(text)
    }

    beforeAll(async () => {
      product = await startProduct()
      operator = await reader(1280)
      citizen = await reader(360)
      await operator.goto(product.setupUrl)
      await register(operator, 'Lê Thị Vận Hành', 'van-hanh@tinh.example')
      await citizen.goto(`${product.url}/register`)
      await register(citizen, 'Nguyễn Thị Mến', '0912 345 678')
    })
    afterAll(async () => {
      for (const close of closing) await close()
      await product.stop()
    })

    test('the LMS’s administrator says which question takes codes', async () => {
      await operator.goto(`${product.url}/lms/new`)
      await operator.fill('[name=name]', 'Moodle trường mẫu')
      await operator.fill('[name=homePages]', MOODLE)
      await press(operator, 'main form button[type=submit]')
      source = operator.url().replace(/\/credentials\/new.*/, '')
      await operator.fill('[name=label]', 'Máy chủ Moodle')
      await operator.click('main form button[type=submit]')
      await operator.waitForSelector('#secret')
      credential = { key: await operator.inputValue('#key'), secret: await operator.inputValue('#secret') }
      await operator.goto(`${source}/claim-activity`)
      await operator.fill('#activity', CLAIM)
      await press(operator, 'main form button.primary')
      expect(await operator.inputValue('#claim-activity')).toBe(CLAIM)
      expect(await readByAxe(operator)).toEqual([])
    })

    test('a typed code becomes a claim with a masked name; confirmed, both histories are one', async () => {
      await send('nguyen.men', `${MOODLE}/course/toan-10`)
      await citizen.goto(`${product.url}/me/link-code`)
      expect(await citizen.textContent('main')).toContain('Moodle trường mẫu')
      await press(citizen, 'main form button.primary')
      code = (await citizen.textContent('.shown-code'))!.trim()
      await send('nguyen.men', CLAIM, 'xin chào')
      await send('nguyen.men', CLAIM, code.toLowerCase())
      await until(citizen, '/me/links', words.masked)
      expect(await citizen.textContent('main')).not.toContain('nguyen.men')
      expect(await readByAxe(citizen)).toEqual([])
      await press(citizen, 'form[action^="/me/links/claims/"]:has([value=yes]) button')
      await until(citizen, '/me/transcript', 'toan-10')
      await citizen.goto(`${product.url}/me/links`)
      expect(await citizen.textContent('main')).toContain('nguyen.men (moodle.truong-mau.example)')
    })

    test('used again by another account, the code is nothing', async () => {
      await send('tran.binh', CLAIM, code)
      await operator.goto(source)
      await until(operator, new URL(source).pathname, '2')
      await citizen.goto(`${product.url}/me/links`)
      expect(await citizen.locator('form[action^="/me/links/claims/"]').count()).toBe(0)
    })

    test('an account that an officer linked by mistake is contested, gone at once, and the officer is told', async () => {
      await send('ba.ngoai', `${MOODLE}/course/may-va`)
      await operator.goto(`${product.url}/operator/people`)
      await openPerson(operator, 'Nguyễn Thị Mến')
      person = new URL(operator.url()).pathname
      await operator.goto(`${product.url}${person}/link`)
      await operator.fill('#identifier', `${MOODLE} ba.ngoai`)
      await operator.fill('#reason', 'Danh sách lớp')
      await operator.fill('#number', '12/QĐ-UBND')
      await operator.fill('#date', '2026-11-12')
      await press(operator, 'main form button.primary')
      await press(operator, 'main form button.primary')
      await until(citizen, '/me/transcript', 'may-va')
      await citizen.goto(`${product.url}/me/links`)
      expect(await citizen.textContent('main')).toContain('12/QĐ-UBND')
      await press(citizen, 'tr:has-text("ba.ngoai") a[href$="/contest"]')
      await press(citizen, 'main form button.danger')
      expect(await citizen.textContent('main')).toContain(words.contested)
      await citizen.goto(`${product.url}/me/transcript`)
      expect(await citizen.textContent('main')).not.toContain('may-va')
      await operator.goto(`${product.url}/operator`)
      await press(operator, 'a[href="/operator/contested"]')
      expect(await operator.textContent('main')).toContain('ba.ngoai')
      await press(operator, 'main form button')
      expect(await operator.textContent('main')).not.toContain('ba.ngoai')
    })

    test('a second record of the same citizen is merged, both sign-ins lead to one, and it is undone', async () => {
      const second = await reader(360)
      await second.goto(`${product.url}/register`)
      await register(second, 'Nguyễn Mến', '0987 654 321')
      await operator.goto(`${product.url}/operator/people`)
      await openPerson(operator, 'Nguyễn Mến')
      const other = new URL(operator.url()).pathname
      await operator.goto(`${product.url}${other}/merge`)
      await operator.fill('#into', '0912 345 678')
      await operator.fill('#reason', 'Cùng một căn cước')
      await press(operator, 'main form button.primary')
      await press(operator, 'main form button.primary')
      expect(new URL(operator.url()).pathname).toBe(person)
      expect(await operator.textContent('main')).toContain(words.merged)
      await until(second, '/me/transcript', 'toan-10')
      await operator.goto(`${product.url}${other}/merge/undo`)
      await operator.fill('#reason', 'Nhầm người')
      await press(operator, 'main form button.danger')
      await second.goto(`${product.url}/me/transcript`)
      expect(await second.textContent('main')).not.toContain('toan-10')
      await until(citizen, '/me/transcript', 'toan-10')
    })

    test('no code stands in the log or in the audit, and no console complained', async () => {
      const audit = await operator.request.get(`${product.url}/operator/audit.csv`)
      for (const text of [product.logged(), product.output(), await audit.text()]) {
        expect(text).not.toContain(code)
        expect(text.toLowerCase()).not.toContain(code.toLowerCase())
        expect(text).not.toContain('nguyen.men')
      }
      expect(complaints.flat()).toEqual([])
    })
  },
)
