import { createHash, timingSafeEqual } from 'node:crypto'
import type { Refusal } from '../../lrs/index.ts'
import { actorOf } from '../bridge/context.ts'
import { type AttemptRecord, attemptEvents, attempts, openAttempts } from '../collections.ts'
import { finishedOf, forgetState, moveState } from '../content/user-data.ts'
import { problem, refusal } from '../problems.ts'
import { goesOn, openKey } from './attempts.ts'
import { readOpened } from './open.ts'
import { type AttemptDeps, changeAttempt, courseOf, record, rulesOf, tell } from './tell.ts'

/** So long after its last event an attempt that was nobody's can be said to be one's own. */
export const CLAIM_TIME = 60 * 60 * 1000
const STEP = 50

/** In place of a person, until somebody claims it. Two of one key are of one browser. */
export const anonymousPerson = (key: string): string => `anonymous:${digest(key)}`

export function holds(attempt: AttemptRecord, key: string): boolean {
  if (!attempt.anonymous) return false
  return timingSafeEqual(Buffer.from(attempt.anonymous.key), Buffer.from(digest(key)))
}

export function digest(key: string): string {
  return createHash('sha256').update(key).digest('base64url')
}

/**
 * Makes an attempt that was nobody's this person's, once, within an hour of its last event, for who holds its key. What
 * was kept of it is recorded then, as theirs.
 */
export async function claim(
  deps: AttemptDeps,
  id: string,
  { person, key }: { person: string; key: string },
): Promise<{ claimed: true; lesson: string } | Refusal> {
  while (true) {
    const doc = await deps.collections.get(attempts, id)
    if (!doc || !holds(doc.value, key)) return refusal(FOREIGN)
    const attempt = doc.value
    if (deps.now() - lastOf(attempt) > CLAIM_TIME) return refusal(TOO_LATE)
    const { anonymous: _, ...rest } = attempt
    // Past the time of being left: whatever cuts this off, what is left (leave.ts) goes on with it at once.
    const next: AttemptRecord = { ...rest, person, unrecorded: true, idle: 0 }
    const mine = openKey(attempt.lesson, person)
    const own = await deps.collections.get(openAttempts, mine)
    const before = own && (await deps.collections.get(attempts, own.value.attempt))?.value
    // One of their own that goes on stays the one that does.
    const isNext = attempt.finished === null && !(before && goesOn(before, deps.now()))
    const value = { attempt: id, lesson: attempt.lesson }
    const { ok } = await deps.collections.batch([
      { op: 'replace', collection: attempts, key: id, value: next, revision: doc.revision },
      { op: 'delete', collection: openAttempts, key: openKey(attempt.lesson, attempt.person) },
      ...(isNext ? [{ ...atRevision(own), collection: openAttempts, key: mine, value }] : []),
      ...finishedOf(null, next),
    ])
    if (!ok) continue
    if (isNext) {
      if (own) await forgetState(deps.collections, attempt.lesson, person)
      await moveState(deps.collections, attempt.lesson, attempt.person, person)
    }
    await recordHeld(deps, next)
    const opened = await readOpened(deps, id)
    if (opened) {
      const rules = await rulesOf(deps, opened)
      await tell(deps, opened, rules)
      await changeAttempt(deps.collections, id, (now) =>
        now.idle === 0 ? { ...now, idle: deps.now() } : null,
      )
    }
    return { claimed: true, lesson: attempt.lesson }
  }
}

/** Writes where nothing was, or what was there as it was read. */
const atRevision = (doc: { revision: number } | null) =>
  doc ? { op: 'replace' as const, revision: doc.revision } : { op: 'insert' as const }

const lastOf = (attempt: AttemptRecord) => courseOf(attempt).last

/** Records what was kept of an attempt while it was nobody's; again, should it have been cut off. */
export async function recordHeld(deps: AttemptDeps, attempt: AttemptRecord): Promise<void> {
  const { person, id } = attempt
  const actor = actorOf({ accountHomePage: deps.accountHomePage, person })
  let after: string | undefined
  do {
    const page = await deps.collections.scan(attemptEvents, {
      prefix: `${id}/`,
      limit: STEP,
      ...(after !== undefined && { after }),
    })
    const statements = page.docs.flatMap(({ value: { text } }) =>
      text === undefined ? [] : [{ ...(JSON.parse(text) as Record<string, unknown>), actor }],
    )
    await record(deps, statements)
    after = page.next ?? undefined
  } while (after !== undefined)
  await changeAttempt(deps.collections, id, ({ unrecorded: _, ...now }) => now)
}

const FOREIGN = problem('h5p-attempt-foreign', 403, 'This attempt belongs to nobody or to somebody else')
const TOO_LATE = problem(
  'h5p-claim-too-late',
  403,
  'An attempt can be claimed for an hour after its last answer',
)
