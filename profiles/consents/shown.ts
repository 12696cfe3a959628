import type { Collections, MayShow } from '../../lrs/index.ts'
import { LINKS, recordOf } from '../links/documents.ts'
import { holdersOf } from '../merges/holder.ts'
import { agreed } from './agreed.ts'

const AT_ONCE = 1_000

/**
 * Whom others may read about: identifiers of people who agreed to a learning record, and of them what joins that record.
 * Each answer reads the link and its person: links follow a withdrawal, a merge and its undoing a moment later, the
 * person is it at once.
 */
export function createMayShow(collections: Collections): MayShow {
  return async (agents) => {
    const shown: [string, (source: string) => boolean][] = []
    for (let from = 0; from < agents.length; from += AT_ONCE) {
      const found = await collections.getMany(LINKS, agents.slice(from, from + AT_ONCE))
      const links = [...found.values()].filter(({ value }) => value.agreed)
      const holders = await holdersOf(
        collections,
        links.map(({ value }) => value.person),
      )
      for (const { key, value } of links) {
        const holder = holders.get(value.person)
        if (holder?.id === recordOf(value) && agreed(holder))
          shown.push([key, (source) => value.sources?.includes(source) ?? true])
      }
    }
    return new Map(shown)
  }
}
