import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Caller } from '../../lrs/index.ts'
import { openWorlds, type World } from '../../tests/support/profiles-world.ts'
import { ADL } from '../../tests/support/told.ts'
import { createDisputes, disputedAmong } from './disputes.ts'
import type { MarkedLine } from './names.ts'
import type { Dispute } from './types.ts'

const INPUT = { kind: 'result', words: 'Tôi được 9 điểm.', asksVoid: false }
const QUEUE = { source: 'moodle' }
const ANSWER = {
  queue: QUEUE,
  by: 'officer',
  outcome: 'not-corrected',
  words: 'Sổ điểm ghi 7.',
  voids: false,
}

let worlds: Awaited<ReturnType<typeof openWorlds>>
let world: Omit<World, 'close'>
let lan: string
let minh: string
let line: string
let told: string[]

beforeAll(async () => {
  worlds = await openWorlds()
})
afterAll(() => worlds.close())
beforeEach(async () => {
  world = await worlds.next()
  lan = await world.person('lan@example.org')
  minh = await world.person('minh@example.org')
  await world.link('lan', lan)
  told = await world.tell(
    { activity: 'bai', verb: 'attempted', at: '2026-11-20T02:00:00.000Z' },
    { activity: 'bai', verb: 'completed', at: '2026-11-20T02:30:00.000Z' },
  )
  await world.catchUp()
  line = await theLine()
})

const theLine = async () => (await world.profiles.transcript.lines(lan, { limit: 5 })).lines[0]?.id ?? ''
const marked = (id: string): MarkedLine => ({
  id,
  person: lan,
  level: 'he-thong',
  activity: { id: 'bai', name: {}, type: null },
})
const problem = (answer: object | null) =>
  answer && 'problems' in answer ? (answer.problems as { id: string }[]).map(({ id }) => id) : null
async function made(input: Partial<typeof INPUT> = {}): Promise<Dispute> {
  const done = await world.disputes.make(lan, line, { ...INPUT, ...input })
  if ('problems' in done) throw new Error(JSON.stringify(done))
  return done
}
async function voided(...ids: string[]): Promise<void> {
  await world.tell(...ids.map((id) => ({ verb: `${ADL}voided`, object: { objectType: 'StatementRef', id } })))
  await world.catchUp()
}

