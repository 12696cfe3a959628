import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Organisation, Person } from '../../profiles/index.ts'
import { type CentreSite, openCentreSite } from '../../tests/support/centre-site.ts'
import { type Agent, browser, signIn } from '../testing/site.ts'

let site: CentreSite
let here: Organisation
let lan: Person
let there: Organisation
let officer: Agent
let elsewhere: Agent
let citizen: Agent

beforeAll(async () => {
  site = await openCentreSite()
  here = await site.organisation('Trung tâm học tập cộng đồng xã Mẫu')
  there = await site.organisation('Sở Giáo dục')
  lan = await site.person('lan', 'Nguyễn Thị Lan')
  const staff = await site.person('staff', 'Trần Thị Trung')
  await site.join(here, staff, 'centre-staff')
  await site.join(here, await site.person('officer', 'Phạm Văn Cán'), 'officer')
  await site.join(there, await site.person('elsewhere', 'Vũ Thị Khác'), 'officer')
  await site.learn(lan, 'cách ủ phân')
  const [line] = await site.lines(lan)
  const asked = { organisation: here.id, by: staff.id, original: false }
  await site.services.confirmations.confirm({ ...asked, statement: line!.statements[0]! })
  await site.caughtUp()
  ;[citizen, officer, elsewhere] = [browser(site.app), browser(site.app), browser(site.app)]
  await signIn(citizen, 'lan')
  await signIn(officer, 'officer')
  await signIn(elsewhere, 'elsewhere')
})
afterAll(() => site.close())

const send = (who: Agent, path: string, fields: object) => who.post(path).type('form').send(fields)
const desk = ({ id }: Organisation) => `/organisations/${id}/disputes`
async function disputed(): Promise<string> {
  const [line] = await site.lines(lan)
  const fields = { kind: 'not-mine', words: 'Tôi chưa nhờ xác nhận.' }
  const said = await send(citizen, `/me/transcript/${line!.id}/dispute`, fields)
  return said.headers.location?.split('/').at(-1) ?? ''
}

test('the list notes who looked; another organisation takes nothing back that this one told', async () => {
  const id = await disputed()
  const noted = async () => (await site.services.profiles.accesses.of(lan.id, { limit: 9 })).accesses
  expect((await officer.get(desk(here))).text).toContain('Nguyễn Thị Lan')
  expect(await noted()).toMatchObject([{ what: 'line', purpose: 'request', organisation: here.id }])
  const passing = { outcome: 'pass-on', organisation: 'Sở Giáo dục', words: '' }
  expect((await send(officer, `${desk(here)}/${id}`, passing)).status).toBe(303)
  const { text } = await elsewhere.get(`${desk(there)}/${id}`)
  expect(text).toContain('Giữ nguyên')
  expect(text).not.toContain('Rút lại ngay')
  expect(text).not.toContain('Hủy một ghi nhận ở nguồn này')
  const taken = await send(elsewhere, `${desk(there)}/${id}`, { outcome: 'void' })
  expect(taken.status).toBe(409)
  expect(taken.text).toContain('Nguồn này tự hủy ghi nhận của mình')
  const { confirmations } = await site.services.confirmations.of({ person: lan.id }, { limit: 5 })
  expect(confirmations.map(({ state }) => state)).toEqual(['standing'])
  await citizen.post(`/me/disputes/${id}/withdraw`)
})

test('once its person agrees to no record, the desk shows nothing of it, and they their own words', async () => {
  const id = await disputed()
  const answer = (said: 'yes' | 'no') =>
    site.services.profiles.consents.answer(lan.id, {
      ...{ purpose: 'learning-record', answer: said, version: 1, where: 'page', language: 'vi' },
    })
  await answer('no')
  const secret = /Nguyễn Thị Lan|ủ phân|chưa nhờ xác nhận/
  const list = await officer.get(desk(here))
  expect(list.text).toContain('Không có lời báo nào đang chờ')
  expect((await officer.get(`${desk(here)}?done=yes`)).text).not.toMatch(secret)
  const one = await officer.get(`${desk(here)}/${id}`)
  expect(one.text).toContain('Không cần trả lời nữa')
  const sent = await send(officer, `${desk(here)}/${id}`, { outcome: 'void' })
  for (const { text } of [list, one, sent]) expect(text).not.toMatch(secret)
  expect((await officer.get(`/organisations/${here.id}`)).text).toContain('không có lời báo nào đang chờ')
  const own = await citizen.get(`/me/disputes/${id}`)
  expect(own.text).toContain('chưa nhờ xác nhận')
  expect(own.text).toContain('không ai phải trả lời')
  expect((await citizen.post(`/me/disputes/${id}/withdraw`)).status).toBe(303)
  await answer('yes')
  await site.services.profiles.settled()
  await site.caughtUp()
})

test('a source of an outside system is never written for, whatever its kind and its organisation', async () => {
  const { sources, disputes } = site.services
  const made = await sources.create({ name: 'Hệ ngoài', kind: 'centre', organisation: here.id }, 'test')
  if ('ok' in made) throw new Error('not made')
  const queue = { organisation: here.id }
  expect(await disputes.voider(queue, { source: made.id })).toBe('source')
  const own = (await sources.list()).find(({ speaksFor }) => speaksFor === here.id)!
  expect(await disputes.voider(queue, { source: own.id })).toBe('here')
  expect(await disputes.voider({ organisation: there.id }, { source: own.id })).toBe('elsewhere')
  expect(await disputes.voider({ source: own.id }, { source: own.id })).toBe('here')
})

test('what a centre told through this product is taken back by the answer, and the person’s own word stands', async () => {
  expect((await site.lines(lan))[0]).toMatchObject({ level: 'xac-nhan', tellers: [{}, {}] })
  const address = `${desk(here)}/${await disputed()}`
  expect((await officer.get(address)).text).toContain('Rút lại ngay')
  expect((await officer.post(address).type('form').send({ outcome: 'void' })).status).toBe(303)
  await site.caughtUp()
  expect(await site.lines(lan)).toMatchObject([{ level: 'tu-khai' }])
  const { confirmations } = await site.services.confirmations.of({ person: lan.id }, { limit: 5 })
  expect(confirmations.map(({ state }) => state)).not.toContain('standing')
  expect((await citizen.get('/me/access')).text).toContain('một mục trong hồ sơ')
})
