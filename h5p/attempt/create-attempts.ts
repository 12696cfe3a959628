import type { Refusal } from '../../lrs/index.ts'
import { type AttemptRecord, lessons } from '../collections.ts'
import { hasState } from '../content/user-data.ts'
import { lessonOf } from '../lesson/shape.ts'
import { readVersion } from '../lesson/versions.ts'
import { isWaiting } from '../library/requests.ts'
import { sandboxOf } from '../player/policy.ts'
import { problem, refusal } from '../problems.ts'
import type { Host, Play } from '../types.ts'
import { openAnonymous } from './anonymous.ts'
import { ATTEMPT_LIFETIME, openAttempt, openPreview, readAttempt } from './attempts.ts'
import { claim, holds } from './claim.ts'
import { leaveIdle } from './leave.ts'
import { readOpened } from './open.ts'
import { type AttemptDeps, rulesOf, tell } from './tell.ts'
import { signToken } from './token.ts'

/** The frame's page is asked for once, right after the outer page. */
const FRAME_TOKEN = 10 * 60 * 1000
/** Renewed by the page as long as its person is signed in. */
const EVENTS_TOKEN = 15 * 60 * 1000

type Attempts = Pick<
  Host,
  'play' | 'renew' | 'playAnonymously' | 'renewAnonymously' | 'claim' | 'leaveIdle' | 'refusals' | 'stop'
>

/** How attempts begin, go on, become somebody's and end. */
export function createAttempts(
  deps: AttemptDeps,
  { tokenSecret, playerUrl }: { tokenSecret: Buffer; playerUrl: string | null },
): Attempts {
  const { collections, refusals, now } = deps
  const eventsToken = (attempt: string) => signToken(tokenSecret, 'events', attempt, now() + EVENTS_TOKEN)

  /** Says that the attempt began. */
  async function begin(id: string): Promise<void> {
    const opened = await readOpened(deps, id)
    if (opened) await tell(deps, opened, await rulesOf(deps, opened))
  }

  async function playOf(held: AttemptRecord): Promise<Play> {
    const { id, lesson, version, person, started, preview, completion, mode } = held
    const frame = signToken(tokenSecret, 'frame', id, now() + FRAME_TOKEN)
    return {
      attempt: { id, lesson, version, person, started },
      completion,
      mode,
      token: eventsToken(id),
      frameUrl: `${playerUrl ?? ''}/h5p/frame/${id}?token=${frame}`,
      sandbox: sandboxOf(playerUrl),
      resumed: !preview && (await hasState(collections, lesson, person)),
    }
  }

  function foreign(): Refusal {
    refusals.note('h5p-attempt-foreign')
    return refusal(problem('h5p-attempt-foreign', 403, 'This attempt belongs to nobody or to somebody else'))
  }

  function renewed({ id, started }: AttemptRecord): { token: string } | Refusal {
    if (now() - started > ATTEMPT_LIFETIME)
      return refusal(problem('h5p-attempt-too-old', 403, 'The attempt is too old; open the lesson again'))
    return { token: eventsToken(id) }
  }

  return {
    async play(id, person, { afresh = false, mayPreview = false, draft = false } = {}) {
      const held = (await collections.get(lessons, id))?.value
      if (!held) return refusal(problem('lesson-not-found', 404, 'There is no such lesson (any more)'))
      const lesson = lessonOf(held)
      const preview = draft || lesson.status !== 'published'
      if (preview && lesson.author !== person && !mayPreview)
        return refusal(problem('lesson-not-published', 404, 'This lesson is not published'))
      if (preview && (await isWaiting(collections, lesson.draft.content)))
        return refusal(
          problem('lesson-waiting', 409, 'Its libraries wait for the approval of an administrator'),
        )
      const attempt = preview
        ? await openPreview(collections, lesson, person, now())
        : await openAttempt(collections, lesson, person, { now: now(), afresh })
      if ('ok' in attempt) {
        refusals.note(attempt.problems[0]!.id)
        return attempt
      }
      await begin(attempt.id)
      return playOf(attempt)
    },
    async playAnonymously(id, key, { afresh = false } = {}) {
      const held = (await collections.get(lessons, id))?.value
      const lesson = held && lessonOf(held)
      if (lesson?.status !== 'published') return refusal(NOT_ANONYMOUS)
      const version = await readVersion(collections, id, lesson.current ?? 0)
      if (!version?.anonymous || version.mode.kind === 'assessed') return refusal(NOT_ANONYMOUS)
      return playOf(await openAnonymous(collections, lesson, version, { key, now: now(), afresh }))
    },
    async renew(id, person) {
      const attempt = await readAttempt(collections, id)
      return !attempt || attempt.anonymous || attempt.person !== person ? foreign() : renewed(attempt)
    },
    async renewAnonymously(id, key) {
      const attempt = await readAttempt(collections, id)
      return !attempt || !holds(attempt, key) ? foreign() : renewed(attempt)
    },
    claim: (attempt, by) => claim(deps, attempt, by),
    leaveIdle: () => leaveIdle(deps),
    refusals: (days) => refusals.last(days),
    stop: () => refusals.stop(),
  }
}

const NOT_ANONYMOUS = problem('lesson-not-anonymous', 403, 'Sign in to play this lesson')
