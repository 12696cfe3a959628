import type { Problem } from '../problem.ts'
import { Refused } from './refused.ts'

/**
 * How long a client is still waited for. Silence uses it up, bytes that move fill it again at a lowest rate, never
 * beyond its full measure: a pause is borne, a drip is not.
 */
export interface Patience {
  /** Waits for the client, at most for what is left; then rejects with `Refused`, 408. Resolves to what `step` does. */
  during<T>(step: Promise<T>): Promise<T>
  /** The client sent or took so many bytes. */
  moved(bytes: number): void
}

export function createPatience(idleMs: number, bytesPerSecond: number): Patience {
  let left = idleMs
  return {
    async during(step) {
      const begun = performance.now()
      let timer: NodeJS.Timeout | undefined
      const slow = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Refused(SLOW)), Math.max(1, left))
      })
      try {
        return await Promise.race([step, slow])
      } finally {
        clearTimeout(timer)
        left -= performance.now() - begun
      }
    },
    moved(bytes) {
      left = Math.min(idleMs, left + (bytes / bytesPerSecond) * 1_000)
    },
  }
}

export const SLOW: Problem = {
  id: 'body-slow',
  status: 408,
  path: 'body',
  message: 'The body came in too slowly. Send the request again, in smaller pieces if the line is slow.',
}
