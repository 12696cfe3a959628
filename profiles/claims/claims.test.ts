import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { OTHERS_HOME, openWorlds, type World } from '../../tests/support/profiles-world.ts'
import { activity, keyOf, type Told } from '../../tests/support/told.ts'
import { keyOfCode, newCode } from './code.ts'
import { CLAIM_CODES, CLAIMS } from './documents.ts'
import { foldName } from './fold.ts'

let worlds: Awaited<ReturnType<typeof openWorlds>>
let world: Omit<World, 'close'>
let lan: string
beforeAll(async () => {
  worlds = await openWorlds()
})
afterAll(() => worlds.close())
beforeEach(async () => {
  world = await worlds.next()
  lan = await world.person('lan@example.org')
  await world.profiles.claims.register('moodle', activity('claim'), 'op')
})

const claims = () => world.profiles.claims
const typed = (response: string, more: Told = {}): Told => ({
  who: 'moodle-7',
  verb: 'answered',
  activity: 'claim',
  result: { response },
  ...more,
})
const tell = async (...all: Told[]) => {
  const ids = await world.tell(...all)
  await world.catchUp()
  return ids
}
const code = async () => (await claims().makeCode(lan)).code
const problem = (answer: unknown) =>
  (answer as { problems?: { id: string }[] } | null)?.problems?.[0]?.id ?? null

describe('a code', () => {
  test('has letters that are taken for no others, and is read as people type it', () => {
    const made = newCode()
    expect(made).toMatch(/^[ABCDEFHJKLMNPRSTVWXY]{4}(-[ABCDEFHJKLMNPRSTVWXY]{4}){2}$/)
    const key = keyOfCode(made)
    for (const one of [made.toLowerCase(), ` ${made} `, made.replaceAll('-', ''), `<p>${made}</p>`])
      expect(keyOfCode(one)).toBe(key)
    expect(keyOfCode('SBSB-SBSB-SBSB')).toBe(keyOfCode('58SB58SB58SB'))
    for (const bad of ['', 'xin chào', `${made}A`, 'IIII-OOOO-QQQQ', 'A'.repeat(5000)])
      expect(keyOfCode(bad)).toBeNull()
  })

  test('that is typed at its source becomes a claim, and a link when the person says so', async () => {
    const [id] = await tell(typed(await code()), { who: 'moodle-7', activity: 'before' })
    const [claim] = await claims().waiting(lan)
    expect(claim).toEqual({
      id,
      person: lan,
      source: 'moodle',
      agent: keyOf('moodle-7'),
      at: expect.any(Number),
    })
    expect(await world.profiles.links.personOf(keyOf('moodle-7'))).toBeNull()
    expect(await claims().answer(lan, id!, true)).toMatchObject({
      how: 'claim-code',
      proof: { source: 'moodle', statement: id },
      sources: ['moodle'],
    })
    await world.profiles.settled()
    expect(await world.profiles.transcript.count(lan)).toBe(2)
    expect(await claims().waiting(lan)).toEqual([])
    expect(problem(await claims().answer(lan, id!, true))).toBe('claim-unknown')
    // What another source says of the same account is not proven by it.
    await tell({ who: 'moodle-7', source: 'centre', activity: 'other' })
    expect(await world.profiles.transcript.count(lan)).toBe(2)
    expect(await world.profiles.links.waiting(lan)).toMatchObject([{ source: 'centre' }])
  })

  test('refused by the person links nothing, and nobody else answers it', async () => {
    const quang = await world.person('quang@example.org')
    const [id] = await tell(typed(await code()))
    expect(problem(await claims().answer(quang, id!, true))).toBe('claim-unknown')
    expect(await claims().answer(lan, id!, false)).toBeNull()
    expect(await claims().waiting(lan)).toEqual([])
    expect(await world.profiles.links.personOf(keyOf('moodle-7'))).toBeNull()
  })

  test('works once, and only the newest', async () => {
    const first = await code()
    const second = await code()
    await tell(typed(first))
    expect(await claims().waiting(lan)).toEqual([])
    await tell(typed(second), typed(second, { who: 'moodle-8' }))
    await tell(typed(second, { who: 'moodle-9' }))
    expect(await claims().waiting(lan)).toMatchObject([{ agent: keyOf('moodle-7') }])
    expect(await claims().figures('moodle')).toEqual({ right: 1, wrong: 3 })
  })

  test('is worth nothing half an hour later, nor to what was stored before it', async () => {
    const late = await code()
    const { docs } = await world.store.collections.scan(CLAIM_CODES, { limit: 1 })
    const { key, value } = docs[0]!
    await world.store.collections.put(CLAIM_CODES, key, { ...value, until: value.made - 1 })
    await tell(typed(late))
    await world.store.collections.put(CLAIM_CODES, key, { ...value, made: Date.now() + 60_000 })
    await tell(typed(late))
    expect(await claims().waiting(lan)).toEqual([])
  })

  test('stands nowhere but in its hash', async () => {
    const made = await code()
    await tell(typed(made), typed(`${made.slice(0, -1)}C`))
    const kept = await Promise.all([
      world.store.collections.scan(CLAIM_CODES, { limit: 9 }),
      world.store.collections.scan(CLAIMS, { limit: 9 }),
    ])
    expect(JSON.stringify(kept)).not.toContain(made.slice(0, 4))
  })
})

