import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { ACCOUNT_HOME, openWorld, type World } from '../../tests/support/profiles-world.ts'
import type { Accounts } from '../types.ts'
import { createAccounts } from './accounts.ts'
import { PASSWORDS, PERSONS } from './documents.ts'
import { verifyPassword } from './password.ts'

vi.mock('./password.ts', { spy: true })

let world: World
let accounts: Accounts

beforeAll(async () => {
  world = await openWorld()
  accounts = world.profiles.accounts
})
afterAll(() => world.close())

const GOOD = { password: 'con ong chăm chỉ', name: 'Nguyễn Thị Lan', language: 'vi' } as const
let number = 0
const email = () => `nguoi${++number}@example.org`
const ids = (answer: object) =>
  'problems' in answer ? (answer.problems as { id: string }[]).map(({ id }) => id) : answer

async function registered(identifier = email()) {
  const person = await accounts.register({ ...GOOD, identifier })
  if ('ok' in person) throw new Error(JSON.stringify(person))
  return person
}

describe('registering', () => {
  test('makes a citizen who can sign in with any spelling of the identifier', async () => {
    const person = await registered('0912 345 678')
    expect(person).toMatchObject({ name: 'Nguyễn Thị Lan', roles: ['citizen'], language: 'vi' })
    for (const spelling of ['0912345678', '+84 912 345 678', '84912345678'])
      expect(await accounts.verify(spelling, GOOD.password)).toEqual(person)
    expect(await accounts.find('0912.345.678')).toEqual(person)
    expect(await accounts.get(person.id)).toEqual(person)
  })

  test('ties the product’s own account to the person', async () => {
    const person = await registered()
    expect(await world.profiles.links.personOf(`account:${ACCOUNT_HOME} ${person.id}`)).toBe(person.id)
    expect(await world.profiles.links.of(person.id)).toMatchObject([{ how: 'product', until: null }])
  })

  test('tells everything that is wrong at once', async () => {
    const answer = await accounts.register({ identifier: 'lan', password: 'x', name: '  ', language: 'vi' })
    expect(ids(answer)).toEqual(['identifier-not-valid', 'name-missing', 'password-too-short'])
    const names = ['a'.repeat(121), 'Lan\u0000']
    for (const name of names)
      expect(await accounts.register({ ...GOOD, identifier: email(), name })).toMatchObject({
        ok: false,
        status: 400,
      })
  })

  test('of two who race for one identifier one wins, and the loser leaves nothing', async () => {
    const before = await world.store.collections.count(PERSONS)
    const identifier = email()
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => accounts.register({ ...GOOD, identifier })),
    )
    expect(answers.filter((answer) => 'id' in answer)).toHaveLength(1)
    expect(answers.filter((answer) => 'ok' in answer).map(ids)).toEqual(Array(3).fill(['identifier-taken']))
    expect(await world.store.collections.count(PERSONS)).toBe(before + 1)
    expect(await world.store.collections.count(PASSWORDS)).toBe(before + 1)
  })

  test('persons are listed newest first, by pages, without hashes', async () => {
    const newest = await registered()
    const first = await accounts.list({ limit: 1 })
    expect(first.persons).toEqual([newest])
    const second = await accounts.list({ limit: 1, after: first.next! })
    expect(second.persons).toHaveLength(1)
    expect(second.persons[0]?.id).not.toBe(newest.id)
    expect(JSON.stringify([first, second])).not.toContain('argon2')
    // An address that was cut short leads to the first page.
    expect(await accounts.list({ limit: 1, after: 'x' })).toEqual(await accounts.list({ limit: 1 }))
  })
})