describe('said to be wrong', () => {
  test('it is kept as it stood, waits for an answer, and there is one at a time', async () => {
    const dispute = await made()
    expect(dispute).toMatchObject({
      line,
      person: lan,
      source: 'moodle',
      kind: 'result',
      state: 'open',
      told: { activity: 'https://lms.example.org/a/bai', statements: told },
      history: [{ what: 'made', by: lan, words: INPUT.words }],
    })
    expect(problem(await world.disputes.make(lan, line, INPUT))).toEqual(['dispute-open'])
    expect(await world.disputes.news(lan)).toEqual({ waiting: 1, answered: [] })
    expect(await world.disputes.count({ source: 'moodle' })).toBe(1)
    expect([...(await disputedAmong(world.store.collections, [marked(line), marked('x')])).keys()]).toEqual([
      line,
    ])
  })

  test('of two at the same moment one is made', async () => {
    const both = await Promise.all([
      world.disputes.make(lan, line, INPUT),
      world.disputes.make(lan, line, { ...INPUT, kind: 'time' }),
    ])
    expect(both.map(problem).filter((one) => one?.[0] === 'dispute-open')).toHaveLength(1)
  })

  test.each([
    [{ kind: 'x' }, 'dispute-kind-missing'],
    [{ kind: 'other', words: ' \n ' }, 'dispute-words-missing'],
    [{ asksVoid: true, words: '' }, 'dispute-words-missing'],
    [{ words: 'x'.repeat(1_001) }, 'dispute-words-long'],
    [{ words: 'a\u0007b' }, 'dispute-words-bad'],
    [{ words: 'số 0331 9001-2345 của tôi' }, 'dispute-words-number'],
  ])('%j is refused: %s', async (change, id) => {
    expect(problem(await world.disputes.make(lan, line, { ...INPUT, ...change }))).toEqual([id])
    expect(await world.disputes.ofLine(lan, marked(line))).toBeNull()
  })

  test('somebody else’s line, one that is gone, and one’s own diary are not disputed', async () => {
    expect(problem(await world.disputes.make(minh, line, INPUT))).toEqual(['dispute-line-unknown'])
    expect(problem(await world.disputes.make(lan, 'nothing', INPUT))).toEqual(['dispute-line-unknown'])
    await world.tell({ activity: 'nhat-ky', source: 'diary', at: '2026-11-21T02:00:00.000Z' })
    await world.catchUp()
    expect(problem(await world.disputes.make(lan, await theLine(), INPUT))).toEqual(['dispute-own-entry'])
  })

  test('nobody else reads it, withdraws it, or sees its answer', async () => {
    const { id } = await made()
    expect(await world.disputes.get(minh, id)).toBeNull()
    expect(await world.disputes.withdraw(minh, id)).toBeNull()
    expect(await world.disputes.seen(minh, id)).toBeNull()
    expect(await world.disputes.ofLine(minh, marked(line))).toBeNull()
    expect((await world.disputes.of(minh, { limit: 5 })).disputes).toEqual([])
  })

  test('withdrawn, it waits for nobody, and can be said again', async () => {
    const { id } = await made()
    expect(await world.disputes.withdraw(lan, id)).toMatchObject({ state: 'withdrawn' })
    expect(problem(await world.disputes.withdraw(lan, id))).toEqual(['dispute-answered'])
    expect(problem(await world.disputes.answer(id, ANSWER))).toEqual(['dispute-answered'])
    expect(await world.disputes.news(lan)).toEqual({ waiting: 0, answered: [] })
    expect(await world.disputes.count({ source: 'moodle' })).toBe(0)
    expect((await made()).id).not.toBe(id)
    expect((await world.disputes.of(lan, { limit: 5 })).disputes).toHaveLength(2)
  })
})

describe('told by two sources', () => {
  const twice = async () => {
    const same = { activity: 'chung', verb: 'completed', at: '2026-11-22T02:00:00.000Z' }
    await world.tell({ ...same, source: 'moodle' }, { ...same, source: 'centre' })
    await world.catchUp()
    const [newest] = (await world.profiles.transcript.lines(lan, { limit: 1 })).lines
    expect(newest?.tellers).toHaveLength(2)
    return newest!
  }

  test('it is said whose word is wrong, and the other one stands', async () => {
    const shown = await twice()
    const against = await world.disputes.against(shown)
    expect(against.map(({ source }) => source).sort()).toEqual(['centre', 'moodle'])
    expect(problem(await world.disputes.make(lan, shown.id, INPUT))).toEqual(['dispute-teller-missing'])
    const { line: teller } = against.find(({ source }) => source === 'moodle')!
    const done = await world.disputes.make(lan, shown.id, { ...INPUT, teller })
    expect(done).toMatchObject({ source: 'moodle', line: teller, told: { statements: [expect.any(String)] } })
    expect([...(await world.disputes.among([shown])).keys()]).toEqual([shown.id])
    expect(await world.disputes.ofLine(lan, shown)).toMatchObject({ line: teller })
  })

  test('what was hidden before another source told of it stays hidden, until it is shown again', async () => {
    const same = { activity: 'chung', verb: 'completed', at: '2026-11-22T02:00:00.000Z' }
    await world.tell({ ...same, source: 'moodle' })
    await world.catchUp()
    await world.profiles.hidden.set(lan, await theLine(), true)
    await world.tell({ ...same, source: 'centre' })
    await world.catchUp()
    const [shown] = (await world.profiles.transcript.lines(lan, { limit: 1 })).lines
    expect(shown?.tellers).toHaveLength(2)
    expect((await world.profiles.hidden.among([shown!])).size).toBe(1)
    await world.profiles.hidden.set(lan, shown!.id, false)
    expect((await world.profiles.hidden.among([shown!])).size).toBe(0)
  })
})

