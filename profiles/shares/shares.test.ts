import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorld, type World } from '../../tests/support/profiles-world.ts'
import { keyOf } from '../../tests/support/told.ts'
import { createShares, type Shares } from './shares.ts'

const DAY = 86_400_000
const INPUT = { purpose: 'xin việc', reader: 'Công ty May', days: 7, password: null }

let world: World
let clock = 0
let shares: Shares
let person: string
let other: string

beforeAll(async () => {
  world = await openWorld()
  const { accounts, transcript } = world.profiles
  shares = createShares({ collections: world.store.collections, accounts, transcript, now: () => clock })
  person = await world.person('lan@example.org')
  other = await world.person('minh@example.org')
  // A share rests on a consent that was given before.
  clock = Date.now()
  await world.link('lan', person)
  await learn('lan', 'bai-1')
  await learn('lan', 'bai-2')
})
afterAll(() => world.close())

async function learn(who: string, activity: string): Promise<void> {
  await world.tell({ who, activity })
  await world.catchUp()
}
const linesOf = async () => (await world.profiles.transcript.lines(person, { limit: 50 })).lines
const idsOf = async () => (await linesOf()).map(({ id }) => id)

async function make(input: Partial<Parameters<Shares['create']>[1]> = {}) {
  const made = await shares.create(person, { ...INPUT, lines: await idsOf(), ...input })
  if (!('token' in made)) throw new Error(JSON.stringify(made))
  return made
}

test('a share opens what was chosen, each opening is counted and told to its owner, looking at the door is not', async () => {
  const { share, token } = await make()
  expect(await shares.knock(token)).toEqual({ ok: true, needsPassword: false })
  expect((await shares.get(person, share.id))?.openings).toBe(0)
  const opened = await shares.open(token, null)
  expect(opened).toMatchObject({ ok: true, record: { name: 'Lan', share: { of: 2, openings: 1 } } })
  expect(opened.ok && opened.record.lines).toEqual(await linesOf())
  clock += 1_000
  await shares.open(token, null)
  expect(await shares.get(person, share.id)).toMatchObject({ openings: 2, opened: clock, state: 'open' })
  expect((await shares.openings(person, share.id, { limit: 10 })).openings).toEqual([clock, clock - 1_000])
})

test('the store holds no token, and the token is random', async () => {
  const { share, token } = await make()
  expect(Buffer.from(token, 'base64url')).toHaveLength(16)
  const { docs } = await world.store.collections.scan(
    { name: 'profiles.shares', indexes: {} },
    { limit: 100 },
  )
  expect(JSON.stringify(docs)).not.toContain(token)
  expect(share.id).not.toContain(token)
})

test('lines that come later do not join, and one that is taken out of the record is gone from the share', async () => {
  const { share, token } = await make()
  await learn('lan', 'bai-3')
  const before = await shares.open(token, null)
  expect(before.ok && before.record.lines).toHaveLength(share.lines.length)
  const agent = keyOf('lan-2')
  await world.link('lan-2', person)
  await learn('lan-2', 'bai-4')
  const wide = await make()
  await world.profiles.links.unlink({ agent, by: 'o', reason: 'nhầm' })
  await world.profiles.settled()
  await expect.poll(async () => (await linesOf()).length).toBe(wide.share.lines.length - 1)
  const after = await shares.open(wide.token, null)
  expect(after.ok && after.record.lines.filter((line) => line === null)).toHaveLength(1)
})

test('what was taken back opens nothing any more, at once, and stays taken back', async () => {
  const { share, token } = await make()
  expect((await shares.revoke(person, share.id))?.state).toBe('revoked')
  const since = clock
  clock += 5_000
  expect(await shares.open(token, null)).toMatchObject({ ok: false, status: 410, since })
  expect(await shares.knock(token)).toMatchObject({ ok: false, status: 410, since })
  expect((await shares.revoke(person, share.id))?.revoked).toBe(since)
  expect((await shares.get(person, share.id))?.openings).toBe(0)
})

test('a share is over when its days are', async () => {
  const { share, token } = await make({ days: 1 })
  clock = share.until - 1
  expect((await shares.open(token, null)).ok).toBe(true)
  clock = share.until
  expect(await shares.open(token, null)).toMatchObject({ ok: false, status: 410, since: share.until })
  expect((await shares.get(person, share.id))?.state).toBe('over')
  expect(share.until - share.created).toBe(DAY)
})

test('a password is asked for, and a wrong one opens and counts nothing', async () => {
  const { share, token } = await make({ password: 'hoa sen' })
  expect(await shares.knock(token)).toEqual({ ok: true, needsPassword: true })
  for (const wrong of [null, '', 'hoa hong'])
    expect(await shares.open(token, wrong)).toMatchObject({ ok: false, status: 403 })
  expect((await shares.get(person, share.id))?.openings).toBe(0)
  expect((await shares.open(token, 'hoa sen')).ok).toBe(true)
  expect(JSON.stringify(share)).not.toContain('argon2')
})

