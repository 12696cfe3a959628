import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { activityOf, type Organisation, type Person } from '../../profiles/index.ts'
import { type CentreSite, openCentreSite } from '../../tests/support/centre-site.ts'
import { type Agent, browser, signIn } from '../testing/site.ts'

let site: CentreSite
let here: Organisation
let there: Organisation
const agents: Record<string, Agent> = {}

beforeAll(async () => {
  site = await openCentreSite()
  here = await site.organisation('Trung tâm học tập cộng đồng xã Mẫu')
  there = await site.organisation('Trung tâm học tập cộng đồng xã Khác')
  await site.join(here, await site.person('staff', 'Phạm Văn Xác'), 'centre-staff')
  await site.join(here, await site.person('officer', 'Trần Cán Bộ'), 'officer')
  await site.join(here, await site.person('manager', 'Phạm Văn Quản'), 'manager', 'author', 'editor')
  await site.join(there, await site.person('elsewhere', 'Vũ Thị Nơi Khác'), 'centre-staff')
  await site.person('lan', 'Nguyễn Thị Lan')
  for (const who of ['operator', 'staff', 'officer', 'manager', 'elsewhere', 'lan']) {
    agents[who] = browser(site.app)
    await signIn(agents[who], who)
  }
})
afterAll(() => site.close())

const form = (who: string, path: string, fields: object) => agents[who]!.post(path).type('form').send(fields)
const address = () => `/centre/${here.id}`
const personPage = (person: Person) => `${address()}/people/${person.id}`
const lookAt = async (who: string, person: Person) => {
  await form(who, `${personPage(person)}/purpose`, { purpose: 'confirm' })
  return agents[who]!.get(personPage(person))
}
const statementOf = async (person: Person) => (await site.lines(person))[0]!.statements.at(-1)!

/** Keeps a photo behind what somebody did. */
async function keepPhoto(person: string, activity: string) {
  const { evidence } = site.services
  const folder = await mkdtemp(join(tmpdir(), 'paper-'))
  const path = join(folder, 'photo.png')
  await sharp({ create: { width: 90, height: 60, channels: 3, background: '#0b6350' } }).toFile(path)
  const read = await evidence.read(path, person)
  if ('problems' in read) throw new Error(JSON.stringify(read))
  const kept = await evidence.add(person, activity, read)
  if ('problems' in kept) throw new Error(JSON.stringify(kept))
  await rm(folder, { recursive: true })
  return kept
}

describe('a certificate on paper', () => {
  test('is confirmed by who saw the original, which its person sees as a credential', async () => {
    const nga = await site.person('nga', 'Hồ Thị Nga')
    const { certificates } = site.services
    const given = { name: 'Chứng chỉ tin học', issuer: 'Sở GD&ĐT', day: '2020-05-12', number: 'A-77' }
    const made = await certificates.add(nga.id, given)
    if ('problems' in made) throw new Error(JSON.stringify(made))
    const kept = await keepPhoto(nga.id, activityOf(made.id))
    await site.caughtUp()
    const statement = await statementOf(nga)
    const photo = `${address()}/requests/${statement}/evidence/${kept.id}`
    // Nobody asked for anything yet.
    expect((await agents.staff!.get(photo)).status).toBe(404)
    const asked = { person: nga.id, organisation: here.id, statement, words: '' }
    await site.services.confirmations.ask(asked)
    const queue = await agents.staff!.get(`${address()}/requests`)
    expect(queue.text).toContain('Nơi cấp: Sở GD&amp;ĐT · Số: A-77')
    expect(queue.text).toContain(`href="${photo}"`)
    for (const who of ['manager', 'elsewhere', 'lan', 'operator'])
      expect((await agents[who]!.get(photo)).status, who).toBe(403)
    expect((await agents.elsewhere!.get(photo.replace(here.id, there.id))).status).toBe(404)
    const seen = await agents.staff!.get(photo)
    expect([seen.status, seen.headers['content-type']]).toEqual([200, 'image/webp'])
    expect((await site.services.profiles.accesses.of(nga.id, { limit: 5 })).accesses).toMatchObject([
      { what: 'evidence', purpose: 'request', organisation: here.id },
      // The list of requests tells of the paper too.
      { what: 'line', purpose: 'request', organisation: here.id },
    ])

    const unseen = await form('staff', `${address()}/requests`, { do: 'confirm', statement })
    expect(unseen.status).toBe(409)
    expect(unseen.text).toContain('<a href="#original">')
    const confirmed = await form('staff', `${address()}/requests`, {
      do: 'confirm',
      statement,
      original: 'yes',
    })
    expect(confirmed.status).toBe(303)
    await site.caughtUp()
    expect((await site.lines(nga)).map(({ level }) => level)).toEqual(['van-bang'])
    // The request is answered: the photo is its owner's alone again.
    expect((await agents.staff!.get(photo)).status).toBe(404)
  })
})

