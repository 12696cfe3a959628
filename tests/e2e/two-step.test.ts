import { TOTP } from 'otpauth'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readByAxe } from '../support/axe.ts'
import { openBrowser } from '../support/browser.ts'
import { openReader } from '../support/pages.ts'
import { type Product, startProduct } from '../support/product.ts'

const PASSWORD = 'cây tre trăm đốt 1954'
const OPERATOR = 'van-hanh@tinh.example'

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(async () => browser?.close())

describe.each(['vi', 'en'] as const)('where operators need two steps (%s)', (language) => {
  let product: Product
  let page: Page
  let complaints: string[]
  let close: () => Promise<void>
  let secret = ''
  let paper = ''

  beforeAll(async () => {
    product = await startProduct({ env: { SECOND_STEP: 'operators' } })
    const reader = await openReader(browser, product.url, { language, scheme: 'light', width: 360 })
    ;({ page, complaints } = reader)
    close = () => reader.context.close()
  }, 60_000)
  afterAll(async () => {
    await close?.()
    await product?.stop()
  })

  const press = async (selector: string, to: string | RegExp) =>
    Promise.all([page.waitForURL(to), page.click(selector)])
  const signIn = async () => {
    await page.goto(`${product.url}/sign-in?next=/operator`)
    await page.fill('#identifier', OPERATOR)
    await page.fill('#password', PASSWORD)
    await press('form[action="/sign-in"] button[type=submit]', /\/sign-in\/code$/)
  }
  const signOut = async () => {
    await page.goto(`${product.url}/me`)
    await press('main form[action="/sign-out"] button', `${product.url}/`)
  }
  /** A code that was not used: each works once, and the one after it from half a minute before. */
  const code = (steps = 0) => new TOTP({ secret }).generate({ timestamp: Date.now() + steps * 30_000 })

  test('the first operator is shown where to turn it on, and does', async () => {
    await page.goto(product.setupUrl)
    await page.fill('[name=name]', 'Lê Thị Vận')
    await page.fill('[name=identifier]', OPERATOR)
    await page.fill('[name=password]', PASSWORD)
    await press('main form button[type=submit]', `${product.url}/operator`)
    expect(await page.locator('main a[href="/me/second-factor"]').count()).toBe(1)
    expect(await readByAxe(page)).toEqual([])
    await press('main a[href="/me/second-factor"]', /second-factor$/)
    await press('main form[action$="/begin"] button', /second-factor\/new$/)
    secret = ((await page.textContent('main p > code')) ?? '').replaceAll(' ', '')
    expect(await readByAxe(page)).toEqual([])
    await page.fill('#code', code(-1))
    await press('main form[action$="/new"] button', /second-factor$/)
    expect((await page.goto(`${product.url}/operator`))?.status()).toBe(200)
  })

  test('prints codes, and from then on signs in with a code of the app or from paper, each once', async () => {
    await page.goto(`${product.url}/me/recovery-codes`)
    await page.click('main form button[type=submit]')
    paper = /[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}/.exec((await page.textContent('main')) ?? '')?.[0] ?? ''
    expect(paper).not.toBe('')
    await signOut()
    await signIn()
    expect(await readByAxe(page)).toEqual([])
    await page.fill('#code', paper.toLowerCase())
    await press('main form button[type=submit]', `${product.url}/operator`)
    await signOut()
    await signIn()
    await page.fill('#code', paper)
    await page.click('main form button[type=submit]')
    await page.waitForSelector('#errors')
    await page.fill('#code', code(1))
    await press('main form button[type=submit]', `${product.url}/operator`)
  })

  test('without the phone a day’s wait is offered and can be stopped; the log knows no code', async () => {
    const other = await openReader(browser, product.url, { language, scheme: 'dark', width: 1280 })
    const mine = page
    page = other.page
    await signIn()
    await press('main a[href="/sign-in/lost"]', /\/sign-in\/lost$/)
    expect(await readByAxe(page)).toEqual([])
    await page.click('main form button')
    await page.waitForSelector('.notice.warning')
    expect(await readByAxe(page)).toEqual([])
    page = mine
    await page.goto(product.url)
    await press('main form[action="/me/second-factor/keep"] button', /\/me\/second-factor$/)
    await page.goto(product.url)
    expect(await page.locator('form[action="/me/second-factor/keep"]').count()).toBe(0)
    for (const kept of [secret, paper, OPERATOR, PASSWORD]) expect(product.logged()).not.toContain(kept)
    expect([...complaints, ...other.complaints]).toEqual([])
    await other.context.close()
  })
})
