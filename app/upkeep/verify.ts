import {
  checkAudit,
  type Finding,
  StorageUnavailable,
  verifyConsumers,
  verifyStatements,
} from '../../lrs/index.ts'
import type { TenantId } from '../../lrs/storage/port.ts'
import type { Progress } from '../cli/progress.ts'
import type { Services } from '../services.ts'

export interface Verified {
  /** Nothing is wrong. */
  ok: boolean
  quick: boolean
  statements: number
  /** How many of each kind. */
  counts: Record<string, number>
  /** The first of each kind. */
  findings: Finding[]
  ms: number
}

const MOST_OF_A_KIND = 50

/**
 * Looks for whatever is not as it should be: the store itself, indexes against the text of statements, and what the
 * feed's consumers made. Changes nothing; safe while the server goes on.
 */
export async function verifyAll(
  services: Services,
  { quick, tell, signal }: { quick: boolean; tell(progress: Progress): void; signal: AbortSignal },
): Promise<Verified> {
  const begun = Date.now()
  const counts: Record<string, number> = {}
  const findings: Finding[] = []
  for await (const finding of allOf(services, quick, (progress) => {
    // Between two steps: what is under way ends by itself.
    signal.throwIfAborted()
    tell(progress)
  })) {
    signal.throwIfAborted()
    counts[finding.kind] = (counts[finding.kind] ?? 0) + 1
    if ((counts[finding.kind] ?? 0) <= MOST_OF_A_KIND) findings.push(finding)
  }
  const statements = await services.tenantStorage.statements.count()
  return { ok: findings.length === 0, quick, statements, counts, findings, ms: Date.now() - begun }
}

async function* allOf(
  { storage, tenants, profiles, audit, tenant: own }: Services,
  quick: boolean,
  tell: (progress: Progress) => void,
): AsyncGenerator<Finding> {
  yield* storage.check({ quick, progress: (done, total) => tell({ what: 'Store', done, total }) })
  for (const store of audit.stores) yield* checkAudit(store, own)
  for (const { id } of await tenants.list()) {
    const store = storage.tenant(id)
    const total = await store.statements.count()
    yield* asFarAsReadable(
      id,
      verifyStatements(id, store.statements, {
        progress: (done) => tell({ what: 'Statements', done, total }),
      }),
    )
    if (id !== own) continue
    const progress = (name: string, done: number, all: number) => tell({ what: name, done, total: all })
    yield* asFarAsReadable(id, verifyConsumers(id, store, [profiles.consumer], { progress }))
  }
}

/** What cannot be read on is itself what is wrong, and told as the store tells it. */
async function* asFarAsReadable(tenant: TenantId, findings: AsyncIterable<Finding>): AsyncGenerator<Finding> {
  try {
    yield* findings
  } catch (error) {
    if (!(error instanceof StorageUnavailable)) throw error
    const what = `The store cannot be read on (${error.message}).`
    yield { kind: 'database-damaged', tenant, what, mend: RESTORE }
  }
}

const RESTORE =
  'Copy the data folder aside, then restore the newest backup that verifies (docs/operations.md, “A damaged file”).'
