type Members = Record<string, unknown>
const LANGUAGE_MAPS = ['name', 'description'] as const

/**
 * One source's definition of an activity after it stated another: the newer one holds, the languages that only the
 * older one had stay (1.0.3 Data 2.4.4.1, Communication 2.5). Both and the result are JSON text of an object. The
 * result is one of the two texts wherever that says it all, so that what does not change is not written.
 */
export function mergeDefinition(older: string, newer: string): string {
  if (older === newer) return older
  const before = JSON.parse(older) as Members
  const after = JSON.parse(newer) as Members
  const merged: Members = { ...before, ...after }
  for (const name of LANGUAGE_MAPS) {
    if (isMembers(before[name]) && isMembers(after[name])) merged[name] = { ...before[name], ...after[name] }
  }
  const text = JSON.stringify(merged)
  if (sameMembers(merged, before)) return older
  return sameMembers(merged, after) ? newer : text
}

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Whether two JSON values say the same; the order of members says nothing. */
function sameMembers(one: unknown, other: unknown): boolean {
  if (one === other) return true
  if (Array.isArray(one) || Array.isArray(other)) {
    if (!Array.isArray(one) || !Array.isArray(other) || one.length !== other.length) return false
    return one.every((item, at) => sameMembers(item, other[at]))
  }
  if (!isMembers(one) || !isMembers(other)) return false
  const names = Object.keys(one)
  if (names.length !== Object.keys(other).length) return false
  return names.every((name) => Object.hasOwn(other, name) && sameMembers(one[name], other[name]))
}
