import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Collection } from '../../lrs/index.ts'
import { openWorlds } from '../../tests/support/profiles-world.ts'
import { activity, type Told } from '../../tests/support/told.ts'
import { DAYS, YEARS } from '../hours/documents.ts'
import { mendDay, mendYear } from '../hours/mend-hours.ts'
import { DEFAULTS } from '../mapping/defaults.ts'
import { createMappingReader } from '../mapping/read-mapping.ts'
import { FACTS, LINES } from '../projection/documents.ts'
import type { Fact } from '../projection/fact.ts'
import { lineDocument } from '../projection/line-document.ts'
import type { Tally } from '../projection/tally.ts'
import type { RecordLine } from '../types.ts'
import { TIES } from './documents.ts'

let worlds: Awaited<ReturnType<typeof openWorlds>>
beforeAll(async () => {
  worlds = await openWorlds()
})
afterAll(() => worlds.close())

const REGISTRATION = '0b7d3f2e-5d0e-4a43-9d0c-1f6a4f6f1a11'
const MOODLE: Told = { source: 'moodle', at: '2026-11-20T02:00:00Z' }
const CENTRE: Told = { source: 'centre', at: '2026-11-20T02:09:00Z' }

async function filled(...all: Told[]) {
  const world = await worlds.next()
  const person = await world.person('lan@example.vn')
  await world.link('lan', person)
  const told = async (...more: Told[]) => {
    await world.tell(...more)
    await world.catchUp()
  }
  await told(...all)
  const lines = async (filter = {}) =>
    (await world.profiles.transcript.lines(person, { limit: 50, filter })).lines
  return { ...world, person, told, lines }
}
const sourcesOf = (lines: RecordLine[]) =>
  lines.map(({ source, tellers }) => (tellers ?? [{ source }]).map((one) => one.source).join('+'))

test('what two sources tell within ten minutes is one line, under the higher level, found under both', async () => {
  const { lines, person, profiles } = await filled(
    { ...MOODLE, result: { success: true, score: { raw: 8, max: 10 }, duration: 'PT30M' } },
    { ...CENTRE, result: { duration: 'PT40M' } },
  )
  const [line, ...none] = await lines()
  expect(none).toEqual([])
  expect(line).toMatchObject({
    source: 'centre',
    level: 'xac-nhan',
    success: true,
    score: { raw: 8, max: 10 },
  })
  expect(line?.tellers).toMatchObject([
    { source: 'centre', level: 'xac-nhan', score: null, line: line?.id },
    { source: 'moodle', level: 'he-thong', score: { raw: 8, max: 10 } },
  ])
  for (const filter of [{ source: 'moodle' }, { source: 'centre' }, { level: 'xac-nhan' }])
    expect(await lines(filter), JSON.stringify(filter)).toEqual([line])
  expect(await lines({ level: 'he-thong' })).toEqual([])
  expect(await profiles.transcript.count(person)).toBe(1)
  const [year] = (await profiles.transcript.years(person))!
  // 8:30 to 9:09 in Vietnam, each minute once, in one year's line.
  expect(year).toMatchObject({ lines: { 11: 1 }, sums: { minutes: { 11: 40 }, level: { 'xac-nhan': 40 } } })
  expect(year?.sums.aside).toEqual({})
  expect(await profiles.transcript.hoursOf(line!)).toMatchObject({ counted: 40, more: false })
  const other = line!.tellers![1]!.line
  expect(await profiles.transcript.line(person, other)).toEqual(line)
})

test('eleven minutes apart, another outcome, another source’s noise, one source twice: each stays for itself', async () => {
  const { lines } = await filled(
    { ...MOODLE, activity: 'apart' },
    { ...CENTRE, activity: 'apart', at: '2026-11-20T02:10:01Z' },
    { ...MOODLE, activity: 'outcome', verb: 'passed' },
    { ...CENTRE, activity: 'outcome', verb: 'failed' },
    { ...MOODLE, activity: 'score', result: { score: { scaled: 0.8 } } },
    { ...CENTRE, activity: 'score', result: { score: { raw: 7, max: 10 } } },
    { ...MOODLE, activity: 'noise' },
    { ...CENTRE, activity: 'noise', verb: 'launched' },
    { ...MOODLE, activity: 'twice' },
    { ...MOODLE, activity: 'twice', registration: REGISTRATION },
  )
  expect(sourcesOf(await lines()).sort()).toEqual([
    ...Array.from({ length: 3 }, () => 'centre'),
    ...Array.from({ length: 6 }, () => 'moodle'),
  ])
})

