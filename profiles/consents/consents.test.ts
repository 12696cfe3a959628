import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { appendAudit, type Collections } from '../../lrs/index.ts'
import { openWorlds, type World } from '../../tests/support/profiles-world.ts'
import { keyOf } from '../../tests/support/told.ts'
import { YEARS } from '../hours/documents.ts'
import { LINK_JOBS, LINKS } from '../links/documents.ts'
import { MERGE_JOBS } from '../merges/documents.ts'
import { FACTS, isTelling, LINES, WAITING } from '../projection/documents.ts'
import { agreed } from './agreed.ts'
import { createConsents } from './consents.ts'
import { CONSENT_WORDS, type PurposeWords } from './purposes.ts'

const HOW = {
  how: 'operator',
  by: 'op',
  reason: 'known',
  proof: { document: { number: '1', date: '2026-11-20' } },
} as const
const ASKED = { purpose: 'learning-record', version: 1, language: 'vi', where: 'page' } as const

let worlds: Awaited<ReturnType<typeof openWorlds>>
let world: Omit<World, 'close'>
beforeAll(async () => {
  worlds = await openWorlds()
})
afterAll(() => worlds.close())
beforeEach(async () => {
  world = await worlds.next()
})

const answer = (person: string, said: 'yes' | 'no') =>
  world.profiles.consents.answer(person, { ...ASKED, answer: said })
const shown = async (person: string) => (await world.profiles.transcript.lines(person, { limit: 100 })).lines
/** All that there is of any record. */
async function kept() {
  const { collections } = world.store
  const facts = (await collections.scan(FACTS, { limit: 100 })).docs.filter(({ value }) => isTelling(value))
  const others = await Promise.all([LINES, YEARS, WAITING].map((each) => collections.count(each)))
  return facts.length + others.reduce((a, b) => a + b, 0)
}
const problem = (done: object) =>
  'problems' in done ? (done.problems as { id: string }[])[0]?.id : undefined

describe('without consent', () => {
  test('nothing is kept of what was sent under a person’s accounts, and all of it comes with a yes', async () => {
    const person = await world.person('lan@example.org', null)
    await world.tell({ who: 'lan' })
    await world.link('lan', person)
    const waiting = { agent: keyOf('lan-2'), person, ...HOW, sources: [] }
    await world.tell({ who: 'lan', activity: 'b' }, { who: 'lan-2', activity: 'c' })
    await world.profiles.links.link(waiting)
    await world.catchUp()
    await world.profiles.settled()
    expect(await kept()).toBe(0)
    expect(await shown(person)).toEqual([])
    expect(await world.profiles.links.waiting(person)).toEqual([])
    expect(await world.profiles.claims.suggestions(person)).toEqual([])

    await answer(person, 'yes')
    await world.profiles.settled()
    expect(await shown(person)).toHaveLength(2)
    expect(await world.profiles.transcript.count(person)).toBe(2)
    expect(await world.profiles.links.waiting(person)).toMatchObject([{ agent: keyOf('lan-2') }])
  })

  test('an account that is linked later, and the product’s own, belong to a closed record too', async () => {
    const person = await world.person('lan@example.org', null)
    await world.link('lan', person)
    const links = (await world.store.collections.scan(LINKS, { limit: 10 })).docs
    expect(links.map(({ value }) => value.agreed)).toEqual([undefined, undefined])
    await answer(person, 'yes')
    await world.profiles.settled()
    await world.link('lan-2', person)
    const after = (await world.store.collections.scan(LINKS, { limit: 10 })).docs
    expect(after.map(({ value }) => value.agreed)).toEqual([true, true, true])
  })
})

