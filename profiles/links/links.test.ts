import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Collections } from '../../lrs/index.ts'
import { openWorld, PAPER, type World } from '../../tests/support/profiles-world.ts'
import { keyOf } from '../../tests/support/told.ts'
import type { ProfilesPart, RecordLine } from '../index.ts'
import { MAX_CHANGES } from '../projection/changes.ts'
import { FACTS, LINES } from '../projection/documents.ts'
import { LINK_JOBS, LINKS } from './documents.ts'

let world: World
let lan: string
let quang: string

beforeEach(async () => {
  world = await openWorld()
  lan = await world.person('lan@example.org')
  quang = await world.person('quang@example.org')
})
afterEach(() => world.close())

const AGENT = keyOf('moodle-7')
const HOW = { how: 'operator', proof: PAPER, by: 'op', reason: 'showed the paper' } as const
const settled = async <T>(answer: T): Promise<T> => {
  await world.profiles.settled()
  return answer
}
const link = async (person: string, agent = AGENT) =>
  settled(await world.profiles.links.link({ agent, person, ...HOW }))
const unlink = async (agent = AGENT) =>
  settled(await world.profiles.links.unlink({ agent, by: 'op', reason: 'was a mistake' }))
const lines = async (person: string) => (await world.profiles.transcript.lines(person, { limit: 200 })).lines
/** Lines that are there, shown or not. */
const kept = (person: string) =>
  world.store.collections.count(LINES, { index: 'person', equals: { visibleTo: person } })
const problem = (answer: object) =>
  'problems' in answer ? (answer.problems as { id: string }[])[0]?.id : answer

describe('an identifier belongs to one person at a time', () => {
  test('linking brings the history in, unlinking takes exactly it out', async () => {
    await world.tell({ who: 'moodle-7' }, { who: 'other', activity: 'b' })
    await world.catchUp()
    await link(lan, keyOf('other'))
    const own = await lines(lan)
    expect(await link(lan)).toMatchObject({
      agent: AGENT,
      person: lan,
      until: null,
      reason: 'showed the paper',
    })
    expect(await lines(lan)).toHaveLength(2)
    expect(await world.profiles.links.personOf(AGENT)).toBe(lan)

    expect(await unlink()).toMatchObject({
      until: expect.any(Number),
      ended: { by: 'op', reason: 'was a mistake' },
    })
    expect(await lines(lan)).toEqual(own)
    expect(await world.profiles.links.personOf(AGENT)).toBeNull()
    expect(await world.store.collections.get(LINKS, AGENT)).toBeNull()
  })

  test('two accounts of one person at one lesson fold into one line and come apart again', async () => {
    const registration = '0b7d3f2e-5d0e-4a43-9d0c-1f6a4f6f1a11'
    await world.tell({ who: 'moodle-7', registration }, { who: 'moodle-8', registration, verb: 'answered' })
    await world.catchUp()
    await link(lan)
    await link(lan, keyOf('moodle-8'))
    expect(await lines(lan)).toMatchObject([{ statementCount: 2, verb: { display: { en: 'completed' } } }])
    await unlink()
    expect(await lines(lan)).toMatchObject([{ statementCount: 1, verb: { display: { en: 'answered' } } }])
  })

  test('another person is refused until the link has ended; the history keeps both', async () => {
    await world.tell({ who: 'moodle-7' })
    await world.catchUp()
    await link(lan)
    expect(problem(await link(quang))).toBe('link-taken')
    await unlink()
    await link(quang)
    expect(await lines(lan)).toEqual([])
    expect(await lines(quang)).toHaveLength(1)
    const history = (await world.profiles.links.of(lan)).filter(({ how }) => how === 'operator')
    expect(history).toMatchObject([{ agent: AGENT, until: expect.any(Number) }])
  })

  test('of two who race for one identifier one wins', async () => {
    const answers = await Promise.all([link(lan), link(quang), link(lan), link(quang)])
    const winner = await world.profiles.links.personOf(AGENT)
    for (const answer of answers)
      expect('person' in answer ? answer.person === winner : problem(answer) === 'link-taken').toBe(true)
  })

  test('the same link again changes nothing', async () => {
    const first = await link(lan)
    expect(await link(lan)).toEqual(first)
  })

  test('a history of many pages is folded in whole', async () => {
    const many = Array.from({ length: 450 }, (_, i) => ({ who: 'moodle-7', activity: `a${i}` }))
    await world.tell(...many.slice(0, 225))
    await world.tell(...many.slice(225))
    await link(lan)
    expect(await world.profiles.transcript.count(lan)).toBe(450)
    await unlink()
    expect(await world.profiles.transcript.count(lan)).toBe(0)
  })

  test.each([
    ['link-agent-not-valid', { agent: 'moodle-7' }],
    ['link-agent-not-valid', { agent: 'mbox:lan@example.org' }],
    ['link-agent-not-valid', { agent: 'account:https://x.org' }],
    ['link-agent-not-valid', { agent: `account:https://x.org ${'a'.repeat(3000)}` }],
    ['link-role-address', { agent: 'mbox:mailto:phong.ketoan2@example.org' }],
    ['link-reason-missing', { reason: ' ' }],
    ['link-document-missing', { proof: { document: { number: ' ', date: '2026-11-20' } } }],
    ['link-document-missing', { proof: { document: { number: '12', date: '2026-02-30' } } }],
    ['link-person-unknown', { person: 'nobody' }],
  ])('%s: %j', async (id, change) => {
    const input = { agent: AGENT, person: lan, ...HOW, ...change }
    expect(problem(await world.profiles.links.link(input))).toBe(id)
  })

  test('what is not linked cannot be unlinked', async () => {
    expect(problem(await unlink())).toBe('link-unknown')
    expect(problem(await world.profiles.links.unlink({ agent: AGENT, by: 'op', reason: '' }))).toBe(
      'link-reason-missing',
    )
  })
})