test('what says the same score on another scale, or none, agrees', async () => {
  const { lines } = await filled(
    { ...MOODLE, result: { score: { scaled: 0.8 } } },
    { ...CENTRE, result: { score: { raw: 8, max: 10 } } },
    { source: 'tool', at: '2026-11-20T02:15:00Z', verb: 'attempted' },
  )
  expect(sourcesOf(await lines())).toEqual(['centre+moodle+tool'])
})

test('minutes count over midnight, and in whatever order things arrive', async () => {
  const late = { ...CENTRE, at: '2026-11-20T16:55:00Z' }
  const early = { ...MOODLE, at: '2026-11-20T17:04:00Z' }
  for (const [first, second] of [
    [late, early],
    [early, late],
  ]) {
    const { lines, told } = await filled(first!)
    await told(second!)
    expect(sourcesOf(await lines())).toEqual(['centre+moodle'])
  }
})

test('a registration ties what lies days apart, and what differs is told', async () => {
  const { lines, person, profiles } = await filled(
    { ...MOODLE, registration: REGISTRATION, result: { success: false, duration: 'PT10M' } },
    {
      ...CENTRE,
      registration: REGISTRATION,
      at: '2026-11-22T02:00:00Z',
      result: { success: true, duration: 'PT5M' },
    },
  )
  expect(sourcesOf(await lines())).toEqual(['centre+moodle'])
  const [line] = await lines()
  expect(line?.tellers?.map(({ success }) => success)).toEqual([true, false])
  const [year] = (await profiles.transcript.years(person))!
  // A day of which one alone tells counts as that one is believed.
  expect(year?.sums.level).toEqual({ 'xac-nhan': 5, 'he-thong': 10 })
  expect((await profiles.transcript.hoursOf(line!))?.counted).toBe(15)
})

test('a row of the tables makes two activities one, under one topic, and apart again when it is taken away', async () => {
  const { lines, person, profiles } = await filled(
    { ...MOODLE, activity: 'a', result: { duration: 'PT30M' } },
    { ...CENTRE, activity: 'b', result: { duration: 'PT10M' } },
  )
  const topic = DEFAULTS.topics[0]!.id
  const put = async (change: Parameters<typeof profiles.mapping.change>[0]) => {
    const { version } = await profiles.mapping.now()
    const done = await profiles.mapping.change(change, { by: 'op', expects: version })
    expect(done).not.toHaveProperty('problems')
    await profiles.retell()
  }
  expect(sourcesOf(await lines())).toEqual(['centre', 'moodle'])
  const same = { tells: 'same', by: 'activity', iri: activity('a'), is: activity('b'), why: 'test' } as const
  expect(await profiles.mapping.preview({ do: 'put-rule', rule: same })).toMatchObject({ changed: 2 })
  await put({ do: 'put-rule', rule: same })
  await put({
    do: 'put-rule',
    rule: { tells: 'topic', by: 'activity', iri: activity('b'), is: topic, why: 'test' },
  })
  expect(sourcesOf(await lines())).toEqual(['centre+moodle'])
  const [year] = (await profiles.transcript.years(person))!
  expect(year?.sums).toMatchObject({ topic: { [topic]: 39 }, level: { 'xac-nhan': 10, 'he-thong': 29 } })
  await put({ do: 'remove-rule', name: `same activity ${activity('a')}` })
  expect(sourcesOf(await lines())).toEqual(['centre', 'moodle'])
  const [after] = (await profiles.transcript.years(person))!
  expect(after?.sums.topic).toEqual({ '': 29, [topic]: 10 })
})

test('what is not an activity, or itself, is refused as the same', async () => {
  const { profiles } = await filled()
  const of = { tells: 'same', by: 'activity', iri: activity('a'), why: 'test' } as const
  for (const [is, id] of [
    ['', 'mapping-iri-not-valid'],
    [activity('a'), 'mapping-same-itself'],
  ])
    expect(await profiles.mapping.preview({ do: 'put-rule', rule: { ...of, is: is! } })).toMatchObject({
      problems: [{ id, path: 'is' }],
    })
})

