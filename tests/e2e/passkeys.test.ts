import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { agreeIfAsked } from '../support/agree.ts'
import { readByAxe } from '../support/axe.ts'
import { openBrowser } from '../support/browser.ts'
import { openReader } from '../support/pages.ts'
import { type Product, startProduct } from '../support/product.ts'

let browser: Browser
let product: Product
let context: BrowserContext
let page: Page
let complaints: string[]
let device: CDPSession
let authenticatorId: string

beforeAll(async () => {
  ;[browser, product] = await Promise.all([openBrowser(), startProduct()])
  const reader = await openReader(browser, product.url, { language: 'vi', scheme: 'light', width: 360 })
  ;({ context, page, complaints } = reader)
  // A phone that keeps passkeys and asks for a finger.
  device = await context.newCDPSession(page)
  await device.send('WebAuthn.enable')
  ;({ authenticatorId } = await device.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  }))
}, 120_000)
afterAll(async () => {
  await context?.close()
  await browser?.close()
  await product?.stop()
})

test('a citizen adds a passkey on the phone', async () => {
  await page.goto(`${product.url}/register`)
  await page.fill('[name=name]', 'Nguyễn Thị Mến')
  await page.fill('[name=identifier]', '0912 345 678')
  await page.fill('[name=password]', 'cây tre trăm đốt 1954')
  await agreeIfAsked(page)
  await page.click('main form button[type=submit]')
  await page.waitForURL((url) => url.pathname !== '/register')
  await page.goto(`${product.url}/me/passkeys`)
  await page.click('main a[href="/me/passkeys/new"]')
  await page.fill('#name', 'Điện thoại của tôi')
  expect(await readByAxe(page)).toEqual([])
  await Promise.all([page.waitForURL(/\/me\/passkeys$/), page.click('main form button[type=submit]')])
  expect(await page.textContent('main table')).toContain('Điện thoại của tôi')
  expect(await readByAxe(page)).toEqual([])
})

test('and signs in with it, also at a shared device, without typing anything', async () => {
  await page.goto(`${product.url}/me`)
  await Promise.all([page.waitForURL(`${product.url}/`), page.click('main form[action="/sign-out"] button')])
  await page.goto(`${product.url}/sign-in?next=/me/sessions`)
  expect(await readByAxe(page)).toEqual([])
  await page.check('#shared')
  await Promise.all([page.waitForURL(/\/me\/sessions$/), page.click('form[data-passkey] button')])
  expect(await page.textContent('.shared-bar')).toContain('Máy dùng chung')
  await Promise.all([page.waitForURL(`${product.url}/`), page.click('.shared-bar button')])
})

test('a finger that does not fit, and a phone that is not there, are said, and the password is still a way', async () => {
  await page.goto(`${product.url}/sign-in`)
  await device.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false })
  await device.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId })
  await device.send('WebAuthn.disable')
  // As a browser answers when its reader closes the window that asks.
  await page.evaluate(() => {
    navigator.credentials.get = () => Promise.reject(new DOMException('closed', 'NotAllowedError'))
  })
  await page.click('form[data-passkey] button')
  await page.waitForSelector('[data-passkey-failed]:not([hidden])')
  await page.fill('#identifier', '0912 345 678')
  await page.fill('#password', 'cây tre trăm đốt 1954')
  await Promise.all([
    page.waitForURL(`${product.url}/`),
    page.click('form[action="/sign-in"] button[type=submit]'),
  ])
  expect(complaints).toEqual([])
})