describe('signing in', () => {
  test('a wrong password, an unknown identifier and one that is none are the same null', async () => {
    const identifier = email()
    await registered(identifier)
    expect(await accounts.verify(identifier, 'mùa gặt sớm')).toBeNull()
    expect(await accounts.verify(email(), GOOD.password)).toBeNull()
    expect(await accounts.verify('\ud800', GOOD.password)).toBeNull()
    expect(await accounts.verify('', '')).toBeNull()
  })

  test('the work done does not tell whether there is an account: as many reads, one comparison of the same cost, the same write', async () => {
    const identifier = email()
    await registered(identifier)
    let work: string[] = []
    const watched = await createAccounts({
      collections: new Proxy(world.store.collections, {
        get(target, name, receiver) {
          const act: unknown = Reflect.get(target, name, receiver)
          if (typeof act !== 'function') return act
          return (...args: [{ name: string }]) => {
            work.push(`${String(name)} ${args[0].name}`)
            return Reflect.apply(act, target, args)
          }
        },
      }),
      belongings: () => [],
      audit: () => expect.unreachable(),
      now: Date.now,
    })
    const worked: string[][] = []
    for (const who of [identifier, email(), 'none']) {
      work = []
      vi.mocked(verifyPassword).mockClear()
      expect(await watched.verify(who, 'mùa gặt sớm')).toBeNull()
      // What stands before its salt says what a hash costs.
      const compared = vi
        .mocked(verifyPassword)
        .mock.calls.map(([phc]) => phc.split('$').slice(0, 4).join('$'))
      worked.push([...work, ...compared])
    }
    expect(worked[0]).toHaveLength(6)
    expect(worked[0]!.at(-1)).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1$/)
    expect(worked).toEqual([worked[0], worked[0], worked[0]])
  })

  test('failures at the same moment are each counted', async () => {
    const identifier = 'cung-luc@example.org'
    await Promise.all(Array.from({ length: 6 }, () => accounts.verify(identifier, 'sai mật khẩu')))
    expect(await accounts.failures(identifier)).toMatchObject({ count: 6 })
  })

  test('failures are counted for all alike, forgotten on success, and lock nobody out', async () => {
    const [known, unknown] = [email(), email()]
    const person = await registered(known)
    for (const identifier of [known, unknown]) {
      for (let i = 0; i < 3; i++) await accounts.verify(identifier, 'mùa gặt sớm')
      expect(await accounts.failures(identifier)).toMatchObject({ count: 3, last: expect.any(Number) })
    }
    expect(await accounts.verify(known, GOOD.password)).toEqual(person)
    expect(await accounts.failures(known)).toEqual({ count: 0, last: null })
  })
})

describe('roles', () => {
  test('a role is given once', async () => {
    const person = await registered()
    await Promise.all([accounts.grant(person.id, 'author', 'op'), accounts.grant(person.id, 'author', 'op')])
    expect((await accounts.get(person.id))?.roles).toEqual(['citizen', 'author'])
  })

  test('to nobody it is a bug', async () => {
    await expect(accounts.grant('nobody', 'author', 'op')).rejects.toThrow('nobody')
  })
})

describe('the first operator', () => {
  test('is made by the newest token, once, also when many race; afterwards there is none', async () => {
    const old = await accounts.setupToken()
    const token = await accounts.setupToken()
    expect(Buffer.from(token!, 'base64url')).toHaveLength(16)
    expect(ids(await accounts.setUp(old!, { ...GOOD, identifier: email() }))).toEqual(['set-up-token-wrong'])
    expect(ids(await accounts.setUp('', { ...GOOD, identifier: email() }))).toEqual(['set-up-token-wrong'])

    const taken = email()
    await registered(taken)
    expect(ids(await accounts.setUp(token!, { ...GOOD, identifier: taken }))).toEqual(['identifier-taken'])

    const answers = await Promise.all(
      Array.from({ length: 4 }, () => accounts.setUp(token!, { ...GOOD, identifier: email() })),
    )
    expect(answers.filter((answer) => 'id' in answer)).toMatchObject([{ roles: ['citizen', 'operator'] }])
    expect(answers.filter((answer) => 'ok' in answer).map(ids)).toEqual(Array(3).fill(['set-up-done']))
    expect(await accounts.setupToken()).toBeNull()
  })

  test('a role given by hand ends the token too', async () => {
    const other = await openWorld()
    try {
      const token = await other.profiles.accounts.setupToken()
      await other.profiles.accounts.grant(await other.person(email()), 'operator', 'console')
      expect(await other.profiles.accounts.setupToken()).toBeNull()
      expect(ids(await other.profiles.accounts.setUp(token!, { ...GOOD, identifier: email() }))).toEqual([
        'set-up-done',
      ])
    } finally {
      await other.close()
    }
  })

  test('the token is kept as a hash only', async () => {
    const other = await openWorld()
    try {
      const token = await other.profiles.accounts.setupToken()
      const { SET_UP, SET_UP_KEY } = await import('./documents.ts')
      const doc = await other.store.collections.get(SET_UP, SET_UP_KEY)
      expect(doc?.value.tokenHash).toHaveLength(43)
      expect(JSON.stringify(doc)).not.toContain(token)
    } finally {
      await other.close()
    }
  })
})