describe('killed at any step, it is finished after the next start', () => {
  const history = Array.from({ length: 450 }, (_, i) => ({ who: 'moodle-7', activity: `a${i}` }))
  const resume = async () => settled(await world.profiles.resume())

  test.each([1, 2, 3])('a link that is killed at write %i', async (write) => {
    await world.tell(...history)
    const dying = await world.again(dyingAt(write))
    await killed(dying, dying.links.link({ agent: AGENT, person: lan, ...HOW }))
    expect(await resume()).toBe(write === 1 ? 0 : 1)
    expect(await world.profiles.transcript.count(lan)).toBe(write === 1 ? 0 : 450)
    expect(await world.store.collections.count(LINK_JOBS)).toBe(0)
  })

  test.each([1, 2, 3, 4])('an unlink that is killed at write %i', async (write) => {
    await world.tell(...history)
    await link(lan)
    const dying = await world.again(dyingAt(write))
    await killed(dying, dying.links.unlink({ agent: AGENT, by: 'op', reason: 'x' }))
    expect(await world.profiles.links.personOf(AGENT)).toBe(write === 1 ? lan : null)
    expect(await resume()).toBe(write === 1 ? 0 : 1)
    expect(await world.profiles.transcript.count(lan)).toBe(write === 1 ? 450 : 0)
  })

  test('whoever links it to another before that moves what is left there', async () => {
    await world.tell(...history)
    await link(lan)
    const dying = await world.again(dyingAt(3))
    await killed(dying, dying.links.unlink({ agent: AGENT, by: 'op', reason: 'x' }))
    expect(await world.profiles.transcript.count(lan)).toBeNull()
    expect(await kept(lan)).toBe(450 - MAX_CHANGES)
    expect(await link(quang)).toMatchObject({ person: quang })
    expect(await world.profiles.transcript.count(lan)).toBe(0)
    expect(await world.profiles.transcript.count(quang)).toBe(450)
  })

  test('what another process is at is left alone until it has not been seen for a while', async () => {
    await world.tell(...history)
    const dying = await world.again(dyingAt(2))
    await killed(dying, dying.links.link({ agent: AGENT, person: lan, ...HOW }))
    expect(await world.profiles.resume(true)).toBe(0)
    const job = (await world.store.collections.get(LINK_JOBS, AGENT))!
    await world.store.collections.put(LINK_JOBS, AGENT, { ...job.value, seen: Date.now() - 60_000 })
    expect(await settled(await world.profiles.resume(true))).toBe(1)
    expect(await world.profiles.transcript.count(lan)).toBe(450)
  })

  /** What was asked for is answered, or not, and what goes on beside is over too. */
  async function killed(dying: ProfilesPart, asked: Promise<unknown>): Promise<void> {
    await expect(asked.then(() => dying.settled())).rejects.toThrow('killed')
  }

  /** Collections of a process that dies instead of making its n-th write, and answers nothing afterwards. */
  function dyingAt(write: number): Collections {
    let writes = 0
    return {
      ...world.store.collections,
      async batch(operations) {
        if (++writes >= write) throw new Error('killed')
        return world.store.collections.batch(operations)
      },
    }
  }
})

