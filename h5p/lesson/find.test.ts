import { afterAll, beforeAll, expect, test } from 'vitest'
import { foldedWords } from '../../lrs/index.ts'
import { type HostWorld, openHostWorld, TOPIC, TOPICS, taken } from '../../tests/support/host-world.ts'
import { lessonWith } from '../../tests/support/lesson.ts'
import { lessons, versions } from '../collections.ts'
import { gatherLesson } from '../pack.ts'
import type { DraftChange } from '../types.ts'
import { recordOf } from './shape.ts'
import { versionKey } from './versions.ts'

let world: HostWorld
const add = async (id: string, title: string, more: Parameters<typeof lessonWith>[1] = {}) => {
  const lesson = lessonWith(id, { title, ...more })
  const { collections } = world.store
  await collections.put(lessons, id, recordOf(lesson, TOPICS))
  if (lesson.latest > 0)
    await collections.put(versions, versionKey(id, 1), {
      ...lesson.draft,
      lesson: id,
      number: 1,
      libraries: [],
      published: 1,
      by: 'an',
    })
}
const ids = async (query: string, more: { topic?: string } = {}) => {
  const found = await world.host.lessons.published({ query, limit: 20, ...more })
  return found.lessons.map((each) => each.id).sort()
}

beforeAll(async () => {
  world = await openHostWorld()
  await add('rac', 'Phân loại rác thải tại nhà')
  await add('duoi', 'Phòng đuối nước', { description: 'Cho trẻ em ở gần sông, RẠCH.' })
  await add('luat', 'Luật Bảo vệ dữ liệu', { topics: ['https://w3id.org/suotdoi/topics/phap-luat'] })
  await add('nhap', 'Rác thải nguy hại', { status: 'draft', published: null })
})
afterAll(() => world.close())

test('words are folded: lower case, no diacritics, đ is d, each once', () => {
  expect(foldedWords('Rác thải; ĐỒ nhựa (rác 2026)… Thừa Thiên-Huế')).toEqual(
    'rac thai do nhua 2026 thua thien hue'.split(' '),
  )
  // The same letters composed and decomposed.
  expect(foldedWords('tiếng Việt'.normalize('NFD'))).toEqual(foldedWords('tiếng Việt'.normalize('NFC')))
})

test('a lesson is found without diacritics and by the beginning of its words, in any order', async () => {
  for (const query of ['rac thai', 'Rác thải', 'THAI rac', 'thai ra', 'nhà phân', 'rác'])
    expect(await ids(query), query).toContain('rac')
  expect(await ids('rac thai')).toEqual(['rac'])
  expect(await ids('rac')).toEqual(['duoi', 'rac'])
  expect(await ids('duoi nuoc tre')).toEqual(['duoi'])
})

test('what holds one word of two, a word’s middle, a draft, and nothing at all are not found', async () => {
  for (const query of ['rac bien', 'hai tai nha', 'nguy', '', '  ', '?!', 'khong co'])
    expect(await ids(query), query).toEqual([])
})

test('a topic is found by its name, and narrows a search', async () => {
  expect(await ids('moi truong')).toEqual(['duoi', 'rac'])
  expect(await ids('rac', { topic: 'https://w3id.org/suotdoi/topics/phap-luat' })).toEqual([])
  expect(await ids('rac', { topic: TOPIC })).toEqual(['duoi', 'rac'])
})

test('what an author changes is found once it is published, and what was is not', async () => {
  const { lessons: of } = world.host
  const { id } = await world.publish(await world.zip(await gatherLesson('phan-loai-rac')))
  taken(await of.describe(id, { title: 'Chăn nuôi an toàn', description: '' }))
  expect(await ids('chan nuoi')).toEqual([])
  expect(await ids('sinh hoat')).toEqual([id])
  taken(await of.publish(id, { by: 'an' }))
  expect(await ids('chan nuoi')).toEqual([id])
  expect(await ids('sinh hoat')).toEqual([])
  taken(await of.unpublish(id))
  expect(await ids('chan nuoi')).toEqual([])
})

test('pages of a search hold every lesson once', async () => {
  for (let at = 0; at < 60; at++)
    await add(`q-${at}`, at % 3 === 0 ? `Quả xoài ${at}` : `Quả quýt ${at}, quả quất`)
  const seen: string[] = []
  let after: string | undefined
  do {
    const page = await world.host.lessons.published({ query: 'qua xoa', limit: 7, ...(after && { after }) })
    seen.push(...page.lessons.map((each) => each.id))
    after = page.next ?? undefined
  } while (after)
  expect(seen.sort()).toEqual(Array.from({ length: 20 }, (_, at) => `q-${at * 3}`).sort())
})

test('an address that was cut short leads to the first page', async () => {
  for (const after of ['x', '\0', 'eyJ4Ijox']) {
    expect((await world.host.lessons.published({ limit: 1, after })).lessons).toHaveLength(1)
    expect((await world.host.lessons.published({ limit: 1, query: 'rac', after })).lessons).toHaveLength(1)
    expect((await world.host.lessons.by('an', { limit: 1, after })).lessons).toHaveLength(1)
  }
})

test('a lesson tells how long it takes, and since when it is withdrawn', async () => {
  await add('phut', 'Một bài ngắn')
  const of = world.host.lessons
  const minutesOf = async (change: DraftChange) => taken(await of.describe('phut', change)).draft.details
  expect((await minutesOf({ minutes: 15 })).minutes).toBe(15)
  expect((await minutesOf({ title: 'Một bài' })).minutes).toBe(15)
  expect(await minutesOf({ minutes: null })).not.toHaveProperty('minutes')
  for (const minutes of [0, -1, 1.5, 601, Number.NaN])
    expect(await of.describe('phut', { minutes })).toMatchObject({
      problems: [{ id: 'lesson-minutes-invalid', path: 'minutes' }],
    })
  const before = Date.now()
  const { withdrawn } = taken(await of.unpublish('phut'))
  expect(withdrawn).toBeGreaterThanOrEqual(before)
  expect(taken(await of.unpublish('phut')).withdrawn).toBe(withdrawn)
  expect(taken(await of.putBack('phut'))).not.toHaveProperty('withdrawn')
})