describe('changing one’s own account', () => {
  test('name and language are kept with the account; what is not given stays', async () => {
    const person = await registered()
    const changed = { ...person, name: 'Nguyễn Thị Lan Anh' }
    expect(await accounts.change(person.id, { name: '  Nguyễn Thị  Lan Anh ' })).toEqual(changed)
    expect(await accounts.change(person.id, { language: 'en' })).toEqual({ ...changed, language: 'en' })
    expect(await accounts.get(person.id)).toEqual({ ...changed, language: 'en' })
    expect((await accounts.list({ limit: 1 })).persons[0]).toEqual({ ...changed, language: 'en' })
  })

  test('a name is refused as at registration, and nothing is changed', async () => {
    const person = await registered()
    const names = ['  ', 'a'.repeat(121), 'Lan\u0000', 'Lan \u202enaL', 'Lan\ud800', 'Lan 001–099–012–345']
    expect(
      await Promise.all(names.map(async (name) => ids(await accounts.change(person.id, { name })))),
    ).toEqual([
      ['name-missing'],
      ['name-too-long'],
      ['name-not-text'],
      ['name-not-text'],
      ['name-not-text'],
      ['name-citizen-number'],
    ])
    expect(ids(await accounts.change(person.id, { language: 'fr' as 'en' }))).toEqual(['language-unknown'])
    expect(await accounts.get(person.id)).toEqual(person)
  })

  test('changes that meet are all kept, roles given meanwhile too', async () => {
    const person = await registered()
    await Promise.all([
      accounts.change(person.id, { name: 'Tên khác' }),
      accounts.change(person.id, { language: 'en' }),
      accounts.grant(person.id, 'author', 'test'),
    ])
    expect(await accounts.get(person.id)).toMatchObject({
      name: 'Tên khác',
      language: 'en',
      roles: ['citizen', 'author'],
    })
  })

  test('a password is changed by who knows the one in use; the old one is then good for nothing', async () => {
    const identifier = email()
    const person = await registered(identifier)
    const password = 'một câu hoàn toàn mới'
    const wrong = await accounts.changePassword(person.id, { current: 'không phải nó', password })
    expect(wrong).toMatchObject({ status: 403, problems: [{ id: 'password-wrong', path: 'current' }] })
    expect(await accounts.verify(identifier, GOOD.password)).toEqual(person)
    const changed = await accounts.changePassword(person.id, { current: GOOD.password, password })
    expect(changed).toEqual({ ...person, passwordChanges: 1 })
    expect(await accounts.verify(identifier, GOOD.password)).toBeNull()
    expect(await accounts.verify(identifier, password)).toEqual(changed)
    expect((await world.store.collections.get(PASSWORDS, person.id))?.value.hash).toMatch(/^\$argon2id\$/)
  })

  test('a new password is refused as at registration, also for being the identifier', async () => {
    const person = await registered('0987 111 222')
    const of = async (password: string) =>
      ids(await accounts.changePassword(person.id, { current: GOOD.password, password }))
    expect(await of('ngắn')).toEqual(['password-too-short'])
    expect(await of('matkhau123')).toEqual(['password-common'])
    expect(await of('nguyễn thị lan')).toEqual(['password-like-account'])
    expect(await of('0987111222')).toEqual(['password-like-account'])
    expect(await accounts.get(person.id)).toEqual(person)
  })

  test('of two changes from one password one wins', async () => {
    const person = await registered()
    const answers = await Promise.all(
      ['câu thứ nhất đây', 'câu thứ hai đây'].map((password) =>
        accounts.changePassword(person.id, { current: GOOD.password, password }),
      ),
    )
    expect(answers.filter((answer) => 'id' in answer)).toHaveLength(1)
    expect(answers.flatMap((answer) => ('problems' in answer ? ids(answer) : []))).toEqual(['password-wrong'])
  })
})