describe('an answer comes at once', () => {
  const history = Array.from({ length: 450 }, (_, i) => ({ who: 'moodle-7', activity: `a${i}` }))

  test('the history comes beside, and how far it is can be seen', async () => {
    await world.tell(...history)
    const held = await world.again(holding())
    await held.links.link({ agent: AGENT, person: lan, ...HOW })
    await stepDone()
    expect(await world.profiles.links.work(lan)).toEqual([{ agent: AGENT, done: MAX_CHANGES, joining: true }])
    expect(await world.profiles.transcript.count(lan)).toBe(MAX_CHANGES)
    go()
    await held.settled()
    expect(await world.profiles.links.work(lan)).toEqual([])
    expect(await world.profiles.transcript.count(lan)).toBe(450)
  })

  test('what the citizen contests is out of sight before it is taken out, and what another account says stays', async () => {
    const registration = '0b7d3f2e-5d0e-4a43-9d0c-1f6a4f6f1a11'
    await world.tell({ who: 'moodle-8', registration, verb: 'answered' })
    // The newest of all, so that it is among the first.
    await world.tell({ who: 'moodle-7', registration, at: '2026-11-21T02:00:00.000Z' }, ...history)
    await world.catchUp()
    await link(lan)
    await link(lan, keyOf('moodle-8'))
    const [line] = (await lines(lan)).filter(({ statementCount }) => statementCount === 2)
    const held = await world.again(holding())
    await held.links.contest({ agent: AGENT, person: lan })
    await stepDone()
    expect(await world.profiles.transcript.count(lan)).toBeNull()
    expect(await kept(lan)).toBeGreaterThan(200)
    const seen: RecordLine[] = []
    let after: string | null = ''
    while (after !== null) {
      const page = await world.profiles.transcript.lines(lan, { limit: 50, ...(after && { after }) })
      seen.push(...page.lines)
      after = page.next
    }
    expect(seen).toMatchObject([{ id: line!.id, statementCount: 1, verb: { display: { en: 'answered' } } }])
    expect(await world.profiles.transcript.line(lan, line!.id)).toMatchObject({ statementCount: 1 })
    expect(await world.profiles.links.work(lan)).toMatchObject([{ joining: false }])
    go()
    await held.settled()
    expect(await lines(lan)).toEqual(seen)
  })

  let go: () => void
  let stepDone: () => Promise<void>
  /** Collections of a process that stops for a while after the first step beside. */
  function holding(): Collections {
    const gate = Promise.withResolvers<void>()
    const done = Promise.withResolvers<void>()
    go = gate.resolve
    stepDone = () => done.promise
    let writes = 0
    return {
      ...world.store.collections,
      async batch(operations) {
        if (++writes > 2) {
          done.resolve()
          await gate.promise
        }
        return world.store.collections.batch(operations)
      },
    }
  }
})

describe('a link is contested by whose record it feeds', () => {
  test('the trail stays, who made it is told until they have seen it, and nobody else may', async () => {
    await link(lan)
    expect(problem(await world.profiles.links.contest({ agent: AGENT, person: quang }))).toBe('link-unknown')
    await settled(await world.profiles.links.contest({ agent: AGENT, person: lan }))
    const [ended] = (await world.profiles.links.of(lan)).filter(({ agent }) => agent === AGENT)
    expect(ended).toMatchObject({ ended: { by: lan, contested: true }, until: expect.any(Number) })
    expect(await world.profiles.links.wasContested(AGENT, lan)).toBe(true)
    const [told] = await world.profiles.links.contested('op')
    expect(told).toMatchObject({ agent: AGENT, person: lan })
    await world.profiles.links.noticed('somebody', told!.id)
    expect(await world.profiles.links.contested('op')).toHaveLength(1)
    await world.profiles.links.noticed('op', told!.id)
    expect(await world.profiles.links.contested('op')).toEqual([])
  })

  test('the product’s own account cannot be contested', async () => {
    const own = (await world.profiles.links.of(lan)).find(({ how }) => how === 'product')!
    expect(problem(await world.profiles.links.contest({ agent: own.agent, person: lan }))).toBe(
      'link-unknown',
    )
  })
})

