import type { SourceId } from '../../port.ts'
import type { ReadContext, WriteContext } from './context.ts'
import { nameTermPrefix, parseNameTerm } from './terms.ts'

export function getActivity(
  { db }: ReadContext,
  id: string,
): { definitions: { source: SourceId; text: string }[]; chosen: SourceId | null } {
  return {
    definitions: db.rows('SELECT source, text FROM definition WHERE activity = ? ORDER BY no', id),
    chosen:
      db.row<{ source: string }>('SELECT source FROM chosen_source WHERE activity = ?', id)?.source ?? null,
  }
}

export function chooseDefinition(
  { db }: WriteContext,
  { id, source }: { id: string; source: SourceId | null },
): void {
  if (source === null) db.run('DELETE FROM chosen_source WHERE activity = ?', id)
  else {
    db.run(
      'INSERT INTO chosen_source (activity, source) VALUES (?, ?) ON CONFLICT DO UPDATE SET source = excluded.source',
      id,
      source,
    )
  }
}

/** Names that statements of these sources state for an agent, the most lately stated first. */
export function agentNames(
  { db }: ReadContext,
  { agent, sources }: { agent: string; sources: readonly SourceId[] | null },
): { name: string; source: SourceId }[] {
  const prefix = nameTermPrefix(agent)
  const found: { name: string; source: string; last: number }[] = []
  for (const { no, key } of db.scan<{ no: number; key: string }>(
    'SELECT no, key FROM term WHERE key >= ? ORDER BY key',
    prefix,
  )) {
    if (!key.startsWith(prefix)) break
    const name = parseNameTerm(key)
    if (sources && !sources.includes(name.source)) continue
    const last = db.row<{ last: number | null }>(
      'SELECT max(seq) AS last FROM entry WHERE term = ?',
      no,
    )!.last
    if (last !== null) found.push({ ...name, last })
  }
  return found.sort((a, b) => b.last - a.last).map(({ name, source }) => ({ name, source }))
}
