import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { agreeIfAsked } from '../support/agree.ts'
import { readByAxe } from '../support/axe.ts'
import { openBrowser } from '../support/browser.ts'
import { CLIENT, startTestProvider, type TestProvider } from '../support/oidc-provider.ts'
import { openReader } from '../support/pages.ts'
import { type Product, startProduct } from '../support/product.ts'

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(async () => browser?.close())

describe.each(['vi', 'en'] as const)('by another provider (%s)', (language) => {
  let provider: TestProvider
  let product: Product
  let page: Page
  let complaints: string[]
  let close: () => Promise<void>
  const HANG = {
    sub: `hang-${language}`,
    name: 'Đỗ Thị Hằng',
    email: `hang.${language}@tinh.example`,
    email_verified: true,
  }

  beforeAll(async () => {
    provider = await startTestProvider()
    const settings = {
      id: 'cong',
      name: 'Cổng tỉnh',
      issuer: provider.issuer,
      clientId: CLIENT.id,
      clientSecret: CLIENT.secret,
      scopes: 'openid profile email',
      claims: { email: { claim: 'email', verified: 'email_verified' } },
    }
    product = await startProduct({ env: { SIGN_IN_PROVIDERS: JSON.stringify([settings]) } })
    const reader = await openReader(browser, product.url, { language, scheme: 'light', width: 360 })
    ;({ page, complaints } = reader)
    close = () => reader.context.close()
  }, 60_000)
  afterAll(async () => {
    await close?.()
    await product?.stop()
    await provider?.close()
  })
  const signOut = async () => {
    await page.goto(`${product.url}/me`)
    await Promise.all([
      page.waitForURL(`${product.url}/`),
      page.click('main form[action="/sign-out"] button'),
    ])
  }
  const goThere = async () => {
    await page.goto(`${product.url}/sign-in`)
    await page.click('main a[href^="/sign-in/with/cong"]')
    await page.click('main a[href*="device=own"]')
  }

  test('while it is down that is said, and nothing is lost', async () => {
    await goThere()
    expect(await page.locator('h1').textContent()).toContain('Cổng tỉnh')
    expect(await readByAxe(page)).toEqual([])
    // The browser itself complains of a 503.
    complaints.length = 0
    provider.open([`${product.url}/sign-in/with/cong/back`])
  })

  test('leaving its page changes nothing', async () => {
    provider.account = null
    await goThere()
    await page.waitForURL(/\/back\?/)
    expect(await readByAxe(page)).toEqual([])
  })

  test('the first time it begins a record, then it opens it', async () => {
    provider.account = HANG
    await goThere()
    await page.waitForURL(/\/sign-in\/with\/cong\/new$/)
    expect(await page.inputValue('[name=name]')).toBe(HANG.name)
    expect(await readByAxe(page)).toEqual([])
    await Promise.all([page.waitForURL(`${product.url}/`), page.click('main form button[type=submit]')])
    await page.goto(`${product.url}/me/sign-in-with`)
    expect(await page.textContent('main table')).toContain('Cổng tỉnh')
    expect(await readByAxe(page)).toEqual([])
    await signOut()
    await goThere()
    await page.waitForURL(`${product.url}/`)
    expect(await page.textContent('h1')).toContain(HANG.name)
    await signOut()
  })

  test('another person there, who has a record here, ties it after signing in', async () => {
    provider.account = { sub: `men-${language}`, name: 'Mến' }
    await page.context().clearCookies({ domain: '127.0.0.1' })
    await page.goto(`${product.url}/register`)
    await page.fill('[name=name]', 'Nguyễn Thị Mến')
    await page.fill('[name=identifier]', '0912 345 678')
    await page.fill('[name=password]', 'cây tre trăm đốt 1954')
    await agreeIfAsked(page)
    await page.click('main form button[type=submit]')
    await page.waitForURL((url) => url.pathname !== '/register')
    await page.goto(`${product.url}/me/sign-in-with`)
    await page.click('main a[href^="/sign-in/with/cong"]')
    await page.waitForURL(/\/sign-in\/with\/cong\/new$/)
    expect(await readByAxe(page)).toEqual([])
    await Promise.all([page.waitForURL(/\/me\/sign-in-with$/), page.click('main form button')])
    await signOut()
    await goThere()
    await page.waitForURL(`${product.url}/`)
    expect(await page.textContent('h1')).toContain('Nguyễn Thị Mến')
    // Neither names nor subjects nor codes are in the log.
    for (const secret of ['Mến', 'men-', 'code=', HANG.email]) expect(product.logged()).not.toContain(secret)
    expect(complaints).toEqual([])
  })
})
