import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
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
import { scheduled } from '../../tests/support/scheduled-store.ts'
import { keyOf, type Told } from '../../tests/support/told.ts'
import { LINES } from '../projection/documents.ts'

let worlds: Awaited<ReturnType<typeof openCourseWorlds>>
beforeAll(async () => {
  worlds = await openCourseWorlds()
})
afterAll(() => worlds.close())

type Action =
  | { do: 'tell'; told: Told }
  | { do: 'void'; id: string }
  | { do: 'step' | 'retell' | 'rebuild' | 'link' }

const id = fc.nat(11).map((n) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`)
const action = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .record({
        id,
        day: fc.integer({ min: 10, max: 13 }),
        isCourse: fc.boolean(),
        isTimed: fc.boolean(),
        isNoise: fc.boolean(),
        isOfUnits: fc.boolean(),
        source: fc.constantFrom('moodle', 'centre'),
      })
      .map(({ id, day, isCourse, isTimed, isNoise, isOfUnits, source }): Action => {
        const more: Told = {
          id,
          source,
          ...(isNoise && { verb: 'interacted' }),
          ...(!isTimed && { result: { completion: true } }),
          ...(isOfUnits && {
            registration: REGISTRATION,
            type: isCourse ? `${CMI5}activitytype/course` : 'x:y',
          }),
        }
        return { do: 'tell', told: isCourse ? course(day, more) : part(day, more) }
      }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('void' as const), id }) },
  { weight: 3, arbitrary: fc.constant<Action>({ do: 'step' }) },
  { weight: 1, arbitrary: fc.constantFrom<Action>({ do: 'retell' }, { do: 'rebuild' }, { do: 'link' }) },
)

async function act(world: CourseWorld, one: Action): Promise<unknown> {
  const { profiles } = world
  switch (one.do) {
    case 'tell':
      // An id that is taken is refused by the store, as it should be.
      return world.tell(one.told).catch(() => [])
    case 'void':
      return world.tell({
        who: 'teacher',
        verb: 'voided',
        object: { objectType: 'StatementRef', id: one.id },
      })
    case 'step':
      return world.step(2)
    case 'retell':
      return profiles.retell()
    case 'rebuild':
      return profiles.rebuild()
    case 'link': {
      const agent = keyOf('lan')
      return (await profiles.links.personOf(agent)) === null
        ? profiles.links.link({ agent, person: world.lan, ...HOW })
        : profiles.links.unlink({ agent, ...HOW })
    }
  }
}

test('whatever comes and goes, in whatever order, a record is what its statements make it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 3, maxLength: 25 }), async (actions) => {
      const world = await worlds.next()
      for (const one of actions) {
        await act(world, one)
        await world.profiles.settled()
      }
      await world.catchUp()
      await world.profiles.retell()
      await verifyRecords(world)
      const before = await world.store.collections.scan(LINES, { limit: 1000 })
      await world.profiles.rebuild()
      expect(await world.store.collections.scan(LINES, { limit: 1000 })).toEqual(before)
    }),
    { numRuns: 60 },
  )
}, 120_000)

test('the same, however the steps of several at once fall between each other', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(action, { maxLength: 5 }),
      fc.array(fc.array(action, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 2 }),
      async (scheduler, before, hands) => {
        const late = { on: false }
        const world = await worlds.next((store) => scheduled(store, scheduler, late))
        for (const one of before) await act(world, one)
        await world.profiles.settled()
        late.on = true
        const follow: Action[] = [{ do: 'step' }, { do: 'step' }, { do: 'retell' }, { do: 'step' }]
        const all = [...hands, follow, [{ do: 'retell' } as Action]].map(async (actions) => {
          for (const one of actions) await act(world, one)
        })
        await scheduler.waitFor(Promise.all(all).then(() => world.profiles.settled()))
        late.on = false
        await world.catchUp()
        await world.profiles.retell()
        await verifyRecords(world)
      },
    ),
    { numRuns: 100 },
  )
}, 120_000)
