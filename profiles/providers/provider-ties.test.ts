import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Collections } from '../../lrs/index.ts'
import { openWorld, type World } from '../../tests/support/profiles-world.ts'
import { CODES } from '../accounts/documents.ts'
import type { Profiles } from '../types.ts'

const VNEID = { issuer: 'https://vneid.example', subject: '033190012345' }
let world: World
let profiles: Profiles
let collections: Collections
let count = 0

beforeAll(async () => {
  world = await openWorld()
  profiles = world.profiles
  collections = world.store.collections
})
afterAll(() => world.close())

const subject = () => ({ ...VNEID, subject: `03319001${String(++count).padStart(4, '0')}` })
const told = (answer: unknown) =>
  typeof answer === 'object' && answer && 'problems' in answer
    ? (answer.problems as { id: string }[])[0]?.id
    : answer
const person = () => world.person(`nguoi${++count}@example.org`)
const newcomer = (tie: string, identifier: string | null = null) =>
  profiles.providerTies.register({ tie, provider: 'vneid', name: 'Lan', language: 'vi', identifier })

test('a subject is known again, by issuer and subject, and stands nowhere as it is', async () => {
  const ties = profiles.providerTies
  const tie = ties.tieOf(VNEID)
  expect(ties.tieOf({ ...VNEID })).toBe(tie)
  expect(ties.tieOf({ ...VNEID, issuer: 'https://evil.example' })).not.toBe(tie)
  const other = await world.again()
  expect(other.providerTies.tieOf(VNEID)).toBe(tie)
  await newcomer(tie)
  const { docs } = await collections.scan({ name: 'profiles.provider-ties', indexes: {} }, { limit: 99 })
  expect(docs.length).toBeGreaterThan(0)
  expect(JSON.stringify(docs)).not.toContain(VNEID.subject)
})

test('one account of a provider opens one record, also for two at once', async () => {
  const tie = profiles.providerTies.tieOf(subject())
  expect(await profiles.providerTies.personOf(tie)).toBeNull()
  const [an, binh] = [await person(), await person()]
  const both = await Promise.all(
    [an, binh].map((id) => profiles.providerTies.add(id, { tie, provider: 'vneid' })),
  )
  expect(both.map(told).filter((each) => each === 'provider-taken')).toHaveLength(1)
  const owner = await profiles.providerTies.personOf(tie)
  expect(told(await profiles.providerTies.add(owner!, { tie, provider: 'vneid' }))).toMatchObject({ tie })
  expect(told(await newcomer(tie))).toBe('provider-taken')
})

test('a new person begins with what the provider verified, and never takes over what is somebody’s', async () => {
  const { providerTies, identifiers, accounts, links } = profiles
  const mine = `moi${++count}@example.org`
  const made = await newcomer(providerTies.tieOf(subject()), mine.toUpperCase())
  if ('ok' in made) throw new Error('refused')
  expect(await identifiers.of(made.id)).toMatchObject([{ value: mine, proven: expect.any(Number) }])
  expect((await links.of(made.id)).map(({ how }) => how)).toEqual(['product'])
  // Nothing that is typed is the password of who has none.
  for (const typed of ['', 'gì cũng được']) expect(await accounts.knowsPassword(made.id, typed)).toBe(false)
  const taken = `cua-toi${++count}@example.org`
  const owner = await world.person(taken)
  const second = await newcomer(providerTies.tieOf(subject()), taken)
  if ('ok' in second) throw new Error('refused')
  expect(second.id).not.toBe(owner)
  expect(await identifiers.of(second.id)).toEqual([])
  expect((await accounts.find(taken))?.id).toBe(owner)
  expect(told(await providerTies.register({ ...input(), name: ' ' }))).toBe('name-missing')
})
const input = () => ({
  tie: profiles.providerTies.tieOf(subject()),
  provider: 'vneid',
  language: 'vi' as const,
  identifier: null,
})

test('the last way to sign in stays, also when two are removed at the same moment', async () => {
  const { providerTies } = profiles
  const [first, second] = [providerTies.tieOf(subject()), providerTies.tieOf(subject())]
  const made = await newcomer(first)
  if ('ok' in made) throw new Error('refused')
  expect(told(await providerTies.remove(made.id, first))).toBe('provider-last')
  await providerTies.add(made.id, { tie: second, provider: 'other' })
  const both = await Promise.all([first, second].map((tie) => providerTies.remove(made.id, tie)))
  expect(both.map(told).sort()).toEqual(['provider-last', true])
  expect(await providerTies.of(made.id)).toHaveLength(1)
  // Of somebody else nothing is removed; who has a password may remove all.
  const owner = await person()
  const tie = providerTies.tieOf(subject())
  await providerTies.add(owner, { tie, provider: 'vneid' })
  await providerTies.remove(made.id, tie)
  expect(await providerTies.of(owner)).toHaveLength(1)
  expect(await providerTies.remove(owner, tie)).toBe(true)
  expect(await providerTies.personOf(tie)).toBeNull()
})

test('who registered with an address that is another’s is out when its owner recovers the account', async () => {
  const { accounts, identifiers, providerTies, recovery } = profiles
  const theirs = `nan-nhan${++count}@example.org`
  const id = await world.person(theirs)
  const [tie, kept] = [providerTies.tieOf(subject()), providerTies.tieOf(subject())]
  await providerTies.add(id, { tie, provider: 'vneid' })
  const [printed] = await recovery.print(id)
  const recover = async () => {
    const asked = await recovery.ask({ identifier: theirs, ticket: 'v' })
    if ('ok' in asked || !asked.code) throw new Error('refused')
    const sent = { identifier: theirs, ticket: 'v', code: asked.code, password: 'cánh đồng lúa chín' }
    expect(await recovery.recover(sent)).toMatchObject({ id })
  }
  await recover()
  expect(await providerTies.personOf(tie)).toBeNull()
  expect(await recovery.usePrinted(id, printed!)).toBeNull()
  expect(await accounts.knowsPassword(id, 'cánh đồng lúa chín')).toBe(true)
  expect(await identifiers.of(id)).toMatchObject([{ proven: expect.any(Number) }])
  // What its owner adds from then on stays.
  await providerTies.add(id, { tie: kept, provider: 'vneid' })
  const { docs } = await collections.scan(CODES, { limit: 99 })
  for (const { key } of docs) await collections.delete(CODES, key)
  await recover()
  expect(await providerTies.personOf(kept)).toBe(id)
})
