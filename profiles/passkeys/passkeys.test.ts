import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { appendAudit, type Collections, readAudit } from '../../lrs/index.ts'
import { createSoftAuthenticator, type Deviation } from '../../tests/support/soft-authenticator.ts'
import { openTestStore, type TestStore } from '../../tests/support/store.ts'
import type { Passkeys } from '../types.ts'
import { createPasskeys } from './passkeys.ts'

const site = { origin: 'https://hoc.tinh.example', name: 'Suốt Đời' }
let store: TestStore
let collections: Collections
let passkeys: Passkeys
let person = { id: '', name: 'Lan' }
let count = 0

beforeAll(async () => {
  store = await openTestStore()
  collections = store.storage.tenant('t').collections
  const audit = (note: Omit<Parameters<typeof appendAudit>[0], 'tenant'>) =>
    appendAudit({ tenant: 't', ...note })
  passkeys = createPasskeys({ collections, audit, now: Date.now })
})
afterAll(() => store.close())
beforeEach(() => {
  person = { id: `person ${++count}`, name: 'Lan' }
})

const told = (answer: object) =>
  'problems' in answer ? (answer.problems as { id: string }[])[0]?.id : answer
type Device = ReturnType<typeof createSoftAuthenticator>

async function add(device: Device, change: Deviation = {}, name = ' Điện thoại ') {
  const { options, challenge } = await passkeys.registration(person, site)
  return told(await passkeys.add(person, { site, challenge, response: device.create(options, change), name }))
}
async function signIn(device: Device, change: Deviation = {}) {
  const { options, challenge } = await passkeys.authentication(site)
  return told(await passkeys.signIn({ site, challenge, response: device.get(options, change) }))
}

test('a passkey is added under a name, signs in by itself, and is gone when removed', async () => {
  const device = createSoftAuthenticator(site.origin)
  expect(await add(device)).toMatchObject({ name: 'Điện thoại', used: null })
  expect(await signIn(device)).toEqual({ person: person.id, verified: true })
  expect(await signIn(device, { verified: false })).toEqual({ person: person.id, verified: false })
  const [held] = await passkeys.of(person.id)
  expect(held?.used).toBeGreaterThan(0)
  expect(await passkeys.remove('somebody else', held!.id)).toBe(false)
  expect(await passkeys.remove(person.id, held!.id)).toBe(true)
  expect(await passkeys.remove(person.id, held!.id)).toBe(false)
  expect(await signIn(device)).toBe('passkey-refused')
  const { entries } = await readAudit([collections], 't', { who: person.id, limit: 9 })
  expect(entries.map(({ action }) => action)).toEqual(['passkey-remove', 'passkey-add'])
})

test('what is asked of the browser names nobody before signing in, and what is there when adding', async () => {
  const device = createSoftAuthenticator(site.origin)
  await add(device)
  const [held] = await passkeys.of(person.id)
  const adding = await passkeys.registration(person, site)
  expect(adding.options).toMatchObject({
    rp: { id: 'hoc.tinh.example' },
    excludeCredentials: [{ id: held!.id }],
    authenticatorSelection: { residentKey: 'required' },
  })
  const { options } = await passkeys.authentication(site)
  expect(JSON.stringify(options)).not.toContain('allowCredentials')
})

test.each<[string, Deviation]>([
  ['another origin', { origin: 'https://hoc.tinh.example.evil' }],
  ['another site', { rpId: 'evil.example' }],
  ['a counter that goes back, as a copied key has', { counter: 1 }],
  ['somebody else’s name', { userHandle: 'person 1' }],
  ['no name', { userHandle: '' }],
])('is refused: %s', async (_what, change) => {
  const device = createSoftAuthenticator(site.origin)
  await add(device)
  expect(await signIn(device)).toMatchObject({ person: person.id })
  expect(await signIn(device, change)).toBe('passkey-refused')
})

test('an answer to another challenge, or that is no answer, is refused', async () => {
  const device = createSoftAuthenticator(site.origin)
  const adding = await passkeys.registration(person, site)
  const response = device.create(adding.options)
  const other = (await passkeys.registration(person, site)).challenge
  expect(told(await passkeys.add(person, { site, challenge: other, response, name: 'a' }))).toBe(
    'passkey-refused',
  )
  await add(device)
  const { options } = await passkeys.authentication(site)
  const { challenge } = await passkeys.authentication(site)
  expect(told(await passkeys.signIn({ site, challenge, response: device.get(options) }))).toBe(
    'passkey-refused',
  )
  for (const nonsense of ['', '{}', 'null', '[]', '{"id":"x","response":{}}', '{"id":"x"}'])
    expect(told(await passkeys.signIn({ site, challenge, response: nonsense })), nonsense).toBe(
      'passkey-refused',
    )
})

test('one passkey is of one account; names are names; twenty are enough', async () => {
  const device = createSoftAuthenticator(site.origin)
  await add(device)
  const owner = person
  person = { id: 'a thief', name: 'x' }
  expect(await add(device)).toBe('passkey-known')
  expect(await passkeys.of(owner.id)).toHaveLength(1)
  for (const name of ['', '   ', 'a'.repeat(61), 'a\u0000b', 'CCCD 001099012345'])
    expect(await add(createSoftAuthenticator(site.origin), {}, name)).toBe('passkey-name-not-valid')
  for (let at = 0; at < 20; at++) await add(createSoftAuthenticator(site.origin))
  expect(await add(createSoftAuthenticator(site.origin))).toBe('passkeys-many')
  expect(await passkeys.of(person.id)).toHaveLength(20)
})

test('a copy of an answer that was taken is not taken again, also at the same moment', async () => {
  const device = createSoftAuthenticator(site.origin)
  await add(device)
  const { options, challenge } = await passkeys.authentication(site)
  const response = device.get(options)
  const both = await Promise.all([1, 2].map(() => passkeys.signIn({ site, challenge, response })))
  expect(both.map((each) => typeof told(each)).sort()).toEqual(['object', 'string'])
})
