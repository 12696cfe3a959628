import { ADL } from '../bridge/names.ts'
import type { Heard } from '../bridge.ts'
import type { Points } from '../score/question.ts'
import { type Questions, totalOf } from '../score/questions.ts'
import type { Completion } from '../types.ts'

/** After so long without an event an attempt is left, ms. */
export const IDLE = 30 * 60 * 1000
const MOST_CLAIMS = 20

/** What a page said of the lesson as a whole. */
export interface Claim {
  /** The verb's last word, or its IRI. */
  verb: string
  at: number
  score?: Record<string, number>
  success?: boolean
  ended?: boolean
}

/** The score of a server's statement, and whose it is. */
export interface Verdict {
  score: Points | Record<string, number> | null
  /** The browser claims the score, or that the lesson came to its end. */
  claimed: boolean
  claims: Claim[]
  /** Learning time until then, gaps longer than `IDLE` aside; ms. */
  active: number
  at: number
}

/** How an attempt went so far, and what the server says of it. Only ever grows; what was said stays. */
export interface Course {
  /** Time of the latest event. */
  last: number
  active: number
  /** Points of the last answer to each known question; null: answered, and not scored. */
  answers: Record<string, number | null>
  page: number
  /** Chapters that were read, where a book tells them one by one. */
  read?: string[]
  claims: Claim[]
  completed?: Verdict
  passed?: Verdict
  failed?: Verdict
  /** With `at` of the last event before it. */
  terminated?: Verdict
  /** The learner pressed "Tôi đã học xong". */
  declared?: true
}

export interface Rules {
  completion: Completion
  questions: Questions
  /** Pages of the lesson, where its type has a known number of them; 0: not known. */
  pages: number
  /** Sub-content ids of its chapters, where it has any. */
  chapters?: ReadonlySet<string>
}

export function newCourse(started: number): Course {
  return { last: started, active: 0, answers: {}, page: 0, claims: [] }
}

/** The course after an event. */
export function advance(course: Course, heard: Heard, rules: Rules): Course {
  const next: Course = { ...course, ...moved(course, heard.at) }
  const { part, points } = heard
  if (points !== undefined && part !== null && rules.questions.all.has(part))
    if (!Object.hasOwn(course.answers, part) || course.answers[part] !== points)
      next.answers = { ...course.answers, [part]: points }
  if (heard.page !== undefined) next.page = Math.max(course.page, heard.page)
  const chapter = chapterOf(heard, rules)
  if (chapter !== null && course.page < rules.pages && !course.read?.includes(chapter)) {
    next.read = [...(course.read ?? []), chapter]
    next.page = Math.max(next.page, next.read.length)
  }
  if (heard.part === null || heard.ended) {
    const { at, score, success, ended } = heard
    const verb = heard.verb.startsWith(ADL) ? heard.verb.slice(ADL.length) : heard.verb
    const claim = {
      verb,
      at,
      ...(score && { score }),
      ...(success !== undefined && { success }),
      ...(ended && { ended }),
    }
    if (ended || score || success !== undefined) next.claims = [...course.claims, claim].slice(-MOST_CLAIMS)
  }
  return judged(next, rules)
}

/** The chapter that was read; what a book says of itself names none, and is one of its own. */
function chapterOf({ verb, part, at, chapter }: Heard, { chapters }: Rules): string | null {
  if (!chapters?.size) return null
  if (chapter) return `at ${at}`
  return verb === `${ADL}completed` && part !== null && chapters.has(part) ? part : null
}

/** An event that says nothing of how it goes. */
export const touch = (course: Course, at: number): Course => ({ ...course, ...moved(course, at) })

/** The answers of an assessed attempt, all at once; nothing but the server's own scoring counts. */
export function assess(
  course: Course,
  score: Points,
  { passed, at }: { passed: boolean; at: number },
): Course {
  const next = touch(course, at)
  const verdict: Verdict = { score, claimed: false, claims: [], active: next.active, at }
  return { ...next, completed: verdict, [passed ? 'passed' : 'failed']: verdict }
}

/** The learner says that it is done; counts where that is the rule. */
export function declare(course: Course, rules: Rules, at: number): Course {
  if (rules.completion.by !== 'learner' || course.completed) return course
  const next: Course = { ...course, ...moved(course, at), declared: true }
  return { ...next, completed: { ...verdictOf(next, rules), score: null, claimed: false } }
}

/** The attempt was left. Where a score had to be reached, and the lesson came to its end without it, that was no pass. */
export function leave(course: Course, rules: Rules): Course {
  const verdict = verdictOf(course, rules)
  const failed =
    rules.completion.by === 'score' && !course.passed && !course.failed && hasEnded(course, rules)
  if (course.terminated && !failed) return course
  return {
    ...course,
    ...(failed && { failed: verdict }),
    terminated: course.terminated ?? { ...verdict, score: null, claimed: false },
  }
}

/** Whether nothing more can come of it, so that the next opening begins anew. */
export const isOver = (course: Course): boolean => Boolean(course.completed ?? course.failed)

function moved({ last, active }: Course, at: number): Pick<Course, 'last' | 'active'> {
  const gap = at - last
  return { last: Math.max(last, at), active: active + (gap > 0 && gap < IDLE ? gap : 0) }
}

function judged(course: Course, rules: Rules): Course {
  if (course.completed || course.failed || !isComplete(course, rules)) return course
  const verdict = verdictOf(course, rules)
  return { ...course, completed: verdict, ...(rules.completion.by === 'score' && { passed: verdict }) }
}

function isComplete(course: Course, rules: Rules): boolean {
  const { completion, pages } = rules
  switch (completion.by) {
    case 'answered':
      return allAnswered(course, rules)
    case 'score': {
      const { score } = verdictOf(course, rules)
      return score !== null && 100 * shareOf(score) >= completion.percent - 1e-9
    }
    case 'last-page':
      // Who opens a single page has not read it.
      return pages > 1 ? course.page >= pages : claimsEnd(course)
    case 'learner':
      return false
  }
}

const claimsEnd = ({ claims }: Course) => claims.some(({ ended }) => ended)

function allAnswered(course: Course, { questions }: Rules): boolean {
  if (questions.asked === 0) return claimsEnd(course)
  return Object.keys(course.answers).length >= questions.asked
}

function hasEnded(course: Course, rules: Rules): boolean {
  return claimsEnd(course) || (rules.questions.asked > 0 && allAnswered(course, rules))
}

function verdictOf(course: Course, { completion, questions }: Rules): Verdict {
  const { last, active, claims, answers } = course
  const own = totalOf(questions, new Map(Object.entries(answers)))
  const claim = claims.findLast(({ score }) => score)?.score
  // Who only read has no score, and not one of zero.
  const scored = Object.keys(answers).length > 0 || claim !== undefined
  const rests = completion.by === 'last-page' || (completion.by === 'answered' && questions.asked === 0)
  return {
    score: scored ? (own ?? claim ?? null) : null,
    claimed: rests || (scored && own === null),
    claims,
    active,
    at: last,
  }
}

function shareOf(score: Points | Record<string, number>): number {
  const { scaled, raw = 0, max = 0 } = score as { scaled?: number; raw?: number; max?: number }
  return scaled ?? (max > 0 ? raw / max : 0)
}