test('a token that is not one opens nothing and says no more', async () => {
  for (const token of ['', 'x', 'a'.repeat(22), (await make()).share.id])
    expect(await shares.open(token, null)).toMatchObject({ ok: false, status: 404 })
})

test('nobody reads, revokes or makes a share of what is another’s', async () => {
  const { share } = await make()
  expect(await shares.get(other, share.id)).toBeNull()
  expect(await shares.revoke(other, share.id)).toBeNull()
  expect((await shares.openings(other, share.id, { limit: 5 })).openings).toEqual([])
  expect((await shares.of(other, { limit: 5 })).shares).toEqual([])
  const stolen = await shares.create(other, { ...INPUT, lines: await idsOf() })
  expect(stolen).toMatchObject({ ok: false, problems: [{ id: 'share-line-unknown' }] })
})

test('everything that a form can get wrong is told at once', async () => {
  const wrong = await shares.create(person, {
    purpose: ' ',
    reader: 'x'.repeat(300),
    lines: [],
    days: 0.5,
    password: '',
  })
  expect('problems' in wrong && wrong.problems.map(({ id }) => id)).toEqual([
    'share-lines-missing',
    'share-purpose-missing',
    'share-reader-long',
    'share-days-wrong',
    'share-password-bad',
  ])
  const many = Array.from({ length: 201 }, (_, at) => `line-${at}`)
  expect(await shares.create(person, { ...INPUT, lines: many })).toMatchObject({
    problems: [{ id: 'share-lines-many' }],
  })
  const number = { purpose: 'CCCD 001099012345', reader: '００１ 099 012 345' }
  expect(await shares.create(person, { ...INPUT, ...number, lines: many.slice(0, 1) })).toMatchObject({
    problems: [{ id: 'share-purpose-number' }, { id: 'share-reader-number' }],
  })
})

test('openings at the same moment are all counted', async () => {
  const { share, token } = await make()
  const opened = await Promise.all(Array.from({ length: 8 }, () => shares.open(token, null)))
  expect(opened.every(({ ok }) => ok)).toBe(true)
  expect((await shares.get(person, share.id))?.openings).toBe(8)
  expect((await shares.openings(person, share.id, { limit: 50 })).openings).toHaveLength(8)
})

test('a share follows merges of one after another, whenever each agreed before theirs', async () => {
  const { merges } = world.profiles
  const at = clock
  clock = Date.now()
  const { token } = await make()
  const how = { by: 'op', reason: 'same papers' }
  await merges.merge({ from: person, into: other, ...how })
  await new Promise((done) => setTimeout(done, 2))
  const third = await world.person('ba@example.org')
  await new Promise((done) => setTimeout(done, 2))
  await merges.merge({ from: other, into: third, ...how })
  await world.profiles.settled()
  expect(await shares.open(token, null)).toMatchObject({ ok: true })
  await merges.undo({ from: other, ...how })
  await merges.undo({ from: person, ...how })
  await world.profiles.settled()
  expect(await shares.open(token, null)).toMatchObject({ ok: true })
  clock = at
})

test('a share follows a merge and its end, and is over when whoever holds the record then takes their consent back', async () => {
  const { merges, consents } = world.profiles
  const at = clock
  clock = Date.now()
  const { share, token } = await make()
  const how = { by: 'op', reason: 'same papers' }
  const shown = async () => {
    const opened = await shares.open(token, null)
    return opened.ok ? opened.record.lines.map((line) => line?.activity.id ?? null) : opened.problems[0]?.id
  }
  const before = await shown()
  expect(before).not.toContain(null)
  await merges.merge({ from: person, into: other, ...how })
  await world.profiles.settled()
  expect(await shown()).toEqual(before)
  expect((await shares.holds(other, share.id))?.lines).toHaveLength(before?.length ?? 0)
  await merges.undo({ from: person, ...how })
  await world.profiles.settled()
  expect(await shown()).toEqual(before)
  await merges.merge({ from: person, into: other, ...how })
  await world.profiles.settled()
  clock = Date.now() + 1_000
  const asked = { purpose: 'learning-record', version: 1, language: 'vi', where: 'page' } as const
  await consents.answer(other, { ...asked, answer: 'no' })
  await world.profiles.settled()
  expect(await shown()).toBe('share-gone')
  await new Promise((done) => setTimeout(done, 2))
  await consents.answer(other, { ...asked, answer: 'yes' })
  await world.profiles.settled()
  expect(await shown()).toBe('share-gone')
  await merges.undo({ from: person, ...how })
  await world.profiles.settled()
  expect(await shown()).toEqual(before)
  clock = at
})