describe('forged', () => {
  test.each<[string, Told]>([
    ['by another source', { source: 'centre' }],
    ['to another activity', { activity: 'claims' }],
    [
      'by a group',
      { actor: { objectType: 'Group', account: { homePage: 'https://lms.example.org', name: 'g' } } },
    ],
    [
      'for an account that another source speaks for',
      { actor: { account: { homePage: OTHERS_HOME, name: 'x' } } },
    ],
    ['as an extension', { result: { extensions: { 'https://x.example/response': 'CODE' } } }],
    ['within a sub-statement', { object: { objectType: 'SubStatement', id: activity('claim') } }],
  ])('%s, a right code is nothing', async (_how, more) => {
    await tell(typed(await code(), more))
    expect(await claims().waiting(lan)).toEqual([])
    expect(await world.store.collections.count(CLAIM_CODES)).toBe(1)
  })

  test('a source that does not take codes (any more) is not listened to', async () => {
    await claims().register('moodle', null, 'op')
    expect(await claims().places()).toEqual([])
    await tell(typed(await code()))
    expect(await claims().waiting(lan)).toEqual([])
    expect(problem(await claims().register('moodle', 'no iri', 'op'))).toBe('claim-activity-not-valid')
  })

  test('after ten wrong ones of an account in a day, its right one is not looked at; another account’s is', async () => {
    await tell(...Array.from({ length: 12 }, () => typed(newCode())))
    expect(await claims().figures('moodle')).toEqual({ right: 0, wrong: 10 })
    const made = await code()
    await tell(typed(made))
    expect(await claims().waiting(lan)).toEqual([])
    await tell(typed(made, { who: 'moodle-8' }))
    expect(await claims().waiting(lan)).toMatchObject([{ agent: keyOf('moodle-8') }])
  })
})

test('read again from the start, what was typed makes no second claim', async () => {
  const [id] = await tell(typed(await code()))
  await claims().answer(lan, id!, false)
  const entries = await world.store.feed.read(0, 200)
  const again = await world.profiles.claimConsumer.apply(entries)
  expect(again.filter(({ collection }) => collection.name === CLAIMS.name)).toEqual([])
})

test('an account that is somebody else’s already is not taken over by a code', async () => {
  const quang = await world.person('quang@example.org')
  await world.link('moodle-7', quang)
  const [id] = await tell(typed(await code()))
  expect(problem(await claims().answer(lan, id!, true))).toBe('link-taken')
  expect(await claims().waiting(lan)).toHaveLength(1)
})

describe('suggestions', () => {
  const actor = (name: string, account: string) => ({
    name,
    account: { homePage: 'https://lms.example.org', name: account },
  })

  test('are accounts of the person’s name, by source and number alone, until they are linked', async () => {
    await tell({ actor: actor('LAN', 'a') }, { actor: actor('Lân', 'b') }, { actor: actor('Lan Anh', 'c') })
    expect(await claims().suggestions(lan)).toEqual([{ kind: 'name', source: 'moodle', count: 2 }])
    expect(await claims().namesakes(lan)).toHaveLength(2)
    await world.link('a', lan)
    expect(await claims().namesakes(lan)).toMatchObject([
      { agent: keyOf('b'), name: 'Lân', source: 'moodle' },
    ])
  })

  test('fold names as people compare them', () => {
    expect(foldName(' Đỗ  Thị Hà ')).toBe('do thi ha')
  })
})
