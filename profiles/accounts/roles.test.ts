import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorlds } from '../../tests/support/profiles-world.ts'
import type { Profiles } from '../types.ts'
import { PERSONS } from './documents.ts'

let worlds: Awaited<ReturnType<typeof openWorlds>>
beforeAll(async () => {
  worlds = await openWorlds()
})
afterAll(() => worlds.close())

/** Profiles of their own, with these people as operators. */
async function withOperators(...names: string[]) {
  const world = await worlds.next()
  for (const id of [...names, 'lan']) {
    const value = { id, name: id, roles: ['citizen' as const], language: 'vi' as const, created: 1 }
    await world.store.collections.put(PERSONS, id, value)
  }
  for (const name of names) await world.profiles.accounts.grant(name, 'operator', 'cli:test')
  return world
}
const take = ({ accounts }: Profiles, who: string, by: string, reason = 'thôi việc') =>
  accounts.take(who, 'operator', by, reason)
const operators = async ({ accounts }: Profiles) =>
  (await accounts.list({ role: 'operator', limit: 10 })).persons.map(({ id }) => id).sort()
const problem = (id: string) => ({ ok: false, problems: [{ id }] })

test('a role of the tenant is taken with a reason, which is kept', async () => {
  const { profiles } = await withOperators('an', 'binh')
  const { accounts } = profiles
  await accounts.grant('lan', 'author', 'an')
  expect(await accounts.take('lan', 'author', 'an', ' ')).toMatchObject(problem('role-reason-missing'))
  expect(await accounts.take('lan', 'author', 'binh', 'chuyển trường')).toMatchObject({ roles: ['citizen'] })
  expect(await accounts.take('lan', 'author', 'binh', 'nữa')).toMatchObject({ roles: ['citizen'] })
  expect(await accounts.taken('lan')).toMatchObject([{ role: 'author', by: 'binh', reason: 'chuyển trường' }])
})

test('only an operator takes a role away; one who was an operator does not', async () => {
  const { profiles } = await withOperators('an', 'binh', 'chi')
  expect(await take(profiles, 'an', 'lan')).toMatchObject(problem('role-not-yours'))
  expect(await take(profiles, 'binh', 'an')).toMatchObject({ roles: ['citizen'] })
  expect(await take(profiles, 'an', 'binh')).toMatchObject(problem('role-not-yours'))
  expect(await operators(profiles)).toEqual(['an', 'chi'])
})

test('the last operator stays, whoever asks', async () => {
  const { profiles } = await withOperators('an')
  for (const by of ['an', 'cli:test'])
    expect(await take(profiles, 'an', by)).toMatchObject(problem('last-operator'))
  expect(await operators(profiles)).toEqual(['an'])
})

test('two operators who take the role from each other at the same moment leave one', async () => {
  for (let round = 0; round < 10; round++) {
    const world = await withOperators('an', 'binh')
    // Two processes on one store.
    const [one, other] = [world.profiles, await world.again()]
    const both = await Promise.all([take(one, 'an', 'binh'), take(other, 'binh', 'an')])
    expect(both.filter((each) => 'ok' in each)).toHaveLength(1)
    expect(await operators(one)).toHaveLength(1)
  }
})

test('each of three who leaves at the same moment leaves one', async () => {
  const world = await withOperators('an', 'binh', 'chi')
  await Promise.all(['an', 'binh', 'chi'].map((who) => take(world.profiles, who, who)))
  expect(await operators(world.profiles)).toHaveLength(1)
})
