import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser } from '../support/browser.ts'
import { openReader } from '../support/pages.ts'
import { type Product, startProduct } from '../support/product.ts'
import { register } from '../support/register.ts'

const CENTRE = 'Trung tâm học tập cộng đồng xã Mẫu'
const LEARNED = 'cách ủ phân từ rơm'
/** The words each reader looks for; everything else goes by the form's own names. */
const WORDS = {
  vi: {
    waits: 'chờ trả lời',
    selfTold: 'Tự khai',
    confirmed: 'Xác nhận',
    why: 'xác nhận việc học',
    withdrawn: 'đã rút xác nhận',
  },
  en: {
    waits: 'waits for an answer',
    selfTold: 'Self-declared',
    confirmed: 'Confirmed',
    why: 'to confirm learning',
    withdrawn: 'withdrew its confirmation',
  },
} as const

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(async () => {
  await browser.close()
})

describe.each(['vi', 'en'] as const)('from a diary line to a confirmed one, and back (%s)', (language) => {
  const words = WORDS[language]
  let product: Product
  let operator: Page
  let staff: Page
  let citizen: Page
  const complaints: string[][] = []
  const closing: (() => Promise<void>)[] = []
  let centre = ''
  let work = ''

  async function reader(width: 360 | 1280): Promise<Page> {
    const opened = await openReader(browser, product.url, { language, scheme: 'light', width })
    complaints.push(opened.complaints)
    closing.push(() => opened.context.close())
    return opened.page
  }
  const main = async (page: Page, path: string) => {
    await page.goto(`${product.url}${path}`)
    return (await page.textContent('main')) ?? ''
  }

  beforeAll(async () => {
    product = await startProduct()
    operator = await reader(1280)
    staff = await reader(1280)
    citizen = await reader(360)
  })
  afterAll(async () => {
    for (const close of closing) await close()
    await product.stop()
  })

  test('an operator adds a centre and invites somebody of its staff', async () => {
    await operator.goto(product.setupUrl)
    await register(operator, 'Lê Thị Vận Hành', 'van-hanh@tinh.example')
    await operator.goto(`${product.url}/operator/organisations/new`)
    await operator.fill('[name=name]', CENTRE)
    await operator.check('[name=kind][value=community-learning-centre]')
    await Promise.all([
      operator.waitForURL(/\/organisations\/[^/]+$/),
      operator.click('main form button.primary'),
    ])
    centre = operator.url()
    work = new URL(centre).pathname.replace('/organisations/', '/centre/')
    await operator.goto(`${centre}/invitations/new`)
    await operator.check('[name=roles][value=centre-staff]')
    await operator.check('[name=kind][value=link]')
    await operator.click('main form button.primary')
    await operator.waitForSelector('#secret')
    await staff.goto(await operator.inputValue('#secret'))
    await staff.click('a[href="/register?next=/join"]')
    await register(staff, 'Phạm Văn Xác', '0912 345 678')
    if (!staff.url().endsWith('/join')) await staff.goto(`${product.url}/join`)
    await Promise.all([
      staff.waitForURL(/\/organisations\//),
      staff.click('form[action="/join/accept"] button'),
    ])
    await staff.goto(`${product.url}/centre`)
    expect(new URL(staff.url()).pathname).toBe(work)
  })

  test('a citizen writes down what they learned, and asks the centre to confirm it', async () => {
    await citizen.goto(`${product.url}/register`)
    await register(citizen, 'Nguyễn Thị Hoà', '0987 654 321')
    await citizen.goto(`${product.url}/me/diary/new`)
    await citizen.fill('[name=what]', LEARNED)
    await citizen.check('[name=minutes][value="30"]')
    await citizen.check('[name=did][value=hanh]')
    await citizen.click('main form button.primary')
    await expect.poll(() => main(citizen, '/me/transcript')).toContain(LEARNED)
    expect(await main(citizen, '/me/access')).not.toContain('Phạm Văn Xác')
    await citizen.goto(`${product.url}/me/transcript`)
    await citizen.click(`main a:has-text("${LEARNED}")`)
    await citizen.click('main a[href$="/ask"]')
    await citizen.fill('[name=q]', 'trung tam xa mau')
    await citizen.click('main form button:has(svg)')
    await citizen.check('[name=organisation]')
    await citizen.fill('[name=words]', 'tôi làm ở tổ 3')
    await Promise.all([
      citizen.waitForURL(/\/me\/confirmations$/),
      citizen.click('main form.form button.primary'),
    ])
    expect(await citizen.textContent('main')).toContain(words.waits)
  })

  test('staff find the citizen by name, say why, and confirm', async () => {
    await staff.goto(`${product.url}${work}/people`)
    await staff.fill('[name=q]', 'nguyen hoa')
    await staff.selectOption('[name=purpose]', 'confirm')
    await staff.click('main form.form button.primary')
    await staff.click('main tbody a:has-text("Nguyễn Thị Hoà")')
    // What was chosen for the search is offered, and given by pressing once more.
    await Promise.all([staff.waitForURL(/\/people\/[^/]+$/), staff.click('main form.form button.primary')])
    await staff.check('[name=statement]')
    await Promise.all([staff.waitForURL(/\/people\/[^/]+$/), staff.click('main form.form button.primary')])
    expect(await main(staff, `${work}/requests`)).not.toContain(LEARNED)
  })

  test('the citizen sees it confirmed, and who looked', async () => {
    await expect.poll(() => main(citizen, '/me/transcript')).toContain(words.confirmed)
    expect(await main(citizen, '/')).toContain(CENTRE)
    const looked = await main(citizen, '/me/access')
    for (const each of ['Phạm Văn Xác', CENTRE, words.why]) expect(looked).toContain(each)
  })

  test('staff withdraw it, and the citizen is told why', async () => {
    await staff.goto(`${product.url}${work}/people`)
    await staff.fill('[name=q]', 'hoa')
    await staff.click('main form.form button.primary')
    await staff.click('main tbody a:has-text("Nguyễn Thị Hoà")')
    await staff.click('main a[href$="/withdraw"]')
    await staff.fill('[name=reason]', 'nhầm người')
    await Promise.all([staff.waitForURL(/\/people\/[^/]+$/), staff.click('main form button.danger')])
    await expect.poll(() => main(citizen, '/')).toContain(words.withdrawn)
    await expect
      .poll(async () => {
        await citizen.goto(`${product.url}/me/transcript`)
        return citizen.locator('main .badge').allTextContents()
      })
      .toEqual([words.selfTold])
    expect(complaints.flat()).toEqual([])
  })
})
