import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { packLesson } from '../../h5p/pack.ts'
import { agreeIfAsked } from '../support/agree.ts'
import { openBrowser } from '../support/browser.ts'
import { openReader } from '../support/pages.ts'
import { type Product, run, startProduct } from '../support/product.ts'

const PASSWORD = 'cây tre trăm đốt 1954'
const CENTRE = 'Trung tâm học tập cộng đồng xã Mẫu'
/** The words each reader looks for; everything else goes by the form's own names. */
const WORDS = {
  vi: {
    forOthers: 'Trang này dành cho người khác',
    accepted: `Bạn đã vào ${CENTRE}`,
    handed: 'Đã chuyển 1 bài',
    editor: 'biên tập',
  },
  en: {
    forOthers: 'This page is for others',
    accepted: `You are now in ${CENTRE}`,
    handed: 'One lesson now belongs',
    editor: 'editor',
  },
} as const

let browser: Browser
let folder: string
let lessonFile: string
beforeAll(async () => {
  browser = await openBrowser()
  folder = await mkdtemp(join(tmpdir(), 'suotdoi-organisations-'))
  lessonFile = join(folder, 'rac.h5p')
  await packLesson('phan-loai-rac', lessonFile)
})
afterAll(async () => {
  await browser.close()
  await rm(folder, { recursive: true })
})

describe.each(['vi', 'en'] as const)('from a lost operator to a handed-over lesson (%s)', (language) => {
  const words = WORDS[language]
  let product: Product
  let operator: Page
  let manager: Page
  let author: Page
  let heir: Page
  const complaints: string[][] = []
  const closing: (() => Promise<void>)[] = []
  let centre = ''
  let lesson = ''

  async function reader(width: 360 | 1280): Promise<Page> {
    const opened = await openReader(browser, product.url, { language, scheme: 'light', width })
    complaints.push(opened.complaints)
    closing.push(() => opened.context.close())
    return opened.page
  }
  /** From an invitation that is shown to a new account that has accepted it. */
  async function registerAndAccept(page: Page, name: string, identifier: string): Promise<void> {
    await page.click('a[href="/register?next=/join"]')
    await page.fill('[name=name]', name)
    await page.fill('[name=identifier]', identifier)
    await page.fill('[name=password]', PASSWORD)
    await agreeIfAsked(page)
    await page.click('main form button[type=submit]')
    await page.waitForURL((url) => !url.pathname.endsWith('/register'))
    if (!page.url().endsWith('/join')) await page.goto(`${product.url}/join`)
    await Promise.all([
      page.waitForURL(/\/(organisations\/|operator$)/),
      page.click('form[action="/join/accept"] button'),
    ])
  }
  async function invite(page: Page, kind: 'link' | 'code', role: string): Promise<string> {
    await page.goto(`${centre}/invitations/new`)
    await page.check(`[name=roles][value=${role}]`)
    await page.check(`[name=kind][value=${kind}]`)
    await page.click('main form button.primary')
    await page.waitForSelector('#secret')
    const secret = page.locator('#secret')
    return kind === 'link' ? secret.inputValue() : ((await secret.textContent()) ?? '')
  }

  beforeAll(async () => {
    product = await startProduct()
    operator = await reader(1280)
    manager = await reader(1280)
    author = await reader(360)
    heir = await reader(360)
  })
  afterAll(async () => {
    for (const close of closing) await close()
    await product.stop()
  })

  test('the machine’s command makes an operator of a new account; its link works once', async () => {
    const env = { DATA_DIR: product.dataDir, STORE_URL: product.storeUrl, PUBLIC_URL: product.url }
    const recovered = await run(['app/cli/main.ts', 'operator', 'recover'], env)
    expect([recovered.code, recovered.err]).toEqual([0, ''])
    const link = new URL(recovered.out.trim())
    await operator.goto(`${product.url}/join${link.hash}`)
    await registerAndAccept(operator, 'Lê Thị Vận Hành', 'van-hanh@tinh.example')
    expect(operator.url()).toBe(`${product.url}/operator`)
    await heir.goto(`${product.url}/join${link.hash}`)
    await heir.waitForSelector('#errors')
  })

  test('the operator adds a centre and invites who manages it, who invites an author by reading a code', async () => {
    await operator.goto(`${product.url}/operator/organisations/new`)
    await operator.fill('[name=name]', CENTRE)
    await operator.check('[name=kind][value=community-learning-centre]')
    await Promise.all([
      operator.waitForURL(/\/organisations\/[^/]+$/),
      operator.click('main form button.primary'),
    ])
    centre = operator.url()
    await manager.goto(await invite(operator, 'link', 'manager'))
    await manager.waitForURL(`${product.url}/join`)
    await registerAndAccept(manager, 'Phạm Văn Quản', '0912 345 678')
    expect(await manager.locator('.toast').first().textContent()).toContain(words.accepted)

    const code = await invite(manager, 'code', 'author')
    await author.goto(`${product.url}/join`)
    await author.fill('[name=invitation]', code.toLowerCase().replace('-', ' '))
    await author.click('main form button.primary')
    await author.waitForSelector('a[href="/register?next=/join"]')
    await registerAndAccept(author, 'Ngô Văn Soạn', '0987 654 321')
  })

  test('the author’s lesson belongs to the centre', async () => {
    await author.goto(`${product.url}/author/upload`)
    await author.setInputFiles('[name=package]', lessonFile)
    await Promise.all([author.waitForURL(/\/author\/(?!upload)/), author.click('main form button.primary')])
    lesson = author.url()
    await manager.goto(`${centre}/lessons`)
    expect(await manager.locator('main').textContent()).toContain('Ngô Văn Soạn')
  })

  test('roles that are taken end with the next page, and the lesson goes to another author', async () => {
    await manager.goto(`${centre}/members?role=author`)
    await manager.click('main tbody a')
    await manager.waitForURL(/\/members\/[^/]+$/)
    const member = manager.url()
    await manager.goto(`${member}/remove`)
    await manager.fill('[name=reason]', 'chuyển công tác')
    await Promise.all([manager.waitForURL(member), manager.click('main form button.danger')])
    expect((await author.goto(lesson))?.status()).toBe(403)
    expect(await author.textContent('h1')).toBe(words.forOthers)

    await heir.goto(await invite(manager, 'link', 'author'))
    await heir.waitForSelector('a[href="/register?next=/join"]')
    // The newer invitation takes the place of the one before.
    await heir.goto(await invite(manager, 'link', 'editor'))
    await heir.waitForSelector(`main li:has-text("${words.editor}")`)
    await registerAndAccept(heir, 'Lý Thị Nhận', '0977 111 222')
    await manager.goto(`${member}/lessons`)
    await manager.selectOption('[name=to]', { label: 'Lý Thị Nhận' })
    await Promise.all([manager.waitForURL(member), manager.click('main form button.primary')])
    expect(await manager.locator('.toast').first().textContent()).toContain(words.handed)
    expect((await heir.goto(lesson))?.status()).toBe(200)
    expect(complaints.flat()).toEqual([])
  })
})
