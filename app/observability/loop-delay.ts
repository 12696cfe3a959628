import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout } from 'node:timers/promises'

const RESOLUTION_MS = 10

/** How late the event loop came to a timer, seconds. */
export interface LoopDelay {
  p50: number
  p99: number
  max: number
}

/**
 * Watches the event loop. `take` tells of the time since the last `take`, and resolves when the next span has begun, so
 * that what is done after it is in that one: a histogram that was reset counts from its second timer on.
 */
export function watchLoopDelay(): { take(): Promise<LoopDelay>; stop(): void } {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  histogram.enable()
  // What it records is the distance between two timers.
  const seconds = (nanoseconds: number) => Math.max(0, nanoseconds / 1e9 - RESOLUTION_MS / 1_000)
  return {
    async take() {
      const delay =
        histogram.count === 0
          ? { p50: 0, p99: 0, max: 0 }
          : {
              p50: seconds(histogram.percentile(50)),
              p99: seconds(histogram.percentile(99)),
              max: seconds(histogram.max),
            }
      histogram.reset()
      await setTimeout(RESOLUTION_MS * 2)
      return delay
    },
    stop() {
      histogram.disable()
    },
  }
}