describe('answered', () => {
  test('with words and date, told to its person until they looked', async () => {
    const { id } = await made()
    const done = await world.disputes.answer(id, ANSWER)
    expect(done).toMatchObject({
      state: 'not-corrected',
      answer: { by: 'officer', words: ANSWER.words },
      history: [{ what: 'made' }, { what: 'not-corrected', by: 'officer' }],
    })
    expect(await world.disputes.news(lan)).toMatchObject({ waiting: 0, answered: [{ id }] })
    await world.disputes.seen(lan, id)
    expect(await world.disputes.news(lan)).toEqual({ waiting: 0, answered: [] })
    const asked = { open: false, limit: 5 }
    expect((await world.disputes.queue({ source: 'moodle' }, asked)).disputes).toMatchObject([{ id }])
    expect((await disputedAmong(world.store.collections, [marked(line)])).size).toBe(0)
  })

  test('by two at once, the second learns of the first', async () => {
    const { id } = await made()
    const both = await Promise.all([
      world.disputes.answer(id, ANSWER),
      world.disputes.answer(id, { ...ANSWER, by: 'other', outcome: 'corrected' }),
    ])
    expect(both.map(problem).filter((one) => one?.[0] === 'dispute-answered')).toHaveLength(1)
    expect((await world.disputes.find(id))?.history).toHaveLength(2)
  })

  test('never by its own person, nor by whom that one was merged into', async () => {
    const { id } = await made()
    expect(problem(await world.disputes.answer(id, { ...ANSWER, by: lan }))).toEqual(['dispute-own'])
    expect(
      problem(await world.disputes.passOn(id, { queue: QUEUE, by: lan, organisation: 'house', words: '' })),
    ).toEqual(['dispute-own'])
    await world.profiles.merges.merge({ from: lan, into: minh, by: 'op', reason: 'giấy' })
    expect(problem(await world.disputes.answer(id, { ...ANSWER, by: minh }))).toEqual(['dispute-own'])
    expect((await world.disputes.find(id))?.state).toBe('open')
  })

  test.each([
    [{ outcome: 'x' }, 'dispute-outcome-missing'],
    [{ words: '' }, 'dispute-words-missing'],
    [{ words: '033190012345' }, 'dispute-words-number'],
    [{ outcome: 'corrected', voids: true }, 'dispute-voids-not-ours'],
  ])('%j is refused: %s', async (change, id) => {
    const dispute = await made()
    expect(problem(await world.disputes.answer(dispute.id, { ...ANSWER, ...change }))).toEqual([id])
    expect((await world.disputes.find(dispute.id))?.state).toBe('open')
  })

  test('passed on, it waits at the other organisation, with its way there', async () => {
    const { id } = await made()
    await world.disputes.passOn(id, {
      queue: QUEUE,
      by: 'operator',
      organisation: 'house',
      words: 'xin xem giúp',
    })
    expect(await world.disputes.find(id)).toMatchObject({
      state: 'open',
      organisation: 'house',
      history: [{ what: 'made' }, { what: 'passed-on', organisation: 'house', words: 'xin xem giúp' }],
    })
    expect(await world.disputes.count({ organisation: 'house' })).toBe(1)
    expect(await world.disputes.count({ organisation: 'elsewhere' })).toBe(0)
  })

  test('nobody answers, or passes on, what waits elsewhere now', async () => {
    const { id } = await made()
    const there = { organisation: 'house' }
    expect(problem(await world.disputes.answer(id, { ...ANSWER, queue: there }))).toEqual(['dispute-unknown'])
    const [first, second] = [
      await world.disputes.passOn(id, { queue: QUEUE, by: 'operator', organisation: 'house', words: '' }),
      await world.disputes.passOn(id, { queue: there, by: 'officer', organisation: 'other', words: '' }),
    ]
    expect([first, second].map(problem)).toEqual([null, null])
    // The officer of the house still has its page open.
    expect(problem(await world.disputes.answer(id, { ...ANSWER, queue: there }))).toEqual(['dispute-unknown'])
    const back = { queue: there, by: 'officer', organisation: 'house', words: '' }
    expect(problem(await world.disputes.passOn(id, back))).toEqual(['dispute-unknown'])
    expect(await world.disputes.find(id)).toMatchObject({ state: 'open', organisation: 'other' })
  })

  test('of an answer and a passing on at once, the queue it is in decides', async () => {
    const { id } = await made()
    const there = { organisation: 'house' }
    await world.disputes.passOn(id, { queue: QUEUE, by: 'operator', organisation: 'house', words: '' })
    const onward = { queue: there, by: 'officer', organisation: 'other', words: '' }
    const [passed, answered] = await Promise.all([
      world.disputes.passOn(id, onward),
      world.disputes.answer(id, { ...ANSWER, queue: there }),
    ])
    expect([problem(passed), problem(answered)].filter((one) => one === null)).toHaveLength(1)
    expect((await world.disputes.find(id))?.history).toHaveLength(3)
  })

  test('while its person agrees to no record, it waits for nobody; agreed again, it waits again', async () => {
    await made()
    const say = (answer: 'yes' | 'no') =>
      world.profiles.consents.answer(lan, {
        ...{ purpose: 'learning-record', answer, version: 1, where: 'page', language: 'vi' },
      })
    const { id } = (await world.disputes.of(lan, { limit: 1 })).disputes[0]!
    const asked = { open: true, limit: 5 }
    await say('no')
    expect(await world.disputes.count(QUEUE)).toBe(0)
    expect((await world.disputes.queue(QUEUE, asked)).disputes).toEqual([])
    expect(problem(await world.disputes.answer(id, ANSWER))).toEqual(['dispute-silent'])
    expect(await world.disputes.get(lan, id)).toMatchObject({ words: INPUT.words })
    await say('yes')
    expect(await world.disputes.count(QUEUE)).toBe(1)
    expect(problem(await world.disputes.answer(id, ANSWER))).toBeNull()
  })

  test('who was merged is asked by the answer of the one they are shown as', async () => {
    const { id } = await made()
    await world.profiles.merges.merge({ from: lan, into: minh, by: 'op', reason: 'giấy' })
    const no = {
      purpose: 'learning-record',
      answer: 'no',
      version: 1,
      where: 'page',
      language: 'vi',
    } as const
    await world.profiles.consents.answer(minh, no)
    expect(await world.disputes.isSilent({ person: lan })).toBe(true)
    expect(problem(await world.disputes.answer(id, ANSWER))).toEqual(['dispute-silent'])
  })

  test('what is silent hides nothing that comes after it', async () => {
    await made()
    const no = {
      purpose: 'learning-record',
      answer: 'no',
      version: 1,
      where: 'page',
      language: 'vi',
    } as const
    await world.link('minh', minh)
    await world.tell({ activity: 'bai-3', who: 'minh', at: '2026-11-22T02:00:00.000Z' })
    await world.catchUp()
    const { lines } = await world.profiles.transcript.lines(minh, { limit: 1 })
    const other = await world.disputes.make(minh, lines[0]!.id, INPUT)
    await world.profiles.consents.answer(lan, no)
    expect((await world.disputes.queue(QUEUE, { open: true, limit: 1 })).disputes).toEqual([other])
  })

  test('what is about a source of an organisation waits there from the start', async () => {
    await world.tell({ activity: 'lop', source: 'centre', at: '2026-11-21T02:00:00.000Z' })
    await world.catchUp()
    line = await theLine()
    expect(await made()).toMatchObject({ source: 'centre', organisation: 'centre-house' })
  })
})

