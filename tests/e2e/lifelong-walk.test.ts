import { randomUUID } from 'node:crypto'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser } from '../support/browser.ts'
import { openReader } from '../support/pages.ts'
import { type Product, startProduct } from '../support/product.ts'
import { register } from '../support/register.ts'

const MOODLE = 'https://moodle.truong-mau.example'
const CLAIM = `${MOODLE}/question/question.php?cmid=7&id=12`
const CENTRE = 'Trung tâm học tập cộng đồng xã Mẫu'
const SCHOOL = 'Moodle trường mẫu'
const PORTAL = 'Cổng học tập tỉnh Mẫu'
const LEARNED = 'cách ủ phân từ rơm'
const COURSE = 'An toàn điện trong nhà'
const PART = 'Cầu dao và ổ cắm'
/** The words each reader looks for; everything else goes by the form's own names. */
const WORDS = {
  vi: {
    confirmed: 'Xác nhận',
    twins: 'Hai nơi cùng kể',
    once: '1 lần',
    parts: 'Các phần của khóa học',
    waits: 'chờ trả lời',
  },
  en: {
    confirmed: 'Confirmed',
    twins: 'Told by two',
    once: 'once',
    parts: 'Parts of the course',
    waits: 'waits for an answer',
  },
} as const

interface Credential {
  key: string
  secret: string
}

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

