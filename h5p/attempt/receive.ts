import type { Operation, Problem } from '../../lrs/index.ts'
import { type BridgeContext, bridge } from '../bridge.ts'
import { type AttemptEventRecord, type AttemptRecord, attemptEvents, attempts } from '../collections.ts'
import { finishedOf } from '../content/user-data.ts'
import { problem } from '../problems.ts'
import { ATTEMPT_LIFETIME, expiryOf, withVersion } from './attempts.ts'
import { advance, type Course, isOver, type Rules, touch } from './course.ts'
import { keepState } from './keep-state.ts'
import { again, gone, keyOf, outcomeOf, type Result, recordOf, refusedAs, type Taken } from './taken.ts'
import {
  type AttemptDeps,
  courseOf,
  noteTold,
  type Opened,
  record,
  rulesOf,
  toBeSaid,
  toldOf,
} from './tell.ts'

export const MAX_EVENTS = 50
/** Events of one attempt that are taken in, all in all. */
const MOST_EVENTS = 5_000
/** The attempt may be so far behind its events. */
const QUIET_TIME = 5 * 60 * 1000
const MOST_UNCOUNTED = 20_000
const QUIET_EVENTS = 30
/** What came of an event is known for as long as it can be sent again, and somewhat longer. */
const EVENTS_KEPT = ATTEMPT_LIFETIME + 46 * 24 * 60 * 60 * 1000

export interface Received {
  /** One per event, in order; as the first time when it had been sent before. */
  results: Result[]
  /** The attempt is completed. */
  finished: boolean
}

/**
 * What the outer page sends of an attempt: events for the record, and where the learner is. Every event leaves a record
 * of what came of it, so that sending again tells the same.
 */
export async function receive(
  deps: AttemptDeps,
  opened: Opened,
  body: { events: readonly unknown[]; state: readonly unknown[]; sent: unknown },
): Promise<Received> {
  const rules = await rulesOf(deps, opened)
  const { taken, attempt, refused } = await take(deps, opened, rules, body)
  await noteRefused(deps, attempt, taken, refused)
  for (const { result } of taken) if (result.problem) deps.refusals.note(result.problem.id)
  if (body.state.length > 0) await keepState(deps, attempt, body.state)
  return { results: taken.map(({ result }) => result), finished: attempt.finished !== null }
}

interface TakenAll {
  taken: Taken[]
  attempt: AttemptRecord
  /** What the record store did not take, by id of the statement. */
  refused: ReadonlyMap<string, Problem>
}
const NONE: ReadonlyMap<string, Problem> = new Map()

/** Judges the events, writes down what came of each with the attempt as it is then, and tells the record store. */
async function take(
  deps: AttemptDeps,
  opened: Opened,
  rules: Rules,
  { events, sent }: { events: readonly unknown[]; sent: unknown },
): Promise<TakenAll> {
  const { collections } = deps
  const arrival = deps.now()
  const known = events.map((event) => keyOf(opened.attempt.id, event))
  // As it was read when its token was checked; looked at again when somebody else changed it meanwhile.
  const asRead = { value: opened.attempt, revision: opened.revision }
  for (let first = true; ; first = false) {
    const [doc, before] = await Promise.all([
      first ? asRead : collections.get(attempts, opened.attempt.id),
      heldEvents(deps, [...new Set(known.map(({ key }) => key))]),
    ])
    // Whoever claimed it while the body was on its way is its person now.
    const attempt = doc ? await withVersion(collections, doc.value) : opened.attempt
    const context = contextFor(deps, { ...opened, attempt }, rules, { sent, arrival })
    const seen = new Map([...before].map(([key, { value }]) => [key, value]))
    let course = courseOf(attempt)
    const uncounted = deps.uncounted.get(attempt.id) ?? 0
    let count = (attempt.events ?? 0) + uncounted
    const taken = events.map((event, at): Taken => {
      const { id, key, hash } = known[at]!
      const held = seen.get(key)
      if (held) return again(held, { id, key, hash, event, context })
      if (count >= MOST_EVENTS)
        return { id, key, fresh: null, statement: null, result: refusedAs(id, TOO_MANY) }
      count += 1
      const bridged = bridge(event, context)
      const fresh = recordOf(bridged, { attempt, hash, context })
      seen.set(key, fresh)
      if (bridged.outcome !== 'refused')
        course = context.assessed ? touch(course, bridged.heard.at) : advance(course, bridged.heard, rules)
      return { id, key, fresh, ...outcomeOf(bridged, id, attempt.preview) }
    })
    if (!doc) return { taken: taken.map(gone), attempt, refused: NONE }
    const fresh = taken.filter((each) => each.fresh !== null)
    const next =
      fresh.length === 0 || isQuiet(attempt, course, uncounted + fresh.length, deps.now())
        ? attempt
        : withCourse({ ...attempt, events: count }, course, deps.now())
    const operations: Operation[] = [
      ...(attempt.preview ? [] : fresh.map(({ key, fresh }) => keep(attempt, key, fresh!))),
      ...(next === attempt ? [] : [replacing(next, doc.revision), ...finishedOf(attempt, next)]),
    ]
    const write = async () => operations.length === 0 || (await collections.batch(operations)).ok
    const now = { ...opened, attempt: next }
    noteCount(deps, attempt.id, next === attempt ? uncounted + fresh.length : 0)
    const saying = toBeSaid(deps, now, rules)
    if (saying.size > 0) {
      // What the server says follows from what is written, and from nothing else.
      if (!(await write())) continue
      return { taken, attempt: next, refused: await say(deps, now, taken, saying) }
    }
    // Events alone say the same whether they are written down first or told first: in one go.
    const [written, refused] = await Promise.all([write(), say(deps, now, taken, saying)])
    if (written) return { taken, attempt: next, refused }
  }
}

