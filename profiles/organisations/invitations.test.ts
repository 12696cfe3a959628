import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openWorld, type World } from '../../tests/support/profiles-world.ts'
import { PERSONS } from '../accounts/documents.ts'
import { createSetUp } from '../accounts/set-up.ts'
import type { Profiles, Role } from '../types.ts'
import { INVITATIONS } from './documents.ts'
import { createInvitations } from './invitations.ts'
import { keyOfSecret, newCode, newToken } from './secret.ts'
import type { OrganisationRole } from './types.ts'

let world: World
let profiles: Profiles
let operator: string
beforeAll(async () => {
  world = await openWorld()
  profiles = world.profiles
  operator = await person('operator')
})
afterAll(() => world.close())

let number = 0
async function person(...roles: Role[]): Promise<string> {
  const id = `person-${++number}`
  const value = {
    id,
    name: `Người ${number}`,
    roles: ['citizen' as const, ...roles],
    language: 'vi' as const,
  }
  await world.store.collections.put(PERSONS, id, { ...value, created: number })
  return id
}
async function place(): Promise<string> {
  const details = { name: `Trung tâm ${++number}`, nameEn: '', kind: 'school', parent: null }
  const made = await profiles.organisations.create(details, operator)
  if ('ok' in made) throw new Error(JSON.stringify(made))
  return made.id
}
const ids = (answer: object) =>
  'problems' in answer ? (answer.problems as { id: string }[]).map(({ id }) => id) : answer

async function invited(
  organisation: string,
  change: Partial<{
    roles: OrganisationRole[]
    kind: 'link' | 'code'
    uses: number
    days: number
    by: string
  }> = {},
) {
  const asked = {
    organisation,
    roles: ['author' as const],
    kind: 'link' as const,
    uses: 1,
    days: 7,
    by: operator,
  }
  const made = await profiles.invitations.make({ ...asked, ...change })
  if ('ok' in made) throw new Error(JSON.stringify(made))
  return made
}
/** The same store, so many minutes later. */
const after = (minutes: number) => {
  const { collections } = world.store
  const now = () => Date.now() + minutes * 60_000
  const audit = () => expect.unreachable()
  return createInvitations({ collections, setUp: createSetUp(collections, now), audit, now })
}
const rolesOf = async (organisation: string, who: string) =>
  (await profiles.memberships.get(organisation, who))?.roles ?? []

describe('a secret', () => {
  test('has 128 bits, or eight letters that are not taken for others; however a code is typed, it is the same', async () => {
    expect(Buffer.from(newToken(), 'base64url')).toHaveLength(16)
    const code = newCode()
    expect(code).toMatch(/^[A-Z]{4}-[A-Z]{4}$/)
    expect(code).not.toMatch(/[IJOSWZ]/)
    const key = await keyOfSecret(code)
    for (const typed of [code.toLowerCase(), code.replace('-', ''), ` ${code.replace('-', '  ')} `])
      expect(await keyOfSecret(typed)).toBe(key)
    const token = newToken()
    expect(await keyOfSecret(`https://hoc.example.vn/join#${token}`)).toBe(await keyOfSecret(token))
    for (const wrong of ['', 'ABCD', 'ABCD-ABCI', 'x'.repeat(5000), '#'])
      expect(await keyOfSecret(wrong)).toBeNull()
  })

  test('is kept nowhere', async () => {
    const at = await place()
    const secrets = [(await invited(at)).secret, (await invited(at, { kind: 'code' })).secret]
    const { docs } = await world.store.collections.scan(INVITATIONS, { limit: 1000 })
    expect(docs.length).toBeGreaterThan(1)
    for (const secret of secrets) expect(JSON.stringify(docs)).not.toContain(secret)
  })
})

