import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Collections } from '../../lrs/index.ts'
import { openWorlds, PAPER, type World } from '../../tests/support/profiles-world.ts'
import { keyOf } from '../../tests/support/told.ts'
import { ACCESSES } from '../access/documents.ts'
import { LINK_JOBS } from '../links/documents.ts'
import { MERGE_JOBS } from './documents.ts'
import { findOfFamily } from './family-of.ts'

let worlds: Awaited<ReturnType<typeof openWorlds>>
let world: Omit<World, 'close'>
let lan: string
let quang: string
beforeAll(async () => {
  worlds = await openWorlds()
})
afterAll(() => worlds.close())
beforeEach(async () => {
  world = await worlds.next()
  lan = await world.person('lan@example.org')
  quang = await world.person('quang@example.org')
  await world.link('a', lan)
  await world.link('b', quang)
  await world.tell({ who: 'a', activity: 'one' }, { who: 'b', activity: 'two' })
  await world.catchUp()
})

const BY = { by: 'op', reason: 'same papers' }
const settled = async <T>(answer: T): Promise<T> => {
  await world.profiles.settled()
  return answer
}
const merge = async (from = lan, into = quang) =>
  settled(await world.profiles.merges.merge({ from, into, ...BY }))
const undo = async (from = lan) => settled(await world.profiles.merges.undo({ from, ...BY }))
const record = async (person: string) =>
  (await world.profiles.transcript.lines(person, { limit: 50 })).lines
    .map(({ activity }) => activity.id.split('/').at(-1))
    .sort()
const problem = (answer: object) =>
  'problems' in answer ? (answer.problems as { id: string }[])[0]?.id : null

test('merged, all of the one is shown as the other’s; undone, both are as they were, with what came since', async () => {
  expect(await merge()).toMatchObject({ from: lan, into: quang, undone: null })
  expect([await record(lan), await record(quang)]).toEqual([[], ['one', 'two']])
  expect(await world.profiles.accounts.get(lan)).toMatchObject({ mergedInto: quang })
  await world.tell({ who: 'a', activity: 'three' }, { who: 'b', activity: 'four' })
  await world.link('c', quang)
  await world.tell({ who: 'c', activity: 'five' })
  await world.catchUp()
  expect(await record(quang)).toEqual(['five', 'four', 'one', 'three', 'two'])
  expect(await world.profiles.links.personOf(keyOf('a'))).toBe(quang)

  expect(await undo()).toMatchObject({ undone: { by: 'op' } })
  expect(await record(lan)).toEqual(['one', 'three'])
  expect(await record(quang)).toEqual(['five', 'four', 'two'])
  expect(await world.profiles.accounts.get(lan)).not.toHaveProperty('mergedInto')
  expect(await world.profiles.merges.of(quang)).toMatchObject([{ from: lan, undone: { by: 'op' } }])
})

test('one after another into a third, and apart again from the middle', async () => {
  const ha = await world.person('ha@example.org')
  await merge(lan, quang)
  await merge(quang, ha)
  expect(await record(ha)).toEqual(['one', 'two'])
  await undo(quang)
  expect([await record(ha), await record(quang)]).toEqual([[], ['one', 'two']])
  await undo(lan)
  expect([await record(lan), await record(quang)]).toEqual([['one'], ['two']])
})

test('a contested or unlinked account of the one leaves the other’s record', async () => {
  await merge()
  await settled(await world.profiles.links.contest({ agent: keyOf('a'), person: quang }))
  expect(await record(quang)).toEqual(['two'])
  await undo()
  expect([await record(lan), await record(quang)]).toEqual([[], ['two']])
})

describe('refused', () => {
  test('oneself, nobody, who is merged already, without a reason, and what is not there to undo', async () => {
    expect(problem(await merge(lan, lan))).toBe('merge-same')
    expect(problem(await merge(lan, 'nobody'))).toBe('merge-person-unknown')
    expect(
      problem(await world.profiles.merges.merge({ from: lan, into: quang, by: 'op', reason: ' ' })),
    ).toBe('merge-reason-missing')
    expect(problem(await undo())).toBe('merge-unknown')
    await merge()
    expect(problem(await merge(quang, lan))).toBe('merge-already')
    const input = { agent: keyOf('x'), person: lan, how: 'operator', proof: PAPER, ...BY } as const
    expect(problem(await world.profiles.links.link(input))).toBe('link-person-merged')
  })

  test('who holds a role is not merged away', async () => {
    await world.profiles.accounts.grant(lan, 'author', 'op')
    expect(problem(await merge())).toBe('merge-roles')
  })

  test('of two that go each into the other one wins', async () => {
    const answers = await Promise.all([merge(lan, quang), merge(quang, lan)])
    expect(answers.filter((answer) => problem(answer) === 'merge-already')).toHaveLength(1)
  })
})

describe('killed', () => {
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

  test.each([1, 2, 3, 4, 5])('at write %i, a merge and its undoing are gone on with', async (write) => {
    for (const act of ['merge', 'undo'] as const) {
      const dying = await world.again(dyingAt(write))
      const asked =
        act === 'merge'
          ? dying.merges.merge({ from: lan, into: quang, ...BY })
          : dying.merges.undo({ from: lan, ...BY })
      await asked
        .then(() => dying.settled())
        .catch((error: unknown) => expect(String(error)).toContain('killed'))
      await world.profiles.resume()
      await world.profiles.settled()
      if (write === 1) await (act === 'merge' ? merge() : undo())
      const together = [[], ['one', 'two']]
      expect([await record(lan), await record(quang)]).toEqual(
        act === 'merge' ? together : [['one'], ['two']],
      )
      for (const jobs of [LINK_JOBS, MERGE_JOBS]) expect(await world.store.collections.count(jobs)).toBe(0)
    }
  })
})

test('what is kept under either of two who are one comes in one order of time, page by page', async () => {
  const { collections } = world.store
  for (const [n, who] of [lan, quang, lan, quang, lan].entries())
    await collections.put(ACCESSES, `access-${n}`, { person: who, at: 1_000 + n } as never)
  await collections.put(ACCESSES, 'access-same', { person: quang, at: 1_004 } as never)
  await merge()
  const keys: string[] = []
  for (let after: string | undefined; ; ) {
    const page = await findOfFamily(collections, ACCESSES, quang, { limit: 2, after })
    keys.push(...page.docs.map(({ key }) => key))
    if (page.next === null) break
    after = page.next
  }
  expect(keys).toEqual(['access-same', 'access-4', 'access-3', 'access-2', 'access-1', 'access-0'])
  const first = await findOfFamily(collections, ACCESSES, quang, { limit: 2, after: 'mistyped' })
  expect(first.docs.map(({ key }) => key)).toEqual(['access-same', 'access-4'])
  await undo()
  const own = await findOfFamily(collections, ACCESSES, quang, { limit: 9 })
  expect(own.docs.map(({ key }) => key)).toEqual(['access-same', 'access-3', 'access-1'])
})
