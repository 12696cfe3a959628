import type { StatementRecord } from '../port.ts'
import type { Names } from './names.ts'
import { definitionKey } from './statement-unit.ts'
import { nameKey } from './terms.ts'

/**
 * Keeps the transactions of this process from meeting at the server, where one of two that make the same document has to
 * begin again: whoever wants to make what another one is making waits for it here. What is thought to be there already is
 * not waited for, so in the long run nobody waits. It decides nothing: the server does, also between processes.
 */
export interface Claims {
  /** Resolves when nobody else is making what these would make. To be let go of in any case. */
  take(records: readonly StatementRecord[]): Promise<Claim>
}
export interface Claim {
  /** `kept`: what was claimed is there now. */
  release(kept: boolean): void
}

/** Of what is written anew by everyone: never taken for being there. */
const EACH_TIME = -1
/** So much is remembered as being there. */
const REMEMBERED = 20_000

export function createClaims(names: Names): Claims {
  /** What is there, and how long its text is: another length means that it changes. */
  const known = new Map<string, number>()
  const held = new Map<string, Promise<unknown>>()

  function wantedOf(records: readonly StatementRecord[]): Map<string, number> {
    const wanted = new Map<string, number>()
    const want = (_id: string, length: number) => {
      if (known.get(_id) !== length) wanted.set(_id, length)
    }
    for (const { source, refersTo, definitions, names: named } of records) {
      for (const { activity, text } of definitions)
        want(names.of(definitionKey(activity, source)), text.length)
      for (const { agent, name } of named) want(names.of(nameKey(agent, source, name)), 0)
      if (refersTo !== null) want(names.of(refersTo), EACH_TIME)
    }
    return wanted
  }

  return {
    async take(records) {
      let wanted = wantedOf(records)
      for (;;) {
        const others = [...wanted.keys()].flatMap((_id) => held.get(_id) ?? [])
        if (others.length === 0) break
        await Promise.all(others)
        wanted = wantedOf(records)
      }
      const { promise, resolve } = Promise.withResolvers<void>()
      for (const _id of wanted.keys()) held.set(_id, promise)
      return {
        release(kept) {
          for (const [_id, length] of wanted) {
            held.delete(_id)
            if (!kept || length === EACH_TIME) continue
            if (known.size >= REMEMBERED) known.clear()
            known.set(_id, length)
          }
          resolve()
        },
      }
    },
  }
}