describe('while it waits, the source', () => {
  test('voids a part: it is noted, once', async () => {
    const { id } = await made()
    await voided(told[0]!)
    expect(await world.disputes.find(id)).toMatchObject({
      state: 'open',
      gone: [told[0]],
      history: [{ what: 'made' }, { what: 'voided', by: null }],
    })
  })

  test('voids all of it: that is the answer', async () => {
    const { id } = await made()
    await voided(told[0]!)
    await voided(told[1]!)
    expect(await world.disputes.find(id)).toMatchObject({
      state: 'corrected',
      gone: told,
      answer: { by: null },
      history: [{ what: 'made' }, { what: 'voided' }],
    })
    expect(await world.disputes.news(lan)).toMatchObject({ waiting: 0, answered: [{ id }] })
    expect(problem(await world.disputes.answer(id, ANSWER))).toEqual(['dispute-answered'])
  })

  test('voided it a moment before: what nobody tells any more is noted all the same', async () => {
    await world.tell({ verb: `${ADL}voided`, object: { objectType: 'StatementRef', id: told[0]! } })
    while (await world.step());
    expect((await made()).told.statements).toEqual([told[1]])
    await world.catchUp()
  })
})

describe('of what the product itself tells', () => {
  const CALLER: Caller = {
    tenant: 't',
    source: 'moodle',
    credential: 'corrections',
    authority: { objectType: 'Agent', name: 'x', account: { homePage: 'urn:x', name: 'x' } },
    scopes: new Set(['statements/write']),
  }
  const sent: { object: { id: string } }[][] = []
  const voiding = (recordStatements: Parameters<typeof createDisputes>[0]['lrs']['recordStatements']) =>
    createDisputes({
      collections: world.store.collections,
      statements: world.store.statements,
      transcript: world.profiles.transcript,
      accounts: world.profiles.accounts,
      lrs: { recordStatements },
      isOwnWord: async () => false,
      organisationOf: async () => null,
      callerOf: async () => ({ caller: CALLER, organisation: null }),
      audit: () => ({
        op: 'put',
        collection: { name: 'test.audit', indexes: {} },
        key: randomUUID(),
        value: {},
      }),
      now: Date.now,
    })

  const MANY = 260
  const tellMany = (name: string) =>
    world.tell(
      ...Array.from({ length: MANY }, (_, at) => ({
        activity: name,
        verb: 'progressed',
        registration: '0b7d3f2e-5d0e-4a43-9d0c-1f6a4f6f1a11',
        at: new Date(Date.UTC(2026, 10, 22, 1) + at * 60_000).toISOString(),
      })),
    )

  test('all of a long line is voided, in steps, not what its page names alone', async () => {
    const ids = await tellMany('dai')
    await world.catchUp()
    line = await theLine()
    expect((await made()).told.statements).toEqual(ids)
    const asked: string[] = []
    const own = voiding(async (_, { statements }) => {
      expect((statements as unknown[]).length).toBeLessThanOrEqual(200)
      asked.push(...(statements as { object: { id: string } }[]).map(({ object }) => object.id))
      return { ok: true } as never
    })
    const { disputes } = await own.of(lan, { limit: 1 })
    // What came since is of the same line.
    const [later] = await world.tell({
      activity: 'dai',
      registration: '0b7d3f2e-5d0e-4a43-9d0c-1f6a4f6f1a11',
      at: '2026-11-22T09:00:00.000Z',
    })
    await world.catchUp()
    await own.answer(disputes[0]!.id, { ...ANSWER, outcome: 'corrected', voids: true })
    expect(asked.sort()).toEqual([...ids, later!].sort())
  })

  test('it is not corrected while something of the line stands, and is when that is voided too', async () => {
    const { id } = await made({ asksVoid: true })
    const [later] = await world.tell({ activity: 'bai', at: '2026-11-20T03:00:00.000Z' })
    await world.catchUp()
    await voided(...told)
    const still = await world.disputes.find(id)
    expect(still).toMatchObject({ state: 'open', gone: told })
    expect(still?.told.statements).toEqual([...told, later])
    await voided(later!)
    expect((await world.disputes.find(id))?.state).toBe('corrected')
  })

  test('the answer voids it, and after an outage the rest is done later, once', async () => {
    const away = voiding(() => Promise.reject(new Error('away')))
    const { id } = await made()
    const answer = { ...ANSWER, outcome: 'corrected', voids: true }
    await expect(away.answer(id, answer)).rejects.toThrow('away')
    expect(await world.disputes.find(id)).toMatchObject({ state: 'corrected' })
    const back = voiding(async (_, { statements }) => {
      sent.push(statements as (typeof sent)[number])
      return { ok: true, ids: [], stored: 1, fresh: statements.length }
    })
    expect(await back.resume()).toBe(1)
    expect(await back.resume()).toBe(0)
    expect(sent.map((all) => all.map(({ object }) => object.id))).toEqual([told])
  })
})

