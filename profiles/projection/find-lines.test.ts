import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorlds } from '../../tests/support/profiles-world.ts'
import type { Told } from '../../tests/support/told.ts'
import { DEFAULTS } from '../mapping/defaults.ts'
import type { LineFilter } from '../types.ts'

let worlds: Awaited<ReturnType<typeof openWorlds>>
beforeAll(async () => {
  worlds = await openWorlds()
})
afterAll(() => worlds.close())

const [WASTE] = DEFAULTS.topics.map(({ id }) => id) as [string]
const TEST = 'http://adlnet.gov/expapi/activities/assessment'

async function filled(...all: Told[]) {
  const world = await worlds.next()
  const person = await world.person('lan@example.vn')
  await world.link('lan', person)
  await world.tell(...all)
  await world.catchUp()
  const page = (filter: LineFilter, after?: string, limit = 50) =>
    world.profiles.transcript.lines(person, { limit, filter, ...(after && { after }) })
  /** Names of what is found on all pages, and how many pages there were. */
  const find = async (filter: LineFilter, limit = 50) => {
    const names: string[] = []
    let pages = 0
    for (let after: string | undefined, more = true; more; pages++) {
      const { lines, next } = await page(filter, after, limit)
      names.push(...lines.map(({ activity }) => activity.name.vi ?? ''))
      after = next ?? undefined
      more = next !== null
    }
    return { names, pages }
  }
  return { ...world, person, find }
}

test('filters combine, and words are found without diacritics', async () => {
  const { find } = await filled(
    { activity: '1', name: { vi: 'Phân loại rác thải' }, courses: [WASTE], at: '2026-11-20T02:00:00Z' },
    {
      activity: '2',
      name: { vi: 'Rác thải nhựa', en: 'Plastic waste' },
      courses: [WASTE],
      type: TEST,
      verb: 'passed',
      at: '2026-10-31T18:00:00Z',
    },
    { activity: '3', name: { vi: 'Đồ nhựa' }, source: 'centre', at: '2025-12-31T16:59:00Z' },
    { activity: '4', name: { vi: 'Rác' }, verb: 'planted', at: '2025-12-31T17:01:00Z' },
  )
  const names = async (filter: LineFilter) => (await find(filter)).names
  expect(await names({})).toEqual(['Phân loại rác thải', 'Rác thải nhựa', 'Rác', 'Đồ nhựa'])
  expect(await names({ words: 'rac thai' })).toEqual(['Phân loại rác thải', 'Rác thải nhựa'])
  expect(await names({ words: 'RÁC thải', kind: 'test' })).toEqual(['Rác thải nhựa'])
  expect(await names({ words: 'do nhua' })).toEqual(['Đồ nhựa'])
  expect(await names({ words: 'waste' })).toEqual(['Rác thải nhựa'])
  expect(await names({ topic: WASTE, h: 'hieu' })).toEqual(['Rác thải nhựa'])
  expect(await names({ topic: null })).toEqual(['Rác', 'Đồ nhựa'])
  expect(await names({ h: null })).toEqual(['Rác'])
  expect(await names({ source: 'centre' })).toEqual(['Đồ nhựa'])
  expect(await names({ level: 'xac-nhan' })).toEqual(['Đồ nhựa'])
  expect(await names({ sources: ['centre', 'nobody'] })).toEqual(['Đồ nhựa'])
  expect(await names({ sources: ['centre', 'moodle'], h: null })).toEqual(['Rác'])
  expect(await names({ sources: [] })).toEqual([])
  expect(await names({ topics: [null], sources: ['centre'] })).toEqual(
    await names({ topic: null, sources: ['centre'] }),
  )
  expect(await names({ topics: [] })).toEqual([])
  // Years and months are those of Vietnam.
  expect(await names({ year: 2026 })).toEqual(['Phân loại rác thải', 'Rác thải nhựa', 'Rác'])
  expect(await names({ year: 2025 })).toEqual(['Đồ nhựa'])
  expect(await names({ year: 2026, month: 11 })).toEqual(['Phân loại rác thải', 'Rác thải nhựa'])
  expect(await names({ year: 2026, month: 12 })).toEqual([])
  expect(await names({ year: 2026, words: 'rac' })).toHaveLength(3)
  expect(await names({ words: 'khong co' })).toEqual([])
})

test('pages of several filters leave nothing out and repeat nothing, however rare what fits is', async () => {
  const { find } = await filled(
    ...Array.from({ length: 260 }, (_, n): Told => {
      const name = { vi: `Bài ${n % 2 === 0 ? 'chẵn' : 'lẻ'} ${n}` }
      const type = n % 10 === 0 ? TEST : 'http://adlnet.gov/expapi/activities/lesson'
      return { activity: `a${n}`, name, type, at: new Date(Date.UTC(2026, 0, 1 + n, 3)).toISOString() }
    }),
  )
  const tests = await find({ words: 'chan', kind: 'test' }, 10)
  expect(tests.names).toEqual(Array.from({ length: 26 }, (_, n) => `Bài chẵn ${250 - n * 10}`))
  expect(tests.pages).toBe(3)
  expect((await find({ words: 'le', kind: 'test' }, 10)).names).toEqual([])
})

