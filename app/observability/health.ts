import { setTimeout } from 'node:timers/promises'

export type Stage = 'starting' | 'serving' | 'stopping'
export type Readiness = { ready: true } | { ready: false; reason: string }

export interface Health {
  enter(stage: Stage): void
  /** From now on readiness is tried with it: it rejects when the store cannot be written. */
  tryWith(write: () => Promise<void>): void
  /** Whether requests are to be sent here; what was found is taken as true for a second. */
  readiness(): Promise<Readiness>
}

const FRESH_MS = 1_000
/** A write that takes longer counts as failed: a large batch and a checkpoint before it are over sooner. */
const PATIENCE_MS = 3_000

const STAGES: Readonly<Record<Exclude<Stage, 'serving'>, string>> = {
  starting: 'The server is starting: it opens the store and brings it to the newest schema.',
  stopping: 'The server is stopping: it finishes what it accepted.',
}

/** Knows whether the server serves, and tries whether the store takes a write; many who ask share one try. */
export function createHealth(patienceMs = PATIENCE_MS, freshMs = FRESH_MS): Health {
  let stage: Stage = 'starting'
  let write: (() => Promise<void>) | null = null
  let known: { until: number; readiness: Promise<Readiness> } | null = null

  async function attempt(): Promise<Readiness> {
    const late = setTimeout(patienceMs, `it did not take a write within ${patienceMs} ms`, { ref: false })
    const failure = await Promise.race([
      write?.().then(
        () => null,
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      ),
      late,
    ])
    return failure ? { ready: false, reason: `The store cannot be written: ${failure}.` } : { ready: true }
  }

  return {
    enter(next) {
      stage = next
    },
    tryWith(attempted) {
      write = attempted
    },
    async readiness() {
      if (stage !== 'serving') return { ready: false, reason: STAGES[stage] }
      if (!known || performance.now() >= known.until) {
        const readiness = attempt()
        known = { until: Number.POSITIVE_INFINITY, readiness }
        const mine = known
        void readiness.then(() => {
          mine.until = performance.now() + freshMs
        })
      }
      const readiness = await known.readiness
      // A stop may have been asked for meanwhile.
      return stage === 'serving' ? readiness : { ready: false, reason: STAGES[stage] }
    },
  }
}
