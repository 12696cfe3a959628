import { afterAll, beforeAll, expect, test } from 'vitest'
import { readAudit } from '../../lrs/index.ts'
import { type HostWorld, openHostWorld, TOPICS } from '../../tests/support/host-world.ts'
import { lessonWith } from '../../tests/support/lesson.ts'
import { lessons } from '../collections.ts'
import { recordOf } from './shape.ts'

let world: HostWorld
beforeAll(async () => {
  world = await openHostWorld()
})
afterAll(() => world.close())

let number = 0
async function add(author: string, organisation?: string): Promise<string> {
  const id = `lesson-${++number}`
  const lesson = lessonWith(id, {
    author,
    status: 'draft',
    created: number,
    published: null,
    ...(organisation && { organisation }),
  })
  await world.store.collections.put(lessons, id, recordOf(lesson, TOPICS))
  return id
}
const idsOf = async (organisation: string | null, author?: string) =>
  (await world.host.lessons.of(organisation, { limit: 500, ...(author && { author }) })).lessons.map(
    ({ id }) => id,
  )

test('an organisation’s lessons are listed newest first, of all its authors or of one', async () => {
  const [first, other, last] = [await add('an', 'a'), await add('binh', 'a'), await add('an', 'a')]
  await add('an', 'b')
  await add('an')
  expect(await idsOf('a')).toEqual([last, other, first])
  expect(await idsOf('a', 'an')).toEqual([last, first])
  expect(await world.host.lessons.countOf('a', 'an')).toBe(2)
  const page = await world.host.lessons.of('a', { limit: 2 })
  expect((await world.host.lessons.of('a', { limit: 2, after: page.next! })).lessons).toMatchObject([
    { id: first },
  ])
})

test('lessons of one organisation go to another author, those of others stay', async () => {
  const many = []
  for (let at = 0; at < 130; at++) many.push(await add('chi', 'c'))
  const [elsewhere, own] = [await add('chi', 'd'), await add('chi')]
  const handed = { organisation: 'c', from: 'chi', to: 'dung', by: 'op' }
  expect(await world.host.lessons.handOver(handed)).toBe(130)
  expect((await idsOf('c', 'dung')).sort()).toEqual(many.sort())
  expect(await idsOf('c', 'chi')).toEqual([])
  expect(await idsOf('d', 'chi')).toEqual([elsewhere])
  expect(await idsOf(null, 'chi')).toEqual([own])
  const { entries } = await readAudit([world.store.collections], 'province', { who: 'chi', limit: 10 })
  expect(entries.map(({ action, actor, detail }) => [action, actor, detail])).toEqual([
    ['hand-over-lessons', 'op', { organisation: 'c', lessons: 30 }],
    ['hand-over-lessons', 'op', { organisation: 'c', lessons: 100 }],
  ])
  // Done again, there is nothing left to do; nor is there to oneself.
  expect(await world.host.lessons.handOver(handed)).toBe(0)
  expect(await world.host.lessons.handOver({ ...handed, from: 'dung' })).toBe(0)
  expect(await world.host.lessons.handOver({ organisation: null, from: 'chi', to: 'dung', by: 'op' })).toBe(1)
})

test('a lesson that is being changed meanwhile is handed over all the same, and keeps the change', async () => {
  const ids = []
  for (let at = 0; at < 20; at++) ids.push(await add('em', 'e'))
  const [moved] = await Promise.all([
    world.host.lessons.handOver({ organisation: 'e', from: 'em', to: 'giang', by: 'op' }),
    ...ids.map((id) => world.host.lessons.describe(id, { title: `Mới ${id}` })),
  ])
  expect(moved).toBe(20)
  const { lessons: now } = await world.host.lessons.of('e', { limit: 50 })
  expect(now.every(({ author, draft }) => author === 'giang' && draft.details.title.startsWith('Mới'))).toBe(
    true,
  )
})
