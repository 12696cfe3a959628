import { parseLibrary } from '../library/names.ts'
import { OWN_TYPES } from '../own-types.ts'

/** Types of our own that ask nothing. */
const ASKS_NOTHING = new Set(['SuotDoi.Text'])

/** Whether a lesson of this main library can be assessed: only what the server itself scores, with the answers kept back. */
export function canAssess(library: string): boolean {
  const type = parseLibrary(library)?.machineName ?? ''
  return Object.hasOwn(OWN_TYPES, type) && !ASKS_NOTHING.has(type)
}
