import { createHmac, randomBytes } from 'node:crypto'
import { verify } from '@node-rs/argon2'
import { createFairQueue } from '../fair-queue.ts'

export type Verdict = 'right' | 'wrong' | 'busy'

export interface SecretMemory {
  /**
   * Whether the secret belongs to the hash. `from` is the address that it came from. `busy`: too many unknown secrets are
   * being tried now.
   */
  verify(key: string, secret: string, hash: string, from?: string): Promise<Verdict>
  /** Verifications that argon2 has run. */
  readonly runs: number
}

interface Limits {
  /** How long a wrong secret is known as wrong, and its address as one that guesses, ms. */
  wrongMs: number
  /** Verifications at once in the process; each takes 19 MiB and a core for tens of milliseconds. */
  atOnce: number
  /** Secrets that wait for their turn: of one key from one address, of one address, and of all. */
  waitingPerKey: number
  waitingPerAddress: number
  waiting: number
  remembered: number
}
const LIMITS: Limits = {
  wrongMs: 60_000,
  atOnce: 2,
  waitingPerKey: 8,
  waitingPerAddress: 128,
  waiting: 1_024,
  remembered: 10_000,
}

interface Try {
  key: string
  from: string
  begin(): void
}

/**
 * Remembers what argon2 said of a secret, by a digest that is keyed anew in every process, so that it runs once for a
 * credential in use. Unknown secrets are tried one at a time for the same key, and in turn among keys and addresses.
 * Addresses that guessed wrong lately leave one of the places at once to all others, and come after them: whoever guesses
 * holds up neither other keys nor, from another address, the owner of the same key. `matches` is what takes the time.
 */
export function createSecretMemory(
  limits: Partial<Limits> = {},
  matches: (hash: string, secret: string) => Promise<boolean> = verify,
): SecretMemory {
  const { wrongMs, atOnce, waitingPerKey, waitingPerAddress, waiting, remembered } = { ...LIMITS, ...limits }
  const digestKey = randomBytes(32)
  const digestOf = (key: string, secret: string, hash: string) =>
    createHmac('sha256', digestKey).update(`${key}:${secret}:${hash}`).digest('base64')
  const right = new Map<string, true>()
  const wrong = new Map<string, number>()
  const guessers = new Map<string, number>()
  const tried = new Map<string, Promise<Verdict>>()
  const queue = createFairQueue<Try>()
  const ofAddress = new Map<string, number>()
  /** Keys that a verification runs for, and whether it is for an address that guessed wrong. */
  const running = new Map<string, boolean>()
  let runs = 0

  function known(digest: string): Verdict | null {
    if (right.has(digest)) return 'right'
    return isFresh(wrong, digest) ? 'wrong' : null
  }

  function beginNext(): void {
    while (running.size < atOnce) {
      const guessing = [...running.values()].filter(Boolean).length
      const free = ({ key }: Try) => !running.has(key)
      const next =
        queue.take((_, one) => free(one) && !isFresh(guessers, one.from)) ??
        (guessing < Math.max(1, atOnce - 1) ? queue.take((_, one) => free(one)) : undefined)
      if (!next) return
      running.set(next.key, isFresh(guessers, next.from))
      next.begin()
    }
  }

  async function tryOut(key: string, from: string, secret: string, hash: string, digest: string) {
    await new Promise<void>((begin) => {
      queue.push(`${key} ${from}`, { key, from, begin })
      beginNext()
    })
    try {
      runs += 1
      const isRight = await matches(hash, secret)
      if (isRight) remember(right, digest, true, remembered)
      else {
        remember(wrong, digest, Date.now() + wrongMs, remembered)
        remember(guessers, from, Date.now() + wrongMs, remembered)
      }
      return isRight ? 'right' : 'wrong'
    } finally {
      running.delete(key)
      beginNext()
    }
  }

  return {
    get runs() {
      return runs
    },
    async verify(key, secret, hash, from = '') {
      const digest = digestOf(key, secret, hash)
      const verdict = known(digest)
      if (verdict) return verdict
      const same = tried.get(digest)
      if (same) return same
      const own = ofAddress.get(from) ?? 0
      if (
        queue.waiting(`${key} ${from}`) >= waitingPerKey ||
        own >= waitingPerAddress ||
        queue.size >= waiting
      )
        return 'busy'
      ofAddress.set(from, own + 1)
      const mine = tryOut(key, from, secret, hash, digest)
      tried.set(digest, mine)
      try {
        return await mine
      } finally {
        tried.delete(digest)
        const left = ofAddress.get(from)! - 1
        if (left > 0) ofAddress.set(from, left)
        else ofAddress.delete(from)
      }
    },
  }
}

function isFresh(until: Map<string, number>, entry: string): boolean {
  const end = until.get(entry)
  if (end === undefined) return false
  if (end > Date.now()) return true
  until.delete(entry)
  return false
}

function remember<V>(memory: Map<string, V>, entry: string, value: V, limit: number): void {
  // A Map keeps the order of insertion: the oldest goes first.
  memory.delete(entry)
  for (const oldest of memory.keys()) {
    if (memory.size < limit) break
    memory.delete(oldest)
  }
  memory.set(entry, value)
}
