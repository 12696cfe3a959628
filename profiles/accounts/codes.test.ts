import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Collections, Operation } from '../../lrs/index.ts'
import { openTestStore, type TestStore } from '../../tests/support/store.ts'
import { type Codes, createCodes } from './codes.ts'
import { CODES } from './documents.ts'

const MINUTE = 60_000
let store: TestStore
let collections: Collections
let codes: Codes
let time = Date.now()
let count = 0
let identifier = ''

beforeAll(async () => {
  store = await openTestStore()
  collections = store.storage.tenant('t').collections
  codes = createCodes(collections, () => time)
})
afterAll(() => store.close())
beforeEach(() => {
  identifier = `nguoi${++count}@example.org`
})

const asker = (ticket = 'owner', purpose: 'prove' | 'recover' = 'recover') => ({
  purpose,
  identifier,
  ticket,
})
const wait = (minutes: number) => {
  time += minutes * MINUTE
}
const told = (answer: object) =>
  'problems' in answer ? (answer.problems as { id: string }[])[0]?.id : 'right'
const tried = async (code: string, who = asker()) => told(await codes.use(who, code))
async function used(code: string, who = asker()): Promise<boolean> {
  const operation = await codes.use(who, code)
  return 'op' in operation && (await collections.batch([operation])).ok
}
const other = (code: string) => (code === '000000' ? '000001' : '000000')

describe('a code', () => {
  test('is six digits, opens once, for its own purpose, identifier and asker alone', async () => {
    const { code } = await codes.issue(asker())
    expect(code).toMatch(/^\d{6}$/)
    expect(await tried(code!, asker('stranger'))).toBe('code-over')
    expect(await tried(code!, asker('owner', 'prove'))).toBe('code-over')
    expect(await tried(code!, { ...asker(), identifier: 'other@example.org' })).toBe('code-over')
    expect(await used(` ${code!.slice(0, 3)} ${code!.slice(3)} `)).toBe(true)
    expect(await tried(code!)).toBe('code-over')
  })

  test('is over after ten minutes', async () => {
    const { code, until } = await codes.issue(asker())
    expect(until - time).toBe(10 * MINUTE)
    wait(10)
    expect(await tried(code!)).toBe('code-over')
  })

  test('is over after five wrong tries; what cannot be a code costs none', async () => {
    const { code } = await codes.issue(asker())
    for (const typed of ['', '12345', 'abcdef', '1234567', '１２３４５６'])
      expect(await tried(typed)).toBe('code-wrong')
    for (let at = 0; at < 4; at++) expect(await tried(other(code!))).toBe('code-wrong')
    expect(await tried(other(code!))).toBe('code-spent')
    expect(await tried(code!)).toBe('code-spent')
    wait(1)
    const second = await codes.issue(asker())
    expect(await tried(second.code!)).toBe('right')
  })

  test('used by many at once is used once', async () => {
    const { code } = await codes.issue(asker())
    const operations = (await Promise.all([1, 2, 3].map(() => codes.use(asker(), code!)))).filter(
      (answer): answer is Operation => 'op' in answer,
    )
    expect(operations.length).toBeGreaterThan(0)
    const outcomes = await Promise.all(operations.map((operation) => collections.batch([operation])))
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1)
  })

  test('is not found by many tries at once: no more than five are compared', async () => {
    const { code } = await codes.issue(asker())
    const answers = await Promise.all(Array.from({ length: 40 }, () => tried(other(code!))))
    expect(answers.filter((answer) => answer === 'code-wrong').length).toBeLessThanOrEqual(4)
    expect(await tried(code!)).toBe('code-spent')
  })

  test('a new one ends the one before; neither identifier, nor ticket, nor code is stored', async () => {
    const first = await codes.issue(asker('a-secret-ticket'))
    wait(1)
    const second = await codes.issue(asker('a-secret-ticket'))
    if (first.code !== second.code)
      expect(await tried(first.code!, asker('a-secret-ticket'))).toBe('code-wrong')
    const { docs } = await collections.scan(CODES, { limit: 1_000 })
    const kept = JSON.stringify(docs)
    for (const secret of [identifier, 'a-secret-ticket', second.code!]) expect(kept).not.toContain(secret)
  })
})

describe('messages', () => {
  test('one a minute, five an hour', async () => {
    const sent = []
    for (let minute = 0; minute < 60; minute += 0.5) {
      if ((await codes.issue(asker())).code) sent.push(minute)
      wait(0.5)
    }
    expect(sent).toEqual([0, 1, 2, 3, 4])
  })

  test('of many who ask at once one is sent something', async () => {
    const asked = await Promise.all(['a', 'b', 'c', 'd'].map((ticket) => codes.issue(asker(ticket))))
    expect(asked.filter(({ code }) => code !== null)).toHaveLength(1)
  })

  test('under a flood of strangers the owner has a code that opens, within five minutes and at any time after', async () => {
    let newest: string | null = null
    for (let minute = 0; minute < 3 * 60; minute++) {
      // The stranger is always first, and guesses as often as they may.
      const stranger = await codes.issue(asker(`stranger ${minute}`))
      newest = stranger.code ?? newest
      for (let at = 0; at < 6; at++) await codes.use(asker(`stranger ${minute}`), other(newest!))
      const { code, digits } = await codes.issue(asker('owner'))
      expect(code).toBeNull()
      if (minute >= 5) {
        expect(digits).toBe(12)
        expect(newest).toMatch(/^\d{12}$/)
        expect(await tried(newest!, asker('owner'))).toBe('right')
      }
      wait(1)
    }
    expect(await used(newest!.replace(/(\d{4})(?=.)/g, '$1 '), asker('owner'))).toBe(true)
    expect(await tried(newest!, asker('owner'))).toBe('code-wrong')
  })

  test('whenever none can be sent but for the minute between two, a common code is alive; never more than the limits', async () => {
    const gaps = fc.array(fc.constantFrom(0.3, 1, 1.5, 7, 20, 59, 61, 130, 700), {
      minLength: 20,
      maxLength: 60,
    })
    await fc.assert(
      fc.asyncProperty(gaps, async (minutes) => {
        identifier = `flood${++count}@example.org`
        const sent: { at: number; code: string }[] = []
        for (const gap of minutes) {
          const { code, again } = await codes.issue(asker(`asker ${gap}`))
          if (code) sent.push({ at: time, code })
          else {
            expect(again).toBeGreaterThan(time)
            const last = sent.at(-1)!
            if (time - last.at >= MINUTE) {
              expect(last.code).toHaveLength(12)
              expect(await tried(last.code, asker('owner'))).toBe('right')
            }
          }
          const within = (ms: number) => sent.filter(({ at }) => at > time - ms)
          expect(within(60 * MINUTE).length).toBeLessThanOrEqual(5)
          const today = within(24 * 60 * MINUTE)
          expect(today.filter((each) => each.code.length === 6).length).toBeLessThanOrEqual(9)
          expect(today.length).toBeLessThanOrEqual(10 + 24)
          wait(gap)
        }
      }),
      { numRuns: 15 },
    )
  })
})
