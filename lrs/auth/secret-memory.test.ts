import { setImmediate } from 'node:timers/promises'
import { afterEach, expect, test, vi } from 'vitest'
import { createSecretMemory } from './secret-memory.ts'
import { hashSecret } from './secrets.ts'

test('argon2 runs once for a credential in use, also when its requests come at once', async () => {
  const hash = await hashSecret('a secret of some length')
  const memory = createSecretMemory()
  const verdicts = await Promise.all(
    Array.from({ length: 20 }, () => memory.verify('key', 'a secret of some length', hash)),
  )
  expect(verdicts).toEqual(Array(20).fill('right'))
  expect(await memory.verify('key', 'a secret of some length', hash)).toBe('right')
  expect(memory.runs).toBe(1)
})

afterEach(() => void vi.useRealTimers())

test('a wrong secret is known as wrong for a while, and tried again afterwards', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  const hash = await hashSecret('right')
  const memory = createSecretMemory({ wrongMs: 60_000 })
  expect(await memory.verify('key', 'wrong', hash)).toBe('wrong')
  expect(await memory.verify('key', 'wrong', hash)).toBe('wrong')
  expect(memory.runs).toBe(1)
  vi.setSystemTime(Date.now() + 60_000)
  expect(await memory.verify('key', 'wrong', hash)).toBe('wrong')
  expect(memory.runs).toBe(2)
})

test('a flood of wrong secrets for one key is refused beyond a short queue, while other keys go on', async () => {
  const hash = await hashSecret('right')
  const memory = createSecretMemory({ waitingPerKey: 3 })
  const flood = Array.from({ length: 100 }, (_, number) => memory.verify('attacked', `wrong ${number}`, hash))
  const other = memory.verify('other', 'right', hash)
  expect(await other).toBe('right')
  const verdicts = await Promise.all(flood)
  expect(verdicts.filter((verdict) => verdict === 'wrong').length).toBe(4)
  expect(verdicts.filter((verdict) => verdict === 'busy').length).toBe(96)
  expect(memory.runs).toBe(5)
})

test('what was right stays right while wrong secrets for the same key flood in', async () => {
  const hash = await hashSecret('right')
  const memory = createSecretMemory({ waitingPerKey: 1 })
  expect(await memory.verify('key', 'right', hash)).toBe('right')
  const flood = Array.from({ length: 20 }, (_, number) => memory.verify('key', `wrong ${number}`, hash))
  expect(await memory.verify('key', 'right', hash)).toBe('right')
  await Promise.all(flood)
})

test('a secret that was right for an old hash is not right for a new one', async () => {
  const memory = createSecretMemory()
  expect(await memory.verify('key', 'old', await hashSecret('old'))).toBe('right')
  expect(await memory.verify('key', 'old', await hashSecret('new'))).toBe('wrong')
})

/** Verifications that end one by one, when they are told to. */
function verifications() {
  const begun: { secret: string; end(): void }[] = []
  const matches = (_hash: string, secret: string) =>
    new Promise<boolean>((resolve) => begun.push({ secret, end: () => resolve(secret === 'right') }))
  return {
    matches,
    /** Those that run, the oldest first. */
    secrets: () => begun.map(({ secret }) => secret),
    async endOldest() {
      begun.shift()!.end()
      // Whoever was told of it has begun the next one.
      await setImmediate()
    },
  }
}

test.each([
  ['one key', Array<string>(100).fill('attacked')],
  ['many keys', Array.from({ length: 100 }, (_, number) => (number === 0 ? 'attacked' : `key ${number}`))],
])(
  'while %s are guessed at, its owner from another address and other keys wait for one verification at most, nothing being remembered yet',
  async (_what, keys) => {
    const running = verifications()
    const memory = createSecretMemory({}, running.matches)
    let number = 0
    const guess = () => keys.map((key) => memory.verify(key, `wrong ${number++}`, 'hash', 'guesser'))
    const guesses = guess()
    await setImmediate()
    // As many as were begun before it is known that this address guesses.
    while (memory.runs < 4) await running.endOldest()
    for (const key of ['attacked', 'other']) {
      guesses.push(...guess())
      const owner = memory.verify(key, 'right', 'hash', 'owner')
      await setImmediate()
      if (!running.secrets().includes('right')) await running.endOldest()
      expect(running.secrets()).toContain('right')
      while (running.secrets().includes('right')) await running.endOldest()
      expect(await owner).toBe('right')
    }
    while (running.secrets().length > 0) await running.endOldest()
    expect(new Set(await Promise.all(guesses))).toEqual(new Set(['wrong', 'busy']))
  },
)

test('guesses from many addresses run one after another for one key', async () => {
  const hash = await hashSecret('right')
  const memory = createSecretMemory()
  const tries = Array.from({ length: 20 }, (_, number) =>
    memory.verify('attacked', `wrong ${number}`, hash, `address ${number}`),
  )
  expect(memory.runs).toBe(0)
  await tries[0]
  expect(memory.runs).toBeLessThanOrEqual(2)
  expect(new Set(await Promise.all(tries))).toEqual(new Set(['wrong']))
  expect(memory.runs).toBe(20)
})
