import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { agreeIfAsked } from '../support/agree.ts'
import { readByAxe } from '../support/axe.ts'
import { openBrowser } from '../support/browser.ts'
import { openReader } from '../support/pages.ts'
import { type Product, startProduct } from '../support/product.ts'

/** The words each reader looks for; everything else goes by the form's own names. */
const WORDS = {
  vi: { proven: 'Đã xác nhận', failed: 'chưa đúng', codesLeft: 'Còn 9 mã' },
  en: { proven: 'Confirmed on', failed: 'is not right', codesLeft: '9 codes are left' },
} as const
const FIRST = 'cây tre trăm đốt 1954'
const SECOND = 'thuyền về bến cũ chiều nay'
const THIRD = 'đàn cò trắng bay qua đồng'

let browser: Browser
let product: Product
beforeAll(async () => {
  ;[browser, product] = await Promise.all([openBrowser(), startProduct({ env: { NODE_ENV: 'development' } })])
})
afterAll(async () => {
  await Promise.all([browser?.close(), product?.stop()])
})

describe.each(['vi', 'en'] as const)('a forgotten password (%s)', (language) => {
  const identifier = `nguoi.hoc.${language}@hopthu.example`
  let page: Page
  let complaints: string[]
  let close: () => Promise<void>
  let printed = ''

  beforeAll(async () => {
    const reader = await openReader(browser, product.url, { language, scheme: 'light', width: 360 })
    page = reader.page
    complaints = reader.complaints
    close = () => reader.context.close()
  })
  afterAll(() => close())

  const press = (selector: string, to: string | RegExp) =>
    Promise.all([page.waitForURL(typeof to === 'string' ? product.url + to : to), page.click(selector)])
  /** The newest code that went to this reader. */
  async function code(): Promise<string> {
    const answer = await fetch(`${product.url}/-/outbox`)
    const letters = (await answer.text()).split('<article').filter((each) => each.includes(identifier))
    return /\b\d{6}\b/.exec(letters[0]?.replace(/<time.*?<\/time>/gs, '') ?? '')?.[0] ?? 'none'
  }
  async function signIn(password: string): Promise<void> {
    await page.goto(`${product.url}/sign-in`)
    await page.fill('[name=identifier]', identifier)
    await page.fill('[name=password]', password)
    await page.click('main form button')
  }

  test('register, and prove the e-mail address at once', async () => {
    await page.goto(`${product.url}/register?next=/lessons`)
    await page.fill('[name=name]', 'Nguyễn Thị Mến')
    await page.fill('[name=identifier]', identifier)
    await page.fill('[name=password]', FIRST)
    await agreeIfAsked(page)
    await press('main form button', /\/me\/identifiers\/start/)
    expect(await readByAxe(page)).toEqual([])
    await press('main form button', '/me/identifiers/code')
    expect(await readByAxe(page)).toEqual([])
    await page.fill('[name=code]', await code())
    await press('main form button', '/lessons')
    await page.goto(`${product.url}/me/identifiers`)
    expect(await page.textContent('main')).toContain(WORDS[language].proven)
    expect(await readByAxe(page)).toEqual([])
  })

  test('print recovery codes, and sign out', async () => {
    await page.goto(`${product.url}/me/recovery-codes`)
    await page.click('main form button')
    printed = (await page.textContent('.codes li >> nth=0')) ?? ''
    expect(printed).toMatch(/^[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}$/)
    expect(await readByAxe(page)).toEqual([])
    await page.goto(`${product.url}/me`)
    await press('form[action="/sign-out"] button', '/')
  })

  test('recover by code: the new password signs in, the old one no more', async () => {
    await page.goto(`${product.url}/sign-in`)
    await press('main a[href="/recover"]', '/recover')
    await page.fill('[name=identifier]', identifier)
    await press('main form button', '/recover/code')
    await page.fill('[name=code]', '000000')
    await page.fill('[name=password]', SECOND)
    await page.click('main form[action="/recover/code"] button')
    await page.waitForSelector('#errors')
    expect(await page.textContent('#errors')).toContain(WORDS[language].failed)
    expect(await readByAxe(page)).toEqual([])
    await page.fill('[name=code]', await code())
    await page.fill('[name=password]', SECOND)
    await press('main form[action="/recover/code"] button', '/sign-in')
    await signIn(FIRST)
    await page.waitForSelector('#errors')
    await signIn(SECOND)
    await page.waitForURL(`${product.url}/`)
  })

  test('recover by a printed code, once', async () => {
    await page.goto(`${product.url}/me`)
    await press('form[action="/sign-out"] button', '/')
    for (const [password, to] of [
      [THIRD, '/sign-in'],
      [SECOND, '/recover/printed'],
    ] as const) {
      await page.goto(`${product.url}/recover/printed`)
      await page.fill('[name=identifier]', identifier)
      await page.fill('[name=code]', printed.toLowerCase())
      await page.fill('[name=password]', password)
      await press('main form button', to)
    }
    await page.waitForSelector('#errors')
    expect(await readByAxe(page)).toEqual([])
    await signIn(THIRD)
    await page.waitForURL(`${product.url}/`)
    await page.goto(`${product.url}/me/recovery-codes`)
    expect(await page.textContent('main')).toContain(WORDS[language].codesLeft)
    expect(complaints).toEqual([])
  })
})
