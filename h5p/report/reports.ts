import type { Collections } from '../../lrs/index.ts'
import { ALL_VERSIONS, reportKey } from './changes.ts'
import { SCORE_STEPS, TIMES } from './counts.ts'
import { REPORT_ATTEMPTS, REPORT_LEARNERS, REPORT_QUESTIONS, REPORT_VERSIONS } from './documents.ts'
import type { Question } from './told.ts'

/** Fewer learners than these are not counted out: each could be told from the others. */
export const FEWEST = 5
const MOST_QUESTIONS = 500

/** What an author sees of how a lesson, or one version of it, was learned: numbers alone, and none of few people. */
export type LessonReport =
  | { kind: 'none' }
  /** Somebody, but fewer than `FEWEST`. */
  | { kind: 'few' }
  | {
      kind: 'some'
      learners: number
      /** Different people who completed it; null where those, or those who did not, are few. */
      completers: number | null
      attempts: number
      completed: number
      passed: number
      failed: number
      scored: number
      /** Mean of the scores, from 0 to 1; null where nothing was scored. */
      score: number | null
      scores: { from: number; to: number; attempts: number }[]
      timed: number
      /** Mean, seconds. */
      seconds: number | null
      /** `to` in minutes; null: longer than all before. */
      times: { to: number | null; attempts: number }[]
      /** The hardest first. */
      questions: QuestionOfReport[]
    }

export interface QuestionOfReport extends Omit<Question, 'right'> {
  part: string
  answered: number
  /** Share of those judged that were right at first, from 0 to 1; null: none was judged. */
  rightShare: number | null
  /** Each at least `FEWEST` times, the most frequent first; `id` of a choice, or the response itself. */
  responses: { response: string; count: number; right: boolean }[]
  /** Responses beside those. */
  others: number
}

export interface Reports {
  /** Of one version, or of all together. */
  of(lesson: string, version?: number): Promise<LessonReport>
}

export function createReports(collections: Collections): Reports {
  return {
    async of(lesson, version = ALL_VERSIONS) {
      const key = reportKey(lesson, version)
      const counts = (await collections.get(REPORT_VERSIONS, key))?.value
      if (!counts || counts.learners === 0) return { kind: 'none' }
      if (counts.learners < FEWEST) return { kind: 'few' }
      const { learners, completers, attempts, completed, passed, failed, scored, timed } = counts
      return {
        kind: 'some',
        learners,
        completers: isFew(completers) || isFew(learners - completers) ? null : completers,
        attempts,
        completed,
        passed,
        failed,
        scored,
        score: scored > 0 ? counts.score / scored / 10_000 : null,
        scores: counts.scores.map((attempts, at) => ({
          from: at / SCORE_STEPS,
          to: (at + 1) / SCORE_STEPS,
          attempts,
        })),
        timed,
        seconds: timed > 0 ? counts.seconds / timed : null,
        times: counts.times.map((attempts, at) => ({ to: TIMES[at] ?? null, attempts })),
        questions: await questionsOf(collections, key),
      }
    },
  }
}

const isFew = (count: number) => count > 0 && count < FEWEST

async function questionsOf(collections: Collections, key: string): Promise<QuestionOfReport[]> {
  const { docs } = await collections.scan(REPORT_QUESTIONS, { prefix: `${key}/`, limit: MOST_QUESTIONS })
  const questions = docs.flatMap(({ key: place, value }): QuestionOfReport[] => {
    const { question, answered, judged, right, responses } = value
    if (question === null || answered < FEWEST) return []
    const shown = Object.entries(responses)
      .filter(([, count]) => count >= FEWEST)
      .map(([response, count]) => ({ response, count, right: question.right.includes(response) }))
      .sort((a, b) => b.count - a.count)
    const all = Object.values(responses).reduce((sum, count) => sum + count, value.others)
    return [
      {
        kind: question.kind,
        text: question.text,
        choices: question.choices,
        part: place.slice(key.length + 1),
        answered,
        rightShare: judged > 0 ? right / judged : null,
        responses: shown,
        others: all - shown.reduce((sum, { count }) => sum + count, 0),
      },
    ]
  })
  return questions.sort((a, b) => (a.rightShare ?? 2) - (b.rightShare ?? 2) || b.answered - a.answered)
}

/** Takes away what is counted of a lesson that is removed. May be called again. */
export async function removeReports(collections: Collections, lesson: string): Promise<void> {
  for (;;) {
    const found = await collections.find(REPORT_ATTEMPTS, { index: 'lesson', equals: { lesson }, limit: 500 })
    if (found.docs.length === 0) break
    await collections.batch(found.docs.map(({ key }) => ({ op: 'delete', collection: REPORT_ATTEMPTS, key })))
  }
  for (const collection of [REPORT_LEARNERS, REPORT_QUESTIONS, REPORT_VERSIONS])
    for (;;) {
      const found = await collections.scan<unknown>(collection, { prefix: `${lesson}/`, limit: 500 })
      if (found.docs.length === 0) break
      await collections.batch(found.docs.map(({ key }) => ({ op: 'delete', collection, key })))
    }
}
