import { mergeDefinition } from '../../definition.ts'
import type { SourceId } from '../../port.ts'
import type { Connection } from '../connection.ts'

/** Definitions that one call states, kept together so that each activity's is merged and written once. */
export function createStated() {
  const stated = new Map<string, { source: SourceId; activity: string; texts: string[] }>()
  return {
    add(source: SourceId, activity: string, text: string): void {
      const key = `${source} ${activity}`
      const known = stated.get(key)
      if (known) known.texts.push(text)
      else stated.set(key, { source, activity, texts: [text] })
    },
    define(db: Connection): void {
      for (const { source, activity, texts } of stated.values()) define(db, source, activity, texts)
    },
  }
}

/** An unchanged definition costs no write. */
function define(db: Connection, source: SourceId, activity: string, texts: readonly string[]): void {
  const there = db.row<{ no: number; text: string }>(
    'SELECT no, text FROM definition WHERE activity = ? AND source = ?',
    activity,
    source,
  )
  const merged = there ? mergeDefinition(there.text, texts) : mergeDefinition(texts[0]!, texts.slice(1))
  if (!there)
    db.run('INSERT INTO definition (activity, source, text) VALUES (?, ?, ?)', activity, source, merged)
  else if (there.text !== merged) db.run('UPDATE definition SET text = ? WHERE no = ?', merged, there.no)
}
