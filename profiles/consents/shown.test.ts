import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openWorlds, PAPER, type World } from '../../tests/support/profiles-world.ts'
import { keyOf } from '../../tests/support/told.ts'

const ASKED = { purpose: 'learning-record', version: 1, language: 'vi', where: 'page' } as const

let worlds: Awaited<ReturnType<typeof openWorlds>>
let world: Omit<World, 'close'>
beforeAll(async () => {
  worlds = await openWorlds()
})
afterAll(() => worlds.close())
beforeEach(async () => {
  world = await worlds.next()
})

/** Of which of these sources others read what was sent about somebody. */
async function shown(who: string): Promise<string[]> {
  const found = (await world.profiles.mayShow([keyOf('nobody'), keyOf(who)])).get(keyOf(who))
  return ['lms', 'other-lms'].filter((source) => found?.(source))
}
const ALL = ['lms', 'other-lms']
/** As long as nothing of what follows a change has been done. */
const answer = (person: string, said: 'yes' | 'no') =>
  world.profiles.consents.answer(person, { ...ASKED, answer: said })

test('what joins the record of somebody who agreed, and nothing in the moment in which that is taken back', async () => {
  const person = await world.person('lan@example.org', null)
  expect(await shown('lan')).toEqual([])
  await world.link('lan', person)
  expect(await shown('lan')).toEqual([])
  await answer(person, 'yes')
  await world.profiles.settled()
  expect(await shown('lan')).toEqual(ALL)
  await answer(person, 'no')
  expect(await shown('lan')).toEqual([])
  await world.profiles.settled()
  expect(await shown('lan')).toEqual([])
  await answer(person, 'yes')
  await world.profiles.settled()
  await world.profiles.links.contest({ agent: keyOf('lan'), person })
  expect(await shown('lan')).toEqual([])
})

test('of a link for some sources, what these sent', async () => {
  const person = await world.person('lan@example.org')
  const how = { how: 'operator', proof: PAPER, by: 'op', reason: 'known' } as const
  await world.profiles.links.link({ agent: keyOf('lan'), person, ...how, sources: ['lms'] })
  expect(await shown('lan')).toEqual(['lms'])
})

test('of somebody merged, what the one agreed to as whom they are shown; while that changes, nothing', async () => {
  const [lan, hoa] = [await world.person('lan@example.org'), await world.person('hoa@example.org', null)]
  await world.link('lan', lan)
  const merge = await world.profiles.merges.merge({ from: lan, into: hoa, by: 'op', reason: 'one' })
  if ('ok' in merge) throw new Error('refused')
  expect(await shown('lan')).toEqual([])
  await world.profiles.resume()
  await world.profiles.settled()
  expect(await shown('lan')).toEqual([])
  await answer(hoa, 'yes')
  await world.profiles.settled()
  await expect.poll(() => shown('lan')).toEqual(ALL)
  await answer(lan, 'no')
  expect(await shown('lan')).toEqual(ALL)
  await world.profiles.merges.undo({ from: lan, by: 'op', reason: 'two' })
  expect(await shown('lan')).toEqual([])
})
