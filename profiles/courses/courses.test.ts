import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  CMI5,
  type CourseWorld,
  course,
  HOW,
  openCourseWorlds,
  part,
  REGISTRATION,
} from '../../tests/support/course-world.ts'
import { verifyRecords } from '../../tests/support/expected-records.ts'
import { activity, keyOf, type Told } from '../../tests/support/told.ts'
import { LINES } from '../projection/documents.ts'

let worlds: Awaited<ReturnType<typeof openCourseWorlds>>
beforeAll(async () => {
  worlds = await openCourseWorlds()
})
afterAll(() => worlds.close())

/** Minutes that count, and those of courses that do not. */
async function hours({ profiles, lan }: CourseWorld) {
  const years = (await profiles.transcript.years(lan))!
  const sum = (of: readonly number[]) => of.reduce((a, b) => a + b, 0)
  return [
    sum(years.flatMap(({ sums }) => Object.values(sums.minutes))),
    sum(years.map(({ sums }) => sums.aside.parts ?? 0)),
  ]
}

describe('the time of a course', () => {
  test('counts until a part of it tells how long it took, on whatever day; and again when none does', async () => {
    const world = await worlds.next()
    await world.tell(course(10))
    await world.catchUp()
    expect(await hours(world)).toEqual([120, 0])
    const [first] = await world.tell(part(12))
    await world.catchUp()
    await world.profiles.retell()
    expect(await hours(world)).toEqual([30, 120])
    // What comes later knows at once.
    await world.tell(course(20, { verb: 'passed' }), part(21))
    await world.catchUp()
    expect(await hours(world)).toEqual([60, 240])
    await voidIt(world, first!)
    await world.profiles.retell()
    expect(await hours(world)).toEqual([30, 240])
    await verifyRecords(world)
  })

  test('counts beside parts that tell nothing of their time', async () => {
    const world = await worlds.next()
    await world.tell(course(10), { ...part(12), result: { success: true } })
    await world.catchUp()
    await world.profiles.retell()
    expect(await hours(world)).toEqual([120, 0])
  })

  test('counts where two say of one thing that it is a part of the other, and no other part is told', async () => {
    const world = await worlds.next()
    const { version } = await world.profiles.mapping.now()
    const same = { tells: 'same', by: 'activity', iri: activity('course'), is: activity('part-10') } as const
    await world.profiles.mapping.change(
      { do: 'put-rule', rule: { ...same, why: 'a course of one activity' } },
      { by: 'op', expects: version },
    )
    await world.tell(course(10), part(10, { source: 'centre' }))
    await world.catchUp()
    await world.profiles.retell()
    expect(await hours(world)).toEqual([120, 0])
  })

  test('of cmi5 is that of the units of its registration', async () => {
    const world = await worlds.next()
    const category = { contextActivities: { category: [{ id: `${CMI5}context/categories/cmi5` }] } }
    await world.tell(
      course(10, { type: `${CMI5}activitytype/course`, registration: REGISTRATION }),
      part(12, { courses: [], registration: REGISTRATION, context: category }),
    )
    await world.catchUp()
    await world.profiles.retell()
    expect(await hours(world)).toEqual([30, 120])
  })

  test('on many days follows its first part in steps, also after a kill between any two', async () => {
    const world = await worlds.next()
    const days = Array.from({ length: 250 }, (_, n) => new Date(Date.UTC(2026, 0, 1 + n, 3)).toISOString())
    const told = days.map((at) => course(10, { registration: REGISTRATION, at, verb: 'progressed' }))
    await world.tell(...told, part(12))
    await world.catchUp()
    for (let writes = 0; ; writes++) {
      const { store } = world
      let left = writes
      const killed = await world.again({
        ...store.collections,
        batch: (operations) => {
          if (left-- <= 0) throw new Error('killed')
          return store.collections.batch(operations)
        },
      })
      const done = await killed.retell().then(
        () => true,
        () => false,
      )
      if (done) break
    }
    expect(await hours(world)).toEqual([30, 250 * 120])
    await verifyRecords(world)
  }, 60_000)
})

