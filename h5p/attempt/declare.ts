import type { Refusal } from '../../lrs/index.ts'
import { attempts } from '../collections.ts'
import { finishedOf } from '../content/user-data.ts'
import { problem, refusal } from '../problems.ts'
import { declare } from './course.ts'
import { replacing, withCourse } from './receive.ts'
import { type AttemptDeps, courseOf, type Opened, rulesOf, tell } from './tell.ts'

/** The learner presses "Tôi đã học xong". Pressed again it says nothing new. */
export async function declareDone(deps: AttemptDeps, opened: Opened): Promise<{ finished: true } | Refusal> {
  if (opened.attempt.completion.by !== 'learner' || opened.attempt.mode.kind === 'assessed')
    return refusal(NOT_TO_DECLARE)
  const rules = await rulesOf(deps, opened)
  while (true) {
    const doc = await deps.collections.get(attempts, opened.attempt.id)
    if (!doc) return refusal(problem('h5p-attempt-gone', 410, 'The lesson of this attempt was removed'))
    const attempt = doc.value
    const next = withCourse(attempt, declare(courseOf(attempt), rules, deps.now()), deps.now())
    const written =
      attempt.course?.completed ||
      (await deps.collections.batch([replacing(next, doc.revision), ...finishedOf(attempt, next)])).ok
    if (!written) continue
    await tell(deps, { ...opened, attempt: attempt.course?.completed ? attempt : next }, rules)
    return { finished: true }
  }
}

const NOT_TO_DECLARE = problem(
  'h5p-done-by-rule',
  409,
  'This lesson is completed by its own rule, and not by saying so',
)
