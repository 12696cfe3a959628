import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openWorld, type World } from '../../tests/support/profiles-world.ts'
import { PERSONS } from '../accounts/documents.ts'
import type { Profiles, Role } from '../types.ts'
import { givable, holds, holdsIn, RIGHTS } from './rights.ts'
import type { OrganisationRole } from './types.ts'

let world: World
let profiles: Profiles
beforeAll(async () => {
  world = await openWorld()
  profiles = world.profiles
})
afterAll(() => world.close())

let number = 0
/** A person in the store, without the cost of a password. */
async function person(...roles: Role[]): Promise<string> {
  const id = `person-${++number}`
  const value = { id, name: `Người ${id}`, roles: ['citizen' as const, ...roles], language: 'vi' as const }
  await world.store.collections.put(PERSONS, id, { ...value, created: number })
  return id
}
async function place(): Promise<string> {
  const details = { name: `Trung tâm ${++number}`, nameEn: '', kind: 'school', parent: null }
  const made = await profiles.organisations.create(details, 'op')
  if ('ok' in made) throw new Error(JSON.stringify(made))
  return made.id
}
const ids = (answer: object | null) =>
  answer && 'problems' in answer ? (answer.problems as { id: string }[]).map(({ id }) => id) : answer

/** A member with these roles, by an invitation of an operator's. */
async function member(organisation: string, ...roles: OrganisationRole[]): Promise<string> {
  const id = await person()
  const by = await person('operator')
  const made = await profiles.invitations.make({ organisation, roles, kind: 'link', uses: 1, days: 1, by })
  if ('ok' in made) throw new Error(JSON.stringify(made))
  const accepted = await profiles.invitations.accept(made.secret, id)
  if ('ok' in accepted) throw new Error(JSON.stringify(accepted))
  return id
}
const set = (organisation: string, who: string, roles: OrganisationRole[], by: string, reason = '') =>
  profiles.memberships.setRoles({ organisation, person: who, roles, reason, by })

