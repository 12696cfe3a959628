import { mergeDefinition } from '../../definition.ts'
import type { SourceId } from '../../port.ts'
import type { Connection } from '../connection.ts'
import type { WriteContext } from './context.ts'

/** Definitions that one call states, kept together so that each activity's is merged and written once. */
export function createStated() {
  const stated = new Map<SourceId, Map<string, string[]>>()
  return {
    add(source: SourceId, activity: string, text: string): void {
      const activities = stated.get(source) ?? new Map<string, string[]>()
      stated.set(source, activities)
      const texts = activities.get(activity)
      if (!texts) activities.set(activity, [text])
      else if (texts.at(-1) !== text) texts.push(text)
    },
    define(context: WriteContext): void {
      for (const [source, activities] of stated) {
        for (const [activity, texts] of activities) define(context, { source, activity, texts })
      }
    },
  }
}

/** What was stated last by a source for an activity, where all of it is in the merged definition. */
function lastStated(db: Connection): Map<string, string> {
  let stated = db.memory.get('stated') as Map<string, string> | undefined
  if (!stated || stated.size > REMEMBERED) {
    stated = new Map()
    db.memory.set('stated', stated)
  }
  return stated
}
const REMEMBERED = 5_000
/** A longer text is not worth the memory. */
const MAX_REMEMBERED = 2_000

/** An unchanged definition costs no write, and nearly always no reading. */
function define(
  { db, onRollback }: WriteContext,
  { source, activity, texts }: { source: SourceId; activity: string; texts: readonly string[] },
): void {
  const known = lastStated(db)
  const key = `${source} ${activity}`
  const last = texts.at(-1)!
  if (texts.length === 1 && known.get(key) === last) return
  if (last.length <= MAX_REMEMBERED) {
    known.set(key, last)
    onRollback(() => known.delete(key))
  } else known.delete(key)
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