describe('taken back', () => {
  test('the record is empty in that moment, and gone soon after; given again it is what it was', async () => {
    const person = await world.person('lan@example.org')
    await world.link('lan', person)
    await world.tell({ who: 'lan' }, { who: 'lan', activity: 'b' })
    await world.catchUp()
    const before = await shown(person)
    const years = await world.profiles.transcript.years(person)
    expect(before).toHaveLength(2)

    await answer(person, 'no')
    expect(await shown(person)).toEqual([])
    expect(await world.profiles.transcript.line(person, before[0]!.id)).toBeNull()
    expect(await world.profiles.transcript.count(person)).toBe(0)
    expect(await world.profiles.transcript.years(person)).toEqual([])
    expect(await world.profiles.transcript.hoursOf(before[0]!)).toBeNull()
    await world.profiles.settled()
    expect(await kept()).toBe(0)

    await world.tell({ who: 'lan', activity: 'c' })
    await world.catchUp()
    expect(await kept()).toBe(0)

    await answer(person, 'yes')
    await world.profiles.settled()
    const after = await shown(person)
    expect(after).toHaveLength(3)
    expect(after).toEqual(expect.arrayContaining(before))
    expect(await world.profiles.transcript.years(person)).not.toEqual(years)
  })

  test('a share ends with it for good', async () => {
    const person = await world.person('lan@example.org')
    await world.link('lan', person)
    await world.tell({ who: 'lan' })
    await world.catchUp()
    const lines = (await shown(person)).map(({ id }) => id)
    const input = { purpose: 'xin việc', reader: 'công ty', lines, days: 7, password: null }
    const made = await world.profiles.shares.create(person, input)
    if (!('token' in made)) throw new Error('refused')
    expect(made.share.state).toBe('open')
    await new Promise((done) => setTimeout(done, 2))
    await answer(person, 'no')
    expect(await world.profiles.shares.knock(made.token)).toMatchObject({
      status: 410,
      since: expect.any(Number),
    })
    expect(await world.profiles.shares.open(made.token, null)).toMatchObject({ status: 410 })
    await answer(person, 'yes')
    await world.profiles.settled()
    expect(await world.profiles.shares.open(made.token, null)).toMatchObject({ status: 410 })
    expect((await world.profiles.shares.of(person, { limit: 10 })).shares).toMatchObject([
      { state: 'stopped' },
    ])
    const again = await world.profiles.shares.create(person, input)
    expect('token' in again && (await world.profiles.shares.open(again.token, null)).ok).toBe(true)
  })

  test('killed at any step, the next start brings it to its end', async () => {
    for (let writes = 1; writes <= 4; writes++) {
      world = await worlds.next()
      const person = await world.person('lan@example.org')
      await world.link('lan', person)
      await world.tell({ who: 'lan' }, { who: 'lan', activity: 'b' })
      await world.catchUp()
      const dying = await world.again(dyingAfter(world.store.collections, writes))
      await dying.consents.answer(person, { ...ASKED, answer: 'no' })
      await dying.settled().catch(() => {})
      expect(await shown(person)).toEqual([])
      const next = await world.again()
      await next.resume()
      await next.settled()
      expect(await kept(), `after ${writes}`).toBe(0)
      for (const jobs of [LINK_JOBS, MERGE_JOBS]) expect(await world.store.collections.count(jobs)).toBe(0)
    }
  })
})

function dyingAfter(collections: Collections, writes: number): Collections {
  let left = writes
  return {
    ...collections,
    async batch(operations) {
      if (left-- <= 0) throw new Error('killed')
      return collections.batch(operations)
    },
  }
}

describe('two persons who are one', () => {
  test('it is the consent of the one whose record it is, and of the other again when that is undone', async () => {
    const lan = await world.person('lan@example.org')
    const quang = await world.person('quang@example.org', null)
    await world.link('lan', lan)
    await world.tell({ who: 'lan' })
    await world.catchUp()
    await world.profiles.merges.merge({ from: lan, into: quang, by: 'op', reason: 'one' })
    expect(await shown(quang)).toEqual([])
    await world.profiles.settled()
    expect(await kept()).toBe(0)
    await answer(quang, 'yes')
    await world.profiles.settled()
    expect(await shown(quang)).toHaveLength(1)
    await answer(quang, 'no')
    await world.profiles.merges.undo({ from: lan, by: 'op', reason: 'two' })
    await world.profiles.settled()
    expect(await shown(quang)).toEqual([])
    expect(await shown(lan)).toHaveLength(1)
  })
})

