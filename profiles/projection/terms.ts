import { foldedWords } from '../../lrs/index.ts'
import type { Class } from '../mapping/classify.ts'
import type { RecordLine } from '../types.ts'

/** Words of a line's names that it is found by, and characters of each. */
const MOST_WORDS = 24
const MOST_CHARACTERS = 24

/** What a line is found by: its topic, kind, H and level, each of its sources, and the words of its names. */
export function termsOf(
  { activity, source, level, tellers = [] }: Pick<RecordLine, 'activity' | 'source' | 'level' | 'tellers'>,
  { topic, kind, h }: Class,
): string[] {
  const sources = new Set([source, ...tellers.map((teller) => teller.source)])
  const names = [activity, ...tellers.map((teller) => teller.activity)].flatMap(({ name }) =>
    Object.values(name),
  )
  const words = foldedWords(names.join(' ')).map(wordTerm)
  return [
    ...Object.entries({ topic, kind, h, level }).map(([name, value]) => term(name as Named, value)),
    ...[...sources].map((each) => term('source', each)),
    ...new Set(words.slice(0, MOST_WORDS)),
  ]
}

type Named = 'topic' | 'kind' | 'h' | 'source' | 'level'
/** `null` finds what no table names. */
export const term = (name: Named, value: string | null) => `${name}:${value ?? ''}`
export const wordTerm = (word: string) => `w:${word.slice(0, MOST_CHARACTERS)}`
