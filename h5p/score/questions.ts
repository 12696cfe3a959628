import { isRecord } from '../bridge/result.ts'
import { blanks, dragText } from './blanks.ts'
import { multiChoice, singleChoices, trueFalse } from './choices.ts'
import { OWN_QUESTIONS } from './own.ts'
import { ONLY, type Points, type Question, unscored } from './question.ts'

export interface Questions {
  /** By sub-content id. */
  all: ReadonlyMap<string, Question>
  /** So many of them are put to a learner (a set may draw some of its pool); 0: none that is known. */
  asked: number
}

type Read = (id: string, library: string, parameters: Record<string, unknown>) => Question | Question[]

const TYPES: Record<string, Read> = {
  ...OWN_QUESTIONS,
  'H5P.MultiChoice': multiChoice,
  'H5P.TrueFalse': trueFalse,
  'H5P.Blanks': blanks,
  'H5P.DragText': dragText,
  'H5P.SingleChoiceSet': (_id, library, parameters) => singleChoices(library, parameters),
}
/** Types that say `answered` too, by rules that are not known here. */
const UNSCORED = new Set(
  [
    'ArithmeticQuiz',
    'Crossword',
    'Dictation',
    'DragQuestion',
    'Essay',
    'ImageMultipleHotspotQuestion',
    'MarkTheWords',
    'SortParagraphs',
  ].map((name) => `H5P.${name}`),
)
/** Deeper than any editor nests, and well below what ends a recursion. */
const DEEPEST = 60

/** The questions that content of this main library (machine name) holds, wherever they are nested. */
export function questionsOf(library: string, parameters: unknown): Questions {
  const all = new Map<string, Question>()
  const add = (id: string, of: string, given: unknown) => {
    if (!isRecord(given)) return
    const read = Object.hasOwn(TYPES, of) ? TYPES[of]! : UNSCORED.has(of) ? unscored : null
    for (const question of read ? [read(id, of, given)].flat() : [])
      if (!all.has(question.id)) all.set(question.id, question)
  }
  add(ONLY, library, parameters)
  walk(parameters, 0, (part) => {
    const name = /^([\w.]+) \d+\.\d+$/.exec(String(part.library))?.[1]
    if (name && typeof part.subContentId === 'string') add(part.subContentId, name, part.params)
  })
  return { all, asked: Math.min(all.size, poolOf(library, parameters) ?? all.size) }
}

function walk(value: unknown, depth: number, found: (part: Record<string, unknown>) => void): void {
  if (depth > DEEPEST || typeof value !== 'object' || value === null) return
  if (isRecord(value) && typeof value.library === 'string') found(value)
  for (const each of Object.values(value)) walk(each, depth + 1, found)
}

/** How many pages content has, where its type tells which one is reached; 0: not known. */
export function pagesOf(library: string, parameters: unknown): number {
  if (!isRecord(parameters)) return 0
  const presentation = isRecord(parameters.presentation) ? parameters.presentation : {}
  const pages = {
    'SuotDoi.Lesson': parameters.pages,
    'H5P.CoursePresentation': presentation.slides,
    'H5P.InteractiveBook': parameters.chapters,
  }[library]
  return Array.isArray(pages) ? pages.length : 0
}

/** Parts that are pages by themselves, whose ends are told one by one: the chapters of a book, by sub-content id. */
export function chaptersOf(library: string, parameters: unknown): ReadonlySet<string> {
  const chapters = library === 'H5P.InteractiveBook' && isRecord(parameters) ? parameters.chapters : []
  const ids = Array.isArray(chapters) ? chapters.filter(isRecord).map(({ subContentId }) => subContentId) : []
  return new Set(ids.filter((id) => typeof id === 'string'))
}

/** H5P.QuestionSet shows so many of its questions where its author says so. */
function poolOf(library: string, parameters: unknown): number | null {
  if (library !== 'H5P.QuestionSet' || !isRecord(parameters)) return null
  const { poolSize } = parameters
  return typeof poolSize === 'number' && poolSize > 0 ? poolSize : null
}

/**
 * What the answers given are worth together, by the server's own scoring; null while the points of one of the questions
 * asked cannot be known. A question that was not answered counts with none of its points.
 */
export function totalOf(
  { all, asked }: Questions,
  answers: ReadonlyMap<string, number | null>,
): Points | null {
  if (asked === 0) return null
  // Of a pool only those that were answered are known to have been asked.
  const counted =
    asked < all.size ? [...answers.keys()].flatMap((id) => all.get(id) ?? []) : [...all.values()]
  if (counted.length < asked) return null
  let raw = 0
  let max = 0
  for (const { id, max: most } of counted) {
    const points = answers.has(id) ? answers.get(id)! : 0
    if (most === null || points === null) return null
    raw += points
    max += most
  }
  return max > 0 ? { raw, max } : null
}
