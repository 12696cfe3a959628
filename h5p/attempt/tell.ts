import type { Caller, Lrs, Problem } from '../../lrs/index.ts'
import { answerStatements } from '../bridge/answers.ts'
import type { Told } from '../bridge/context.ts'
import { type Mark, SAID, saidByServer } from '../bridge/said-by-server.ts'
import { type AttemptRecord, attempts } from '../collections.ts'
import { problem } from '../problems.ts'
import type { Stores } from '../server.ts'
import type { Draft, Lesson, Version } from '../types.ts'
import { expiryOf } from './attempts.ts'
import type { ReadFacts } from './content-facts.ts'
import { newCourse, type Rules } from './course.ts'
import type { Refusals } from './refusals.ts'

/** What the doors of attempts work with. */
export interface AttemptDeps extends Stores {
  lrs: Lrs
  caller: Caller
  publicUrl: string
  accountHomePage: string
  facts: ReadFacts
  refusals: Refusals
  /** Events that this process took in and has not added to their attempts yet, by attempt. */
  uncounted: Map<string, number>
  now: () => number
}

/** An attempt with what it plays. */
export interface Opened {
  attempt: AttemptRecord
  /** Of the attempt's document as it was read. */
  revision: number
  lesson: Lesson
  /** A version runs with the library builds that it pins, a draft with the current ones. */
  played: Draft | Version
}

export function toldOf(deps: AttemptDeps, { attempt, lesson, played }: Opened): Told {
  const { title, language, topics } = played.details
  return {
    attempt: attempt.id,
    person: attempt.person,
    accountHomePage: deps.accountHomePage,
    version: attempt.version,
    title,
    language,
    topics,
    lessonIri: `${deps.publicUrl}/lessons/${lesson.id}`,
    names: [lesson.id, played.content],
  }
}

export async function rulesOf(deps: AttemptDeps, { attempt, played }: Opened): Promise<Rules> {
  const facts = await deps.facts(played.content, played.library)
  return { completion: attempt.completion, ...facts }
}

export const courseOf = (attempt: AttemptRecord) => attempt.course ?? newCourse(attempt.started)

/** What the server has to say of the attempt and the record store has not taken yet, in order. */
export function toBeSaid(
  deps: AttemptDeps,
  opened: Opened,
  rules: Rules,
): Map<Mark, readonly Record<string, unknown>[]> {
  const { attempt } = opened
  const all = new Map<Mark, readonly Record<string, unknown>[]>()
  if (attempt.preview || attempt.anonymous) return all
  const course = courseOf(attempt)
  const done = new Set(attempt.told)
  const due = SAID.some((verb) => (verb === 'initialized' || course[verb]) && !done.has(verb))
  if (!due && (!attempt.submission || done.has('answered'))) return all
  const told = toldOf(deps, opened)
  for (const [verb, statement] of saidByServer(course, {
    ...told,
    started: attempt.started,
    assessed: attempt.mode.kind === 'assessed',
  })) {
    all.set(verb, [statement])
    if (verb === 'initialized' && attempt.submission)
      all.set('answered', answerStatements(attempt.submission, rules.questions, told))
  }
  for (const mark of done) all.delete(mark)
  return all
}

/** Says what is to be said of the attempt, and notes that it was. */
export async function tell(deps: AttemptDeps, opened: Opened, rules: Rules): Promise<void> {
  const saying = toBeSaid(deps, opened, rules)
  if (saying.size === 0) return
  const failed = await record(deps, [...saying.values()].flat())
  const [trouble] = failed.values()
  if (trouble) throw new Error(`A statement of the server was refused: ${trouble.id} ${trouble.message}`)
  await noteTold(deps, opened.attempt.id, [...saying.keys()])
}

export async function noteTold({ collections }: Stores, id: string, marks: readonly Mark[]): Promise<void> {
  await changeAttempt(collections, id, (attempt) => ({
    ...attempt,
    told: [...new Set([...(attempt.told ?? []), ...marks])],
  }))
}

/** Changes an attempt by what it is at that moment; null from `change` leaves it. Returns it as it is then. */
export async function changeAttempt(
  collections: Stores['collections'],
  id: string,
  change: (attempt: AttemptRecord) => AttemptRecord | null,
): Promise<AttemptRecord | null> {
  while (true) {
    const found = await collections.get(attempts, id)
    if (!found) return null
    const changed = change(found.value)
    if (!changed) return found.value
    if (await collections.replace(attempts, id, changed, found.revision, expiryOf(changed))) return changed
  }
}

/**
 * Records all statements together, or, when one of them is refused, each alone, so that one bad statement does not keep
 * the others out. Returns the problem of each that was refused, by id.
 */
export async function record(
  { lrs, caller }: Pick<AttemptDeps, 'lrs' | 'caller'>,
  statements: readonly Record<string, unknown>[],
): Promise<Map<string, Problem>> {
  const failed = new Map<string, Problem>()
  if (statements.length === 0) return failed
  const outcome = await lrs.recordStatements(caller, { version: '1.0.3', statements })
  if (outcome.ok) return failed
  if (statements.length === 1) {
    const trouble = outcome.problems[0] ?? problem('h5p-event-refused', 400, 'Refused')
    // Ids are of this attempt alone: it was told before, by a server that died before it could note that.
    if (trouble.status !== 409) failed.set(statements[0]!.id as string, trouble)
    return failed
  }
  for (const statement of statements)
    for (const [id, trouble] of await record({ lrs, caller }, [statement])) failed.set(id, trouble)
  return failed
}
