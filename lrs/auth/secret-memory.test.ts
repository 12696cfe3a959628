import { setImmediate, setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createSecretMemory, type SecretMemory } from './secret-memory.ts'
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

test('a wrong secret is known as wrong for a while, and tried again afterwards', async () => {
  const hash = await hashSecret('right')
  const memory = createSecretMemory({ wrongMs: 50 })
  expect(await memory.verify('key', 'wrong', hash)).toBe('wrong')
  expect(await memory.verify('key', 'wrong', hash)).toBe('wrong')
  expect(memory.runs).toBe(1)
  await setTimeout(60)
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

/** Tries wrong secrets without end, on all keys at once. */
function guessing(memory: SecretMemory, hash: string, keys: readonly string[], from: string) {
  let ended = false
  let number = 0
  const guess = async (key: string) => {
    while (!ended)
      if ((await memory.verify(key, `wrong ${number++}`, hash, from)) === 'busy') await setImmediate()
  }
  const guesses = Promise.all(keys.map(guess))
  return async () => {
    ended = true
    await guesses
  }
}

test.each([
  ['one key', Array<string>(100).fill('attacked')],
  ['many keys', Array.from({ length: 100 }, (_, number) => (number === 0 ? 'attacked' : `key ${number}`))],
])(
  'while %s are guessed at, its owner from another address and other keys wait for one verification at most, nothing being remembered yet',
  async (_what, keys) => {
    const hash = await hashSecret('right')
    const memory = createSecretMemory()
    const stop = guessing(memory, hash, keys, 'guesser')
    try {
      // As many as were begun before it is known that this address guesses.
      while (memory.runs < 4) await setTimeout(5)
      for (const key of ['attacked', 'other']) {
        const before = memory.runs
        expect(await memory.verify(key, 'right', hash, 'owner')).toBe('right')
        // Its own, the guess that ran, and those that the guessers' place took meanwhile.
        expect(memory.runs - before).toBeLessThanOrEqual(4)
      }
    } finally {
      await stop()
    }
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
