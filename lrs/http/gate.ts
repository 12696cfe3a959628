import type { Problem } from '../problem.ts'
import type { HttpLimits } from './limits.ts'
import { Refused } from './refused.ts'

/** A request's place in the server: what it holds is given back by `leave`. */
export interface Place {
  /** Who asks, once it is known. */
  belongTo(credential: string): void
  hold(bytes: number): void
  leave(): void
}

/** How much of the server one credential may have: its slow or broken client must leave room for the others. */
const SHARE = 0.5

interface Use {
  requests: number
  bytes: number
}

/** Bounds the requests at once and the bytes of bodies they hold in memory, so that a flood is refused and not died of. */
export function createGate(limits: Pick<HttpLimits, 'requestsAtOnce' | 'bodyBytesAtOnce'>) {
  const all: Use = { requests: 0, bytes: 0 }
  const byCredential = new Map<string, Use>()

  function refuseBeyond(share: number, { requests, bytes }: Use): void {
    if (requests > limits.requestsAtOnce * share || bytes > limits.bodyBytesAtOnce * share)
      throw new Refused(OVERLOADED)
  }

  return {
    enter(): Place {
      const own: Use = { requests: 1, bytes: 0 }
      refuseBeyond(1, sum(all, own))
      add(all, own, 1)
      let whose: { credential: string; use: Use } | undefined
      return {
        belongTo(credential) {
          const use = byCredential.get(credential) ?? { requests: 0, bytes: 0 }
          refuseBeyond(SHARE, sum(use, own))
          add(use, own, 1)
          byCredential.set(credential, use)
          whose = { credential, use }
        },
        hold(bytes) {
          const more: Use = { requests: 0, bytes }
          refuseBeyond(1, sum(all, more))
          if (whose) refuseBeyond(SHARE, sum(whose.use, more))
          for (const use of [all, own, ...(whose ? [whose.use] : [])]) add(use, more, 1)
        },
        leave() {
          add(all, own, -1)
          if (!whose) return
          add(whose.use, own, -1)
          if (whose.use.requests === 0) byCredential.delete(whose.credential)
        },
      }
    },
  }
}

const sum = (one: Use, other: Use): Use => ({
  requests: one.requests + other.requests,
  bytes: one.bytes + other.bytes,
})
function add(use: Use, other: Use, sign: 1 | -1): void {
  use.requests += sign * other.requests
  use.bytes += sign * other.bytes
}

const OVERLOADED: Problem = {
  id: 'overloaded',
  status: 503,
  message:
    'The server is handling as much as it can. Nothing of this request was stored; send it again after the time in Retry-After.',
}
