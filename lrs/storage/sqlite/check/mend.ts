import type { CheckOptions } from '../../port.ts'
import type { Database } from '../database.ts'
import type { Look } from '../operations/check.ts'
import { DOCUMENTS, RECORD } from './check.ts'

/** Puts the store's own indexes right in steps between the writers' commits. See Storage.mend. */
export async function mendDatabase(
  database: Pick<Database, 'read' | 'write'>,
  isTenant: boolean,
  { progress }: Pick<CheckOptions, 'progress'>,
): Promise<number> {
  const { statements, documents } = await database.read('check.extent')
  const total = statements + documents
  let done = 0
  let mended = 0
  // What is missing first: what hangs on nothing is told from what is there.
  for (const first of isTenant ? [...RECORD, ...DOCUMENTS] : DOCUMENTS) {
    for (let look: Look | null = first; look !== null; ) {
      const step: { mended: number; next: unknown } = await database.write('check.mend', look)
      mended += step.mended
      if (look.at === 'statements' || look.at === 'documents') {
        done = Math.min(total, done + look.limit)
        progress?.(done, total)
      }
      look = step.next === null ? null : ({ ...look, after: step.next } as Look)
    }
  }
  return mended
}