test('a course has its parts in the order of time, page by page, and each part its course', async () => {
  const world = await worlds.next()
  const { transcript } = world.profiles
  const told = Array.from({ length: 7 }, (_, n) => part(10 + n, { name: { vi: `Phần ${n}` } }))
  await world.tell(course(20, { name: { vi: 'Khóa' } }), ...told.toReversed(), part(11, { who: 'stranger' }))
  await world.tell({ activity: 'other', at: '2026-10-12T05:00:00Z' })
  await world.catchUp()
  const { lines } = await transcript.lines(world.lan, { limit: 20 })
  const [of] = lines
  const all: string[] = []
  for (let after: string | null = ''; after !== null; ) {
    const page = await transcript.parts(world.lan, of!.id, { limit: 3, ...(after && { after }) })
    all.push(...page.lines.map(({ activity }) => activity.name.vi!))
    after = page.next
  }
  expect(all).toEqual(told.map(({ name }) => name!.vi))
  const places = await transcript.courses(
    world.lan,
    lines.map(({ id }) => id),
  )
  expect(places.get(of!.id)).toEqual({ parts: 7, courses: [] })
  expect(places.get(lines[1]!.id)).toMatchObject({
    parts: 0,
    courses: [{ line: of!.id, activity: { name: { vi: 'Khóa' } } }],
  })
  expect(places.get(lines.find(({ activity: { id } }) => id === activity('other'))!.id)).toEqual({
    parts: 0,
    courses: [],
  })
  expect(await transcript.parts('somebody-else', of!.id, { limit: 3 })).toEqual({ lines: [], next: null })
})

test('a course whose account is being linked and its first part, told meanwhile, find each other', async () => {
  const world = await worlds.next()
  const { store } = world
  await world.tell(course(10, { who: 'second' }))
  await world.catchUp()
  let meanwhile: (() => Promise<unknown>) | null = async () => {
    // Of another year: they would meet in the document of one.
    await world.tell(part(12, { at: '2025-10-12T03:00:00Z' }))
    await world.catchUp()
    await world.profiles.retell()
  }
  const linking = await world.again({
    ...store.collections,
    async batch(operations) {
      const first = operations.some(({ op, collection }) => op === 'insert' && collection.name === LINES.name)
      const run = first ? meanwhile : null
      if (run) meanwhile = null
      await run?.()
      return store.collections.batch(operations)
    },
  })
  await linking.links.link({ agent: keyOf('second'), person: world.lan, ...HOW })
  await linking.settled()
  expect(meanwhile).toBeNull()
  expect(await hours(world)).toEqual([30, 120])
})

test('a line that comes to be of a course, or ceases to, is told anew on all of its days', async () => {
  const world = await worlds.next()
  const cmi5: Told = { type: `${CMI5}activitytype/course`, registration: REGISTRATION }
  const unit = { contextActivities: { category: [{ id: `${CMI5}context/categories/cmi5` }] } }
  await world.tell(
    course(10, { ...cmi5, result: {} }),
    course(12, { ...cmi5, result: {} }),
    part(11, { courses: [], registration: REGISTRATION, context: unit }),
  )
  await world.catchUp()
  await world.profiles.retell()
  const [last] = await world.tell(course(14, cmi5))
  await world.catchUp()
  expect(await hours(world)).toEqual([30, 120])
  await world.profiles.retell()
  await verifyRecords(world)
  await voidIt(world, last!)
  await world.profiles.retell()
  await verifyRecords(world)
})

async function voidIt(world: CourseWorld, id: string) {
  await world.tell({ who: 'teacher', verb: 'voided', object: { objectType: 'StatementRef', id } })
  await world.catchUp()
}
