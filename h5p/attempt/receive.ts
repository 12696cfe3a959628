import type { Operation, Problem } from '../../lrs/index.ts'
import { isTooDeep } from '../bridge/depth.ts'
import { digestOf } from '../bridge/ids.ts'
import { isRecord } from '../bridge/result.ts'
import { type BridgeContext, type Bridged, bridge } from '../bridge.ts'
import { type AttemptEventRecord, type AttemptRecord, attemptEvents, attempts } from '../collections.ts'
import { finishedOf } from '../content/user-data.ts'
import { problem } from '../problems.ts'
import { ATTEMPT_LIFETIME } from './attempts.ts'
import { advance, type Course, isOver, type Rules, touch } from './course.ts'
import { keepState } from './keep-state.ts'
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
/** What came of an event is known for as long as it can be sent again, and somewhat longer. */
const EVENTS_KEPT = ATTEMPT_LIFETIME + 46 * 24 * 60 * 60 * 1000

export interface Received {
  /** One per event, in order; as the first time when it had been sent before. */
  results: { id: string; status: 'stored' | 'folded' | 'preview' | 'refused'; problem?: Problem }[]
  /** The attempt is completed. */
  finished: boolean
}

/** What became of one event of a request. */
interface Taken {
  id: string
  key: string
  /** Its record, to be written; null: it is written already, or is not kept. */
  fresh: AttemptEventRecord | null
  statement: Record<string, unknown> | null
  result: Received['results'][number]
}

/**
 * What the outer page sends of an attempt: events for the record, and where the learner is. Every event leaves a record
 * of what came of it, written before anything is told, so that sending again tells the same.
 */
export async function receive(
  deps: AttemptDeps,
  opened: Opened,
  body: { events: readonly unknown[]; state: readonly unknown[]; sent: unknown },
): Promise<Received> {
  const rules = await rulesOf(deps, opened)
  const { taken, attempt } = await take(deps, opened, rules, body)
  const failed = await say(deps, { ...opened, attempt }, rules, taken)
  for (const { result, id } of taken) {
    const trouble = failed.get(id)
    if (trouble) Object.assign(result, { status: 'refused', problem: trouble })
    if (result.problem) deps.refusals.note(result.problem.id)
  }
  if (body.state.length > 0) await keepState(deps, attempt, body.state)
  return { results: taken.map(({ result }) => result), finished: attempt.finished !== null }
}

/** Judges the events and writes down what came of each, with the attempt as it is then, in one step. */
async function take(
  deps: AttemptDeps,
  opened: Opened,
  rules: Rules,
  { events, sent }: { events: readonly unknown[]; sent: unknown },
): Promise<{ taken: Taken[]; attempt: AttemptRecord }> {
  const { collections } = deps
  const context = contextFor(deps, opened, rules, sent)
  const known = events.map((event) => keyOf(opened.attempt.id, event))
  while (true) {
    const [doc, before] = await Promise.all([
      collections.get(attempts, opened.attempt.id),
      heldEvents(deps, [...new Set(known.map(({ key }) => key))]),
    ])
    const attempt = { ...opened.attempt, ...doc?.value }
    const seen = new Map([...before].map(([key, { value }]) => [key, value]))
    let course = courseOf(attempt)
    let count = attempt.events ?? 0
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
    const fresh = taken.filter((each) => each.fresh !== null)
    if (!doc) return { taken: taken.map(gone), attempt }
    if (fresh.length === 0) return { taken, attempt }
    const next = withCourse({ ...attempt, events: count }, course, deps.now())
    const written = await collections.batch([
      { op: 'replace', collection: attempts, key: attempt.id, value: next, revision: doc.revision },
      ...(attempt.preview ? [] : fresh.map(({ key, fresh }) => keep(attempt, key, fresh!))),
      ...finishedOf(attempt, next),
    ])
    if (written.ok) return { taken, attempt: next }
  }
}

