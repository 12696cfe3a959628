import type { Told } from './told.ts'

/**
 * The sum of what an attempt's statements say. Adding is idempotent and commutative (minima, maxima, the first and the
 * last in order of time and id), so that the same statement twice changes nothing and the order of arrival does not matter.
 */
export interface AttemptSum {
  lesson: string
  version: number
  learner: string
  first: number
  last: number
  completed: boolean
  /** The latest verdict on the whole. */
  success: (Mark & { value: boolean }) | null
  /** The latest score of the whole, from 0 to 1. */
  score: (Mark & { value: number }) | null
  /** Longest time stated for the whole, seconds. */
  seconds: number | null
  /** The first answer to each question: later ones come after its feedback. */
  answers: Record<string, Answer>
}
export interface Mark {
  at: number
  id: string
}
export interface Answer extends Mark {
  success: boolean | null
  scaled: number | null
  response: string | null
}

const ADL = 'http://adlnet.gov/expapi/verbs/'
const VERDICTS = new Set([`${ADL}passed`, `${ADL}failed`, `${ADL}completed`, `${ADL}answered`])
const MOST_ANSWERS = 200
const LONGEST_RESPONSE = 200

export function addTold(before: AttemptSum | null, told: Told): AttemptSum {
  const { lesson, version, learner, at, id } = told
  const sum = before ?? {
    lesson,
    version,
    learner,
    first: at,
    last: at,
    completed: false,
    success: null,
    score: null,
    seconds: null,
    answers: {},
  }
  const whole = told.part === '' && VERDICTS.has(told.verb)
  return {
    ...sum,
    learner,
    first: Math.min(sum.first, at),
    last: Math.max(sum.last, at),
    completed: sum.completed || (told.part === '' && told.verb === `${ADL}completed`),
    success:
      whole && told.success !== null ? later(sum.success, { at, id, value: told.success }) : sum.success,
    score: whole && told.scaled !== null ? later(sum.score, { at, id, value: told.scaled }) : sum.score,
    seconds:
      told.part === '' && told.seconds !== null ? Math.max(sum.seconds ?? 0, told.seconds) : sum.seconds,
    answers: told.verb === `${ADL}answered` ? withAnswer(sum.answers, told) : sum.answers,
  }
}

function withAnswer(answers: AttemptSum['answers'], told: Told): AttemptSum['answers'] {
  const { part, at, id, success, scaled } = told
  const response = told.response === null ? null : told.response.slice(0, LONGEST_RESPONSE)
  const answer: Answer = { at, id, success, scaled, response }
  const held = Object.hasOwn(answers, part) ? answers[part]! : null
  if (!held && Object.keys(answers).length >= MOST_ANSWERS) return answers
  return held && !isBefore(answer, held) ? answers : { ...answers, [part]: answer }
}

const isBefore = (a: Mark, b: Mark) => a.at < b.at || (a.at === b.at && a.id < b.id)
const later = <T extends Mark>(held: T | null, other: T): T => (held && isBefore(other, held) ? held : other)
