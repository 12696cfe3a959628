import type { Problem } from '../../lrs/index.ts'
import { isTooDeep } from '../bridge/depth.ts'
import { digestAsSent } from '../bridge/ids.ts'
import { isRecord } from '../bridge/result.ts'
import { type BridgeContext, type Bridged, bridge } from '../bridge.ts'
import type { AttemptEventRecord, AttemptRecord } from '../collections.ts'
import { problem } from '../problems.ts'

/** What a page is told of an event. */
export interface Result {
  id: string
  status: 'stored' | 'folded' | 'preview' | 'refused'
  problem?: Problem
}

/** What became of one event of a request. */
export interface Taken {
  id: string
  key: string
  /** Its record, to be written; null: it is written already, or is not kept. */
  fresh: AttemptEventRecord | null
  statement: Record<string, unknown> | null
  result: Result
}

/** Under which an event is kept: its id, or where it has none, its content. */
export function keyOf(attempt: string, event: unknown): { id: string; key: string; hash: string } {
  const id = isRecord(event) && typeof event.id === 'string' ? event.id : ''
  const { at, statement } = isRecord(event) ? event : {}
  const hash = isTooDeep(event) ? 'too-deep' : digestAsSent([at ?? null, statement ?? null])
  const name = /^[\w-]{1,64}$/.test(id) ? id.toLowerCase() : `-${hash}`
  return { id, key: `${attempt}/${name}`, hash }
}

/** An event that had been sent before comes to the same; with other content it is another event under a stolen id. */
export function again(
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

export function recordOf(
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

export function outcomeOf(
  bridged: Bridged,
  id: string,
  preview: boolean,
): Pick<Taken, 'statement' | 'result'> {
  if (bridged.outcome === 'refused') return { statement: null, result: refusedAs(id, bridged.problem) }
  if (preview) return { statement: null, result: { id, status: 'preview' } }
  if (bridged.outcome === 'folded') return { statement: null, result: { id, status: 'folded' } }
  return { statement: bridged.statement, result: { id, status: 'stored' } }
}

export const refusedAs = (id: string, trouble: Problem): Result => ({
  id,
  status: 'refused',
  problem: trouble,
})
/** The lesson was removed just now, and its attempts with it. */
export const gone = ({ id, key }: Taken): Taken => ({
  id,
  key,
  fresh: null,
  statement: null,
  result: refusedAs(id, problem('h5p-attempt-gone', 410, 'The lesson of this attempt was removed')),
})
const CHANGED = problem('h5p-event-changed', 409, 'An event of this id was sent before with other content')
