import type { Collections } from '../../lrs/index.ts'
import { FACTS, isFact, type Known } from './documents.ts'
import { pages } from './pages.ts'
import { add, type Tally, tallyOf } from './tally.ts'

const NONE: ReadonlySet<string> = new Set()

/** The sum of a line's facts, but for those of these statements; null when there is none. */
export async function sumOfLine(
  collections: Collections,
  line: string,
  without: ReadonlySet<string> = NONE,
): Promise<Tally | null> {
  let sum: Tally | null = null
  const find = (options: { after?: string; limit: number }) =>
    collections.find(FACTS, { index: 'line', equals: { line }, ...options, limit: 500 })
  for await (const docs of pages<Known>(find))
    for (const { key, value } of docs)
      if (isFact(value) && !without.has(key)) sum = sum ? add(sum, tallyOf(value)) : tallyOf(value)
  return sum
}
