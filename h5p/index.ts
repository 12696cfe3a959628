/** The host of H5P lessons: takes packages in, plays them, and hands what learners do to the record store. */
import type { AuditNote, BlobStore, Caller, Collections, Lrs, Operation } from '../lrs/index.ts'
import { ATTEMPT_LIFETIME, openAttempt, openPreview, readAttempt } from './attempt/attempts.ts'
import { unfinishedOf } from './attempt/mine.ts'
import { signToken } from './attempt/token.ts'
import { lessons as lessonCollection } from './collections.ts'
import { tokenSecret } from './content/settings.ts'
import { hasState } from './content/user-data.ts'
import { createLessons } from './lesson/lessons.ts'
import { seedLessons } from './lesson/seed.ts'
import { lessonOf } from './lesson/shape.ts'
import { giveVersions } from './lesson/upgrade.ts'
import { createLibraryAdmin } from './library/admin.ts'
import { keepAsBuilds } from './library/keep-as-builds.ts'
import { isWaiting } from './library/requests.ts'
import { settleRequests } from './library/settle.ts'
import { removeUnusedBuilds } from './library/unused.ts'
import { DEFAULT_LIMITS, type Limits } from './limits.ts'
import type { Intake } from './package/open.ts'
import { loadCore } from './player/core.ts'
import { holdFiles } from './player/files.ts'
import { sandboxOf } from './player/policy.ts'
import { playerRouters } from './player/router.ts'
import { problem, refusal } from './problems.ts'
import { createReports } from './report/reports.ts'
import type { Host, Topic } from './types.ts'

export { BRIDGE_CHANGES, BROWSER_CLAIM } from './bridge.ts'
export { canAssess } from './lesson/assess.ts'
export { LICENCES } from './lesson/licence.ts'
export type { Libraries } from './library/admin.ts'
export type { FileDifference, LibraryDifference } from './library/differences.ts'
export type { DiffLine } from './library/line-diff.ts'
export type { LibraryDetails, LibrarySummary, LibraryUse } from './library/overview.ts'
export type { LibraryRequest } from './library/requests.ts'
export type { Released } from './library/settle.ts'
export { DEFAULT_LIMITS, type Limits } from './limits.ts'
export { createReportConsumer } from './report/consumer.ts'
export type { LessonReport, QuestionOfReport, Reports } from './report/reports.ts'
export { FEWEST } from './report/reports.ts'
export type {
  Attempt,
  Audience,
  Author,
  Completion,
  Cover,
  Draft,
  DraftChange,
  Host,
  Lesson,
  LessonDetails,
  LessonId,
  Lessons,
  Licence,
  Mode,
  PackageProblem,
  Play,
  Topic,
  Version,
  Wanted,
} from './types.ts'
export { AUDIENCES } from './types.ts'

/** The frame's page is asked for once, right after the outer page. */
const FRAME_TOKEN = 10 * 60 * 1000
const EVENTS_TOKEN = 2 * 60 * 60 * 1000

/** What the host needs; all of one tenant. */
export interface HostDeps {
  collections: Collections
  blobs: BlobStore
  lrs: Lrs
  /** The caller of the product's own source `h5p`, with `statements/write` and `define`. */
  caller: Caller
  /** Without a slash at the end; lessons are `<publicUrl>/lessons/<id>`. */
  publicUrl: string
  /** Origin that frames are served from, without a slash at the end; absent: that of `publicUrl`. */
  playerUrl?: string | null
  /** Home page of the accounts by which the product names its persons. */
  accountHomePage: string
  /** The topics on offer, of the one list that the operator keeps for lessons, classes and records. */
  topics(): Promise<readonly Topic[]>
  /** The operation that notes a change in the audit; it goes into the batch of the change. */
  audit(note: Omit<AuditNote, 'tenant'>): Operation
  limits?: Partial<Limits>
  /** Looks through each uploaded package for malware; absent: nothing does. */
  scan?: Intake['scan']
  /** Milliseconds since 1970; for tests. */
  now?: () => number
}

export async function createHost(deps: HostDeps): Promise<Host> {
  const { collections, blobs } = deps
  const limits: Limits = { ...DEFAULT_LIMITS, ...deps.limits }
  const intake: Intake = { limits, ...(deps.scan && { scan: deps.scan }) }
  const now = deps.now ?? Date.now
  const publicUrl = deps.publicUrl.replace(/\/+$/, '')
  await keepAsBuilds({ collections, blobs }, now())
  await giveVersions(collections, deps.topics)
  await settleRequests({ collections, blobs }, now())
  await removeUnusedBuilds({ collections, blobs }, now())
  const secret = await tokenSecret(collections)
  const held = holdFiles()
  const core = loadCore(held)
  const playerUrl = deps.playerUrl?.replace(/\/+$/, '') ?? null
  const routers = playerRouters({
    ...deps,
    publicUrl,
    playerUrl,
    limits,
    core,
    held,
    tokenSecret: secret,
    now,
  })
  const eventsToken = (attempt: string) => signToken(secret, 'events', attempt, now() + EVENTS_TOKEN)

  return {
    reports: createReports(collections),
    lessons: createLessons({ collections, blobs }, intake, deps, now),
    libraries: createLibraryAdmin({ collections, blobs }, intake, deps.audit, now),
    router: routers.page,
    frameRouter: playerUrl === null ? null : routers.frame,
    outerScript: core.outer,
    outerImports: [core.queue, core.kept],
    queueScript: core.queue,
    async play(id, person, { afresh = false, mayPreview = false, draft = false } = {}) {
      const held = (await collections.get(lessonCollection, id))?.value
      if (!held) return refusal(problem('lesson-not-found', 404, 'There is no such lesson (any more)'))
      const lesson = lessonOf(held)
      const preview = draft || lesson.status !== 'published'
      if (preview && lesson.author !== person && !mayPreview)
        return refusal(problem('lesson-not-published', 404, 'This lesson is not published'))
      if (preview && (await isWaiting(collections, lesson.draft.content)))
        return refusal(
          problem('lesson-waiting', 409, 'Its libraries wait for the approval of an administrator'),
        )
      const {
        preview: _,
        completion,
        mode,
        finished,
        ...attempt
      } = preview
        ? await openPreview(collections, lesson, person, now())
        : await openAttempt(collections, lesson, person, { now: now(), afresh })
      const frame = signToken(secret, 'frame', attempt.id, now() + FRAME_TOKEN)
      return {
        attempt,
        token: eventsToken(attempt.id),
        frameUrl: `${playerUrl ?? ''}/h5p/frame/${attempt.id}?token=${frame}`,
        sandbox: sandboxOf(playerUrl),
        resumed: !preview && (await hasState(collections, id, person)),
      }
    },
    async renew(id, person) {
      const attempt = await readAttempt(collections, id)
      if (!attempt || attempt.person !== person)
        return refusal(
          problem('h5p-attempt-foreign', 403, 'This attempt belongs to nobody or to somebody else'),
        )
      if (now() - attempt.started > ATTEMPT_LIFETIME)
        return refusal(problem('h5p-attempt-too-old', 403, 'The attempt is too old; open the lesson again'))
      return { token: eventsToken(id) }
    },
    unfinished: (person, { limit }) => unfinishedOf(collections, person, { limit, now: now() }),
    seed: () => seedLessons({ collections, blobs }, limits, deps.topics, now),
  }
}
