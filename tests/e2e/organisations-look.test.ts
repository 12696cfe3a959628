import { mkdirSync } from 'node:fs'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Organisation, Person } from '../../profiles/index.ts'
import { sampleLessons } from '../../web/testing/sample.ts'
import { PASSWORD } from '../../web/testing/services.ts'
import { bringAxe } from '../support/axe.ts'
import { openBrowser } from '../support/browser.ts'
import { judge } from '../support/judge.ts'
import { type OrganisationsSite, openOrganisationsSite } from '../support/organisations-site.ts'
import { type Look, openReader } from '../support/pages.ts'

/** Folder for a photograph of every page, to be looked at; nothing is kept without it. */
const PHOTOS = process.env.PHOTOS

const LOOKS: Look[] = [
  { language: 'vi', scheme: 'light', width: 360 },
  { language: 'vi', scheme: 'dark', width: 1280 },
  { language: 'en', scheme: 'light', width: 1280 },
  { language: 'en', scheme: 'dark', width: 360 },
]
const LONG =
  'Trung tâm Giáo dục nghề nghiệp – Giáo dục thường xuyên kết hợp Trung tâm học tập cộng đồng liên xã Nguyễn Thị Minh Khai'
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

let browser: Browser
let site: OrganisationsSite
let server: Server
let url: string
let full: Organisation
let empty: Organisation
let leaver: Person
const secrets: string[] = []

