import type { Collections } from '../../lrs/index.ts'
import { FACTS, isFact, type Known } from './documents.ts'
import { pages } from './pages.ts'

/** Local days of which the facts of a line tell. */
export async function daysOfFacts(collections: Collections, line: string): Promise<number[]> {
  const days = new Set<number>()
  const find = (options: { after?: string; limit: number }) =>
    collections.find(FACTS, { index: 'line', equals: { line }, ...options })
  for await (const docs of pages<Known>(find))
    for (const { value } of docs) if (isFact(value)) for (const day of value.days ?? []) days.add(day)
  return [...days]
}
