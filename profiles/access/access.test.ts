import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorld, PAPER, type World } from '../../tests/support/profiles-world.ts'
import { createAccesses } from './access.ts'
import { PURPOSES } from './documents.ts'

let world: World
let lan: string
let clock = Date.now()
const reader = { person: 'staff', organisation: 'centre', session: 's1' }

beforeAll(async () => {
  world = await openWorld()
  lan = await world.person('lan@example.org')
})
afterAll(() => world.close())

const accesses = () => createAccesses({ collections: world.store.collections, now: () => clock })
const of = async (person: string) => (await accesses().of(person, { limit: 50 })).accesses
const look = (who: string, as = reader) =>
  accesses().read(as, { person: who, what: 'record' }, async () => 'the record')

test('nothing is read without a purpose; with one it is noted first, for its person to see', async () => {
  expect(await look(lan)).toMatchObject({ ok: false, problems: [{ id: 'purpose-missing' }] })
  expect(await of(lan)).toEqual([])
  await accesses().givePurpose(reader, lan, { purpose: 'confirm', words: 'left out' })
  expect(await look(lan)).toEqual({ ok: true, found: 'the record' })
  expect(await of(lan)).toEqual([
    {
      ...{ person: lan, at: clock, what: 'record', purpose: 'confirm', words: null },
      ...{ reader: 'staff', organisation: 'centre', credential: null, source: null },
    },
  ])
  // The same once more is no second entry; a quarter of an hour later it is.
  await look(lan)
  expect(await of(lan)).toHaveLength(1)
  clock += 15 * 60_000
  await look(lan)
  expect(await of(lan)).toHaveLength(2)
})

test('what cannot be noted is not read', async () => {
  const { collections } = world.store
  const failing = createAccesses({
    collections: { ...collections, insert: () => Promise.reject(new Error('away')) },
    now: () => clock + 60 * 60_000,
  })
  let read = false
  const reading = failing.read(reader, { person: lan, what: 'record' }, async () => {
    read = true
  })
  await expect(reading).rejects.toThrow('away')
  expect(read).toBe(false)
})

test('a purpose holds for eight hours, for one person, one place and one sign-in', async () => {
  const binh = await world.person('binh@example.org')
  await accesses().givePurpose(reader, binh, { purpose: 'other', words: '  Hỏi về  lớp tối ' })
  expect(await look(binh)).toMatchObject({ ok: true })
  expect((await of(binh))[0]).toMatchObject({ purpose: 'other', words: 'Hỏi về lớp tối' })
  for (const other of [{ session: 's2' }, { organisation: 'elsewhere' }])
    expect(await look(binh, { ...reader, ...other })).toMatchObject({ ok: false })
  clock += 8 * 3_600_000
  expect(await look(binh)).toMatchObject({ ok: false })
})

test.each([
  ['', '', 'purpose-missing'],
  ['operation', '', 'purpose-missing'],
  ['other', ' ', 'purpose-words-missing'],
  ['other', 'x'.repeat(201), 'purpose-words-long'],
  ['other', 'a\u0000b', 'purpose-words-bad'],
  ['other', 'CCCD 001 099 012 345', 'purpose-words-number'],
])('the purpose %j with the words %j is refused: %s', async (purpose, words, id) => {
  const given = await accesses().givePurpose(reader, lan, { purpose, words })
  expect(given).toMatchObject({ problems: [{ id }] })
})

test('an operator is seen too, and a credential once a day, for what counts as the person’s', async () => {
  const mai = await world.person('mai@example.org')
  await accesses().noteOperator('operator', { person: mai, what: 'account' })
  await accesses().noteOperator(mai, { person: mai, what: 'account' })
  expect(await of(mai)).toMatchObject([{ reader: 'operator', purpose: 'operation', organisation: null }])

  const agent = 'mbox:mailto:mai@truong.example'
  const how = { how: 'operator', proof: PAPER, by: 'op', reason: 'known', sources: ['moodle'] } as const
  await world.profiles.links.link({ agent, person: mai, ...how })
  await world.profiles.settled()
  const ask = (sources: string[]) =>
    accesses().noteQuery(
      { credential: 'key-1', source: 'dashboard' },
      sources.map((source) => ({ agent, source })),
    )
  await ask(['elsewhere'])
  expect(await of(mai)).toHaveLength(1)
  for (let at = 0; at < 3; at++) await ask(['moodle', 'elsewhere'])
  expect(await of(mai)).toHaveLength(2)
  clock += 24 * 3_600_000
  await ask(['moodle'])
  expect((await of(mai))[0]).toMatchObject({ credential: 'key-1', source: 'dashboard', purpose: 'query' })
  expect(await of(mai)).toHaveLength(3)
  await accesses().noteStatements('operator', [
    { agent, source: 'moodle' },
    { agent, source: 'moodle' },
    { agent: 'mbox:mailto:nobody@truong.example', source: 'moodle' },
  ])
  expect(
    (await of(mai)).filter(({ what, reader: who }) => what === 'statements' && who !== null),
  ).toHaveLength(1)
})

test('a page that tells of more people than one question to the store has room for is noted for each', async () => {
  const tam = await world.person('tam@example.org')
  const agents = Array.from({ length: 1_200 }, (_, at) => `mbox:mailto:${at}@truong.example`)
  const how = { how: 'operator', proof: PAPER, by: 'op', reason: 'known' } as const
  await world.profiles.links.link({ agent: agents.at(-1)!, person: tam, ...how })
  const told = agents.map((agent) => ({ agent, source: 'moodle' }))
  await accesses().noteQuery({ credential: 'key-1', source: 'dashboard' }, told)
  expect(await of(tam)).toMatchObject([{ credential: 'key-1', purpose: 'query' }])
})

test('all of it is told page by page', async () => {
  const nga = await world.person('nga@example.org')
  for (const purpose of PURPOSES.filter((one) => one !== 'other')) {
    await accesses().givePurpose(reader, nga, { purpose, words: '' })
    await look(nga)
    clock += 1
  }
  const first = await accesses().of(nga, { limit: 3 })
  const second = await accesses().of(nga, { limit: 3, after: first.next! })
  const told = [...first.accesses, ...second.accesses].map(({ purpose }) => purpose)
  expect(told).toEqual(PURPOSES.filter((one) => one !== 'other').reverse())
  expect(second.next).toBeNull()
})