/** One by its key is read much sooner than several. */
async function heldEvents({ collections }: AttemptDeps, keys: readonly string[]) {
  if (keys.length !== 1) return collections.getMany(attemptEvents, keys)
  const doc = await collections.get(attemptEvents, keys[0]!)
  return new Map(doc ? [[doc.key, doc]] : [])
}

/**
 * Whether the events change nothing that is judged. Of those the attempt is not written each time: what it says of its
 * last event may be so old (leave.ts looks at the events themselves).
 */
function isQuiet(attempt: AttemptRecord, course: Course, events: number, now: number): boolean {
  const before = courseOf(attempt)
  return (
    attempt.idle !== undefined &&
    (attempt.idle === null ? attempt.preview : now - attempt.idle < QUIET_TIME) &&
    events <= QUIET_EVENTS &&
    (Object.keys({ ...before, ...course }) as (keyof Course)[]).every(
      (name) => name === 'last' || name === 'active' || before[name] === course[name],
    )
  )
}

function noteCount({ uncounted }: AttemptDeps, attempt: string, count: number): void {
  if (count === 0) uncounted.delete(attempt)
  else uncounted.set(attempt, count)
  // Who left long ago is forgotten with all others: a few events more are let through.
  if (uncounted.size > MOST_UNCOUNTED) uncounted.clear()
}

/** The operation that writes an attempt. */
export function replacing(value: AttemptRecord, revision: number): Operation {
  return { op: 'replace', collection: attempts, key: value.id, value, revision, ...expiryOf(value) }
}

/** The attempt with its course; it is looked at again when it was left. */
export function withCourse(attempt: AttemptRecord, course: Course, now: number): AttemptRecord {
  return {
    ...attempt,
    course,
    finished: attempt.finished ?? (isOver(course) ? now : null),
    idle: attempt.preview || attempt.anonymous ? null : now,
  }
}

/** Hands the statements to the record store, with those that the server has to say. Returns what it did not take. */
async function say(
  deps: AttemptDeps,
  { attempt }: Opened,
  taken: readonly Taken[],
  saying: ReturnType<typeof toBeSaid>,
): Promise<ReadonlyMap<string, Problem>> {
  if (attempt.preview || attempt.anonymous) return NONE
  const refused = await record(deps, [
    ...(saying.get('initialized') ?? []),
    ...taken.map(({ statement }) => statement).filter((each) => each !== null),
    ...[...saying].filter(([mark]) => mark !== 'initialized').flatMap(([, said]) => said),
  ])
  if ([...saying.values()].flat().some(({ id }) => refused.has(id as string)))
    throw new Error(`What the server says of attempt ${attempt.id} was refused`)
  if (saying.size > 0) await noteTold(deps, attempt.id, [...saying.keys()])
  return refused
}

/** Corrects what was written of events that the record store did not take. */
async function noteRefused(
  { collections }: AttemptDeps,
  { started }: AttemptRecord,
  taken: readonly Taken[],
  refused: ReadonlyMap<string, Problem>,
): Promise<void> {
  for (const { result, key, statement } of taken) {
    const trouble = statement && refused.get(statement.id as string)
    if (!trouble) continue
    Object.assign(result, { status: 'refused', problem: trouble })
    const held = await collections.get(attemptEvents, key)
    if (!held) continue
    const value: AttemptEventRecord = { ...held.value, outcome: 'refused', reason: trouble.id }
    await collections.put(attemptEvents, key, value, { expires: started + EVENTS_KEPT })
  }
}

function contextFor(
  deps: AttemptDeps,
  opened: Opened,
  rules: Rules,
  { sent, arrival }: { sent: unknown; arrival: number },
): BridgeContext {
  const said = typeof sent === 'string' ? Date.parse(sent) : Number.NaN
  return {
    ...toldOf(deps, opened),
    started: opened.attempt.started,
    assessed: opened.attempt.mode.kind === 'assessed',
    arrival,
    clockOffset: Number.isFinite(said) ? arrival - said : 0,
    question: (part) => rules.questions.all.get(part),
  }
}

function keep({ started }: AttemptRecord, key: string, value: AttemptEventRecord): Operation {
  return { op: 'insert', collection: attemptEvents, key, value, expires: started + EVENTS_KEPT }
}

const TOO_MANY = problem('h5p-attempt-full', 429, `An attempt hands in at most ${MOST_EVENTS} events`)
