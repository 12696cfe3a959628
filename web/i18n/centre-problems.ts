import type { Problem } from '../../lrs/index.ts'
import { CLASS_LIMITS, MOST_PURPOSE_WORDS, MOST_WORDS } from '../../profiles/index.ts'
import type { FieldError } from '../components/field.ts'
import type { View } from '../view.ts'
import { access } from './messages/access.ts'
import { centre } from './messages/centre.ts'
import { confirmations } from './messages/confirmations.ts'

const PURPOSE_WORDS = {
  'purpose-missing': 'purposeMissing',
  'purpose-words-missing': 'wordsMissing',
  'purpose-words-long': 'wordsLong',
  'purpose-words-bad': 'wordsBad',
  'purpose-words-number': 'wordsNumber',
} as const

const CENTRE_WORDS = {
  'search-short': 'searchShort',
  'search-number': 'searchNumber',
  'search-many': 'searchMany',
  'person-code-wrong': 'codeWrong',
  'person-code-many': 'codeMany',
  'confirm-gone': 'gone',
  'confirm-own': 'own',
  'confirm-original': 'originalMissing',
  'confirm-reason-missing': 'reasonMissing',
  'confirm-reason-long': 'reasonLong',
  'confirm-reason-bad': 'reasonBad',
  'confirm-reason-number': 'reasonNumber',
  'confirmation-unknown': 'alreadyWithdrawn',
  'request-unknown': 'requestGone',
  'class-bad': 'classBad',
  'class-number': 'classNumber',
  'class-name-missing': 'classNameMissing',
  'class-name-long': 'classTooLong',
  'class-place-long': 'classTooLong',
  'class-topic-unknown': 'classTopicUnknown',
  'class-day-wrong': 'classDayWrong',
  'class-begin-wrong': 'classBeginWrong',
  'class-minutes-wrong': 'classMinutesWrong',
  'class-many': 'classMany',
  'class-early': 'classEarly',
  'class-entered': 'classEntered',
} as const

const MAX: Readonly<Record<string, number>> = {
  'class-name-long': CLASS_LIMITS.name,
  'class-place-long': CLASS_LIMITS.place,
  'class-minutes-wrong': CLASS_LIMITS.minutes,
  'class-many': CLASS_LIMITS.people,
}

/** A refusal of what centre staff do, in the reader's words; its own English where there are none. */
export function explainCentreProblem(view: View, { id, message }: Problem): string {
  const purpose = PURPOSE_WORDS[id as keyof typeof PURPOSE_WORDS]
  if (purpose) return view.say(access)(purpose, { max: MOST_PURPOSE_WORDS })
  const key = CENTRE_WORDS[id as keyof typeof CENTRE_WORDS]
  return key ? view.say(centre)(key, { max: MAX[id] ?? MOST_WORDS }) : message
}

/** Each beside the field that it speaks of, else beside `otherwise`. */
export function centreErrors(view: View, problems: readonly Problem[], otherwise: string): FieldError[] {
  return problems.map((problem) => ({
    field: problem.path ?? otherwise,
    message: explainCentreProblem(view, problem),
  }))
}

const ASK_WORDS = {
  'confirm-gone': 'gone',
  'organisation-unknown': 'chooseMissing',
  'organisation-closed': 'closed',
  'request-nobody': 'nobody',
  'request-confirmed': 'already',
  'request-many': 'many',
  'confirm-reason-long': 'wordsLong',
  'confirm-reason-bad': 'wordsBad',
  'confirm-reason-number': 'wordsNumber',
} as const

/** A refusal of a request, in the words of who asked. */
export function explainRequestProblem(view: View, { id, message }: Problem): string {
  const key = ASK_WORDS[id as keyof typeof ASK_WORDS]
  return key ? view.say(confirmations)(key, { max: MOST_WORDS }) : message
}
