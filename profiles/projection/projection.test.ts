import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openWorld, type World } from '../../tests/support/profiles-world.ts'
import { keyOf } from '../../tests/support/told.ts'
import { LINES } from './documents.ts'

let world: World
let lan: string

beforeEach(async () => {
  world = await openWorld()
  lan = await world.person('lan@example.org')
  await world.link('lan', lan)
})
afterEach(() => world.close())

const lines = async (person = lan) => (await world.profiles.transcript.lines(person, { limit: 100 })).lines

describe('the transcript follows the feed', () => {
  test('all statements behind a line are told page by page, the newest first, of each who tells of it', async () => {
    const registration = '0b7d3f2e-5d0e-4a43-9d0c-1f6a4f6f1a11'
    const told = Array.from({ length: 260 }, (_, n) => ({
      registration,
      verb: 'progressed',
      at: new Date(Date.UTC(2026, 9, 1) + ((n * 7) % 260) * 60_000).toISOString(),
    }))
    const ids = await world.tell(...told)
    const [confirmed] = await world.tell({ source: 'centre', registration, at: '2026-10-02T03:00:00Z' })
    await world.catchUp()
    const inOrder = ids.toSorted((a, b) => (told[ids.indexOf(a)]!.at < told[ids.indexOf(b)]!.at ? 1 : -1))
    const { transcript } = world.profiles
    const [line] = await lines()
    const [centre, lms] = line!.tellers!.map((teller) => teller.line)
    const seen: string[] = []
    for (let after: string | null = ''; after !== null; ) {
      const page = await transcript.statementsOf(line!, lms!, { limit: 100, ...(after && { after }) })
      seen.push(...page.statements)
      after = page.next
    }
    expect(seen).toEqual(inOrder)
    expect(await transcript.statementsOf(line!, centre!, { limit: 100 })).toEqual({
      statements: [confirmed],
      next: null,
    })
    const other = { ...line!, person: await world.person('quang@example.org', null) }
    expect((await transcript.statementsOf(other, lms!, { limit: 100 })).statements).toEqual([])
  })

  test('how many lines there are is told without reading one', async () => {
    await world.tell(
      ...Array.from({ length: 30 }, (_, day) => ({
        activity: `a${day}`,
        at: `2026-1${day % 3}-1${day % 10}T03:00:00Z`,
      })),
    )
    await world.catchUp()
    const { collections } = world.store
    const { transcript } = await world.again({
      ...collections,
      count: () => Promise.reject(new Error('counted')),
      find: (of, options) =>
        of.name === LINES.name ? Promise.reject(new Error('read')) : collections.find(of, options),
    })
    expect(await transcript.count(lan)).toBe((await lines()).length)
    expect(await lines()).toHaveLength(30)
  })

  test('a statement of a linked account is a line, one of another account is not', async () => {
    await world.tell({ name: { vi: 'Phân loại rác' } }, { who: 'stranger' })
    await world.catchUp()
    expect(await lines()).toMatchObject([
      {
        person: lan,
        activity: { name: { vi: 'Phân loại rác' } },
        source: 'moodle',
        level: 'he-thong',
        statementCount: 1,
      },
    ])
  })

  test('newest first, paged, counted, and only one’s own', async () => {
    const days = [5, 3, 9, 1].map((day) => ({ at: `2026-10-0${day}T03:00:00Z` }))
    await world.tell(...days)
    await world.catchUp()
    const { transcript } = world.profiles
    const first = await transcript.lines(lan, { limit: 3 })
    const second = await transcript.lines(lan, { limit: 3, after: first.next! })
    const found = [...first.lines, ...second.lines].map(({ at }) => new Date(at).getUTCDate())
    expect(found).toEqual([9, 5, 3, 1])
    expect(second.next).toBeNull()
    expect(await transcript.count(lan)).toBe(4)
    const quang = await world.person('quang@example.org')
    expect(await lines(quang)).toEqual([])
    expect(await transcript.line(lan, first.lines[0]!.id)).toEqual(first.lines[0])
    expect(await transcript.line(quang, first.lines[0]!.id)).toBeNull()
  })

  test('a page whose address was mistyped is the first one', async () => {
    await world.tell({})
    await world.catchUp()
    const { transcript } = world.profiles
    expect((await transcript.lines(lan, { limit: 3, after: 'x"' })).lines).toEqual(await lines())
  })

  test('noise waits unseen and joins the line that comes later', async () => {
    await world.tell({ verb: 'launched' })
    await world.catchUp()
    expect(await lines()).toEqual([])
    expect(await world.profiles.transcript.count(lan)).toBe(0)
    await world.tell({ verb: 'completed' })
    await world.catchUp()
    expect(await lines()).toMatchObject([{ statementCount: 2 }])
  })

  test('applied twice, entries change nothing', async () => {
    await world.tell({}, { verb: 'answered' })
    const entries = await world.store.feed.read(0, 200)
    for (const _ of [1, 2]) await world.store.collections.batch(await world.profiles.consumer.apply(entries))
    expect(await lines()).toMatchObject([{ statementCount: 2 }])
    await world.catchUp()
    expect(await lines()).toMatchObject([{ statementCount: 2 }])
  })

  test('a voided statement leaves its line, and the last one takes the line with it', async () => {
    const [done, answered] = await world.tell({ verb: 'completed' }, { verb: 'answered' })
    await world.catchUp()
    await voidIt(done!)
    await world.catchUp()
    expect(await lines()).toMatchObject([{ verb: { display: { en: 'answered' } }, statements: [answered] }])
    await voidIt(answered!)
    await world.catchUp()
    expect(await lines()).toEqual([])
  })

  test('a void that comes before its target keeps it off the record', async () => {
    const id = 'a3f5d4a0-31c2-4b0c-8a58-3c3b6dfb1c11'
    await voidIt(id)
    await world.tell({ id })
    await world.catchUp()
    expect(await lines()).toEqual([])
  })

  test('an erased statement leaves the record', async () => {
    const [id] = await world.tell({})
    await world.catchUp()
    await world.store.statements.purge([id!], 'law')
    await world.catchUp()
    expect(await lines()).toEqual([])
  })

  test('a statement that changes hands leaves one record and joins the other', async () => {
    const quang = await world.person('quang@example.org')
    await world.link('quang', quang)
    const [id] = await world.tell({})
    await world.catchUp()
    await rekey(id!, 'quang')
    await world.catchUp()
    expect(await lines()).toEqual([])
    expect(await lines(quang)).toMatchObject([{ statements: [id] }])
  })

  test('an entry of 500 statements keeps within the batch that the runner writes', async () => {
    const ids = await world.tell(...Array.from({ length: 500 }, (_, i) => ({ activity: `a${i}` })))
    await world.catchUp()
    expect(await world.profiles.transcript.count(lan)).toBe(500)
    await world.store.statements.purge(ids, 'law')
    await world.catchUp()
    expect(await world.profiles.transcript.count(lan)).toBe(0)
  })

  test('the badge follows who stored it, not what it says', async () => {
    await world.tell({ source: 'centre', verb: 'attended' })
    await world.catchUp()
    expect(await lines()).toMatchObject([{ level: 'xac-nhan', source: 'centre' }])
  })

  async function voidIt(id: string) {
    await world.tell({ who: 'teacher', verb: 'voided', object: { objectType: 'StatementRef', id } })
  }
  async function rekey(id: string, who: string) {
    const stored = (await world.store.statements.get(id))!
    const text = stored.text.replace('"name":"lan"', `"name":"${who}"`)
    const change = { id, expected: stored.fingerprint, text, fingerprint: `1:${text}` }
    const keys = [`actor:${keyOf(who)}`]
    expect(
      await world.store.statements.rewrite([{ ...change, keys, attachments: [], names: [] }], 'law'),
    ).toBe(true)
  }
})

test('rebuilt from zero, the record is the same', async () => {
  await world.tell({}, { verb: 'answered', at: '2026-11-01T00:00:00Z' }, { who: 'stranger' })
  await world.catchUp()
  const before = await lines()
  expect(await world.profiles.rebuild()).toBe(2)
  expect(await lines()).toEqual(before)
  expect(before).toHaveLength(2)
})
