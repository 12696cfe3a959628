import type { Collections } from '../../lrs/index.ts'
import { FACTS, waitingPrefix } from '../projection/documents.ts'
import { identifierHash, type LinkDocument } from './documents.ts'
import type { Waiting } from './types.ts'

/**
 * Counts what waits under these links, by source and year: a look at the index for each such pair, however many
 * statements there are.
 */
export async function readWaiting(
  collections: Collections,
  links: readonly LinkDocument[],
): Promise<Waiting[]> {
  const found: Waiting[] = []
  for (const { agent, sources, refused = [] } of links) {
    if (sources === undefined) continue
    for (const [source, years] of await countsOf(collections, agent)) {
      if (!refused.includes(source)) found.push({ id: identifierHash(agent), agent, source, years })
    }
  }
  return found
}

async function countsOf(collections: Collections, agent: string): Promise<Map<string, Waiting['years']>> {
  const counts = new Map<string, Waiting['years']>()
  const prefix = waitingPrefix(agent)
  for (let place = prefix; ; ) {
    const { docs } = await collections.find(FACTS, {
      index: 'line',
      range: { prefix, gt: place },
      limit: 1,
    })
    const next = docs[0]?.value.line
    if (!next) return counts
    const count = await collections.count(FACTS, { index: 'line', equals: { line: next } })
    const [source, year] = JSON.parse(next.slice(prefix.length)) as [string, number]
    counts.set(source, [...(counts.get(source) ?? []), { year, count }])
    place = next
  }
}