test('a person splits what is not the same, it stays so whatever comes, and joins it again', async () => {
  const { lines, person, profiles, told } = await filled(
    { ...MOODLE, id: '00000000-0000-4000-8000-000000000001', result: { duration: 'PT30M' } },
    CENTRE,
  )
  const [line] = await lines()
  const other = line!.tellers![1]!.line
  expect(await profiles.twins.split('somebody', other)).toMatchObject({ problems: [{ id: 'twin-unknown' }] })
  expect(await profiles.twins.split(person, other)).toEqual({ line: other, from: [line!.id] })
  expect(sourcesOf(await lines())).toEqual(['centre', 'moodle'])
  expect((await profiles.transcript.years(person))![0]?.lines).toEqual({ 11: 2 })
  await told({ ...MOODLE, at: '2026-11-20T02:05:00Z' })
  expect(sourcesOf(await lines())).toEqual(['centre', 'moodle'])
  expect(await profiles.twins.splitFrom(person, other)).toEqual([
    { line: line!.id, source: 'centre', at: line!.at },
  ])
  expect(await profiles.twins.splitFrom('somebody', other)).toEqual([])
  expect((await profiles.twins.splitsOf(person, { limit: 10 })).splits).toHaveLength(2)
  expect(await profiles.twins.split(person, other)).toMatchObject({ problems: [{ id: 'twin-unknown' }] })
  expect(await profiles.twins.join('somebody', other)).toMatchObject({ problems: [{ id: 'twin-unknown' }] })
  expect(await profiles.twins.join(person, other)).toEqual({ shown: line!.id, joined: true })
  expect(sourcesOf(await lines())).toEqual(['centre+moodle'])
  expect(await profiles.twins.join(person, other)).toMatchObject({ problems: [{ id: 'twin-unknown' }] })
})

test('what the shown one rested on is voided: the other is shown, under its own level', async () => {
  const id = '00000000-0000-4000-8000-000000000002'
  const { lines, told, person, profiles } = await filled(MOODLE, {
    ...CENTRE,
    id,
    result: { duration: 'PT20M' },
  })
  const [line] = await lines()
  const chosen = await profiles.shares.create(person, {
    purpose: 'xin việc',
    reader: 'HTX',
    lines: [line!.id],
    days: 7,
    password: null,
  })
  if (!('token' in chosen)) throw new Error('not shared')
  await told({ who: 'teacher', verb: 'voided', object: { objectType: 'StatementRef', id } })
  const [left] = await lines()
  expect(left).toMatchObject({ source: 'moodle', level: 'he-thong' })
  expect(left?.tellers).toBeUndefined()
  expect((await profiles.transcript.years(person))![0]?.sums.minutes).toEqual({})
})

test('what was shared stays as who told it then: who tells of it later joins the record, never the share', async () => {
  const { lines, told, person, profiles } = await filled(MOODLE, { ...MOODLE, activity: 'other' })
  const ids = (await lines()).map(({ id }) => id)
  const share = { purpose: 'xin việc', reader: 'HTX', days: 7, password: null }
  const made = await profiles.shares.create(person, { ...share, lines: ids })
  if (!('token' in made)) throw new Error('not shared')
  await told(CENTRE, { ...CENTRE, activity: 'other' })
  const opened = await profiles.shares.open(made.token, null)
  if (!('record' in opened)) throw new Error('not opened')
  expect(sourcesOf(await lines())).toEqual(['centre+moodle', 'centre+moodle'])
  expect(opened.record.lines.map((line) => [line?.id, line?.level, line?.tellers])).toEqual(
    ids.map((id) => [id, 'he-thong', undefined]),
  )
})

test('what several told when it was shared stays while one of them tells it, and says that another does not', async () => {
  const { lines, told, person, profiles } = await filled(MOODLE, CENTRE)
  const [line] = await lines()
  const share = { purpose: 'xin việc', reader: 'HTX', days: 7, password: null, lines: [line!.id] }
  const made = await profiles.shares.create(person, share)
  if (!('token' in made)) throw new Error('not shared')
  const open = async () => {
    const opened = await profiles.shares.open(made.token, null)
    if (!('record' in opened)) throw new Error('not opened')
    return opened.record
  }
  expect((await open()).lines).toEqual([line])
  expect((await open()).less.size).toBe(0)
  await told({
    source: 'centre',
    verb: 'voided',
    object: { objectType: 'StatementRef', id: line!.statements[0]! },
  })
  const left = await open()
  expect(left.lines.map((each) => each?.source)).toEqual(['moodle'])
  expect([...left.less]).toEqual([left.lines[0]!.id])
  await told({
    source: 'moodle',
    verb: 'voided',
    object: { objectType: 'StatementRef', id: left.lines[0]!.statements[0]! },
  })
  expect(await open()).toMatchObject({ lines: [null] })
})

