import { setTimeout } from 'node:timers/promises'
import type { HttpLimits } from './limits.ts'
import { createTurns } from './turns.ts'

/** Turns of addresses to have a credential proven that is not known yet. */
export interface Unproven {
  take<T extends { ok: boolean }>(address: string, work: () => Promise<T>): Promise<T>
}

/** Credentials at once that are looked up or verified for the first time, of one address. */
const AT_ONCE = 16
/** A refusal keeps its turn for so long: an address that guesses gets no more than so many in a second. */
const REFUSED_MS = 100

/** Who is not known yet has no source; by address, a flood of them goes before nobody else either. */
export function createUnproven(limits: Pick<HttpLimits, 'activeMs'>): Unproven {
  const turns = createTurns({ ...limits, weightAlone: AT_ONCE, weightShared: AT_ONCE })
  return {
    take: (address, work) =>
      new Promise((resolve, reject) => {
        const begin = async () => {
          const answer = await work()
          resolve(answer)
          if (!answer.ok) await setTimeout(REFUSED_MS, undefined, { ref: false })
        }
        turns.take(address, 1, begin).catch(reject)
      }),
  }
}