test('who takes their consent back is neither shown nor confirmed any more', async () => {
  const oanh = await site.person('oanh', 'Bùi Thị Oanh')
  await site.learn(oanh, 'trồng nấm')
  await site.learn(oanh, 'nuôi ong')
  const [asked, told] = (await site.lines(oanh)).map((line) => line.statements.at(-1)!)
  const { confirmations, profiles } = site.services
  const waiting = await confirmations.countOpen(here.id)
  await site.services.confirmations.ask({
    person: oanh.id,
    organisation: here.id,
    statement: asked!,
    words: '',
  })
  await form('staff', `${address()}/requests`, { do: 'confirm', statement: told! })
  expect((await agents.staff!.get(`${address()}/requests`)).text).toContain('Bùi Thị Oanh')
  const page = await lookAt('staff', oanh)
  for (const what of ['trồng nấm', 'nuôi ong']) expect(page.text).toContain(what)
  const answer = (given: 'yes' | 'no') =>
    profiles.consents.answer(oanh.id, {
      ...{ purpose: 'learning-record', answer: given, version: 1, where: 'page', language: 'vi' },
    })
  const { activity, account } = (await confirmations.subject(asked!))!
  const kept = await keepPhoto(account, activity.id)
  const photo = `${address()}/requests/${asked}/evidence/${kept.id}`
  const withdraw = `${address()}/confirmations/${told}/withdraw`
  const names = async (who: string) => (await agents[who]!.get(withdraw)).text.match(/nuôi ong|trồng nấm/)
  expect(await confirmations.countOpen(here.id)).toBe(waiting + 1)
  expect((await agents.officer!.get(photo)).status).toBe(200)
  expect(await names('officer')).not.toBeNull()
  const looks = async () => (await profiles.accesses.of(oanh.id, { limit: 50 })).accesses
  // Another one looked: at the photo, and at the entry whose confirmation might be withdrawn.
  const [entry, evidenceLook] = await looks()
  expect(entry).toMatchObject({ what: 'line', purpose: 'confirm', organisation: here.id })
  expect(evidenceLook).toMatchObject({ what: 'evidence', purpose: 'request' })
  await answer('no')
  const before = (await looks()).length
  expect((await agents.staff!.get(photo)).status).toBe(404)
  expect(await names('staff')).toBeNull()
  const unread = await form('staff', withdraw, { reason: '' })
  expect(unread.status).toBe(400)
  expect(unread.text).not.toMatch(/nuôi ong|trồng nấm/)
  expect(await confirmations.countOpen(here.id)).toBe(waiting)
  const refused = await form('staff', `${address()}/requests`, {
    ...{ do: 'decline', statement: asked!, reason: 'chưa rõ' },
  })
  expect(refused.status).toBe(409)
  expect(await looks()).toHaveLength(before)
  const after = await agents.staff!.get(personPage(oanh))
  for (const what of ['trồng nấm', 'nuôi ong']) expect(after.text).not.toContain(what)
  expect((await agents.staff!.get(`${address()}/requests`)).text).not.toContain('Bùi Thị Oanh')
  const late = await form('staff', `${address()}/requests`, { do: 'confirm', statement: asked! })
  expect(late.status).toBe(409)
  // The act itself stays.
  expect((await form('staff', withdraw, { reason: 'nhầm người' })).status).toBe(303)
  // Who agrees again is heard again.
  await answer('yes')
  expect((await agents.staff!.get(`${address()}/requests`)).text).toContain('Bùi Thị Oanh')
  expect((await agents.staff!.get(photo)).status).toBe(200)
  expect(await confirmations.countOpen(here.id)).toBe(waiting + 1)
})
