import type { Caller, Lrs, Problem } from '../../lrs/index.ts'
import { isRecord } from '../bridge/result.ts'
import { type BridgeContext, bridge } from '../bridge.ts'
import type { AttemptRecord } from '../collections.ts'
import { createUserDataStorage } from '../content/user-data.ts'
import { problem } from '../problems.ts'
import type { Stores } from '../server.ts'
import type { Lesson } from '../types.ts'
import { finishAttempt, isOpen } from './attempts.ts'

export const MAX_EVENTS = 50
const MAX_STATE = 256 * 1024

export interface Received {
  /** One per event, in order. `stored` also when it had been stored before. */
  results: { id: string; status: 'stored' | 'preview' | 'refused'; problem?: Problem }[]
  /** The lesson came to its end with one of these events. */
  finished: boolean
}

/** What the outer page sends of an attempt: events for the record, and where the learner is. */
export async function receive(
  deps: Stores & { lrs: Lrs; caller: Caller; publicUrl: string; accountHomePage: string },
  attempt: AttemptRecord,
  lesson: Lesson,
  body: { events: readonly unknown[]; state: readonly unknown[]; sent: unknown },
  now: number,
): Promise<Received> {
  const sent = typeof body.sent === 'string' ? Date.parse(body.sent) : Number.NaN
  const context: BridgeContext = {
    attempt,
    lesson,
    lessonIri: `${deps.publicUrl}/lessons/${lesson.id}`,
    accountHomePage: deps.accountHomePage,
    arrival: now,
    clockOffset: Number.isFinite(sent) ? now - sent : 0,
  }
  const bridged = body.events.map((event) => ({ id: idOf(event), ...bridge(event, context) }))
  const statements = bridged.flatMap((each) => (each.ok ? [each.statement] : []))
  const failed = attempt.preview ? new Map<string, Problem>() : await record(deps, statements)
  const results = bridged.map((each): Received['results'][number] => {
    const trouble = each.ok ? failed.get(each.statement.id as string) : each.problem
    if (trouble) return { id: each.id, status: 'refused', problem: trouble }
    return { id: each.id, status: attempt.preview ? 'preview' : 'stored' }
  })
  // A page left open since before may still tell where it is; it must not move the attempt that came after.
  if (body.state.length > 0 && (await isOpen(deps.collections, attempt)))
    for (const state of body.state) await keepState(deps, attempt, state)
  const finished = bridged.some((each, at) => each.ok && each.finished && results[at]?.status !== 'refused')
  if (finished) await finishAttempt(deps.collections, attempt.id, now)
  return { results, finished }
}

/**
 * Records all statements together, or, when one of them is refused, each alone, so that one bad statement does not keep
 * the others out. Returns the problem of each that was refused, by id.
 */
async function record(
  { lrs, caller }: { lrs: Lrs; caller: Caller },
  statements: readonly Record<string, unknown>[],
): Promise<Map<string, Problem>> {
  const failed = new Map<string, Problem>()
  if (statements.length === 0) return failed
  const outcome = await lrs.recordStatements(caller, { version: '1.0.3', statements })
  if (outcome.ok) return failed
  if (statements.length === 1) {
    failed.set(
      statements[0]!.id as string,
      outcome.problems[0] ?? problem('h5p-event-refused', 400, 'Refused'),
    )
    return failed
  }
  for (const statement of statements)
    for (const [id, trouble] of await record({ lrs, caller }, [statement])) failed.set(id, trouble)
  return failed
}

async function keepState({ collections }: Stores, attempt: AttemptRecord, state: unknown): Promise<void> {
  if (!isRecord(state)) return
  const { dataType, subContentId, data, preload, invalidate } = state
  if (typeof dataType !== 'string' || !/^[\w.:-]{1,64}$/.test(dataType)) return
  if (typeof subContentId !== 'string' || !/^[\w-]{1,64}$/.test(subContentId)) return
  if (data !== null && (typeof data !== 'string' || data.length > MAX_STATE)) return
  await createUserDataStorage(collections).createOrUpdateContentUserData({
    contentId: attempt.lesson,
    userId: attempt.person,
    dataType,
    subContentId,
    userState: data ?? '',
    preload: preload === true && data !== null,
    invalidate: invalidate === true,
  })
}

function idOf(event: unknown): string {
  return isRecord(event) && typeof event.id === 'string' ? event.id : ''
}
