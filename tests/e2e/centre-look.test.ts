import { mkdirSync } from 'node:fs'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Organisation, Person } from '../../profiles/index.ts'
import { PASSWORD } from '../../web/testing/services.ts'
import { bringAxe } from '../support/axe.ts'
import { openBrowser } from '../support/browser.ts'
import { type CentreSite, openCentreSite } from '../support/centre-site.ts'
import { judge } from '../support/judge.ts'
import { type Look, openReader } from '../support/pages.ts'

/** Folder for a photograph of every page, to be looked at; nothing is kept without it. */
const PHOTOS = process.env.PHOTOS

const LOOKS: Look[] = [
  { language: 'vi', scheme: 'light', width: 360 },
  { language: 'vi', scheme: 'dark', width: 1280 },
  { language: 'en', scheme: 'light', width: 1280 },
  { language: 'en', scheme: 'dark', width: 360 },
]
const LONG = 'Nguyễn Hoàng Thị Tuyết Nhung Phương Thảo Công Tằng Tôn Nữ'

let browser: Browser
let site: CentreSite
let server: Server
let url: string
let full: Organisation
let empty: Organisation
let hoa: Person
let nobody: Person
let line = ''
let statement = ''
const classes = { full: '', empty: '' }

beforeAll(async () => {
  browser = await openBrowser()
  site = await openCentreSite()
  const { confirmations, classes: part, profiles } = site.services
  full = await site.organisation(
    'Trung tâm Giáo dục nghề nghiệp – Giáo dục thường xuyên kết hợp Trung tâm học tập cộng đồng liên xã Nguyễn Thị Minh Khai',
  )
  empty = await site.organisation('Trung tâm học tập cộng đồng xã Mẫu')
  const staff = await site.person('staff', 'Phạm Văn Xác')
  for (const one of [full, empty]) await site.join(one, staff, 'centre-staff')
  hoa = await site.person('hoa', LONG)
  nobody = await site.person('nobody', 'Đỗ Văn Mới')
  const learned = [
    'cách ủ phân từ rơm',
    'đọc sách về chăm sóc trẻ sơ sinh',
    'ghép cây nhãn',
    'làm quen máy tính',
  ]
  for (const what of learned) await site.learn(hoa, what)
  const lines = await site.lines(hoa)
  line = lines[0]!.id
  const told = lines.map((each) => each.statements.at(-1)!)
  const at = { organisation: full.id, by: staff.id }
  for (const [place, each] of told.entries())
    if (place < 3)
      await confirmations.ask({
        person: hoa.id,
        organisation: full.id,
        statement: each,
        words: 'tôi học ở lớp tối',
      })
  await confirmations.confirm({ ...at, statement: told[2]!, original: false })
  await confirmations.decline({ ...at, statement: told[1]!, reason: 'chưa biết rõ việc này' })
  statement = told[2]!
  await confirmations.confirm({ ...at, statement: told[3]!, original: false })
  await confirmations.withdraw({ ...at, statement: told[3]!, reason: 'nhầm với người cùng tên' })
  const reader = { person: staff.id, organisation: full.id, session: 'x' }
  await profiles.accesses.givePurpose(reader, hoa.id, {
    purpose: 'other',
    words: 'tìm hiểu nhu cầu mở lớp tối',
  })
  await profiles.accesses.read(reader, { person: hoa.id, what: 'record' }, async () => null)
  const details = {
    topic: '',
    day: '2026-11-20',
    begin: '19:30',
    minutes: 90,
    place: 'Nhà văn hóa thôn Đông',
  }
  for (const name of ['empty', 'full'] as const) {
    const made = await part.create(at, { ...details, name: `Phân loại rác tại nhà (${name})` })
    if ('ok' in made) throw new Error(JSON.stringify(made))
    classes[name] = made.id
  }
  const people = [hoa, nobody]
  for (let count = 0; count < 12; count++)
    people.push(await site.person(`p${count}`, `Hoàng Thị Học Viên ${count}`))
  const of = { ...at, class: classes.full }
  await part.list(
    of,
    people.slice(0, 9).map(({ id }) => id),
  )
  await part.enter(of)
  await part.takeBack({ ...of, person: people[3]!.id, reason: 'vắng' })
  await part.list(
    of,
    people.slice(9).map(({ id }) => id),
  )
  await site.caughtUp()
  await new Promise<void>((done) => {
    server = site.app.listen(0, '127.0.0.1', () => done())
  })
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  server?.closeAllConnections()
  await Promise.all([browser?.close(), new Promise((done) => server.close(done))])
  await site?.close()
})

