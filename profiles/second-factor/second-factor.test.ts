import { TOTP } from 'otpauth'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { appendAudit, type Collections, readAudit } from '../../lrs/index.ts'
import { openTestStore, type TestStore } from '../../tests/support/store.ts'
import { createPrintedCodes } from '../accounts/printed-codes.ts'
import type { Person, SecondFactors } from '../types.ts'
import { SECOND_FACTOR_DRAFTS, SECOND_FACTORS } from './documents.ts'
import { createSeal } from './seal.ts'
import { createSecondFactors } from './second-factor.ts'

const SECOND = 1_000
const HOUR = 3_600_000
let store: TestStore
let collections: Collections
let factors: SecondFactors
let printed: ReturnType<typeof createPrintedCodes>
let person: Person
let time = Date.now()
let count = 0
const audit = (note: Omit<Parameters<typeof appendAudit>[0], 'tenant'>) =>
  appendAudit({ tenant: 't', ...note })

beforeAll(async () => {
  store = await openTestStore()
  collections = store.storage.tenant('t').collections
  const now = () => time
  printed = createPrintedCodes(collections, audit, now)
  const seal = createSeal('ab'.repeat(32), 'second factor')
  factors = createSecondFactors({ collections, seal, printed, audit, now })
})
afterAll(() => store.close())
beforeEach(() => {
  person = { id: `person ${++count}`, name: 'Lan: Hà', roles: ['operator'], language: 'vi', created: 0 }
})

const codeOf = (secret: string, at = time) => new TOTP({ secret }).generate({ timestamp: at })
const told = (answer: unknown) =>
  typeof answer === 'object' && answer && 'problems' in answer
    ? (answer.problems as { id: string }[])[0]?.id
    : answer
const use = async (code: string) => told(await factors.use(person, code))
const acts = async () =>
  (await readAudit([collections], 't', { who: person.id, limit: 50 })).entries.map(({ action }) => action)

/** Turned on, with the time a minute later, so that the first code is of the past. */
async function turnOn(): Promise<string> {
  await factors.begin(person)
  const { secret } = (await factors.draft(person, 'Suốt Đời'))!
  expect(told(await factors.confirm(person, codeOf(secret)))).toMatchObject({ removal: null })
  time += 60 * SECOND
  return secret
}

test('it counts only once a code confirmed it, and the app is told whose it is', async () => {
  await factors.begin(person)
  expect(await factors.of(person)).toBeNull()
  const { secret, address } = (await factors.draft(person, 'Suốt Đời: tỉnh'))!
  const url = new URL(address)
  expect(url.protocol).toBe('otpauth:')
  expect(url.searchParams.get('secret')).toBe(secret)
  expect(decodeURIComponent(url.pathname)).toContain('Lan')
  expect(secret).toMatch(/^[A-Z2-7]{32}$/)
  expect(told(await factors.confirm(person, '000000'))).toBe('second-factor-code-wrong')
  const code = codeOf(secret)
  await factors.confirm(person, `${code.slice(0, 3)} ${code.slice(3)}`)
  expect(await factors.of(person)).toMatchObject({ removal: null })
  expect(await factors.draft(person, 'x')).toBeNull()
  expect(told(await factors.confirm(person, code))).toBe('second-factor-draft-gone')
  expect(await acts()).toEqual(['second-factor-add'])
})

test('the store never holds the secret, and what is one person’s opens for no other', async () => {
  await factors.begin(person)
  const { secret } = (await factors.draft(person, 'x'))!
  const draft = await collections.get(SECOND_FACTOR_DRAFTS, person.id)
  expect(JSON.stringify(draft)).not.toContain(secret)
  await factors.confirm(person, codeOf(secret))
  const kept = (await collections.get(SECOND_FACTORS, person.id))!
  expect(JSON.stringify(kept)).not.toContain(secret)
  const seal = createSeal('ab'.repeat(32), 'second factor')
  expect(seal.open(kept.value.sealed, person.id)).toBe(secret)
  expect(() => seal.open(kept.value.sealed, 'somebody else')).toThrow()
  expect(() => createSeal('ac'.repeat(32), 'second factor').open(kept.value.sealed, person.id)).toThrow()
  expect(() => createSeal('ab'.repeat(32), 'another').open(kept.value.sealed, person.id)).toThrow()
  const flipped = Buffer.from(kept.value.sealed, 'base64url')
  flipped[20]! ^= 1
  expect(() => seal.open(flipped.toString('base64url'), person.id)).toThrow()
})

