import type { Problem } from '../problem.ts'
import type { HttpLimits } from './limits.ts'
import { Refused } from './refused.ts'
import { createTurns } from './turns.ts'

/** A request's place in the server: what it holds is given back by `leave`. */
export interface Place {
  /**
   * Reserves what the body will hold in memory for the source that asks, before any of it is read. Throws `Refused`: 429
   * beyond the source's share, 503 beyond the total.
   */
  admit(source: string, bytes: number): void
  /** Told of every byte that stays in memory; what goes beyond the reserved is reserved, and may be refused. */
  hold(bytes: number): void
  /** Does the work when it is the source's turn; to be called with all of the body in hand. */
  inTurn<T>(work: () => Promise<T>, weight: number): Promise<T>
  /** Does work that goes on while a large body comes in: of one source few at once, however long its client takes. */
  whileComingIn<T>(work: () => Promise<T>): Promise<T>
  /** May be called again. */
  leave(): void
}

/** How much of the server one source may have: its slow or broken client must leave room for the others. */
const SHARE = 0.5

/** Bytes that weigh as much as one statement. */
const WEIGHT_BYTES = 2_048

interface Use {
  requests: number
  bytes: number
}

/**
 * Bounds the requests at once and the bytes of bodies they hold in memory, of each source and in total, so that a flood
 * is refused and not died of; what is let in has its turn among the sources.
 */
export function createGate(
  limits: Pick<
    HttpLimits,
    'requestsAtOnce' | 'bodyBytesAtOnce' | 'weightAlone' | 'weightShared' | 'activeMs' | 'largeAtOnce'
  >,
) {
  const turns = createTurns(limits)
  const large = createTurns({ ...limits, weightAlone: limits.largeAtOnce, weightShared: limits.largeAtOnce })
  const all: Use = { requests: 0, bytes: 0 }
  const bySource = new Map<string, Use>()

  const isBeyond = (share: number, use: Use, more: Use) =>
    use.requests + more.requests > limits.requestsAtOnce * share ||
    use.bytes + more.bytes > limits.bodyBytesAtOnce * share

  return {
    /** Throws `Refused`: 503 when all places are taken. */
    enter(): Place {
      const own: Use = { requests: 1, bytes: 0 }
      if (isBeyond(1, all, own)) throw new Refused(OVERLOADED)
      add(all, own, 1)
      let held = 0
      let gone = false
      let whose: { source: string; use: Use } | undefined

      function reserve(bytes: number): void {
        const more: Use = { requests: 0, bytes }
        if (whose && isBeyond(SHARE, whose.use, more)) throw new Refused(SOURCE_BUSY)
        if (isBeyond(1, all, more)) throw new Refused(OVERLOADED)
        for (const use of [all, own, ...(whose ? [whose.use] : [])]) add(use, more, 1)
      }

      return {
        admit(source, bytes) {
          const use = bySource.get(source) ?? { requests: 0, bytes: 0 }
          if (isBeyond(SHARE, use, own)) throw new Refused(SOURCE_BUSY)
          add(use, own, 1)
          bySource.set(source, use)
          whose = { source, use }
          if (bytes > own.bytes) reserve(bytes - own.bytes)
        },
        hold(bytes) {
          held += bytes
          if (held > own.bytes) reserve(held - own.bytes)
        },
        inTurn(work, weight) {
          return turns.take(whose?.source ?? '', Math.max(weight, Math.ceil(held / WEIGHT_BYTES)), work)
        },
        whileComingIn: (work) => large.take(whose?.source ?? '', 1, work),
        leave() {
          if (gone) return
          gone = true
          add(all, own, -1)
          if (!whose) return
          add(whose.use, own, -1)
          if (whose.use.requests === 0) bySource.delete(whose.source)
        },
      }
    },
  }
}

function add(use: Use, other: Use, sign: 1 | -1): void {
  use.requests += sign * other.requests
  use.bytes += sign * other.bytes
}

const AGAIN = 'Nothing of this request was stored; send it again after the time in Retry-After.'
const OVERLOADED: Problem = {
  id: 'overloaded',
  status: 503,
  message: `The server is handling as much as it can. ${AGAIN}`,
}
const SOURCE_BUSY: Problem = {
  id: 'source-busy',
  status: 429,
  message: `This source has as much under way as one source may have. ${AGAIN} Send less at once: one request at a time with up to 50 statements is fast.`,
}
