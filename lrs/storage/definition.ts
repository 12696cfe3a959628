type Members = Record<string, unknown>
const LANGUAGE_MAPS = ['name', 'description'] as const

/**
 * Beyond so many characters together nothing is kept of the older ones: a source that gives an activity ever more
 * languages or extensions would make all writers wait for the merging.
 */
const MOST = 250_000

/**
 * One source's definition of an activity after it stated others, in this order: the newer one holds, the languages that
 * only an older one had stay (1.0.3 Data 2.4.4.1, Communication 2.5). All and the result are JSON text of an object. The
 * result is the older text or the last one wherever that says it all, so that what does not change is not written.
 */
export function mergeDefinition(older: string, newer: readonly string[]): string {
  const last = newer.at(-1) ?? older
  if (newer.every((text) => text === older)) return older
  let merged = JSON.parse(older) as Members
  let size = older.length
  let before = older
  for (const text of newer) {
    if (text === before) continue
    before = text
    const stated = JSON.parse(text) as Members
    size += text.length
    merged = size > MOST ? stated : { ...merged, ...stated, ...mergeLanguages(merged, stated) }
    if (merged === stated) size = text.length
  }
  if (sameMembers(merged, JSON.parse(older))) return older
  return sameMembers(merged, JSON.parse(last)) ? last : JSON.stringify(merged)
}

/** The language maps that both have. They are added to in place, for there may be very many languages. */
function mergeLanguages(merged: Members, stated: Members): Members {
  const maps: Members = {}
  for (const name of LANGUAGE_MAPS) {
    const [to, from] = [merged[name], stated[name]]
    if (isMembers(to) && isMembers(from)) maps[name] = Object.assign(to, from)
  }
  return maps
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
