import type { Collections, Operation } from '../../lrs/index.ts'
import { findOfFamily } from '../merges/family-of.ts'
import type { Transcript } from '../types.ts'
import { HIDDEN_LINES } from './documents.ts'
import { type MarkedLine, namesOver } from './names.ts'
import { readMany } from './read-many.ts'
import type { Hidden } from './types.ts'

export interface HiddenDeps {
  collections: Collections
  transcript: Pick<Transcript, 'line'>
  now: () => number
}

/** Lines that their person keeps to themselves: at once, and until they say otherwise. */
export function createHidden({ collections, transcript, now }: HiddenDeps): Hidden {
  return {
    async set(person, line, hidden) {
      const found = await transcript.line(person, line)
      if (!found) return false
      const names = (await namesOver(collections, [found])).get(found.id)!
      const held = await readMany(collections, HIDDEN_LINES, names.all)
      const at = Math.min(now(), ...[...held.values()].map(({ value }) => value.at))
      // Every name it may go by later: when it is split, when two persons are one, and when they are two again.
      const operations = names.all.flatMap((key): Operation[] => {
        const where = { collection: HIDDEN_LINES, key }
        if (hidden) return [{ ...where, op: 'put', value: { person: names.own.get(key) ?? null, at } }]
        return held.has(key) ? [{ ...where, op: 'delete' }] : []
      })
      for (let from = 0; from < operations.length; from += AT_ONCE)
        await collections.batch(operations.slice(from, from + AT_ONCE))
      return true
    },

    among: (lines) => hiddenAmong(collections, lines),

    async of(person, { after, limit }) {
      const page = await findOfFamily(collections, HIDDEN_LINES, person, { after, limit })
      return { hidden: page.docs.map(({ key, value }) => ({ line: key, at: value.at })), next: page.next }
    },
  }
}

const AT_ONCE = 500

export async function hiddenAmong(
  collections: Collections,
  lines: readonly MarkedLine[],
): Promise<ReadonlySet<string>> {
  const names = await namesOver(collections, lines)
  const found = await readMany(
    collections,
    HIDDEN_LINES,
    [...names.values()].flatMap(({ all }) => all),
  )
  return new Set([...names].flatMap(([id, { all }]) => (all.some((name) => found.has(name)) ? [id] : [])))
}