describe('of two persons who are one', () => {
  test('everything that either said or was told is there, and is theirs again when they are two', async () => {
    const { profiles, disputes } = world
    const merge = { from: lan, by: 'op', reason: 'giấy' }
    const { id } = await made()
    const input = { purpose: 'x', reader: 'y', lines: [line], days: 1, password: null }
    const shared = await profiles.shares.create(lan, input)
    if (!('share' in shared)) throw new Error('not shared')
    await profiles.hidden.set(lan, line, true)
    await profiles.accesses.noteOperator('op', { person: lan, what: 'account' })
    const some = { limit: 9 }
    const told = async (person: string) => ({
      disputes: (await disputes.of(person, some)).disputes.length,
      waiting: (await disputes.news(person)).waiting,
      one: (await disputes.get(person, id))?.id,
      shares: (await profiles.shares.of(person, some)).shares.length,
      share: (await profiles.shares.get(person, shared.share.id))?.reader,
      hidden: (await profiles.hidden.of(person, some)).hidden.length,
      looked: (await profiles.accesses.of(person, some)).accesses.length,
      answers: (await profiles.consents.given(person, some)).answers.length,
    })
    const before = await told(lan)
    expect(before).toEqual({
      ...{ disputes: 1, waiting: 1, one: id, shares: 1, share: 'y', hidden: 1, looked: 1, answers: 1 },
    })
    const none = { disputes: 0, waiting: 0, shares: 0, hidden: 0, looked: 0 }
    expect(await told(minh)).toMatchObject(none)
    await profiles.merges.merge({ ...merge, into: minh })
    await profiles.settled()
    expect(await told(minh)).toEqual({ ...before, answers: 2 })
    const [merged] = (await profiles.transcript.lines(minh, { limit: 5 })).lines
    expect([...(await disputes.among([merged!])).keys()]).toEqual([merged!.id])
    expect((await disputes.ofLine(minh, merged!))?.id).toBe(id)
    expect(problem(await disputes.make(minh, merged!.id, INPUT))).toEqual(['dispute-open'])
    expect((await profiles.shares.revoke(minh, shared.share.id))?.state).toBe('revoked')
    expect(await disputes.withdraw(minh, id)).toMatchObject({ state: 'withdrawn' })
    await profiles.merges.undo(merge)
    await profiles.settled()
    expect(await told(lan)).toEqual({ ...before, waiting: 0 })
    expect(await told(minh)).toMatchObject(none)
  })

  test('the pages of such a list come to its end, each thing once', async () => {
    for (let at = 0; at < 3; at++)
      for (const person of [lan, minh])
        await world.profiles.accesses.noteOperator(`op-${at}`, { person, what: 'account' })
    await world.profiles.merges.merge({ from: lan, into: minh, by: 'op', reason: 'giấy' })
    for (const limit of [1, 2, 3, 4, 6]) {
      const seen: string[] = []
      for (let after: string | null | undefined; after !== null; ) {
        const page: Awaited<ReturnType<typeof world.profiles.accesses.of>> = await world.profiles.accesses.of(
          minh,
          { limit, ...(after && { after }) },
        )
        expect(page.accesses.length).toBeLessThanOrEqual(limit)
        seen.push(...page.accesses.map(({ person, reader }) => `${person} ${reader}`))
        after = page.next
      }
      expect(seen.length).toBe(6)
      expect(new Set(seen).size).toBe(6)
    }
  })
})

