import { setImmediate } from 'node:timers/promises'

/** After so many ms of work in a row, others that wait for this thread get their turn. */
const BREATH = 5
/** Others first, for so many turns of the event loop at most, while a turn of theirs takes longer than this, ms. */
const TURNS = 8
const SHORT_TURN = 0.2

/** Maps one after the other. What is much work for one caller lets everybody else have this thread in between. */
export async function inTurns<T, U>(all: Iterable<T>, map: (one: T) => U | Promise<U>): Promise<U[]> {
  const mapped: U[] = []
  let since = performance.now()
  for (const one of all) {
    if (performance.now() - since > BREATH) since = await othersFirst()
    const value = map(one)
    mapped.push(value instanceof Promise ? await value : value)
  }
  return mapped
}

/** Resolves to the time when nobody else has more to do, or when they had turns enough. */
async function othersFirst(): Promise<number> {
  let before = performance.now()
  for (let turn = 0; turn < TURNS; turn++) {
    await setImmediate()
    const now = performance.now()
    if (now - before < SHORT_TURN) return now
    before = now
  }
  return before
}
