import type { BlobStore, Collections } from '../../lrs/index.ts'
import { type LibraryRequestRecord, libraryRequests } from '../collections.ts'
import type { HostDeps } from '../index.ts'
import { problem, refusal } from '../problems.ts'
import { installing } from './install.ts'
import { proposalsOf } from './requests.ts'
import { missingOf, type Released, settleRequests } from './settle.ts'

type Refused = ReturnType<typeof refusal>
interface Deps {
  collections: Collections
  blobs: BlobStore
  audit: HostDeps['audit']
}
const ATTEMPTS = 5

const gone = () => refusal(problem('library-request-gone', 410, 'This request is no longer there'))
const decided = () =>
  refusal(problem('library-request-decided', 409, 'Somebody else has decided on this request meanwhile'))

/**
 * Installs all that a request still needs, in one batch with who said so, and releases every upload that waited for
 * nothing else. Approving again is no error; what was cut off in between is done at the next start.
 */
export async function approveRequest(
  deps: Deps,
  id: string,
  by: string,
  now: number,
): Promise<{ released: Released[] } | Refused> {
  const { collections } = deps
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const found = await collections.get(libraryRequests, id)
    if (!found || found.value.state === 'coming') return gone()
    if (found.value.state === 'refused') return decided()
    if (found.value.state === 'done') return { released: await settleRequests(deps, now, by) }
    const request = { id, ...found.value }
    const missing = await missingOf(collections, request)
    const proposals = await proposalsOf(collections, request)
    const operations = []
    for (const key of missing) {
      const build = proposals.get(key)
      if (!build) throw new Error(`the proposed library ${key} of request ${id} is not there`)
      operations.push(...(await installing(deps, build, now)))
    }
    const value: LibraryRequestRecord = { ...found.value, approvedBy: by }
    operations.push(
      { op: 'replace' as const, collection: libraryRequests, key: id, value, revision: found.revision },
      deps.audit({
        actor: by,
        action: 'library-approve',
        subjects: [found.value.by],
        detail: { libraries: missing },
      }),
    )
    if ((await collections.batch(operations)).ok) return { released: await settleRequests(deps, now, by) }
  }
  throw new Error(`other processes installed the same libraries ${ATTEMPTS} times meanwhile`)
}

/** Nothing of the request is installed; who sent it is told why. */
export async function refuseRequest(
  deps: Deps,
  id: string,
  { by, reason, now }: { by: string; reason: string; now: number },
): Promise<Refused | null> {
  const { collections } = deps
  while (true) {
    const found = await collections.get(libraryRequests, id)
    if (!found || found.value.state === 'coming') return gone()
    if (found.value.state !== 'open') return decided()
    const value: LibraryRequestRecord = {
      ...found.value,
      state: 'refused',
      decidedBy: by,
      decidedAt: now,
      reason,
    }
    const outcome = await collections.batch([
      { op: 'replace', collection: libraryRequests, key: id, value, revision: found.revision },
      deps.audit({
        actor: by,
        action: 'library-refuse',
        subjects: [found.value.by],
        detail: { libraries: found.value.libraries },
      }),
    ])
    if (!outcome.ok) continue
    await settleRequests(deps, now, by)
    return null
  }
}
