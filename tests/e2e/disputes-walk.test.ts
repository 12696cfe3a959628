import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readByAxe } from '../support/axe.ts'
import { openBrowser } from '../support/browser.ts'
import { openPerson } from '../support/open-person.ts'
import { openReader } from '../support/pages.ts'
import { type Product, startProduct } from '../support/product.ts'
import { register } from '../support/register.ts'

const HOME = 'https://moodle.truong-mau.example'
const OFFICE = 'Phòng Giáo dục xã Mẫu'
const WORDS = {
  vi: {
    looked: 'Đang được xem lại',
    stays: 'giữ nguyên',
    corrected: 'đã sửa',
    gone: 'đã hủy mọi ghi nhận',
    hidden: 'không cho xem nữa',
  },
  en: {
    looked: 'Being looked at',
    stays: 'stays as it is',
    corrected: 'corrected',
    gone: 'has voided all of it',
    hidden: 'by the learner’s wish',
  },
} as const

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

describe.each(['vi', 'en'] as const)('a line is disputed until it is answered (%s)', (language) => {
  const words = WORDS[language]
  let product: Product
  let operator: Page
  let citizen: Page
  let officer: Page
  let source = ''
  let office = ''
  let line = ''
  let dispute = ''
  let share = ''
  let credential = { key: '', secret: '' }
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
  async function send(statement: object): Promise<string[]> {
    const answer = await fetch(`${product.url}/xapi/statements`, {
      method: 'POST',
      headers: {
        Authorization: `Basic ${Buffer.from(`${credential.key}:${credential.secret}`).toString('base64')}`,
        'Content-Type': 'application/json',
        'X-Experience-API-Version': '1.0.3',
      },
      body: JSON.stringify(statement),
    })
    expect(answer.status).toBe(200)
    return (await answer.json()) as string[]
  }
  const told = (course: string) => ({
    actor: { account: { homePage: HOME, name: '1024' } },
    verb: { id: 'http://adlnet.gov/expapi/verbs/completed', display: { en: 'completed' } },
    object: { id: `${HOME}/course/${course}`, definition: { name: { vi: `Khóa ${course}` } } },
    result: { completion: true, score: { raw: 7, max: 10 } },
  })
  async function lineOf(course: string): Promise<string> {
    const link = citizen.locator(`main a[href^="/me/transcript/"]:has-text("Khóa ${course}")`)
    await expect
      .poll(async () => {
        await citizen.goto(`${product.url}/me/transcript`)
        return link.count()
      })
      .toBe(1)
    return `${product.url}${await link.getAttribute('href')}`
  }
  async function report(page: string, kind: string, text: string): Promise<string> {
    await citizen.goto(page)
    await press(citizen, 'main a[href$="/dispute"]')
    await citizen.check(`[name=kind][value=${kind}]`)
    await citizen.fill('[name=words]', text)
    expect(await readByAxe(citizen)).toEqual([])
    await press(citizen, 'main form button.primary')
    expect(new URL(citizen.url()).pathname).toMatch(/^\/me\/disputes\//)
    return citizen.url().split('/').at(-1) ?? ''
  }

  beforeAll(async () => {
    product = await startProduct()
    operator = await reader(1280)
    citizen = await reader(360)
    officer = await reader(1280)
    await operator.goto(product.setupUrl)
    await register(operator, 'Lê Thị Vận Hành', 'van-hanh@tinh.example')
    await operator.goto(`${product.url}/operator/organisations/new`)
    await operator.fill('[name=name]', OFFICE)
    await operator.check('[name=kind][value=authority]')
    await press(operator, 'main form button.primary')
    office = operator.url()
    await operator.goto(`${office}/invitations/new`)
    await operator.check('[name=roles][value=officer]')
    await press(operator, 'main form button.primary')
    await officer.goto(await operator.inputValue('#secret'))
    await officer.waitForSelector('a[href="/register?next=/join"]')
    await press(officer, 'a[href="/register?next=/join"]')
    await register(officer, 'Phạm Văn Cán', 'can-bo@xa.example')
    await officer.goto(`${product.url}/join`)
    await press(officer, 'form[action="/join/accept"] button')

    await operator.goto(`${product.url}/lms/new`)
    await operator.fill('[name=name]', 'Moodle trường mẫu')
    await operator.fill('[name=homePages]', HOME)
    await press(operator, 'main form button[type=submit]')
    source = operator.url().replace(/\/credentials\/new.*/, '')
    await operator.fill('[name=label]', 'Moodle')
    await operator.click('main form button[type=submit]')
    await operator.waitForSelector('#secret')
    credential = { key: await operator.inputValue('#key'), secret: await operator.inputValue('#secret') }

    await citizen.goto(`${product.url}/register`)
    await register(citizen, 'Nguyễn Thị Mến', '0912 345 678')
    await operator.goto(`${product.url}/operator/people`)
    await openPerson(operator, 'Nguyễn Thị Mến')
    await press(operator, 'main a[href$="/link"]')
    await operator.fill('[name=identifier]', `${HOME} 1024`)
    await operator.fill('[name=reason]', 'Phiếu ghi danh')
    await operator.fill('[name=number]', '12/QĐ')
    await operator.fill('[name=date]', '2026-11-12')
    await press(operator, 'main form button[type=submit]')
    if (await operator.locator('[name=confirmed]').count()) await press(operator, 'main form button.primary')
    await send(told('1'))
  }, 120_000)
  afterAll(async () => {
    for (const close of closing) await close()
    await product.stop()
  })

  test('the citizen says that a line is wrong, and it is marked', async () => {
    line = await lineOf('1')
    dispute = await report(line, 'result', 'Tôi được 9 điểm.')
    await citizen.goto(`${product.url}/me/transcript`)
    expect(await citizen.textContent('main')).toContain(words.looked)
    expect(await readByAxe(citizen)).toEqual([])
    await citizen.goto(line)
    expect(await citizen.textContent('main')).toContain(words.looked)
    expect(await readByAxe(citizen)).toEqual([])
  })

  test('the source’s page passes it on, and an officer answers', async () => {
    await operator.goto(source)
    await press(operator, 'main a[href$="/disputes"]')
    expect(await readByAxe(operator)).toEqual([])
    await press(operator, 'main tbody a')
    expect(await operator.textContent('main')).toContain('Tôi được 9 điểm.')
    expect(await readByAxe(operator)).toEqual([])
    await operator.check('[name=outcome][value=pass-on]')
    await operator.fill('[name=organisation]', OFFICE)
    await press(operator, 'main form button.primary')

    await officer.goto(office)
    await press(officer, 'main a[href$="/disputes"]')
    expect(await readByAxe(officer)).toEqual([])
    await press(officer, 'main tbody a')
    expect(await readByAxe(officer)).toEqual([])
    await officer.check('[name=outcome][value=not-corrected]')
    await officer.fill('[name=words]', 'Sổ điểm ghi 7.')
    await press(officer, 'main form button.primary')

    await operator.goto(`${source}/disputes/${dispute}`)
    expect(await operator.locator('[name=outcome]').count()).toBe(0)
    await citizen.goto(product.url)
    expect(await citizen.textContent('main')).toContain(words.stays)
    expect(await readByAxe(citizen)).toEqual([])
    await citizen.goto(line)
    expect(await citizen.textContent('main')).toContain('Sổ điểm ghi 7.')
  })

  test('another is voided by the source itself: that is the answer, and the record follows', async () => {
    const [statement] = await send(told('2'))
    const second = await report(await lineOf('2'), 'not-mine', 'Tôi không học khóa này.')
    await send({
      actor: { account: { homePage: HOME, name: 'admin' } },
      verb: { id: 'http://adlnet.gov/expapi/verbs/voided' },
      object: { objectType: 'StatementRef', id: statement },
    })
    await expect
      .poll(async () => {
        await citizen.goto(`${product.url}/me/disputes/${second}`)
        return citizen.textContent('main')
      })
      .toContain(words.gone)
    expect(await citizen.textContent('main')).toContain(words.corrected)
    await expect
      .poll(async () => {
        await citizen.goto(`${product.url}/me/transcript`)
        return citizen.textContent('main')
      })
      .not.toContain('Khóa 2')
  })

  test('what is hidden goes from what was shared before', async () => {
    await citizen.goto(line)
    await press(citizen, 'main a[href^="/me/shares/new"]')
    await press(citizen, 'main form button.primary')
    await citizen.fill('#reader', 'Công ty May')
    await citizen.fill('#purpose', 'xin việc')
    await press(citizen, 'main form button.primary')
    share = new URL(await citizen.inputValue('#link')).pathname
    await citizen.goto(line)
    await press(citizen, 'main form[action$="/hidden"] button')
    expect(await readByAxe(citizen)).toEqual([])
    const stranger = await reader(360)
    await stranger.goto(`${product.url}${share}`)
    await press(stranger, 'main form button')
    expect(await stranger.textContent('main')).toContain(words.hidden)
    expect(await stranger.textContent('main')).not.toContain('Khóa 1')
    expect(await readByAxe(stranger)).toEqual([])
    expect(complaints.flat()).toEqual([])
  })
})
