import type { Collections, Found } from '../../lrs/index.ts'
import { WAITING, waitingPrefix } from '../projection/documents.ts'
import { identifierHash, type LinkDocument } from './documents.ts'
import type { Waiting } from './types.ts'

/** What waits under these links, by source and year: as many documents as such pairs, however many statements there are. */
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
  for (let after: string | null = ''; after !== null; ) {
    const page: Found<{ count: number }> = await collections.scan(WAITING, {
      prefix,
      limit: 200,
      ...(after === '' ? {} : { after }),
    })
    for (const { key, value } of page.docs) {
      const [source, year] = JSON.parse(key.slice(prefix.length)) as [string, number]
      counts.set(source, [...(counts.get(source) ?? []), { year, count: value.count }])
    }
    after = page.next
  }
  return counts
}