describe('a link that holds for some sources', () => {
  const MAIL = 'mbox:mailto:lan@example.org'
  const told = (source: string, activity: string, at = '2026-11-20T02:00:00Z') => ({
    actor: { mbox: 'mailto:lan@example.org' },
    source,
    activity,
    at,
  })
  const byMail = async (sources: string[] = []) =>
    settled(
      await world.profiles.links.link({
        agent: MAIL,
        person: lan,
        how: 'email-code',
        by: lan,
        reason: 'code',
        sources,
      }),
    )
  const decide = async (source: string, mine: boolean, person = lan) =>
    settled(await world.profiles.links.decide({ agent: MAIL, person, source, mine }))

  test('counts the others by source and year, and takes them in when they are confirmed', async () => {
    await world.tell(told('moodle', 'a', '2024-12-31T18:00:00Z'), told('moodle', 'b'), told('centre', 'c'))
    await world.catchUp()
    await byMail()
    expect(await lines(lan)).toEqual([])
    const id = expect.any(String)
    expect(await world.profiles.links.waiting(lan)).toEqual([
      { id, agent: MAIL, source: 'centre', years: [{ year: 2026, count: 1 }] },
      {
        id,
        agent: MAIL,
        source: 'moodle',
        years: [
          { year: 2025, count: 1 },
          { year: 2026, count: 1 },
        ],
      },
    ])
    await decide('moodle', true)
    expect(await lines(lan)).toMatchObject([{ source: 'moodle' }, { source: 'moodle' }])
    expect(await world.profiles.links.waiting(lan)).toMatchObject([{ source: 'centre' }])
  })

  test('lets what comes later wait too, and lets go of what is voided or unlinked', async () => {
    await byMail(['moodle'])
    const [, second] = await world.tell(told('moodle', 'a'), told('centre', 'b'), told('centre', 'c'))
    await world.catchUp()
    expect(await lines(lan)).toHaveLength(1)
    expect(await world.profiles.links.waiting(lan)).toMatchObject([{ years: [{ year: 2026, count: 2 }] }])
    const object = { objectType: 'StatementRef', id: second }
    await world.tell({ who: 'teacher', source: 'centre', verb: 'voided', object })
    await world.catchUp()
    expect(await world.profiles.links.waiting(lan)).toMatchObject([{ years: [{ year: 2026, count: 1 }] }])
    await unlink(MAIL)
    expect(await world.profiles.links.waiting(lan)).toEqual([])
    expect(
      await world.store.collections.find(FACTS, { index: 'agent', equals: { agent: MAIL }, limit: 9 }),
    ).toEqual({
      docs: [],
      next: null,
    })
  })

  test('asks no more about what is not the person’s, and gives up what was confirmed by mistake', async () => {
    await byMail()
    await world.tell(told('moodle', 'a'))
    await world.catchUp()
    expect(problem(await decide('moodle', true, quang))).toBe('link-unknown')
    await decide('moodle', true)
    expect(await lines(lan)).toHaveLength(1)
    await decide('moodle', false)
    expect(await lines(lan)).toEqual([])
    expect(await world.profiles.links.waiting(lan)).toEqual([])
  })

  test('grows by another proof', async () => {
    await world.tell(told('moodle', 'a'), told('centre', 'b'))
    await world.catchUp()
    await byMail(['moodle'])
    await byMail(['centre'])
    expect(await lines(lan)).toHaveLength(2)
    await byMail()
    expect(await lines(lan)).toHaveLength(2)
    expect(await link(lan, MAIL)).not.toHaveProperty('sources')
  })
})
