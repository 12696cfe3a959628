/**
 * How a lesson of the product was taken, by the categories that its bridge sets (docs/h5p-xapi.md). They count from the
 * product alone: anybody may write them.
 */
export type Taken = 'practice' | 'assessed'

const CATEGORIES = 'https://w3id.org/suotdoi/xapi/categories'
const ASSESSED = `${CATEGORIES}/assessed`
const SELF_DECLARED = `${CATEGORIES}/self-declared`
/** What a browser claims is practice: nobody saw that the answers were the learner's own. */
const PRACTICE = [`${CATEGORIES}/practice`, `${CATEGORIES}/browser-claim`]

export interface Marks {
  taken?: Taken
  /** Nobody but the learner says so. */
  declared: boolean
}
export const NO_MARKS: Marks = { declared: false }

export function marksOf(categories: { id: string } | readonly { id: string }[] = []): Marks {
  const ids = new Set([categories].flat().map(({ id }) => id))
  const declared = ids.has(SELF_DECLARED)
  if (PRACTICE.some((id) => ids.has(id))) return { taken: 'practice', declared }
  return ids.has(ASSESSED) ? { taken: 'assessed', declared } : { declared }
}
