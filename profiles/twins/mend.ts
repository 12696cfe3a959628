import type { Collections } from '../../lrs/index.ts'
import { readMany } from '../corrections/read-many.ts'
import { LINES } from '../projection/documents.ts'
import { lineId, lineKey } from '../projection/fact.ts'
import { pages } from '../projection/pages.ts'
import { write } from '../projection/write.ts'
import { TIES } from './documents.ts'

type Tie = NonNullable<(typeof TIES)['_type']>

/** Takes out of ties the sources whose line is not there: the store was damaged. Safe while everything goes on. */
export async function mendTies(collections: Collections): Promise<void> {
  for await (const docs of pages((options) => collections.scan(TIES, { ...options, limit: 500 }))) {
    const lines = await readMany(
      collections,
      LINES,
      docs.flatMap(({ value }) => linesOf(value)),
    )
    for (const { key, value } of docs)
      if (!linesOf(value).every((id) => isThere(lines.get(id)))) await mendTie(collections, key)
  }
}

async function mendTie(collections: Collections, key: string): Promise<void> {
  for (;;) {
    const doc = await collections.get(TIES, key)
    if (!doc) return
    const ids = linesOf(doc.value)
    const lines = await collections.getMany(LINES, ids)
    const sources = doc.value.sources.filter((_, at) => isThere(lines.get(ids[at]!)))
    if (sources.length === ids.length) return
    const value = sources.length > 0 ? { ...doc.value, sources } : null
    if ((await collections.batch(write(TIES, key, doc, value))).ok) return
  }
}

const linesOf = ({ person, registration, activity, sources }: Tie) =>
  sources.map((source) => lineId(person, lineKey(source, registration, activity)))

const isThere = (line: { value: { tally: { at: number | null } } } | undefined) =>
  (line?.value.tally.at ?? null) !== null
