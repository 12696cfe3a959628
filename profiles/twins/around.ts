import type { Doc } from '../../lrs/index.ts'
import type { LineDocument } from '../projection/documents.ts'
import type { Tally } from '../projection/tally.ts'
import { localDay } from '../projection/time.ts'
import type { PersonId } from '../types.ts'
import { TWINS } from './rules.ts'

/** What a line was; nothing where an earlier version of the product wrote it, which looked for no other. */
export function before(doc: Doc<LineDocument> | null): Tally | null {
  const tally = doc?.value.tally
  return tally?.registration === undefined || tally.days === undefined ? null : tally
}

export const placeOf = (tally: Tally | null) => tally?.at ?? null
export const isThere = (tally: Tally | null) => placeOf(tally) !== null

/** Local days of a time and of those so close to it that it may be the same. */
export const daysOf = (at: number) => [
  ...new Set([localDay(at - TWINS.within), localDay(at), localDay(at + TWINS.within)]),
]

export function daysAround({ person, at }: Tally): { person: PersonId; day: number }[] {
  return at === null ? [] : daysOf(at).map((day) => ({ person, day }))
}