test('a code works once, also for two at once; a clock may be off by a step, not by two', async () => {
  const secret = await turnOn()
  const code = codeOf(secret)
  const both = await Promise.all([use(code), use(code)])
  expect(both.sort()).toEqual(['second-factor-code-wrong', true])
  expect(await use(code)).toBe('second-factor-code-wrong')
  // One of before the last one is of the past, though the clock would allow it.
  expect(await use(codeOf(secret, time - 30 * SECOND))).toBe('second-factor-code-wrong')
  expect(await use(codeOf(secret, time + 30 * SECOND))).toBe(true)
  time += 60 * SECOND
  expect(await use(codeOf(secret, time + 60 * SECOND))).toBe('second-factor-code-wrong')
  expect(await use(codeOf(secret, time - 60 * SECOND))).toBe('second-factor-code-wrong')
})

test('guesses are slowed down, many at once too; a printed code opens all the while, once', async () => {
  const secret = await turnOn()
  const [paper = ''] = await printed.print(person.id)
  const wrong = codeOf(secret) === '123456' ? '654321' : '123456'
  const guesses = await Promise.all(Array.from({ length: 12 }, () => use(wrong)))
  expect(guesses.filter((each) => each === 'second-factor-code-wrong')).toHaveLength(5)
  expect(guesses.filter((each) => each === 'second-factor-wait')).toHaveLength(7)
  expect(await use(codeOf(secret))).toBe('second-factor-wait')
  expect(await use(paper.toLowerCase())).toBe(true)
  expect(await use(paper)).toBe('second-factor-code-wrong')
  let tried = 0
  for (const begun = time; time < begun + 24 * HOUR; time += 60 * SECOND)
    if ((await use(wrong)) !== 'second-factor-wait') tried++
  expect(tried).toBeLessThan(310)
  time += 5 * 60 * SECOND
  expect(await use(codeOf(secret))).toBe(true)
  // A right code ends the pause.
  expect(await use(wrong)).toBe('second-factor-code-wrong')
  expect(await acts()).toContain('recovery-code-use')
})

test('it is changed for another app, and taken away, by a code alone', async () => {
  const old = await turnOn()
  const secret = await turnOn()
  expect(secret).not.toBe(old)
  expect(await use(codeOf(old))).toBe('second-factor-code-wrong')
  expect(told(await factors.remove(person, '000000'))).toBe('second-factor-code-wrong')
  // Codes printed just now take no more than a password and a session left open.
  const [paper = '', other = ''] = await printed.print(person.id)
  expect(told(await factors.remove(person, paper))).toBe('second-factor-paper-young')
  expect(await use(paper)).toBe(true)
  expect(await factors.of(person)).not.toBeNull()
  expect(await factors.remove(person, codeOf(secret))).toBe(true)
  expect(await factors.of(person)).toBeNull()
  expect((await acts()).filter((action) => action.startsWith('second'))).toEqual([
    'second-factor-remove',
    'second-factor-change',
    'second-factor-add',
  ])
  await turnOn()
  time += 24 * HOUR
  expect(await factors.remove(person, other)).toBe(true)
})

test('without a code it goes after a day, unless its owner objects, has a code or changes the password', async () => {
  const secret = await turnOn()
  const ask = () => factors.askRemoval(person)
  const first = (await ask())!
  expect(first.removal.due - first.removal.asked).toBe(24 * HOUR)
  time += HOUR
  // Asked again it takes no longer and no less.
  expect(await ask()).toMatchObject({ removal: first.removal, asked: false })
  await factors.keep(person)
  expect(await factors.of(person)).toMatchObject({ removal: null })

  await ask()
  time += HOUR
  expect(await use(codeOf(secret))).toBe(true)
  expect(await factors.of(person)).toMatchObject({ removal: null })

  await ask()
  time += 25 * HOUR
  expect(await factors.of({ ...person, passwordChanges: 1 })).toMatchObject({ removal: null })
  // Whoever waits too long asks again.
  time += 7 * 24 * HOUR
  expect(await factors.of(person)).toMatchObject({ removal: null })

  const last = (await ask())!
  time = last.removal.due - 1
  expect(await factors.of(person)).not.toBeNull()
  time += 1
  const both = await Promise.all([factors.of(person), factors.of(person)])
  expect(both).toEqual([null, null])
  expect((await acts()).filter((action) => action === 'second-factor-remove')).toHaveLength(1)
  expect(await ask()).toBeNull()
})
