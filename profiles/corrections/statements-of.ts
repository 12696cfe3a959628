import type { Collections, StatementStore } from '../../lrs/index.ts'
import { FACTS, isFact, type Known } from '../projection/documents.ts'
import { pages } from '../projection/pages.ts'
import { readMany } from './read-many.ts'

/** Statements of one line that a dispute names: more is what machines tell. */
const MOST_NAMED = 1_000
/** Statements that are asked for at once. */
const AT_ONCE = 100

/** What this source told, of all that the line rests on and of those named beside; oldest first, none that is voided. */
export async function standingOf(
  collections: Collections,
  statements: Pick<StatementStore, 'get'>,
  {
    lines,
    source,
    named,
    most = MOST_NAMED,
  }: { lines: readonly string[]; source: string; named: readonly string[]; most?: number },
): Promise<string[]> {
  const ids = new Set(named)
  for (const line of lines) {
    const find = (options: { after?: string; limit: number }) =>
      collections.find(FACTS, { index: 'line', equals: { line }, ...options })
    for await (const docs of pages<Known>(find)) {
      for (const { key } of docs) ids.add(key)
      if (ids.size > most) break
    }
  }
  const standing: { id: string; position: number }[] = []
  const all = [...ids]
  for (let from = 0; from < all.length; from += AT_ONCE) {
    const found = await Promise.all(all.slice(from, from + AT_ONCE).map((id) => statements.get(id)))
    for (const each of found) if (each && each.source === source && !each.voided) standing.push(each)
  }
  return standing
    .sort((a, b) => a.position - b.position)
    .slice(0, most)
    .map(({ id }) => id)
}

/** The lines on which these statements stand now: by another name when two persons were found to be one. */
export async function linesOf(collections: Collections, statements: readonly string[]): Promise<string[]> {
  const facts = await readMany(collections, FACTS, statements)
  return [...new Set([...facts.values()].flatMap(({ value }) => (isFact(value) ? [value.line] : [])))]
}
