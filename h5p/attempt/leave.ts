import { StorageUnavailable } from '../../lrs/index.ts'
import { type AttemptRecord, attemptEvents, attempts } from '../collections.ts'
import { recordHeld } from './claim.ts'
import { IDLE, leave, touch } from './course.ts'
import { readOpened } from './open.ts'
import { type AttemptDeps, changeAttempt, courseOf, rulesOf, tell } from './tell.ts'

const STEP = 100
/** Attempts that one run looks at; the next goes on. */
const MOST = 2_000

/**
 * Says of the attempts that nothing came of for half an hour that they were left, with the time of their last event.
 * Whatever step it is cut off at, the next run, here or in another process, does it again and says nothing twice. One of
 * which something cannot be told holds up no other; it is thrown at the end. Returns how many there were.
 */
export async function leaveIdle(deps: AttemptDeps): Promise<number> {
  const before = deps.now() - IDLE
  let left = 0
  let after: string | undefined
  const failures: unknown[] = []
  do {
    const found = await deps.collections.find(attempts, {
      index: 'idle',
      range: { gte: 0, lte: before },
      limit: STEP,
      ...(after !== undefined && { after }),
    })
    for (const { key } of found.docs)
      await leaveOne(deps, key, before).catch((error: unknown) => {
        if (error instanceof StorageUnavailable) throw error
        failures.push(error)
      })
    left += found.docs.length
    after = found.next ?? undefined
  } while (after !== undefined && left < MOST)
  if (failures.length > 0) throw failures[0]
  return left
}

async function leaveOne(deps: AttemptDeps, id: string, before: number): Promise<void> {
  const opened = await readOpened(deps, id)
  // Its lesson is being removed, and the attempt with it.
  if (!opened) return settle(deps, id, before)
  const rules = await rulesOf(deps, opened)
  if (opened.attempt.unrecorded) await recordHeld(deps, opened.attempt)
  const last = await lastEvent(deps, id)
  // Not every event is noted at the attempt (receive.ts).
  if (last && last.arrived > before) {
    await changeAttempt(deps.collections, id, (now) => ({ ...now, idle: last.arrived }))
    return
  }
  const said = await changeAttempt(deps.collections, id, (now) =>
    isIdle(now, before)
      ? withLeave(now, leave(touch(courseOf(now), last?.at ?? now.started), rules), deps.now())
      : null,
  )
  if (!said || !isIdle(said, before)) return
  await tell(deps, { ...opened, attempt: said }, rules)
  await settle(deps, id, before)
}

/** Only what says something new is written. */
function withLeave(attempt: AttemptRecord, course: ReturnType<typeof leave>, now: number) {
  if (course === attempt.course) return null
  return { ...attempt, course, finished: attempt.finished ?? (course.failed ? now : null) }
}

/** Of the events that were taken: the latest time, and when the last one arrived. */
async function lastEvent(
  { collections }: AttemptDeps,
  id: string,
): Promise<{ at: number; arrived: number } | null> {
  const found = { at: 0, arrived: 0 }
  let after: string | undefined
  do {
    const page = await collections.scan(attemptEvents, {
      prefix: `${id}/`,
      limit: 500,
      ...(after !== undefined && { after }),
    })
    for (const { value } of page.docs) {
      if (value.outcome === 'refused') continue
      found.at = Math.max(found.at, value.at)
      found.arrived = Math.max(found.arrived, value.arrived)
    }
    after = page.next ?? undefined
  } while (after !== undefined)
  return found.arrived > 0 ? found : null
}

async function settle({ collections }: AttemptDeps, id: string, before: number): Promise<void> {
  await changeAttempt(collections, id, (now) => (isIdle(now, before) ? { ...now, idle: null } : null))
}

const isIdle = ({ idle }: AttemptRecord, before: number) =>
  idle !== null && idle !== undefined && idle <= before
