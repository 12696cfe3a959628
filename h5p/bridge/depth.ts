/** The record store takes 64 levels; a statement wraps what an event holds in a few more. */
const DEEPEST = 48

/** Whether arrays and objects stand in each other deeper than may be recorded. Without recursion: JSON of 1 MB can nest 500,000 levels. */
export function isTooDeep(value: unknown): boolean {
  let level = [value]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) return true
    level = level.flatMap((each) => (typeof each === 'object' && each !== null ? Object.values(each) : []))
  }
  return false
}
