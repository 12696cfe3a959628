import type { AttemptSum } from './attempt-sum.ts'

/** Upper ends of the steps in which times are counted, minutes; the last step is longer than all. */
export const TIMES = [1, 2, 5, 10, 20, 30, 60] as const
/** Scores are counted in steps of a tenth; the last holds the full score too. */
export const SCORE_STEPS = 10
/** Different responses to one question that are kept apart; the rest are counted together. */
const MOST_RESPONSES = 200

export interface VersionCounts {
  /** Different people; kept beside the rest, for it cannot be added up. */
  learners: number
  completers: number
  attempts: number
  completed: number
  passed: number
  failed: number
  scored: number
  /** Sum of the scores in ten-thousandths. */
  score: number
  scores: number[]
  timed: number
  seconds: number
  times: number[]
}
export interface QuestionCounts {
  answered: number
  judged: number
  right: number
  responses: Record<string, number>
  /** Responses beside those. */
  others: number
}

export const NOBODY: VersionCounts = {
  learners: 0,
  completers: 0,
  attempts: 0,
  completed: 0,
  passed: 0,
  failed: 0,
  scored: 0,
  score: 0,
  scores: Array(SCORE_STEPS).fill(0),
  timed: 0,
  seconds: 0,
  times: Array(TIMES.length + 1).fill(0),
}
export const UNANSWERED: QuestionCounts = { answered: 0, judged: 0, right: 0, responses: {}, others: 0 }

/** The counts with this attempt in them (`by` 1) or out of them again (-1). */
export function countAttempt(counts: VersionCounts, sum: AttemptSum, by: 1 | -1): VersionCounts {
  const score = sum.score?.value
  const seconds = secondsOf(sum)
  return {
    ...counts,
    attempts: counts.attempts + by,
    completed: counts.completed + (sum.completed ? by : 0),
    passed: counts.passed + (sum.success?.value === true ? by : 0),
    failed: counts.failed + (sum.success?.value === false ? by : 0),
    scored: counts.scored + (score === undefined ? 0 : by),
    // Whole numbers, for sums of fractions would not come back to nothing.
    score: counts.score + (score === undefined ? 0 : by * Math.round(score * 10_000)),
    scores: score === undefined ? counts.scores : stepped(counts.scores, scoreStep(score), by),
    timed: counts.timed + (seconds === null ? 0 : by),
    seconds: counts.seconds + by * (seconds ?? 0),
    times: seconds === null ? counts.times : stepped(counts.times, timeStep(seconds), by),
  }
}

/** The same for one question of the attempt. */
export function countAnswer(
  counts: QuestionCounts,
  { success, scaled, response }: AttemptSum['answers'][string],
  by: 1 | -1,
): QuestionCounts {
  const right = success ?? (scaled === null ? null : scaled === 1)
  const { responses, others } = countResponse(counts, response, by)
  return {
    answered: counts.answered + by,
    judged: counts.judged + (right === null ? 0 : by),
    right: counts.right + (right === true ? by : 0),
    responses,
    others,
  }
}

function countResponse(
  { responses, others }: QuestionCounts,
  response: string | null,
  by: 1 | -1,
): Pick<QuestionCounts, 'responses' | 'others'> {
  if (response === null) return { responses, others }
  const held = Object.hasOwn(responses, response) ? responses[response]! : 0
  if (held === 0 && (by === -1 || Object.keys(responses).length >= MOST_RESPONSES))
    return { responses, others: others + by }
  const { [response]: _, ...rest } = responses
  return { responses: held + by > 0 ? { ...rest, [response]: held + by } : rest, others }
}

/** Whole seconds of an attempt: as stated, else from its first to its last statement. Null: it was a moment. */
function secondsOf(sum: AttemptSum): number | null {
  const seconds = Math.round(sum.seconds ?? (sum.last - sum.first) / 1000)
  return seconds > 0 ? seconds : null
}

const scoreStep = (score: number) => Math.min(SCORE_STEPS - 1, Math.floor(score * SCORE_STEPS))

function timeStep(seconds: number): number {
  const at = TIMES.findIndex((minutes) => seconds <= minutes * 60)
  return at === -1 ? TIMES.length : at
}

const stepped = (steps: readonly number[], at: number, by: number) =>
  steps.map((count, step) => (step === at ? count + by : count))
