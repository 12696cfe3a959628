import { createHmac, randomBytes } from 'node:crypto'
import { verify } from '@node-rs/argon2'

export type Verdict = 'right' | 'wrong' | 'busy'

export interface SecretMemory {
  /** Whether the secret belongs to the hash. `busy`: too many unknown secrets are being tried now. */
  verify(key: string, secret: string, hash: string): Promise<Verdict>
  /** Verifications that argon2 has run. */
  readonly runs: number
}

interface Limits {
  /** How long a wrong secret is known as wrong, ms. */
  wrongMs: number
  /** Verifications at once in the process; each takes 19 MiB and a core for tens of milliseconds. */
  atOnce: number
  /** Secrets that wait for their turn, of one key and of all. */
  waitingPerKey: number
  waiting: number
  remembered: number
}
const LIMITS: Limits = { wrongMs: 60_000, atOnce: 2, waitingPerKey: 8, waiting: 64, remembered: 10_000 }

/**
 * Remembers what argon2 said of a secret, by a digest that is keyed anew in every process, so that it runs once for a
 * credential in use and a flood of wrong secrets costs at most `atOnce` cores, one of them for the same key.
 */
export function createSecretMemory(limits: Partial<Limits> = {}): SecretMemory {
  const { wrongMs, atOnce, waitingPerKey, waiting, remembered } = { ...LIMITS, ...limits }
  const digestKey = randomBytes(32)
  const digestOf = (key: string, secret: string, hash: string) =>
    createHmac('sha256', digestKey).update(`${key}:${secret}:${hash}`).digest('base64')
  const right = new Map<string, true>()
  const wrong = new Map<string, number>()
  const running = new Map<string, Promise<Verdict>>()
  const keyQueues = new Map<string, { tail: Promise<unknown>; length: number }>()
  const turns: (() => void)[] = []
  let active = 0
  let queued = 0
  let runs = 0

  function known(digest: string): Verdict | null {
    if (right.has(digest)) return 'right'
    const until = wrong.get(digest)
    if (until === undefined) return null
    if (until > Date.now()) return 'wrong'
    wrong.delete(digest)
    return null
  }

  async function run(digest: string, secret: string, hash: string): Promise<Verdict> {
    const verdict = known(digest)
    if (verdict) return verdict
    // A turn that is handed on keeps its place in `active`, so that nobody slips in between.
    if (active >= atOnce) await new Promise<void>((turn) => turns.push(turn))
    else active += 1
    try {
      runs += 1
      const isRight = await verify(hash, secret)
      if (isRight) remember(right, digest, true, remembered)
      else remember(wrong, digest, Date.now() + wrongMs, remembered)
      return isRight ? 'right' : 'wrong'
    } finally {
      const next = turns.shift()
      if (next) next()
      else active -= 1
    }
  }

  return {
    get runs() {
      return runs
    },
    async verify(key, secret, hash) {
      const digest = digestOf(key, secret, hash)
      const verdict = known(digest)
      if (verdict) return verdict
      const same = running.get(digest)
      if (same) return same
      const queue = keyQueues.get(key) ?? { tail: Promise.resolve(), length: 0 }
      if (queue.length > waitingPerKey || queued >= waiting) return 'busy'
      queue.length += 1
      queued += 1
      keyQueues.set(key, queue)
      const mine = queue.tail.then(() => run(digest, secret, hash))
      queue.tail = mine.catch(() => {})
      running.set(digest, mine)
      try {
        return await mine
      } finally {
        running.delete(digest)
        queued -= 1
        queue.length -= 1
        if (queue.length === 0) keyQueues.delete(key)
      }
    },
  }
}

function remember<V>(memory: Map<string, V>, digest: string, value: V, limit: number): void {
  // A Map keeps the order of insertion: the oldest goes first.
  for (const oldest of memory.keys()) {
    if (memory.size < limit) break
    memory.delete(oldest)
  }
  memory.set(digest, value)
}
