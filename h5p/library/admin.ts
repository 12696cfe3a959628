import type { Refusal } from '../../lrs/index.ts'
import { libraryRequests } from '../collections.ts'
import type { HostDeps } from '../index.ts'
import type { Intake } from '../package/open.ts'
import type { Stores } from '../server.ts'
import type { PackageProblem } from '../types.ts'
import { approveRequest, refuseRequest } from './decide.ts'
import { differencesOf, fileLines, type LibraryDifference } from './differences.ts'
import type { DiffLine } from './line-diff.ts'
import { type LibraryDetails, type LibrarySummary, libraryDetails, listLibraries } from './overview.ts'
import { type LibraryRequest, requestOf } from './requests.ts'
import type { Released } from './settle.ts'

/** What the administrator does with libraries, and what authors are told of those they wait for. */
export interface Libraries {
  list(): Promise<LibrarySummary[]>
  get(key: string): Promise<LibraryDetails | null>
  /** Those that wait for a decision, the oldest first. */
  waiting(options: {
    after?: string
    limit: number
  }): Promise<{ requests: LibraryRequest[]; next: string | null }>
  countWaiting(): Promise<number>
  /** By its own id, or by the content that waits. */
  request(id: string): Promise<LibraryRequest | null>
  /** What approving it would bring. */
  differences(request: LibraryRequest): Promise<LibraryDifference[]>
  /** One file of it beside the installed one; null stands for lines left out, or for a file that is not shown. */
  lines(request: LibraryRequest, build: string, path: string): Promise<(DiffLine | null)[] | null>
  /** Lays the libraries of a package before the administrator. */
  propose(
    file: string,
    of: { by: string; title: string },
  ): Promise<{ id: string } | (Refusal & { problems: PackageProblem[] })>
  /** Problem ids: `library-request-gone`, `library-request-decided`. */
  approve(id: string, by: string): Promise<{ released: Released[] } | Refusal>
  refuse(id: string, of: { by: string; reason: string }): Promise<Refusal | null>
}

export function createLibraryAdmin(
  stores: Stores,
  intake: Intake,
  audit: HostDeps['audit'],
  now: () => number,
): Libraries {
  const { collections } = stores
  const deps = { ...stores, audit }
  const open = { index: 'state', equals: { state: 'open' } } as const
  return {
    list: () => listLibraries(collections),
    get: (key) => libraryDetails(collections, key),
    async waiting({ after, limit }) {
      const page = await collections.find(libraryRequests, {
        ...open,
        limit,
        ...(after === undefined ? {} : { after }),
      })
      return { requests: page.docs.map(({ key, value }) => ({ id: key, ...value })), next: page.next }
    },
    countWaiting: () => collections.count(libraryRequests, open),
    async request(id) {
      const found = await requestOf(collections, id)
      return found?.state === 'coming' ? null : found
    },
    differences: (request) => differencesOf(collections, request),
    lines: (request, build, path) => fileLines(stores, request, build, path),
    async propose(file, of) {
      // It brings the whole H5P server, which a start does not wait for.
      const { proposePackage } = await import('./propose.ts')
      return proposePackage(stores, intake, file, { ...of, now: now() })
    },
    approve: (id, by) => approveRequest(deps, id, by, now()),
    refuse: (id, of) => refuseRequest(deps, id, { ...of, now: now() }),
  }
}
