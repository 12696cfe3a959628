import { defineCollection } from '../../lrs/index.ts'
import type { AttemptSum } from './attempt-sum.ts'
import type { QuestionCounts, VersionCounts } from './counts.ts'
import type { Question } from './told.ts'

/** What the statements of one attempt say together. Key: the attempt. */
export const REPORT_ATTEMPTS = defineCollection<AttemptSum>('h5p-report-attempts', { lesson: ['lesson'] })
/** Which attempt a statement was counted for: what is erased says no more than its id. Key: the statement. */
export const REPORT_STATEMENTS = defineCollection<{ attempt: string }>('h5p-report-statements')
/** Attempts of one learner. Key: `<lesson>/<version>/<digest of the learner>`; version 0: all of them. */
export const REPORT_LEARNERS = defineCollection<{ attempts: number; completed: number }>(
  'h5p-report-learners',
)
/** Key: `<lesson>/<version>`; version 0: all of them. */
export const REPORT_VERSIONS = defineCollection<VersionCounts>('h5p-report-versions')
export interface QuestionReport extends QuestionCounts {
  /** Null until a statement describes it. */
  question: Question | null
  /** When that was. */
  described: number
}
/** Key: `<lesson>/<version>/<part>`; version 0: all of them. */
export const REPORT_QUESTIONS = defineCollection<QuestionReport>('h5p-report-questions')
