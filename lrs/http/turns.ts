import { createFairQueue } from '../fair-queue.ts'
import type { HttpLimits } from './limits.ts'

/** Work that is done in turn, so that a source that floods stands before nobody but itself. */
export interface Turns {
  /** Does the work when it is the source's turn. `weight`: 1 is a request that reads or writes one small statement. */
  take<T>(source: string, weight: number, work: () => Promise<T>): Promise<T>
}

/** Work begun between two looks at the lines that data comes in by. */
const WEIGHT_A_TICK = 16

/**
 * A source alone may have much under way, which makes large groups for the disk. When others were there lately, it has
 * what takes this thread, a reader and the writer a few milliseconds: who comes then waits no longer. All together have
 * twice as much; a source that has nothing under way always begins.
 */
export function createTurns(
  limits: Pick<HttpLimits, 'weightAlone' | 'weightShared' | 'activeMs'>,
  now: () => number = () => performance.now(),
): Turns {
  const queue = createFairQueue<{ weight: number; begin(): void }>()
  const running = new Map<string, number>()
  let all = 0
  /** When each source asked last; the oldest first. */
  const asked = new Map<string, number>()
  let scheduled = false

  function isAlone(): boolean {
    const since = now() - limits.activeMs
    for (const [source, at] of asked) {
      if (at >= since) break
      asked.delete(source)
    }
    return asked.size <= 1
  }

  /** What a source may have under way, and all together. */
  function bounds() {
    const { weightAlone, weightShared } = limits
    return isAlone() ? { own: weightAlone, all: weightAlone } : { own: weightShared, all: 2 * weightShared }
  }

  function fits(source: string, weight: number, most: { own: number; all: number }): boolean {
    const own = running.get(source) ?? 0
    return own === 0 || (own + weight <= most.own && all + weight <= most.all)
  }

  function change(source: string, weight: number): void {
    all += weight
    const under = (running.get(source) ?? 0) + weight
    if (under > 0) running.set(source, under)
    else running.delete(source)
  }

  function schedule(): void {
    if (scheduled || queue.size === 0) return
    scheduled = true
    setImmediate(() => {
      scheduled = false
      const most = bounds()
      let begun = 0
      while (begun < WEIGHT_A_TICK) {
        const next = queue.take((source, { weight }) => fits(source, weight, most))
        if (!next) return
        next.begin()
        begun += next.weight
      }
      schedule()
    })
  }

  return {
    async take(source, asWeighed, work) {
      // What is heavier than a share is done alone, and leaves the shares of others as they are.
      const weight = Math.min(asWeighed, limits.weightShared)
      asked.delete(source)
      asked.set(source, now())
      if (queue.waiting(source) === 0 && fits(source, weight, bounds())) change(source, weight)
      else
        await new Promise<void>((resolve) => {
          const begin = () => {
            change(source, weight)
            resolve()
          }
          queue.push(source, { weight, begin })
          schedule()
        })
      try {
        return await work()
      } finally {
        change(source, -weight)
        schedule()
      }
    },
  }
}
