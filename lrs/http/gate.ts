import type { Problem } from '../problem.ts'
import type { HttpLimits } from './limits.ts'
import { Refused } from './refused.ts'

/** A request's place in the server: what it holds is given back by `leave`. */
export interface Place {
  hold(bytes: number): void
  leave(): void
}

/** Bounds the requests at once and the bytes of bodies they hold in memory, so that a flood is refused and not died of. */
export function createGate(limits: Pick<HttpLimits, 'requestsAtOnce' | 'bodyBytesAtOnce'>) {
  let requests = 0
  let bytesHeld = 0
  return {
    enter(): Place {
      if (requests >= limits.requestsAtOnce) throw new Refused(OVERLOADED)
      requests += 1
      let own = 0
      return {
        hold(bytes) {
          if (bytesHeld + bytes > limits.bodyBytesAtOnce) throw new Refused(OVERLOADED)
          own += bytes
          bytesHeld += bytes
        },
        leave() {
          requests -= 1
          bytesHeld -= own
        },
      }
    },
  }
}

const OVERLOADED: Problem = {
  id: 'overloaded',
  status: 503,
  message:
    'The server is handling as much as it can. Nothing of this request was stored; send it again after the time in Retry-After.',
}