describe('hidden from shares', () => {
  const share = (lines: string[]) =>
    world.profiles.shares.create(lan, { purpose: 'x', reader: 'y', lines, days: 1, password: null })

  test('a hidden line is not chosen, and is gone from what was shared before, until it is shown again', async () => {
    await world.tell({ activity: 'bai-2', at: '2026-11-21T02:00:00.000Z' })
    await world.catchUp()
    const lines = (await world.profiles.transcript.lines(lan, { limit: 5 })).lines.map(({ id }) => id)
    const shared = await share(lines)
    if (!('token' in shared)) throw new Error('not shared')
    expect(await world.profiles.hidden.set(lan, line, true)).toBe(true)
    const open = async () => {
      const opened = await world.profiles.shares.open(shared.token, null)
      return opened.ok ? opened.record : null
    }
    const record = await open()
    expect(record?.share).toMatchObject({ of: 2, lines })
    expect(record?.lines.map((one) => one?.id)).toEqual(lines.filter((id) => id !== line))
    expect(problem(await share(lines))).toEqual(['share-line-hidden'])
    expect((await world.profiles.hidden.of(lan, { limit: 5 })).hidden).toMatchObject([{ line }])
    await world.profiles.hidden.set(lan, line, false)
    expect((await open())?.lines).toHaveLength(2)
  })

  test('nobody hides what is another’s', async () => {
    expect(await world.profiles.hidden.set(minh, line, true)).toBe(false)
    expect((await hiddenOf(lan)).size).toBe(0)
  })

  const hiddenOf = async (person: string) => {
    const { lines } = await world.profiles.transcript.lines(person, { limit: 50 })
    return world.profiles.hidden.among(lines)
  }

  test('both parts of what is split stay hidden', async () => {
    const same = { activity: 'chung', at: '2026-11-22T02:00:00.000Z' }
    await world.tell({ ...same, source: 'moodle' }, { ...same, source: 'centre' })
    await world.catchUp()
    const [both] = (await world.profiles.transcript.lines(lan, { limit: 1 })).lines
    await world.profiles.hidden.set(lan, both!.id, true)
    await world.profiles.twins.split(lan, both!.tellers![1]!.line)
    expect([...(await hiddenOf(lan))].sort()).toEqual(both!.tellers!.map(({ line }) => line).sort())
  })

  test('it stays so when two persons are found to be one, and when they are two again', async () => {
    const merge = { from: lan, by: 'op', reason: 'giấy' }
    const settled = () => world.profiles.settled()
    await world.profiles.hidden.set(lan, line, true)
    await world.profiles.merges.merge({ ...merge, into: minh })
    await settled()
    const [merged] = (await world.profiles.transcript.lines(minh, { limit: 5 })).lines
    expect(merged?.id).not.toBe(line)
    expect([...(await hiddenOf(minh))]).toEqual([merged!.id])
    // What the one says now holds for the other afterwards.
    await world.profiles.hidden.set(minh, merged!.id, false)
    expect((await hiddenOf(minh)).size).toBe(0)
    await world.profiles.hidden.set(minh, merged!.id, true)
    await world.profiles.merges.undo(merge)
    await settled()
    expect([...(await hiddenOf(lan))]).toEqual([line])
    expect((await hiddenOf(minh)).size).toBe(0)
    expect((await world.profiles.hidden.of(lan, { limit: 5 })).hidden).toMatchObject([{ line }])
  })

  test('what somebody told of themselves stays hidden on another day', async () => {
    const activity = `urn:uuid:${randomUUID()}`
    const tell = (at: string) => world.tell({ source: 'diary', activity, at })
    const [before] = await tell('2026-11-22T02:00:00.000Z')
    await world.catchUp()
    await world.profiles.hidden.set(lan, await theLine(), true)
    await voided(before!)
    await tell('2026-11-23T02:00:00.000Z')
    await world.catchUp()
    expect([...(await hiddenOf(lan))]).toEqual([await theLine()])
    await world.profiles.hidden.set(lan, await theLine(), false)
    expect((await hiddenOf(lan)).size).toBe(0)
  })

  test('what is being looked at is marked in a share, and no more once it is answered', async () => {
    const shared = await share([line])
    if (!('token' in shared)) throw new Error('not shared')
    const disputed = async () => {
      const opened = await world.profiles.shares.open(shared.token, null)
      return opened.ok ? [...opened.record.disputed.keys()] : null
    }
    const { id } = await made()
    expect(await disputed()).toEqual([line])
    await world.disputes.answer(id, ANSWER)
    expect(await disputed()).toEqual([])
  })
})