describe.each(['vi', 'en'] as const)('one citizen, one record, from the first day on (%s)', (language) => {
  const words = WORDS[language]
  let product: Product
  let operator: Page
  let staff: Page
  let citizen: Page
  let stranger: Page
  let work = ''
  let moodle: Credential
  let portal: Credential
  let share = ''
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
  const main = async (page: Page, path: string) => {
    await page.goto(`${product.url}${path}`)
    return (await page.textContent('main')) ?? ''
  }
  /** A source with a credential, as the administrator of an LMS makes them. */
  async function connect(name: string): Promise<Credential & { source: string }> {
    await operator.goto(`${product.url}/lms/new`)
    await operator.fill('[name=name]', name)
    if (name === SCHOOL) await operator.fill('[name=homePages]', MOODLE)
    await press(operator, 'main form button[type=submit]')
    const source = operator.url().replace(/\/credentials\/new.*/, '')
    await operator.fill('[name=label]', 'Máy chủ')
    await operator.click('main form button[type=submit]')
    await operator.waitForSelector('#secret')
    const [key, secret] = [await operator.inputValue('#key'), await operator.inputValue('#secret')]
    return { key, secret, source }
  }
  async function send(by: Credential, statement: object): Promise<void> {
    const answer = await fetch(`${product.url}/xapi/statements`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        'X-Experience-API-Version': '1.0.3',
        Authorization: `Basic ${Buffer.from(`${by.key}:${by.secret}`).toString('base64')}`,
      },
      body: JSON.stringify({
        id: randomUUID(),
        actor: { objectType: 'Agent', account: { homePage: MOODLE, name: 'nguyen.men' } },
        ...statement,
      }),
    })
    expect(answer.status).toBe(200)
  }
  const completed = (timestamp: string) => ({
    verb: { id: 'http://adlnet.gov/expapi/verbs/completed', display: { vi: 'đã hoàn thành' } },
    object: {
      id: `${MOODLE}/course/an-toan-dien`,
      definition: { name: { vi: COURSE }, type: 'http://adlnet.gov/expapi/activities/course' },
    },
    result: { completion: true, duration: 'PT40M' },
    timestamp,
  })

  beforeAll(async () => {
    product = await startProduct()
    ;[operator, staff] = [await reader(1280), await reader(1280)]
    ;[citizen, stranger] = [await reader(360), await reader(360)]
    await operator.goto(product.setupUrl)
    await register(operator, 'Lê Thị Vận Hành', 'van-hanh@tinh.example')
    await operator.goto(`${product.url}/operator/organisations/new`)
    await operator.fill('[name=name]', CENTRE)
    await operator.check('[name=kind][value=community-learning-centre]')
    await press(operator, 'main form button.primary')
    const centre = operator.url()
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
    await press(staff, 'form[action="/join/accept"] button')
    const school = await connect(SCHOOL)
    await operator.goto(`${school.source}/claim-activity`)
    await operator.fill('#activity', CLAIM)
    await press(operator, 'main form button.primary')
    moodle = school
    portal = await connect(PORTAL)
  })
  afterAll(async () => {
    for (const close of closing) await close()
    await product.stop()
  })

  test('registers, and an account of Moodle becomes theirs by a code', async () => {
    await send(moodle, completed('2026-11-20T02:00:00Z'))
    await citizen.goto(`${product.url}/register`)
    await register(citizen, 'Nguyễn Thị Mến', '0987 654 321')
    await citizen.goto(`${product.url}/me/link-code`)
    await press(citizen, 'main form button.primary')
    const code = (await citizen.textContent('.shown-code'))!.trim()
    await send(moodle, {
      verb: { id: 'http://adlnet.gov/expapi/verbs/answered' },
      object: { id: CLAIM },
      result: { response: code },
    })
    await expect.poll(() => main(citizen, '/me/links')).toContain('ng•••')
    await press(citizen, 'form[action^="/me/links/claims/"]:has([value=yes]) button')
    await expect.poll(() => main(citizen, '/me/transcript')).toContain(COURSE)
  })

  test('what another system tells of the same account is theirs by their word, and the same thing is one line', async () => {
    await send(portal, completed('2026-11-20T02:04:00Z'))
    await expect.poll(() => main(citizen, '/me/links')).toContain(PORTAL)
    await press(citizen, 'form:has([value=yes]) button')
    const lines = () => citizen.locator(`main a:has-text("${COURSE}")`)
    await expect
      .poll(async () => {
        await citizen.goto(`${product.url}/me/transcript`)
        await lines().first().click()
        return citizen.textContent('main')
      })
      .toContain(words.twins)
    await citizen.goto(`${product.url}/me/transcript`)
    expect(await lines().count()).toBe(1)
  })

  test('the match is wrong, so it is split', async () => {
    await citizen.click(`main a:has-text("${COURSE}")`)
    await citizen.click('main a[href$="/split"], main a[href*="/split?"]')
    await press(citizen, 'main form button.primary')
    await citizen.goto(`${product.url}/me/transcript`)
    expect(await citizen.locator(`main a:has-text("${COURSE}")`).count()).toBe(2)
  })

  test('a part of the course names it, and the course has the part', async () => {
    await send(moodle, {
      verb: { id: 'http://adlnet.gov/expapi/verbs/passed', display: { vi: 'đã đạt' } },
      object: { id: `${MOODLE}/quiz/cau-dao`, definition: { name: { vi: PART } } },
      result: { success: true, score: { raw: 8, max: 10 }, duration: 'PT15M' },
      context: { contextActivities: { grouping: [{ id: `${MOODLE}/course/an-toan-dien` }] } },
      timestamp: '2026-11-21T02:00:00Z',
    })
    await expect.poll(() => main(citizen, '/me/transcript')).toContain(PART)
    await citizen.click(`main a:has-text("${PART}")`)
    await press(citizen, `main .facts a:has-text("${COURSE}")`)
    const page = (await citizen.textContent('main')) ?? ''
    expect(page).toContain(words.parts)
    expect(page).toContain('8/10')
    expect(await citizen.locator(`main a:has-text("${PART}")`).count()).toBe(1)
  })

  test('a line of the diary is confirmed by the centre that was asked', async () => {
    await citizen.goto(`${product.url}/me/diary/new`)
    await citizen.fill('[name=what]', LEARNED)
    await citizen.check('[name=minutes][value="30"]')
    await citizen.check('[name=did][value=hanh]')
    await press(citizen, 'main form button.primary')
    await expect.poll(() => main(citizen, '/me/transcript')).toContain(LEARNED)
    await citizen.click(`main a:has-text("${LEARNED}")`)
    await citizen.click('main a[href$="/ask"]')
    await citizen.fill('[name=q]', 'xa mau')
    await citizen.click('main form button:has(svg)')
    await citizen.check('[name=organisation]')
    await press(citizen, 'main form.form button.primary')
    expect(await main(staff, `${work}/requests`)).toContain(LEARNED)
    await staff.goto(`${product.url}${work}/people`)
    await staff.fill('[name=q]', 'nguyen men')
    await staff.selectOption('[name=purpose]', 'confirm')
    await staff.click('main form.form button.primary')
    await staff.click('main tbody a:has-text("Nguyễn Thị Mến")')
    await press(staff, 'main form.form button.primary')
    await staff.check('[name=statement]')
    await press(staff, 'main form.form button.primary')
    await expect.poll(() => main(citizen, '/me/transcript')).toContain(words.confirmed)
    expect(await main(citizen, '/me/access')).toContain('Phạm Văn Xác')
  })

  test('shared for a week, opened by its reader, seen to be opened, taken back', async () => {
    await citizen.goto(`${product.url}/me/shares/new`)
    await citizen.getByRole('checkbox').first().check()
    await citizen.click('button[name=step][value=tell]')
    await citizen.fill('[name=reader]', 'Công ty Cổ phần May Hưng Yên')
    await citizen.fill('[name=purpose]', 'xét chức danh tổ trưởng')
    await citizen.check('[name=days][value="7"]')
    await press(citizen, 'button[name=step][value=create]')
    share = new URL(await citizen.inputValue('#link')).pathname
    await stranger.goto(`${product.url}${share}`)
    await press(stranger, 'main form button.primary')
    expect(await stranger.textContent('main')).toContain('Nguyễn Thị Mến')
    expect(await main(citizen, '/me/shares')).toContain(words.once)
    await citizen.click('main table a.cover')
    await press(citizen, 'main form button.danger')
    expect((await stranger.goto(`${product.url}${share}`))?.status()).toBe(410)
  })

  test('takes everything along', async () => {
    await citizen.goto(`${product.url}/me/archive`)
    await press(citizen, 'main form button.primary')
    const file = () => citizen.request.get(`${product.url}/me/archive/file`, { maxRedirects: 0 })
    await expect.poll(async () => (await file()).headers()['content-type']).toBe('application/zip')
    const names = (await (await file()).body()).toString('latin1')
    for (const name of ['manifest.json', 'statements']) expect(names).toContain(name)
  })

  test('no console complained', () => expect(complaints.flat()).toEqual([]))
})
