import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { readAudit } from '../../lrs/index.ts'
import { openWorld, type World } from '../../tests/support/profiles-world.ts'
import { CODES, IDENTIFIERS, PERSONS } from './documents.ts'

let world: World
let count = 0
let person = ''
let own = ''

beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())
beforeEach(async () => {
  own = email()
  person = await world.person(own)
})

const email = () => `nguoi${++count}@example.org`
const told = (answer: object) =>
  'problems' in answer ? (answer.problems as { id: string }[])[0]?.id : answer
async function codeFor(identifier: string, who = person): Promise<string> {
  const asked = await world.profiles.identifiers.ask(who, { identifier, ticket: who })
  if ('ok' in asked || asked.code === null) throw new Error(JSON.stringify(asked))
  return asked.code
}
async function prove(identifier: string, who = person) {
  const code = await codeFor(identifier, who)
  return world.profiles.identifiers.prove(who, { identifier, ticket: who, code })
}
const values = async (who = person) => (await world.profiles.identifiers.of(who)).map(({ value }) => value)

test('what was given at registration is there, unproven, in its one spelling', async () => {
  const id = await world.person('0912 345 678')
  expect(await world.profiles.identifiers.of(id)).toEqual([
    { kind: 'phone', value: '+84912345678', added: expect.any(Number), proven: null },
  ])
})

test('one that is proven already, or none at all, is asked no code for', async () => {
  await prove(own)
  const ask = (identifier: string) => world.profiles.identifiers.ask(person, { identifier, ticket: 't' })
  expect(told(await ask(own.toUpperCase()))).toBe('identifier-proven')
  expect(told(await ask('lan'))).toBe('identifier-not-valid')
})

test('ten at most, also when two are proven at once', async () => {
  for (let at = 0; at < 8; at++) expect(await prove(email())).toMatchObject({ added: true })
  const last = [email(), email()]
  const codes = await Promise.all(last.map((each) => codeFor(each)))
  const answers = await Promise.all(
    last.map((identifier, at) =>
      world.profiles.identifiers.prove(person, { identifier, ticket: person, code: codes[at]! }),
    ),
  )
  expect(answers.map(told).filter((each) => each === 'identifiers-many')).toHaveLength(1)
  expect(await values()).toHaveLength(10)
  const more = await world.profiles.identifiers.ask(person, { identifier: email(), ticket: 't' })
  expect(told(more)).toBe('identifiers-many')
})

test('of two persons who prove one at once one has it', async () => {
  const other = await world.person(email())
  const shared = email()
  const first = await codeFor(shared)
  const { docs } = await world.store.collections.scan(CODES, { limit: 1_000 })
  // A minute later.
  for (const { key, value } of docs)
    await world.store.collections.put(CODES, key, { ...value, sent: value.sent.map((at) => at - 61_000) })
  const second = await codeFor(shared, other)
  const answers = await Promise.all([
    world.profiles.identifiers.prove(person, { identifier: shared, ticket: person, code: first }),
    world.profiles.identifiers.prove(other, { identifier: shared, ticket: other, code: second }),
  ])
  expect(answers.filter((each) => 'added' in each)).toHaveLength(1)
  const owners = [...(await values()), ...(await values(other))].filter((each) => each === shared)
  expect(owners).toHaveLength(1)
})

test('of two removed at once one stays; nobody removes another’s', async () => {
  const second = email()
  await prove(second)
  const answers = await Promise.all(
    [own, second].map((each) => world.profiles.identifiers.remove(person, each)),
  )
  expect(answers.map(told).filter((each) => each === 'identifier-last')).toHaveLength(1)
  expect(await values()).toHaveLength(1)
  const other = await world.person(email())
  const [left] = await values()
  expect(told(await world.profiles.identifiers.remove(other, left!))).toBe('identifier-unknown')
  expect(told(await world.profiles.identifiers.remove(other, ''))).toBe('identifier-unknown')
})

describe('what somebody only claimed', () => {
  async function claim(identifier: string) {
    const claimer = await world.person(email())
    await world.store.collections.insert(IDENTIFIERS, identifier, {
      person: claimer,
      kind: 'email',
      added: 1,
    })
    return claimer
  }

  test('goes to who proves it when the claimer can be reached otherwise', async () => {
    const wanted = email()
    const claimer = await claim(wanted)
    expect(told(await prove(wanted))).toBe('identifier-taken')
    expect(await values(claimer)).toContain(wanted)
    const other = (await values(claimer)).find((each) => each !== wanted)!
    await prove(other, claimer)
    for (const { key } of (await world.store.collections.scan(CODES, { limit: 1_000 })).docs)
      await world.store.collections.delete(CODES, key)
    expect(await prove(wanted)).toMatchObject({ added: true, from: claimer })
    expect(await values(claimer)).toEqual([other])
    expect(await values()).toContain(wanted)
  })

  test('and not when it is proven', async () => {
    const wanted = email()
    const claimer = await claim(wanted)
    await prove(wanted, claimer)
    for (const { key } of (await world.store.collections.scan(CODES, { limit: 1_000 })).docs)
      await world.store.collections.delete(CODES, key)
    expect(told(await prove(wanted))).toBe('identifier-taken')
  })
})

test('each change is in the audit, by kind alone', async () => {
  const added = email()
  await prove(own)
  await prove(added)
  await world.profiles.identifiers.remove(person, own)
  await world.profiles.recovery.print(person)
  const { entries } = await readAudit([world.store.collections], 'test', { who: person, limit: 20 })
  expect(entries.map(({ action }) => action)).toEqual(
    expect.arrayContaining([
      'recovery-codes-make',
      'identifier-remove',
      'identifier-add',
      'identifier-prove',
    ]),
  )
  expect(entries.find(({ action }) => action === 'identifier-add')?.detail).toEqual({ kind: 'email' })
  const text = JSON.stringify(entries)
  for (const secret of [own, added]) expect(text).not.toContain(secret)
})

test('a person’s document is as it was: what fences changes nothing', async () => {
  const before = await world.store.collections.get(PERSONS, person)
  await prove(email())
  expect((await world.store.collections.get(PERSONS, person))?.value).toEqual(before?.value)
})