describe('roles in an organisation', () => {
  test('are given and taken by who manages it; the person carries them, and what was before is kept', async () => {
    const at = await place()
    const [manager, lan] = [await member(at, 'manager'), await member(at, 'author')]
    expect(await set(at, lan, ['author', 'editor'], manager)).toMatchObject({ roles: ['author', 'editor'] })
    expect((await profiles.accounts.get(lan))?.memberships).toEqual([
      { organisation: at, roles: ['author', 'editor'] },
    ])
    expect(ids(await set(at, lan, ['author'], manager))).toEqual(['role-reason-missing'])
    expect(await set(at, lan, ['author'], manager, 'chuyển việc')).toMatchObject({ roles: ['author'] })
    expect(await set(at, lan, [], manager, 'nghỉ việc')).toBeNull()
    expect(await profiles.memberships.get(at, lan)).toBeNull()
    expect((await profiles.accounts.get(lan))?.memberships).toEqual([])
    const history = await profiles.memberships.history(at, lan)
    expect(history.map(({ roles, ended }) => [roles, ended])).toEqual([
      [['author'], { by: manager, reason: 'nghỉ việc' }],
      [['author', 'editor'], { by: manager, reason: 'chuyển việc' }],
      [['author'], { by: manager, reason: '' }],
    ])
  })

  test('are nobody’s to give who does not manage that very organisation; an officer is the operator’s alone', async () => {
    const [here, there] = [await place(), await place()]
    const lan = await member(here, 'author')
    const [manager, elsewhere, operator] = [
      await member(here, 'manager'),
      await member(there, 'manager'),
      await person('operator'),
    ]
    for (const by of [lan, elsewhere, await person(), await person('author'), 'nobody'])
      expect(ids(await set(here, lan, ['author', 'editor'], by)), by).toEqual(['role-not-yours'])
    expect(ids(await set(here, lan, ['author', 'officer'], manager))).toEqual(['role-not-yours'])
    expect(await set(here, lan, ['author', 'officer'], operator)).toMatchObject({
      roles: ['author', 'officer'],
    })
    // Nor can the manager take what is not theirs to give.
    expect(ids(await set(here, lan, [], manager, 'x'))).toEqual(['role-not-yours'])
    expect(ids(await set(here, await person(), ['author'], manager))).toEqual(['member-unknown'])
    expect(ids(await set('nothing', lan, ['author'], operator))).toEqual(['organisation-unknown'])
  })

  test('who is no manager any more gives nothing, also when both happen at once', async () => {
    for (let round = 0; round < 5; round++) {
      const at = await place()
      const [first, second, lan] = [
        await member(at, 'manager'),
        await member(at, 'manager'),
        await member(at, 'author'),
      ]
      const [taken, given] = await Promise.all([
        set(at, second, [], first, 'thôi việc'),
        set(at, lan, ['author', 'editor'], second),
      ])
      expect(taken).toBeNull()
      // Before the role was taken it was right, afterwards it is refused; nothing between.
      if (given && 'ok' in given) expect(ids(given)).toEqual(['role-not-yours'])
      expect(ids(await set(at, lan, ['author', 'centre-staff'], second))).toEqual(['role-not-yours'])
    }
  })

  test('a closed organisation gives none; what is held there counts for nothing until it opens again', async () => {
    const at = await place()
    const [manager, lan, operator] = [
      await member(at, 'manager'),
      await member(at, 'author'),
      await person('operator'),
    ]
    const closed = await profiles.organisations.setState(at, 'closed', operator)
    expect(ids(await set(at, lan, ['author', 'editor'], operator))).toEqual(['organisation-closed'])
    expect(ids(await set(at, lan, [], manager, 'x'))).toEqual(['role-not-yours'])
    const held = (await profiles.accounts.get(manager))!
    expect(holdsIn(held, closed as never, 'manage-members')).toBe(false)
    const opened = await profiles.organisations.setState(at, 'active', operator)
    expect(holdsIn(held, opened as never, 'manage-members')).toBe(true)
  })

  test('one leaves by oneself, without a reason', async () => {
    const at = await place()
    const lan = await member(at, 'author', 'officer')
    await profiles.memberships.leave(at, lan)
    await profiles.memberships.leave(at, lan)
    expect(await profiles.memberships.get(at, lan)).toBeNull()
    expect(await profiles.memberships.history(at, lan)).toMatchObject([{ ended: { by: lan, reason: '' } }])
  })

  test('members are listed newest first, by pages and by role, each with the person', async () => {
    const at = await place()
    const authors = [
      await member(at, 'author'),
      await member(at, 'author', 'editor'),
      await member(at, 'editor'),
    ]
    const listed = async (role?: OrganisationRole) =>
      (await profiles.memberships.of(at, { limit: 10, ...(role && { role }) })).members.map(
        ({ person }) => person?.id,
      )
    expect((await listed()).sort()).toEqual([...authors].sort())
    expect((await listed('editor')).sort()).toEqual(authors.slice(1).sort())
    expect(await listed('officer')).toEqual([])
    expect(await profiles.memberships.count(at)).toBe(3)
    const first = await profiles.memberships.of(at, { limit: 2 })
    const second = await profiles.memberships.of(at, { limit: 2, after: first.next! })
    expect(second).toMatchObject({ next: null, members: [{}] })
  })

  test('members are found by their names without diacritics, by a new name once they have one', async () => {
    const at = await place()
    const elsewhere = await member(await place(), 'author')
    const [lan, binh] = [await member(at, 'author'), await member(at, 'editor')]
    for (const who of [lan, binh, elsewhere])
      await profiles.accounts.change(who, { name: 'Nguyễn Thị Ánh Đào' })
    await profiles.accounts.change(binh, { name: 'Trần Văn Đạo' })
    const found = async (query: string, role?: OrganisationRole) =>
      (await profiles.memberships.of(at, { limit: 10, query, ...(role && { role }) })).members
        .map(({ person }) => person?.id)
        .sort()
    expect(await found('anh dao')).toEqual([lan])
    expect(await found('ĐAO')).toEqual([lan, binh].sort())
    expect(await found('dao', 'editor')).toEqual([binh])
    expect(await found('khong')).toEqual([])
    const names = Array.from({ length: 5 }, (_, round) => `Lê Thị ${round}`)
    await Promise.all([
      ...names.map((name) => profiles.accounts.change(lan, { name })),
      set(at, lan, ['author', 'editor'], await person('operator')),
    ])
    const { name } = (await profiles.accounts.get(lan))!
    expect(await found(name)).toEqual([lan])
    expect(await profiles.memberships.get(at, lan)).toMatchObject({ roles: ['author', 'editor'] })
    expect(await profiles.memberships.get(at, lan)).not.toHaveProperty('words')
  })

  test('a request reads one document, however many roles there are', async () => {
    const at = await place()
    const lan = await member(at, 'manager', 'author', 'editor', 'centre-staff', 'officer')
    const reads: string[] = []
    const counted = await world.again(
      new Proxy(world.store.collections, {
        get(target, name, receiver) {
          const act: unknown = Reflect.get(target, name, receiver)
          if (typeof act !== 'function') return act
          return (...args: [{ name: string }]) => {
            reads.push(`${String(name)} ${args[0].name}`)
            return Reflect.apply(act, target, args)
          }
        },
      }),
    )
    reads.length = 0
    const found = (await counted.accounts.get(lan))!
    expect(reads).toEqual(['get profiles.persons'])
    expect(holdsIn(found, { id: at, state: 'active' }, 'manage-members')).toBe(true)
  })
})

describe('rights', () => {
  const of = (roles: Role[], organisation: OrganisationRole[] = []) => ({
    roles,
    memberships: organisation.length > 0 ? [{ organisation: 'here', roles: organisation }] : [],
  })
  const here = { id: 'here', state: 'active' } as const

  test('are held by the roles of the table and by no others, here and nowhere else', () => {
    for (const [right, held] of Object.entries(RIGHTS) as [
      keyof typeof RIGHTS,
      (typeof RIGHTS)['operate'],
    ][]) {
      for (const role of ['citizen', 'author', 'operator'] as const)
        expect(holds(of([role]), right), `${role} ${right}`).toBe(
          (held.tenant as readonly Role[]).includes(role),
        )
      for (const role of ['manager', 'author', 'editor', 'centre-staff', 'officer'] as const) {
        const wanted = (held.organisation as readonly OrganisationRole[]).includes(role)
        expect(holdsIn(of(['citizen'], [role]), here, right), `${role} ${right}`).toBe(wanted)
        expect(holdsIn(of(['citizen'], [role]), { ...here, id: 'there' }, right)).toBe(false)
        expect(holdsIn(of(['citizen'], [role]), { ...here, state: 'closed' }, right)).toBe(false)
      }
    }
  })

  test('an author of the whole tenant has no say over what is an organisation’s', () => {
    expect(holdsIn(of(['author']), here, 'write-lessons')).toBe(false)
    expect(holdsIn(of(['operator']), { ...here, state: 'closed' }, 'edit-lessons')).toBe(true)
    expect(givable(of(['operator']), here)).toContain('officer')
    expect(givable(of([], ['manager']), here)).toEqual(['manager', 'author', 'editor', 'centre-staff'])
    expect(givable(of(['author'], ['officer']), here)).toEqual([])
  })
})