test('a week is the minutes of seven days, those of one thing told twice once', async () => {
  const at = Date.parse('2026-11-20T02:00:00Z')
  const day = 86_400_000
  const { person, profiles } = await filled(
    { ...MOODLE, result: { duration: 'PT20M' } },
    { ...CENTRE, result: { duration: 'PT20M' } },
    { ...MOODLE, activity: 'before', at: new Date(at - 6 * day).toISOString(), result: { duration: 'PT5M' } },
    {
      ...MOODLE,
      activity: 'earlier',
      at: new Date(at - 7 * day).toISOString(),
      result: { duration: 'PT1H' },
    },
  )
  const { week, years } = profiles.transcript
  const sum = Object.values((await years(person))![0]!.sums.minutes).reduce((a, b) => a + b, 0)
  expect(await week(person, at)).toBe(sum - 60)
  expect(await week(person, at + 8 * day)).toBe(0)
})

test('what was shared as one and is split shows as what its person made of it', async () => {
  const { lines, person, profiles } = await filled(MOODLE, CENTRE)
  const [line] = await lines()
  const share = { purpose: 'xin việc', reader: 'HTX', days: 7, password: null, lines: [line!.id] }
  const made = await profiles.shares.create(person, share)
  if (!('token' in made)) throw new Error('not shared')
  await profiles.twins.split(person, line!.id)
  const opened = await profiles.shares.open(made.token, null)
  if (!('record' in opened)) throw new Error('not opened')
  expect(opened.record.lines.map((each) => each?.source).sort()).toEqual(['centre', 'moodle'])
  expect(opened.record.less.size).toBe(0)
})

test('while an account is on its way out, and once it is out, nothing of it lends its level to what stays', async () => {
  for (const isOut of [false, true]) {
    const { person, profiles, lines, told, link } = await filled()
    await link('work', person)
    await told({ ...MOODLE, who: 'lan' }, { ...CENTRE, who: 'work' })
    expect(sourcesOf(await lines())).toEqual(['centre+moodle'])
    const [line] = await lines()
    const agent = (await profiles.links.of(person)).find((one) => one.agent.includes('work'))!.agent
    // Its history is not taken out before this is looked at.
    if (!isOut) await profiles.stop()
    await profiles.links.unlink({ agent, by: 'op', reason: 'test' })
    if (isOut) await profiles.settled()
    expect(await profiles.links.work(person)).toHaveLength(isOut ? 0 : 1)
    expect((await lines()).map(({ source, level }) => [source, level])).toEqual([['moodle', 'he-thong']])
    // Its old name is known as long as something of it is there.
    const seen = await profiles.transcript.line(person, line!.id)
    if (isOut) expect(seen).toBeNull()
    else expect(seen).toMatchObject({ source: 'moodle', level: 'he-thong' })
  }
})

test('records of a version that looked for no twins find theirs when the feed is read again', async () => {
  const registration = REGISTRATION
  const world = await filled(
    { ...MOODLE, activity: 'a', registration, result: { duration: 'PT30M' } },
    { ...CENTRE, activity: 'a', registration, at: '2026-11-22T02:00:00Z' },
    { ...MOODLE, activity: 'b' },
    { ...CENTRE, activity: 'b' },
    { ...MOODLE, activity: 'alone' },
  )
  const { store, lines, person, profiles } = world
  const before = await lines()
  const years = await profiles.transcript.years(person)
  const { collections } = store
  const all = async <T>(of: Collection<T>) => (await collections.scan(of, { limit: 100 })).docs
  for (const { key, value } of await all(FACTS)) {
    const { registration: _, misdated: __, ...fact } = value as Fact
    await collections.put(FACTS, key, fact as Fact)
  }
  for (const { key, value } of await all(LINES)) {
    const { registration: _, misdated: __, ...tally } = value.tally
    await collections.put(
      LINES,
      key,
      lineDocument(tally as Tally, await createMappingReader(collections).now()),
    )
  }
  for (const { key, value } of await all(DAYS)) {
    const entries = Object.entries(value.entries).map(([line, { twin: _, source: __, ...rest }]) => [
      line,
      rest,
    ])
    await collections.put(DAYS, key, { ...value, entries: Object.fromEntries(entries) })
  }
  for (const { key } of await all(TIES)) await collections.delete(TIES, key)
  const deps = { collections, mapping: createMappingReader(collections) }
  for (const { value } of await all(DAYS)) await mendDay(deps, value)
  for (const { value } of await all(YEARS)) await mendYear(deps, value)
  expect(sourcesOf(await lines())).toHaveLength(5)
  await world.again()
  await collections.delete({ name: 'test.cursor', indexes: {} }, 'transcript')
  await world.catchUp()
  expect(await lines()).toEqual(before)
  expect(await profiles.transcript.years(person)).toEqual(years)
  expect(await all(TIES)).toHaveLength(1)
})
