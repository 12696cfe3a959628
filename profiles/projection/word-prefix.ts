import type { Collections, Found } from '../../lrs/index.ts'
import type { PersonId } from '../types.ts'
import { LINES, type LineDocument } from './documents.ts'
import { wordTerm } from './terms.ts'

/** Words that a beginning may stand for; of more it is asked of each line. */
const MOST_WORDS = 12
/** Stands behind every letter. */
const BEHIND = '\u{10ffff}'

/**
 * The terms of words on a person's lines that begin so, at the cost of one look each: the index is asked for the next
 * word behind the last one. Null: more than MOST_WORDS.
 */
export async function termsBeginning(
  collections: Collections,
  person: PersonId,
  beginning: string,
): Promise<string[] | null> {
  const prefix = wordTerm(beginning)
  const found: string[] = []
  for (let bound: { gte: string } | { gt: string } = { gte: prefix }; ; ) {
    const page: Found<LineDocument> = await collections.find(LINES, {
      index: 'term',
      equals: { visibleTo: person },
      range: { ...bound, lt: prefix + BEHIND },
      limit: 1,
    })
    const last = found.at(-1)
    const [next]: string[] = (page.docs[0]?.value.terms ?? [])
      .filter((term) => term.startsWith(prefix) && (last === undefined || term > last))
      .sort()
    if (next === undefined) return found
    if (found.length === MOST_WORDS) return null
    found.push(next)
    bound = { gt: next }
  }
}