test('the words of a name that changes follow it', async () => {
  const { find, tell, catchUp } = await filled({ activity: '1', name: { vi: 'Tên cũ' } })
  await tell({ activity: '1', name: { vi: 'Chữ mới' }, at: '2026-11-20T05:00:00Z' })
  await catchUp()
  expect((await find({ words: 'cu' })).names).toEqual([])
  expect((await find({ words: 'moi' })).names).toEqual(['Chữ mới'])
})

test('hours of a year, and what of a line counts', async () => {
  const lasting = { result: { duration: 'PT1H' }, at: '2026-11-20T02:00:00Z' }
  const { profiles, person } = await filled(
    { activity: '1', name: { vi: 'Một' }, ...lasting, source: 'centre' },
    { activity: '2', name: { vi: 'Hai' }, ...lasting },
    { activity: '3', at: '2025-03-01T02:00:00Z' },
  )
  const [year, before, ...none] = (await profiles.transcript.years(person))!
  expect(year).toMatchObject({
    year: 2026,
    sums: { minutes: { 11: 60 }, h: { hoc: 60 }, level: { 'xac-nhan': 60 }, aside: { overlap: 60 } },
    lines: { 11: 2 },
  })
  expect([before?.lines, before?.sums.minutes, none]).toEqual([{ 3: 1 }, {}, []])
  const { lines } = await profiles.transcript.lines(person, { limit: 10, filter: { words: 'hai' } })
  expect(await profiles.transcript.hoursOf(lines[0]!)).toEqual({
    counted: 0,
    estimated: 0,
    uncounted: { overlap: 60 },
    more: false,
  })
})

test('the last word may be the beginning of one, with others and over pages', async () => {
  const { find } = await filled(
    { activity: '1', name: { vi: 'Phân loại rác thải' }, courses: [WASTE], at: '2026-11-20T02:00:00Z' },
    { activity: '2', name: { vi: 'Rác nhựa' }, at: '2026-11-19T02:00:00Z' },
    { activity: '3', name: { vi: 'Thu gom rác', en: 'Thaw' }, at: '2026-11-18T02:00:00Z' },
    { activity: '4', name: { vi: 'Tham quan' }, at: '2026-11-17T02:00:00Z' },
    ...Array.from({ length: 30 }, (_, n): Told => {
      const name = { vi: `Bài ${String.fromCharCode(97 + (n % 20))}${n % 20} thi` }
      return { activity: `b${n}`, name, at: new Date(Date.UTC(2025, 0, 1 + (n >> 1), 3 + n)).toISOString() }
    }),
  )
  const names = async (words: string, more: LineFilter = {}) => (await find({ words, ...more })).names
  expect(await names('rac th')).toEqual(['Phân loại rác thải', 'Thu gom rác'])
  expect(await names('tha')).toEqual(['Phân loại rác thải', 'Thu gom rác', 'Tham quan'])
  expect(await names('th', { year: 2026 })).toEqual(['Phân loại rác thải', 'Thu gom rác', 'Tham quan'])
  expect(await names('th', { topic: WASTE })).toEqual(['Phân loại rác thải'])
  expect(await names('th rac')).toEqual([])
  expect(await names('khong')).toEqual([])
  const all = await find({ words: 'th' }, 7)
  expect(all.names).toHaveLength(33)
  expect(new Set(all.names.slice(3)).size).toBe(20)
  // More words begin so than are looked for one by one.
  const many = await find({ words: 'th b' }, 7)
  expect(many.names).toEqual([])
  expect((await find({ words: 'bai thi' }, 7)).names).toHaveLength(30)
  for (let letter = 0; letter < 20; letter++)
    expect(await names(String.fromCharCode(97 + letter)), String(letter)).not.toEqual([])
})

test('with several sources a late page of a day with very many lines reads no more than the first', async () => {
  const all = Array.from(
    { length: 300 },
    (_, n): Told => ({ source: n % 3 ? 'moodle' : 'lms2', activity: `a${n}`, at: '2026-11-20T02:00:00Z' }),
  )
  const { again, store, person } = await filled(...all)
  let read = 0
  const { transcript } = await again({
    ...store.collections,
    find: async (of, options) => {
      const page = await store.collections.find(of, options)
      read += page.docs.length
      return page
    },
  })
  const seen = new Set<string>()
  const reads: number[] = []
  for (let after: string | null = ''; after !== null; ) {
    read = 0
    const filter = { sources: ['moodle', 'lms2'] }
    const page = await transcript.lines(person, { limit: 20, filter, ...(after && { after }) })
    for (const { id } of page.lines) seen.add(id)
    reads.push(read)
    after = page.next
  }
  expect(seen.size).toBe(300)
  expect(reads).toHaveLength(15)
  expect(Math.max(...reads)).toBeLessThanOrEqual(2 * 21)
})
