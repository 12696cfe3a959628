import type { Problem, Refusal } from '../../lrs/index.ts'
import type { Submission } from '../bridge/answers.ts'
import { digestOf } from '../bridge/ids.ts'
import { isRecord } from '../bridge/result.ts'
import { type AttemptRecord, attempts } from '../collections.ts'
import { finishedOf } from '../content/user-data.ts'
import { problem, refusal } from '../problems.ts'
import { aliasedResponse, originalResponse } from '../score/for-learner.ts'
import type { Points } from '../score/question.ts'
import { type Questions, totalOf } from '../score/questions.ts'
import { countAttempts } from './attempts.ts'
import { assess, type Rules } from './course.ts'
import { replacing, withCourse } from './receive.ts'
import { type AttemptDeps, courseOf, type Opened, rulesOf, tell } from './tell.ts'

const MOST_ANSWERS = 500
const LONGEST = 20_000

/** How an assessed attempt went, for the page that shows it. All texts are plain. */
export interface Handed {
  score: Points
  passed: boolean
  passPercent: number
  /** Further attempts that the learner has. */
  left: number
  questions: {
    id: string
    points: number
    max: number
    /** In the ids that the page knows. */
    response: string
    text: string
    /** The right answer in words; of true or false `true` or `false`. */
    right: string
    explanation: string
    feedback: string[]
  }[]
}

/**
 * Takes the answers of an assessed attempt (responses by sub-content id, `0` for a lesson that is one question) and says
 * how it went. It is done once: the same answers again get the same result, others are refused.
 */
export async function handIn(deps: AttemptDeps, opened: Opened, given: unknown): Promise<Handed | Refusal> {
  const { mode } = opened.attempt
  if (mode.kind !== 'assessed') return refusal(NOT_ASSESSED)
  const rules = await rulesOf(deps, opened)
  const answers = readAnswers(given, rules.questions)
  if (!answers) return noted(deps, problem('h5p-answers-invalid', 400, 'Give responses by question'))
  const hash = digestOf(answers)
  while (true) {
    const doc = await deps.collections.get(attempts, opened.attempt.id)
    if (!doc) return refusal(GONE)
    const attempt = doc.value
    if (attempt.submission) {
      if (attempt.submission.hash !== hash) return noted(deps, CHANGED)
      await tell(deps, { ...opened, attempt }, rules)
      return handed(deps, attempt, rules)
    }
    const next = judged(attempt, { hash, at: deps.now(), answers }, rules)
    const written = await deps.collections.batch([
      replacing(next, doc.revision),
      ...finishedOf(attempt, next),
    ])
    if (!written.ok) continue
    await tell(deps, { ...opened, attempt: next }, rules)
    return handed(deps, next, rules)
  }
}

/** What the record store takes as a text: what it refuses could never be told. */
const isText = (response: string) =>
  response.length <= LONGEST && response.isWellFormed() && !response.includes('\0')

/** Null: no answers, or to questions that were not asked. */
function readAnswers(given: unknown, { all }: Questions): Record<string, string> | null {
  if (!isRecord(given)) return null
  const answers = Object.entries(given)
  const valid = answers.every(
    ([id, response]) => all.has(id) && typeof response === 'string' && isText(response),
  )
  return valid && answers.length <= MOST_ANSWERS ? (given as Record<string, string>) : null
}

function judged(attempt: AttemptRecord, given: Submission, rules: Rules): AttemptRecord {
  const { all } = rules.questions
  const answers = Object.fromEntries(
    Object.entries(given.answers).map(([id, response]) => [
      id,
      originalResponse(all.get(id)!, attempt.seed ?? '', response),
    ]),
  )
  const score = scoreOf(answers, rules)
  const course = assess(courseOf(attempt), score, { passed: isPass(score, attempt), at: given.at })
  return withCourse({ ...attempt, submission: { ...given, answers } }, course, given.at)
}

function scoreOf(answers: Record<string, string>, { questions }: Rules): Points {
  const points = Object.entries(answers).map(([id, response]): [string, number] => [
    id,
    // A response that is none of the question's own is worth nothing.
    questions.all.get(id)?.score(response) ?? 0,
  ])
  return totalOf(questions, new Map(points)) ?? { raw: 0, max: 0 }
}

function isPass({ raw, max }: Points, { mode }: AttemptRecord): boolean {
  return mode.kind === 'assessed' && max > 0 && 100 * raw >= mode.passPercent * max - 1e-9
}

async function handed(deps: AttemptDeps, attempt: AttemptRecord, rules: Rules): Promise<Handed> {
  const { submission, mode, lesson, person, version, seed = '' } = attempt
  if (!submission || mode.kind !== 'assessed') throw new Error('Nothing was handed in')
  const score = scoreOf(submission.answers, rules)
  const used = attempt.preview ? 0 : await countAttempts(deps.collections, lesson, person, version)
  return {
    score,
    passed: isPass(score, attempt),
    passPercent: mode.passPercent,
    left: Math.max(0, mode.attempts - used),
    questions: [...rules.questions.all.values()].map((question) => {
      const response = submission.answers[question.id] ?? ''
      return {
        id: question.id,
        points: question.score(response) ?? 0,
        max: question.max ?? 0,
        response: aliasedResponse(question, seed, response),
        text: question.asks?.text ?? '',
        right: question.asks?.right ?? '',
        explanation: question.asks?.explanation ?? '',
        feedback: question.asks?.feedback(response) ?? [],
      }
    }),
  }
}

function noted({ refusals }: AttemptDeps, trouble: Problem): Refusal {
  refusals.note(trouble.id)
  return refusal(trouble)
}

const NOT_ASSESSED = problem('h5p-attempt-not-assessed', 409, 'This attempt is not assessed')
const GONE = problem('h5p-attempt-gone', 410, 'The lesson of this attempt was removed')
const CHANGED = problem('h5p-answers-changed', 409, 'Other answers were handed in before')
