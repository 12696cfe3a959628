import type { Collections } from '../../lrs/index.ts'
import { LINES } from '../projection/documents.ts'
import { lineId, lineKey } from '../projection/fact.ts'
import { pages } from '../projection/pages.ts'
import { write } from '../projection/write.ts'
import { TIES } from './documents.ts'

/** Makes ties what the lines say, where they are not: the store was damaged. Safe while everything goes on. */
export async function mendTies(collections: Collections): Promise<void> {
  for await (const docs of pages((options) => collections.scan(TIES, options)))
    for (const { key } of docs)
      for (;;) {
        const doc = await collections.get(TIES, key)
        if (!doc) break
        const { person, registration, activity, sources } = doc.value
        const ids = sources.map((source) => lineId(person, lineKey(source, registration, activity)))
        const lines = await collections.getMany(LINES, ids)
        const there = sources.filter((_, at) => (lines.get(ids[at]!)?.value.tally.at ?? null) !== null)
        if (there.length === sources.length) break
        const value = there.length > 0 ? { ...doc.value, sources: there } : null
        if ((await collections.batch(write(TIES, key, doc, value))).ok) break
      }
}
