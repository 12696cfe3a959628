import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Collections } from '../../lrs/index.ts'
import { openWorld, type World } from '../../tests/support/profiles-world.ts'
import { keyOf } from '../../tests/support/told.ts'
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
const link = (person: string, agent = AGENT) =>
  world.profiles.links.link({ agent, person, how: 'operator', by: 'op', reason: 'showed the paper' })
const unlink = (agent = AGENT) => world.profiles.links.unlink({ agent, by: 'op', reason: 'was a mistake' })
const lines = async (person: string) => (await world.profiles.transcript.lines(person, { limit: 200 })).lines
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
    ['link-reason-missing', { reason: ' ' }],
    ['link-person-unknown', { person: 'nobody' }],
  ])('%s: %j', async (id, change) => {
    const input = { agent: AGENT, person: lan, how: 'operator' as const, by: 'op', reason: 'x', ...change }
    expect(problem(await world.profiles.links.link(input))).toBe(id)
  })

  test('what is not linked cannot be unlinked', async () => {
    expect(problem(await unlink())).toBe('link-unknown')
    expect(problem(await world.profiles.links.unlink({ agent: AGENT, by: 'op', reason: '' }))).toBe(
      'link-reason-missing',
    )
  })
})

describe('killed at any step, it is finished at the next start', () => {
  const history = Array.from({ length: 450 }, (_, i) => ({ who: 'moodle-7', activity: `a${i}` }))

  test.each([1, 2, 3])('a link that is killed at write %i', async (write) => {
    await world.tell(...history)
    const dying = await world.again(dyingAt(write))
    await dying.links
      .link({ agent: AGENT, person: lan, how: 'operator', by: 'op', reason: 'x' })
      .catch((error: unknown) => expect(String(error)).toContain('killed'))
    expect(await world.profiles.resume()).toBe(write === 1 ? 0 : 1)
    expect(await world.profiles.transcript.count(lan)).toBe(write === 1 ? 0 : 450)
    expect(await world.store.collections.count(LINK_JOBS)).toBe(0)
  })

  test.each([1, 2, 3, 4])('an unlink that is killed at write %i', async (write) => {
    await world.tell(...history)
    await link(lan)
    const dying = await world.again(dyingAt(write))
    await dying.links
      .unlink({ agent: AGENT, by: 'op', reason: 'x' })
      .catch((error: unknown) => expect(String(error)).toContain('killed'))
    expect(await world.profiles.resume()).toBe(write === 1 ? 0 : 1)
    expect(await world.profiles.transcript.count(lan)).toBe(write === 1 ? 450 : 0)
    expect(await world.profiles.links.personOf(AGENT)).toBe(write === 1 ? lan : null)
  })

  test('whoever comes before it is resumed finds it finished first', async () => {
    await world.tell(...history)
    await link(lan)
    const dying = await world.again(dyingAt(2))
    await expect(dying.links.unlink({ agent: AGENT, by: 'op', reason: 'x' })).rejects.toThrow('killed')
    expect(await world.profiles.links.personOf(AGENT)).toBeNull()
    expect(await link(quang)).toMatchObject({ person: quang })
    expect(await world.profiles.transcript.count(lan)).toBe(0)
    expect(await world.profiles.transcript.count(quang)).toBe(450)
  })

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
