import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Organisation, Person } from '../../profiles/index.ts'
import { type CentreSite, openCentreSite } from '../../tests/support/centre-site.ts'
import { type Agent, browser, signIn } from '../testing/site.ts'

let site: CentreSite
let here: Organisation
let lan: Person
let officer: Agent
let citizen: Agent

beforeAll(async () => {
  site = await openCentreSite()
  here = await site.organisation('Trung tâm học tập cộng đồng xã Mẫu')
  lan = await site.person('lan', 'Nguyễn Thị Lan')
  const staff = await site.person('staff', 'Trần Thị Trung')
  await site.join(here, staff, 'centre-staff')
  await site.join(here, await site.person('officer', 'Phạm Văn Cán'), 'officer')
  await site.learn(lan, 'cách ủ phân')
  const [line] = await site.lines(lan)
  const asked = { organisation: here.id, by: staff.id, original: false }
  await site.services.confirmations.confirm({ ...asked, statement: line!.statements[0]! })
  await site.caughtUp()
  ;[citizen, officer] = [browser(site.app), browser(site.app)]
  await signIn(citizen, 'lan')
  await signIn(officer, 'officer')
})
afterAll(() => site.close())

test('what a centre told through this product is taken back by the answer, and the person’s own word stands', async () => {
  const [line] = await site.lines(lan)
  expect(line).toMatchObject({ level: 'xac-nhan', tellers: [{}, {}] })
  const said = await citizen
    .post(`/me/transcript/${line!.id}/dispute`)
    .type('form')
    .send({ kind: 'not-mine', words: 'Tôi chưa nhờ xác nhận.' })
  const id = said.headers.location?.split('/').at(-1)
  const address = `/organisations/${here.id}/disputes/${id}`
  expect((await officer.get(address)).text).toContain('Rút lại ngay')
  expect((await officer.post(address).type('form').send({ outcome: 'void' })).status).toBe(303)
  await site.caughtUp()
  expect(await site.lines(lan)).toMatchObject([{ level: 'tu-khai' }])
  const { confirmations } = await site.services.confirmations.of({ person: lan.id }, { limit: 5 })
  expect(confirmations.map(({ state }) => state)).not.toContain('standing')
  expect((await citizen.get('/me/access')).text).toContain('một mục trong hồ sơ')
})
