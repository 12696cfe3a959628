import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorlds } from '../../tests/support/profiles-world.ts'
import { activity } from '../../tests/support/told.ts'

let worlds: Awaited<ReturnType<typeof openWorlds>>
beforeAll(async () => {
  worlds = await openWorlds()
})
afterAll(() => worlds.close())

const now = Date.UTC(2026, 10, 24)

test('what was begun and not finished is told, of each activity once, the newest first', async () => {
  const world = await worlds.next()
  const lan = await world.person('lan@example.org')
  await world.link('lan', lan)
  const begun = (of: string, at: string, more = {}) => ({ activity: of, at, verb: 'progressed', ...more })
  await world.tell(
    begun('twice', '2026-11-01T02:00:00Z'),
    begun('twice', '2026-11-03T02:00:00Z'),
    begun('left', '2026-11-02T02:00:00Z', { verb: 'attempted' }),
    begun('done-later', '2026-11-02T03:00:00Z'),
    begun('done-later', '2026-11-05T03:00:00Z', { verb: 'completed' }),
    begun('passed', '2026-11-04T02:00:00Z'),
    begun('passed', '2026-11-04T03:00:00Z', { verb: 'passed' }),
    begun('once', '2026-11-04T05:00:00Z', { verb: 'commented' }),
    begun('long-ago', '2024-11-04T05:00:00Z'),
    begun('elsewhere', '2026-11-06T05:00:00Z'),
    begun('of-nobody', '2026-11-06T05:00:00Z', { who: 'stranger' }),
  )
  await world.catchUp()
  const leaveOut = (line: { activity: { id: string } }) => line.activity.id === activity('elsewhere')
  const named = async (limit: number) =>
    (await world.profiles.transcript.goingOn(lan, { limit, now, leaveOut })).map((line) => line.activity.id)
  expect(await named(10)).toEqual([activity('twice'), activity('left')])
  expect(await named(1)).toEqual([activity('twice')])
})
