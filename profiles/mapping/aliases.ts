import type { Rule } from './tables.ts'

/** Activities that are one thing. */
export const MOST_SAME = 50

/** The activities that are the same as one, itself among them, in order; for nearly all it is alone. */
export type SameAs = (activity: string) => readonly string[]

/** Follows the rows that say that two activities are the same, in both directions and over any number of rows. */
export function aliasesOf(rules: readonly Rule[]): SameAs {
  const groups = new Map<string, readonly string[]>()
  for (const { tells, iri, is } of rules) {
    if (tells !== 'same') continue
    const all = [...new Set([...(groups.get(iri) ?? [iri]), ...(groups.get(is) ?? [is])])].sort()
    for (const each of all) groups.set(each, all)
  }
  return (activity) => groups.get(activity) ?? [activity]
}
