/** The host of H5P lessons: takes packages in, plays them, and hands what learners do to the record store. */
import type { AuditNote, BlobStore, Caller, Collections, Lrs, Operation } from '../lrs/index.ts'
import { createContentFacts } from './attempt/content-facts.ts'
import { createAttempts } from './attempt/create-attempts.ts'
import { attemptOf, attemptsOf, unfinishedOf } from './attempt/mine.ts'
import { createRefusals } from './attempt/refusals.ts'
import type { AttemptDeps } from './attempt/tell.ts'
import { tokenSecret } from './content/settings.ts'
import { createLessons } from './lesson/lessons.ts'
import { seedLessons } from './lesson/seed.ts'
import { giveVersions } from './lesson/upgrade.ts'
import { createLibraryAdmin } from './library/admin.ts'
import { keepAsBuilds } from './library/keep-as-builds.ts'
import { settleRequests } from './library/settle.ts'
import { removeUnusedBuilds } from './library/unused.ts'
import { DEFAULT_LIMITS, type Limits } from './limits.ts'
import type { Intake } from './package/open.ts'
import { loadCore } from './player/core.ts'
import { holdFiles } from './player/files.ts'
import { playerRouters } from './player/router.ts'
import { createReports } from './report/reports.ts'
import type { DrawnPicture, Host, Topic } from './types.ts'

export { ASSESSED, BRIDGE_CHANGES, BROWSER_CLAIM, PRACTICE, SELF_DECLARED } from './bridge/names.ts'
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
  OwnAttempt,
  PackageProblem,
  Play,
  Topic,
  Version,
  Wanted,
} from './types.ts'
export { AUDIENCES } from './types.ts'

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
  /** Draws a picture anew in two sizes of WebP, in turn among people; what cannot be is told by a word. */
  drawCover(
    person: string,
    readFile: () => Promise<Buffer>,
  ): Promise<Record<'large' | 'small', DrawnPicture> | 'damaged' | 'too-many-pixels' | 'busy'>
  /** The operation that notes a change in the audit; it goes into the batch of the change. */
  audit(note: Omit<AuditNote, 'tenant'>): Operation
  /** Hears of what the doors of attempts refuse, by the problem's id; for metrics. */
  onRefused?: (problem: string, count: number) => void
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
  const stores = { collections, blobs }
  const refusals = createRefusals(collections, now, deps.onRefused)
  const doors: AttemptDeps = {
    ...deps,
    publicUrl,
    now,
    facts: createContentFacts(stores),
    refusals,
    uncounted: new Map(),
  }
  const routers = playerRouters({ ...deps, ...doors, playerUrl, limits, core, held, tokenSecret: secret })

  return {
    reports: createReports(collections),
    lessons: createLessons(stores, intake, deps, now),
    libraries: createLibraryAdmin(stores, intake, deps.audit, now),
    router: routers.page,
    frameRouter: playerUrl === null ? null : routers.frame,
    outerScript: core.outer,
    queueScript: core.queue,
    ...createAttempts(doors, { tokenSecret: secret, playerUrl }),
    attempts: (lesson, person) => attemptsOf(collections, lesson, person, now()),
    attempt: (id, person) => attemptOf(collections, id, person),
    unfinished: (person, { limit }) => unfinishedOf(collections, person, { limit, now: now() }),
    async seed() {
      await seedLessons(stores, limits, deps.topics, now)
      // Who was quicker than the seed waits for nothing any more.
      await settleRequests({ collections, blobs }, now())
    },
  }
}