/** One by its key is read much sooner than several. */
async function heldEvents({ collections }: AttemptDeps, keys: readonly string[]) {
  if (keys.length !== 1) return collections.getMany(attemptEvents, keys)
  const doc = await collections.get(attemptEvents, keys[0]!)
  return new Map(doc ? [[doc.key, doc]] : [])
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

/** Hands the statements to the record store, with those that the server has to say. Problems by the event's id. */
async function say(
  deps: AttemptDeps,
  opened: Opened,
  rules: Rules,
  taken: readonly Taken[],
): Promise<Map<string, Problem>> {
  const { attempt } = opened
  const failed = new Map<string, Problem>()
  if (attempt.preview || attempt.anonymous) return failed
  const saying = toBeSaid(deps, opened, rules)
  const statements = [
    ...(saying.get('initialized') ?? []),
    ...taken.map(({ statement }) => statement).filter((each) => each !== null),
    ...[...saying].filter(([mark]) => mark !== 'initialized').flatMap(([, said]) => said),
  ]
  const refused = await record(deps, statements)
  for (const { id, key, statement } of taken) {
    const trouble = statement && refused.get(statement.id as string)
    if (!trouble) continue
    failed.set(id, trouble)
    const held = await deps.collections.get(attemptEvents, key)
    if (held)
      await deps.collections.put(
        attemptEvents,
        key,
        { ...held.value, outcome: 'refused', reason: trouble.id },
        { expires: attempt.started + EVENTS_KEPT },
      )
  }
  if ([...saying.values()].flat().some(({ id }) => refused.has(id as string)))
    throw new Error(`What the server says of attempt ${attempt.id} was refused`)
  if (saying.size > 0) await noteTold(deps, attempt.id, [...saying.keys()])
  return failed
}

function contextFor(deps: AttemptDeps, opened: Opened, rules: Rules, sent: unknown): BridgeContext {
  const arrival = deps.now()
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

/** Under which an event is kept: its id, or where it has none, its content. */
function keyOf(attempt: string, event: unknown): { id: string; key: string; hash: string } {
  const id = isRecord(event) && typeof event.id === 'string' ? event.id : ''
  const { at, statement } = isRecord(event) ? event : {}
  const hash = isTooDeep(event) ? 'too-deep' : digestOf([at ?? null, statement ?? null])
  const name = /^[\w-]{1,64}$/.test(id) ? id.toLowerCase() : `-${hash}`
  return { id, key: `${attempt}/${name}`, hash }
}

/** An event that had been sent before comes to the same; with other content it is another event under a stolen id. */
function again(
  held: AttemptEventRecord,
  {
    id,
    key,
    hash,
    event,
    context,
  }: { id: string; key: string; hash: string; event: unknown; context: BridgeContext },
): Taken {
  const none = { id, key, fresh: null, statement: null }
  if (held.hash !== hash) return { ...none, result: refusedAs(id, CHANGED) }
  if (held.outcome === 'refused')
    return {
      ...none,
      result: refusedAs(id, problem(held.reason ?? 'h5p-event-refused', 400, 'Refused before')),
    }
  if (held.outcome === 'folded') return { ...none, result: { id, status: 'folded' } }
  // Told once more: whoever took it may have been ended before it was.
  const bridged = bridge(event, { ...context, told: { at: held.at, replaced: held.replaced === true } })
  return { ...none, ...outcomeOf(bridged, id, false) }
}

function recordOf(
  bridged: Bridged,
  { attempt, hash, context }: { attempt: AttemptRecord; hash: string; context: BridgeContext },
): AttemptEventRecord {
  const base = { attempt: attempt.id, hash, arrived: context.arrival }
  if (bridged.outcome === 'refused')
    return { ...base, at: context.arrival, outcome: 'refused', reason: bridged.problem.id }
  const { at, replaced, verb } = bridged.heard
  const heard = { ...base, at, verb, ...(replaced && { replaced }) }
  if (bridged.outcome === 'folded') return { ...heard, outcome: 'folded', reason: bridged.reason }
  return {
    ...heard,
    outcome: 'stored',
    statement: bridged.statement.id as string,
    // Nobody's yet, so nothing is told; it is kept for whoever says that it was them.
    ...(attempt.anonymous && { text: JSON.stringify(bridged.statement) }),
  }
}

function outcomeOf(bridged: Bridged, id: string, preview: boolean): Pick<Taken, 'statement' | 'result'> {
  if (bridged.outcome === 'refused') return { statement: null, result: refusedAs(id, bridged.problem) }
  if (preview) return { statement: null, result: { id, status: 'preview' } }
  if (bridged.outcome === 'folded') return { statement: null, result: { id, status: 'folded' } }
  return { statement: bridged.statement, result: { id, status: 'stored' } }
}

function keep({ started }: AttemptRecord, key: string, value: AttemptEventRecord): Operation {
  return { op: 'put', collection: attemptEvents, key, value, expires: started + EVENTS_KEPT }
}

const refusedAs = (id: string, trouble: Problem): Received['results'][number] => ({
  id,
  status: 'refused',
  problem: trouble,
})
/** The lesson was removed just now, and its attempts with it. */
const gone = ({ id, key }: Taken): Taken => ({
  id,
  key,
  fresh: null,
  statement: null,
  result: refusedAs(id, problem('h5p-attempt-gone', 410, 'The lesson of this attempt was removed')),
})
const CHANGED = problem('h5p-event-changed', 409, 'An event of this id was sent before with other content')
const TOO_MANY = problem('h5p-attempt-full', 429, `An attempt hands in at most ${MOST_EVENTS} events`)