describe.each(LOOKS)('$language, $scheme, $width px', (look) => {
  const found: unknown[] = []
  let page: Page
  const seen = async (name: string) => {
    found.push(...(await judge(page)).map((finding) => ({ name, finding })))
    if (!PHOTOS) return
    mkdirSync(PHOTOS, { recursive: true })
    const file = [name, ...Object.values(look)].join('-').replace(/[^\p{L}\d]+/gu, '_')
    await page.screenshot({ path: join(PHOTOS, `${file}.png`), fullPage: true })
  }
  const visit = async (path: string, name: string) => {
    await page.goto(`${url}${path}`)
    await seen(name)
  }
  async function open(who: string) {
    const opened = await openReader(browser, url, look)
    page = opened.page
    await bringAxe(opened.context)
    await page.goto(`${url}/sign-in`)
    await page.fill('#identifier', `${who}@example.org`)
    await page.fill('#password', PASSWORD)
    await Promise.all([page.waitForURL(`${url}/`), page.click('main button')])
    return opened
  }

  test('staff: every page, full, empty and wrong', async () => {
    const { context, complaints } = await open('staff')
    const here = `/centre/${full.id}`
    await visit('/centre', 'choice')
    for (const path of ['', '/people', '/requests', '/classes', '/classes/new']) {
      await visit(`${here}${path}`, `full${path}`)
      if (path !== '/people' && path !== '/classes/new')
        await visit(`/centre/${empty.id}${path}`, `empty${path}`)
    }
    await visit(`${here}/classes/${classes.full}`, 'class-full')
    await visit(`${here}/classes/${classes.empty}`, 'class-empty')
    await visit(`${here}/classes/${classes.full}/take-back`, 'class-take-back')
    await visit(`${here}/confirmations/${statement}/withdraw`, 'withdraw')

    await page.goto(`${url}${here}/people`)
    await page.fill('[name=q]', 'x')
    await page.click('main form.form button.primary')
    await page.waitForSelector('#errors')
    await seen('people-wrong')
    await page.fill('[name=q]', 'khong co ai')
    await page.selectOption('[name=purpose]', 'confirm')
    await page.click('main form.form button.primary')
    await page.waitForSelector('.empty')
    await seen('people-none')
    await page.fill('[name=q]', 'hoang thi')
    await page.click('main form.form button.primary')
    await page.waitForSelector('tbody')
    await seen('people-found')
    await page.goto(`${url}${here}/people/${hoa.id}`)
    await seen('purpose')
    await page.selectOption('[name=purpose]', 'other')
    await page.fill('[name=words]', '')
    await page.click('main form.form button.primary')
    await page.waitForSelector('#errors')
    await seen('purpose-wrong')
    await page.fill('[name=words]', 'tìm hiểu nhu cầu')
    await page.click('main form.form button.primary')
    await page.waitForSelector('[name=statement]')
    await seen('person')
    await page.click('main form.form button.primary')
    await page.waitForSelector('#errors')
    await seen('person-wrong')
    await visit(`${here}/people/${hoa.id}/recovery-code`, 'recovery-code')
    await page.goto(`${url}${here}/people/${nobody.id}`)
    await page.selectOption('[name=purpose]', 'asked')
    await page.click('main form.form button.primary')
    await page.waitForSelector('.empty')
    await seen('person-empty')

    await page.goto(`${url}${here}/requests`)
    await page.click('button[value=decline]')
    await page.waitForSelector('#errors')
    await seen('requests-wrong')
    await page.goto(`${url}${here}/classes/new`)
    await page.click('main form.form button.primary')
    await page.waitForSelector('#errors')
    await seen('class-wrong')
    await page.goto(`${url}${here}/classes/${classes.full}`)
    await page.fill('[name=q]', 'hoang')
    await page.click('form[action$="/find"] button')
    await page.waitForSelector('[type=checkbox][name=person]')
    await seen('class-found')
    await page.fill('[name=codes]', '12345678')
    await page.click('form[action$="/codes"] button')
    await page.waitForSelector('#errors')
    await seen('class-codes-wrong')
    expect(found).toEqual([])
    expect(complaints).toEqual([])
    await context.close()
  }, 240_000)

  test.each(['hoa', 'nobody'] as const)(
    'citizen %s: who looked, asking, the code',
    async (who) => {
      const { context, complaints } = await open(who)
      for (const path of ['/', '/me', '/me/access', '/me/confirmations', '/me/code', '/me/transcript'])
        await visit(path, `${who}${path}`)
      if (who === 'hoa') {
        await visit(`/me/transcript/${line}`, 'line')
        await visit(`/me/transcript/${line}/ask`, 'ask')
        await visit(`/me/transcript/${line}/ask?q=khong+co`, 'ask-none')
        await visit(`/me/transcript/${line}/ask?q=trung+tam`, 'ask-found')
        await page.click('main form.form button.primary')
        await page.waitForSelector('#errors')
        await seen('ask-wrong')
        await page.goto(`${url}/me/code`)
        await page.click('form[action="/me/code"] button')
        await page.waitForSelector('.qr')
        await seen('code-shown')
      }
      expect(found).toEqual([])
      expect(complaints).toEqual([])
      await context.close()
    },
    240_000,
  )
})