beforeAll(async () => {
  browser = await openBrowser()
  site = await openOrganisationsSite({ publicUrl: 'http://127.0.0.1' })
  const [operator] = (await site.services.accounts.list({ limit: 1 })).persons
  full = await site.organisation(LONG, { kind: 'community-learning-centre' })
  await site.services.organisations.setLogo(full.id, PNG, operator!.id)
  empty = await site.organisation('Trường Tiểu học Hòa Bình', { nameEn: 'Hoa Binh School', parent: full.id })
  const shut = await site.organisation('Hội Khuyến học cũ', { kind: 'association', parent: full.id })
  await site.services.organisations.setState(shut.id, 'closed', operator!.id)
  await site.fill(full, 300, (at) => `Nguyễn Hoàng Thị Tuyết Nhung Phương Thảo Công Tằng Tôn Nữ số ${at}`)
  leaver = await site.person('leaver', 'Ngô Văn Đi')
  await site.join(full, leaver, 'author', 'officer')
  await site.join(full, await site.person('manager', 'Phạm Văn Quản'), 'manager', 'editor')
  const change = { organisation: full.id, person: leaver.id, by: operator!.id }
  await site.services.memberships.setRoles({ ...change, roles: ['author'], reason: 'hết nhiệm kỳ cán bộ' })
  await site.services.accounts.grant(leaver.id, 'author', operator!.id)
  await site.services.accounts.take(leaver.id, 'author', operator!.id, 'chuyển về tổ chức')
  for (const lesson of sampleLessons(leaver.id, 12))
    site.services.lessonList.push({ ...lesson, organisation: full.id })
  for (let at = 0; at < 2 * LOOKS.length; at++) {
    const kind = at % 2 === 0 ? ('link' as const) : ('code' as const)
    const asked = { organisation: full.id, roles: ['author', 'editor'] as const, kind, uses: 30, days: 7 }
    const made = await site.services.invitations.make({ ...asked, by: operator!.id })
    if (!('ok' in made)) secrets.push(made.secret)
  }
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

const paths = () => {
  const [one, other] = [`/organisations/${full.id}`, `/organisations/${empty.id}`]
  return {
    operator: [
      '/operator/organisations',
      '/operator/organisations?q=khong-co',
      `/operator/organisations/new?parent=${full.id}`,
      `/operator/organisations/${full.id}`,
      `/operator/organisations/${full.id}/close`,
      other,
      `${other}/members`,
      `${other}/invitations`,
      `${other}/lessons`,
      `/operator/people/${leaver.id}`,
      `/operator/people/${leaver.id}/grant/author`,
      `/operator/people/${leaver.id}/lessons`,
      '/operator/audit?kind=organisation',
      '/operator/audit?kind=account',
    ],
    manager: [
      one,
      `${one}/leave`,
      `${one}/members`,
      `${one}/members?role=officer&q=khong-co`,
      `${one}/members/${leaver.id}`,
      `${one}/members/${leaver.id}/remove`,
      `${one}/members/${leaver.id}/lessons`,
      `${one}/invitations`,
      `${one}/invitations/new`,
      `${one}/lessons`,
      '/me',
      '/join',
      '/author/upload',
      '/author/lesson-0',
      other,
    ],
  }
}

describe.each(LOOKS)('$language, $scheme, $width px', (look) => {
  test.each(['operator', 'manager'] as const)(
    'axe finds nothing, nothing overflows, every target fits a thumb and the console is silent for: %s',
    async (who) => {
      const { context, page, complaints } = await openReader(browser, url, look)
      await bringAxe(context)
      await page.goto(`${url}/sign-in`)
      await page.fill('#identifier', `${who}@example.org`)
      await page.fill('#password', PASSWORD)
      await Promise.all([page.waitForURL(`${url}/`), page.click('main button')])
      const found: unknown[] = []
      for (const path of paths()[who]) {
        await page.goto(`${url}${path}`)
        found.push(...(await judge(page)).map((finding) => ({ path, finding })))
        if (PHOTOS) await photograph(page, `${who}${path}`, look)
      }
      expect(found).toEqual([])
      expect(complaints).toEqual([])
      await context.close()
    },
    240_000,
  )

  test('a link opens what it invites to and leaves its token in no address; forms that are wrong say so', async () => {
    const { context, page, complaints } = await openReader(browser, url, look)
    await bringAxe(context)
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    const found: unknown[] = []
    const seen = async (name: string) => {
      found.push(...(await judge(page)).map((finding) => ({ name, finding })))
      if (PHOTOS) await photograph(page, name, look)
    }
    const at = LOOKS.indexOf(look) * 2
    await page.goto(`${url}/join#${secrets[at]}`)
    await page.waitForSelector('a[href="/register?next=/join"]')
    expect(page.url()).toBe(`${url}/join`)
    await seen('invited-stranger')
    await page.goto(`${url}/sign-in?next=/join`)
    await page.fill('#identifier', 'manager@example.org')
    await page.fill('#password', PASSWORD)
    await Promise.all([page.waitForURL(`${url}/join`), page.click('main button')])
    await seen('invited')
    await Promise.all([page.waitForURL(`${url}/`), page.click('form[action="/join/decline"] button')])
    await page.goto(`${url}/join`)
    await page.fill('#invitation', 'ABCD ABCD')
    await page.click('main button')
    await page.waitForSelector('#errors')
    await seen('join-error')
    expect(asked.filter((address) => address.includes(secrets[at]!))).toEqual([])

    await page.goto(`${url}/organisations/${full.id}/invitations/new`)
    await page.fill('#uses', 'nhiều')
    await page.click('main form button.primary')
    await seen('invite-error')
    await page.fill('#uses', '2')
    await page.check('[name=roles] >> nth=1')
    await page.check('[name=kind][value=code]')
    await page.click('main form button.primary')
    await page.waitForSelector('#secret')
    await seen('invite-made')
    expect(found).toEqual([])
    expect(complaints).toEqual([])
    await context.close()
  }, 240_000)
})

async function photograph(page: Page, name: string, look: Look): Promise<void> {
  mkdirSync(PHOTOS!, { recursive: true })
  const said = name.replaceAll(full.id, 'full').replaceAll(empty.id, 'empty').replaceAll(leaver.id, 'leaver')
  const file = [said, ...Object.values(look)].join('-').replace(/[^\p{L}\d]+/gu, '_')
  await page.screenshot({ path: join(PHOTOS!, `${file}.png`), fullPage: true })
}
