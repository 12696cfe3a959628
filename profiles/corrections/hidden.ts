import { type Collections, findPage } from '../../lrs/index.ts'
import type { Transcript } from '../types.ts'
import { HIDDEN_LINES } from './documents.ts'
import { type NamedLine, namesOf } from './names.ts'
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
      if (hidden) await collections.insert(HIDDEN_LINES, found.id, { person, at: now() })
      else for (const name of namesOf(found)) await collections.delete(HIDDEN_LINES, name)
      return true
    },

    among: (lines) => hiddenAmong(collections, lines),

    async of(person, { after, limit }) {
      const page = await findPage(collections, HIDDEN_LINES, {
        index: 'person',
        equals: { person },
        descending: true,
        limit,
        after,
      })
      return { hidden: page.docs.map(({ key, value }) => ({ line: key, at: value.at })), next: page.next }
    },
  }
}

export async function hiddenAmong(
  collections: Collections,
  lines: readonly NamedLine[],
): Promise<ReadonlySet<string>> {
  const found = await readMany(collections, HIDDEN_LINES, lines.flatMap(namesOf))
  return new Set(lines.filter((line) => namesOf(line).some((name) => found.has(name))).map(({ id }) => id))
}
