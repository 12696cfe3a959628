import { afterAll, beforeAll, expect, test } from 'vitest'
import { readAudit } from '../../lrs/index.ts'
import type { Dispute, Organisation, Person } from '../../profiles/index.ts'
import { type OrganisationsSite, openOrganisationsSite } from '../../tests/support/organisations-site.ts'
import { type Agent, browser, signIn } from '../testing/site.ts'

let site: OrganisationsSite
let here: Organisation
let there: Organisation
let lan: Person
let officer: Person
let elsewhere: Person
const agents: Record<string, Agent> = {}

beforeAll(async () => {
  site = await openOrganisationsSite()
  here = await site.organisation('Phòng Giáo dục xã Mẫu', { kind: 'authority' })
  there = await site.organisation('Sở Giáo dục')
  lan = await site.person('lan', 'Nguyễn Thị Lan')
  officer = await site.person('officer', 'Phạm Văn Cán')
  await site.join(here, officer, 'officer')
  await site.join(here, await site.person('staff', 'Trần Thị Trung'), 'centre-staff', 'manager')
  elsewhere = await site.person('elsewhere', 'Vũ Thị Nơi Khác')
  await site.join(there, elsewhere, 'officer')
  for (const who of ['operator', 'officer', 'staff', 'elsewhere', 'lan']) {
    agents[who] = browser(site.app)
    await signIn(agents[who], who)
  }
  await site.world.link('lan', lan.id)
})
afterAll(() => site.close())

/** Where they wait before they are passed on. */
const FIRST = { source: 'moodle' }
let count = 0
async function disputed(): Promise<Dispute> {
  const { world } = site
  await world.tell({
    activity: `bai-${++count}`,
    name: { vi: `Bài ${count}` },
    at: `2026-11-0${count}T02:00:00Z`,
  })
  await world.catchUp()
  const { lines } = await world.profiles.transcript.lines(lan.id, { limit: 50 })
  const line = lines.find(({ activity }) => activity.id.endsWith(`bai-${count}`))!
  const made = await world.disputes.make(lan.id, line.id, {
    kind: 'time',
    words: 'Học hôm trước.',
    asksVoid: false,
  })
  if ('problems' in made) throw new Error(JSON.stringify(made))
  return made
}
const desk = (one: Organisation) => `/organisations/${one.id}/disputes`
const send = (who: string, path: string, fields: Record<string, string>) =>
  agents[who]!.post(path).type('form').send(fields)

test('what was passed on to an organisation is answered by its officers, and by nobody else there', async () => {
  const { id } = await disputed()
  expect((await agents.officer!.get(`${desk(here)}/${id}`)).status).toBe(404)
  const fields = { outcome: 'pass-on', organisation: 'phong giao duc xa mau', words: 'Xin xem giúp.' }
  await site.world.disputes.passOn(id, { queue: FIRST, by: 'operator', organisation: there.id, words: '' })
  expect((await send('elsewhere', `${desk(there)}/${id}`, { ...fields, organisation: 'x' })).text).toContain(
    'Không có tổ chức nào mang tên này',
  )
  expect((await send('elsewhere', `${desk(there)}/${id}`, fields)).status).toBe(303)
  expect((await agents.elsewhere!.get(`${desk(there)}/${id}`)).status).toBe(404)

  const overview = await agents.officer!.get(`/organisations/${here.id}`)
  expect(overview.text).toContain('1 lời báo đang chờ trả lời')
  expect((await agents.staff!.get(`/organisations/${here.id}`)).text).not.toContain('lời báo')
  const { text } = await agents.officer!.get(`${desk(here)}/${id}`)
  for (const words of [
    'Nguyễn Thị Lan',
    'Học hôm trước.',
    'Xin xem giúp.',
    'Chuyển cho Phòng Giáo dục xã Mẫu',
  ])
    expect(text).toContain(words)
  for (const [who, status] of [
    ['staff', 403],
    ['elsewhere', 403],
    ['lan', 403],
  ] as const) {
    expect((await agents[who]!.get(desk(here))).status).toBe(status)
    expect((await send(who, `${desk(here)}/${id}`, { outcome: 'corrected' })).status).toBe(status)
  }
  const looked = await site.services.accesses.of(lan.id, { limit: 5 })
  expect(looked.accesses.map(({ reader, organisation }) => [reader, organisation])).toEqual([
    [officer.id, here.id],
    [elsewhere.id, there.id],
  ])
  expect((await send('officer', `${desk(here)}/${id}`, { outcome: 'corrected' })).status).toBe(303)
  expect((await agents.lan!.get(`/me/disputes/${id}`)).text).toContain('đã sửa')
})

test('an officer does not answer their own', async () => {
  const dispute = await disputed()
  const { person } = dispute
  await site.join(here, lan, 'officer')
  await site.world.disputes.passOn(dispute.id, {
    queue: FIRST,
    by: 'operator',
    organisation: here.id,
    words: '',
  })
  expect(person).toBe(lan.id)
  expect((await agents.lan!.get(`${desk(here)}/${dispute.id}`)).text).toContain('người khác trả lời')
  const own = await send('lan', `${desk(here)}/${dispute.id}`, { outcome: 'corrected' })
  expect(own.status).toBe(403)
  expect(own.text).toContain('người khác trả lời')
})

test('each answer is in the audit, by ids alone', async () => {
  const { entries } = await readAudit([site.world.store.collections], 'test', {
    kind: 'correction',
    limit: 50,
  })
  expect(entries.map(({ action }) => action)).toEqual(
    expect.arrayContaining(['dispute-make', 'dispute-answer']),
  )
  expect(JSON.stringify(entries)).not.toMatch(/Xin xem|Học hôm/)
})