describe('what was said', () => {
  test('is kept with its words, its language, its place and its time, newest first', async () => {
    const person = await world.person('lan@example.org')
    await answer(person, 'no')
    await answer(person, 'no')
    await world.profiles.consents.answer(person, { ...ASKED, language: 'en', answer: 'yes' })
    const { answers } = await world.profiles.consents.given(person, { limit: 10 })
    expect(answers).toMatchObject([
      { answer: 'yes', version: 1, language: 'en', where: 'page' },
      { answer: 'no', version: 1, language: 'vi', where: 'page' },
      { answer: 'yes', version: 1, language: 'vi', where: 'registration' },
    ])
  })

  test('a no at registration is an answer: there is no record, and it is not asked again', async () => {
    const person = await world.profiles.accounts.register({
      identifier: 'an@example.org',
      password: 'con ong chăm chỉ',
      name: 'An',
      language: 'vi',
      consents: [{ purpose: 'learning-record', answer: 'no', version: 1, where: 'registration' }],
    })
    if ('ok' in person) throw new Error(JSON.stringify(person))
    expect(agreed(person)).toBe(false)
    expect(world.profiles.consents.asked(person)).toEqual([])
    const silent = await world.person('silent@example.org', null)
    const held = await world.profiles.accounts.get(silent)
    expect(world.profiles.consents.asked(held!)).toMatchObject([{ purpose: 'learning-record', why: 'first' }])
  })

  test('nobody agrees to words they did not see, or to nothing', async () => {
    const person = await world.person('lan@example.org', null)
    const say = (change: object) =>
      world.profiles.consents.answer(person, { ...ASKED, answer: 'yes', ...change } as never)
    expect(problem(await say({ version: 2 }))).toBe('consent-unknown')
    expect(problem(await say({ purpose: 'constructor' }))).toBe('consent-unknown')
    expect(problem(await say({ answer: 'perhaps' }))).toBe('consent-unknown')
    expect(problem(await world.profiles.consents.answer('nobody', { ...ASKED, answer: 'yes' }))).toBe(
      'consent-person-unknown',
    )
    const words = {
      identifier: 'b@example.org',
      password: 'con ong chăm chỉ',
      name: 'B',
      language: 'vi',
    } as const
    const consents = [
      { purpose: 'learning-record', answer: 'yes', version: 7, where: 'registration' },
    ] as const
    expect(problem(await world.profiles.accounts.register({ ...words, consents }))).toBe('consent-unknown')
  })
})

test('when the words change, the consent stays, what changed is asked, and a no to it is a withdrawal', async () => {
  const person = await world.person('lan@example.org')
  const [first] = CONSENT_WORDS['learning-record']
  const second = {
    ...first,
    version: 2,
    vi: { ...first.vi, changed: 'm' },
    en: { ...first.en, changed: 'n' },
  }
  const purposes: PurposeWords = { 'learning-record': [first, second] }
  const consents = createConsents({
    collections: world.store.collections,
    jobs: { start: () => {} },
    audit: (note) => appendAudit({ tenant: 'test', ...note }),
    now: Date.now,
    purposes,
  })
  const held = (await world.profiles.accounts.get(person))!
  expect(agreed(held)).toBe(true)
  expect(consents.asked(held)).toMatchObject([{ why: 'changed', words: { version: 2 } }])
  expect(problem(await consents.answer(person, { ...ASKED, answer: 'yes' }))).toBe('consent-words-changed')
  const now = await consents.answer(person, { ...ASKED, version: 2, answer: 'yes' })
  if ('problems' in now) throw new Error('refused')
  expect(now.consents).toEqual({
    'learning-record': { answer: 'yes', version: 2, since: held.consents?.['learning-record']?.since },
  })
  expect(consents.asked(now)).toEqual([])
  // Nobody has to read new words to say no.
  const gone = await consents.answer(person, { ...ASKED, answer: 'no' })
  expect('problems' in gone ? gone : agreed(gone)).toBe(false)
})