describe('an invitation', () => {
  test('says who invites to what, and gives its roles to who accepts', async () => {
    const at = await place()
    const lan = await person()
    const { secret } = await invited(at, { roles: ['editor', 'author'] })
    expect(await profiles.invitations.look(secret)).toMatchObject({
      organisation: { id: at },
      inviter: 'Người 1',
      invitation: { roles: ['author', 'editor'], left: 1 },
    })
    expect(await profiles.invitations.accept(secret, lan)).toMatchObject({ organisation: { id: at } })
    expect(await rolesOf(at, lan)).toEqual(['author', 'editor'])
    expect((await profiles.accounts.get(lan))?.memberships).toEqual([
      { organisation: at, roles: ['author', 'editor'] },
    ])
    for (const act of [
      profiles.invitations.look(secret),
      profiles.invitations.accept(secret, await person()),
    ])
      expect(ids(await act)).toEqual(['invitation-over'])
  })

  test('adds to what a member holds; who holds it all already uses nothing up', async () => {
    const at = await place()
    const lan = await person()
    await profiles.invitations.accept((await invited(at)).secret, lan)
    const { secret } = await invited(at, { roles: ['centre-staff'], uses: 2 })
    for (let twice = 0; twice < 2; twice++) await profiles.invitations.accept(secret, lan)
    expect(await rolesOf(at, lan)).toEqual(['author', 'centre-staff'])
    expect(await profiles.invitations.look(secret)).toMatchObject({ invitation: { left: 1, accepted: 1 } })
  })

  test('for one is accepted by one, however many press at once; for thirty by thirty', async () => {
    const at = await place()
    const people = await Promise.all(Array.from({ length: 6 }, () => person()))
    const one = await invited(at)
    const pressed = await Promise.all(people.map((who) => profiles.invitations.accept(one.secret, who)))
    expect(pressed.filter((each) => !('ok' in each))).toHaveLength(1)
    expect(await profiles.memberships.count(at)).toBe(1)
    const many = await invited(at, { roles: ['editor'], uses: 4 })
    const all = await Promise.all(people.map((who) => profiles.invitations.accept(many.secret, who)))
    expect(all.filter((each) => !('ok' in each))).toHaveLength(4)
    expect((await profiles.memberships.of(at, { role: 'editor', limit: 10 })).members).toHaveLength(4)
  })

  test('is made only for roles that are one’s own to give, and refused in full when it is wrong', async () => {
    const at = await place()
    const manager = await person()
    await profiles.invitations.accept((await invited(at, { roles: ['manager'] })).secret, manager)
    const made = (change: object) =>
      profiles.invitations.make({
        organisation: at,
        roles: ['author'],
        kind: 'link',
        uses: 1,
        days: 1,
        by: manager,
        ...change,
      })
    expect(await made({})).toMatchObject({ invitation: { roles: ['author'] } })
    expect(ids(await made({ roles: ['officer'] }))).toEqual(['role-not-yours'])
    expect(ids(await made({ by: await person('author') }))).toEqual(['role-not-yours'])
    expect(ids(await made({ roles: [], uses: 0, days: 91 }))).toEqual([
      'invitation-roles-missing',
      'invitation-uses-not-valid',
      'invitation-days-not-valid',
    ])
    expect(ids(await made({ organisation: 'nothing' }))).toEqual(['organisation-unknown'])
  })

  test('of somebody who manages no more is of no use', async () => {
    const at = await place()
    const manager = await person()
    await profiles.invitations.accept((await invited(at, { roles: ['manager'] })).secret, manager)
    const { secret } = await invited(at, { by: manager, uses: 5 })
    await profiles.invitations.accept(secret, await person())
    await profiles.memberships.leave(at, manager)
    expect(ids(await profiles.invitations.look(secret))).toEqual(['invitation-over'])
    expect(ids(await profiles.invitations.accept(secret, await person()))).toEqual(['invitation-over'])
  })

  test('is over when it is taken back, when its time has come, or while the organisation is closed', async () => {
    const at = await place()
    const lan = await person()
    const back = await invited(at)
    await profiles.invitations.revoke(await place(), back.invitation.id, operator)
    expect(await profiles.invitations.look(back.secret)).not.toHaveProperty('ok')
    await profiles.invitations.revoke(at, back.invitation.id, operator)
    expect(ids(await profiles.invitations.accept(back.secret, lan))).toEqual(['invitation-over'])

    const [code, link] = [await invited(at, { kind: 'code' }), await invited(at, { days: 2 })]
    const later = after(31)
    expect(ids(await later.accept(code.secret, lan))).toEqual(['invitation-over'])
    expect(await later.look(link.secret)).not.toHaveProperty('ok')

    await profiles.organisations.setState(at, 'closed', operator)
    for (const act of [profiles.invitations.look(link.secret), profiles.invitations.accept(link.secret, lan)])
      expect(ids(await act)).toEqual(['organisation-closed'])
    const asked = { organisation: at, roles: ['author' as const], kind: 'link' as const, uses: 1, days: 1 }
    expect(ids(await profiles.invitations.make({ ...asked, by: operator }))).toEqual(['organisation-closed'])
    await profiles.organisations.setState(at, 'active', operator)
    expect(await profiles.invitations.accept(link.secret, lan)).not.toHaveProperty('ok')
  })

  test('declined, ends when it was for one, and goes on for the others when it was for many', async () => {
    const at = await place()
    const lan = await person()
    const [one, many] = [await invited(at), await invited(at, { uses: 3 })]
    await profiles.invitations.decline(one.secret, lan)
    await profiles.invitations.decline(many.secret, lan)
    expect(ids(await profiles.invitations.look(one.secret))).toEqual(['invitation-over'])
    expect(await profiles.invitations.look(many.secret)).not.toHaveProperty('ok')
    expect((await profiles.invitations.of(at, { limit: 10 })).invitations.map(({ id }) => id)).toEqual([
      many.invitation.id,
    ])
  })
})

test('the operator’s link makes one person an operator, once, also where no operator is left to sign in', async () => {
  const token = await profiles.invitations.makeOperator('cli:root')
  expect(await profiles.invitations.look(token)).toMatchObject({ organisation: null, inviter: null })
  const people = [await person(), await person(), await person('author')]
  const pressed = await Promise.all(people.map((who) => profiles.invitations.accept(token, who)))
  expect(pressed.filter((each) => !('ok' in each))).toEqual([{ organisation: null }])
  const made = await Promise.all(people.map((who) => profiles.accounts.get(who)))
  expect(made.filter((each) => each?.roles.includes('operator'))).toHaveLength(1)
  // There is an operator: the set-up link of the first start is of no use any more.
  expect(await profiles.accounts.setupToken()).toBeNull()

  const late = await profiles.invitations.makeOperator('cli:root')
  expect(ids(await after(61).look(late))).toEqual(['invitation-over'])
})
