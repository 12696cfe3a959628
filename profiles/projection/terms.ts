import { foldedWords } from '../../lrs/index.ts'
import { coursesOf, keysOf } from '../courses/names.ts'
import type { Class } from '../mapping/classify.ts'
import type { LineTwins } from '../twins/tellers.ts'
import type { RecordLine } from '../types.ts'
import type { Tally } from './tally.ts'
import { verbRule } from './verbs.ts'

/** Words of a line's names that it is found by, and characters of each. */
const MOST_WORDS = 24
const MOST_CHARACTERS = 24

/** What a line is found by: its topic, kind, H and level, each of its sources, and the words of its names. */
export function termsOf(
  line: Pick<RecordLine, 'activity' | 'source' | 'level' | 'tellers' | 'verb' | 'completed' | 'success'>,
  { topic, kind, h }: Class,
): string[] {
  const { activity, source, level, tellers = [] } = line
  const sources = new Set([source, ...tellers.map((teller) => teller.source)])
  const names = [activity, ...tellers.map((teller) => teller.activity)].flatMap(({ name }) =>
    Object.values(name),
  )
  const words = foldedWords(names.join(' ')).map(wordTerm)
  return [
    ...Object.entries({ topic, kind, h, level }).map(([name, value]) => term(name as Named, value)),
    ...[...sources].map((each) => term('source', each)),
    ...new Set(words.slice(0, MOST_WORDS)),
    ...(goesOn(line) ? [GOING_ON] : []),
  ]
}

/** Of a line that was begun, and of which nothing says that it came to an end. */
export const GOING_ON = 'going-on'
export const goesOn = ({ verb, completed, success }: Pick<RecordLine, 'verb' | 'completed' | 'success'>) =>
  verbRule(verb.id).begins === true && !completed && success === null

/** What a line goes by as a course, and the courses that it belongs to; with those of all who tell of it. */
export function placeTerms(tally: Tally, tellers: LineTwins['tellers'] = []): string[] {
  const own = { names: keysOf(tally), courses: coursesOf(tally) }
  const all = [own, ...tellers]
  const terms = all.flatMap(({ names, courses }) => [
    ...(names ?? []).map(courseTerm),
    ...(courses ?? []).map(partTerm),
  ])
  return [...new Set(terms)]
}

export const courseTerm = (key: string) => `is:${key}`
export const partTerm = (key: string) => `in:${key}`

type Named = 'topic' | 'kind' | 'h' | 'source' | 'level'
/** `null` finds what no table names. */
export const term = (name: Named, value: string | null) => `${name}:${value ?? ''}`
export const wordTerm = (word: string) => `w:${word.slice(0, MOST_CHARACTERS)}`
