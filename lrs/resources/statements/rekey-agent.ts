import { setTimeout } from 'node:timers/promises'
import { agentKey, identifierOf } from '../../statement/agent-key.ts'
import { statementKey } from '../../statement/keys.ts'
import { rekeyStatement } from '../../statement/rekey.ts'
import type { Position, TenantStorage } from '../../storage/port.ts'

/** Statements of one step: what one transaction may hold of the writers' time. */
const STEP = 100
const STEP_BYTES = 4_000_000

/**
 * Lawful re-keying: the agent key `from` becomes `to` in every statement and document of the tenant, in bounded atomic
 * steps that the feed is told of. A call that was cut off is made again and does the rest; a second call after a
 * complete one finds nothing. Statements sent while it runs are covered up to the moment at which it started.
 */
export async function rekeyAgent(
  storage: Pick<TenantStorage, 'statements' | 'documents'>,
  from: string,
  to: string,
  reason: string,
): Promise<{ statements: number; documents: number }> {
  const identifier = identifierOf(to)
  if (from === to || agentKey(identifier) !== to) throw new Error('Re-keying needs two different agent keys.')
  await caughtUp(storage, Date.now())
  let statements = 0
  let after: Position | undefined
  for (;;) {
    const page = await storage.statements.query({
      keys: [statementKey.relatedAgent(from)],
      ascending: true,
      limit: STEP,
      maxBytes: STEP_BYTES,
      includeVoided: true,
      ...(after === undefined ? {} : { after }),
    })
    // Statements that only refer to one of the agent's are listed too, and have nothing to change.
    const changes = page.statements
      .map((statement) => rekeyStatement(statement, from, identifier))
      .filter((change) => change !== null)
    if (changes.length > 0 && !(await storage.statements.rewrite(changes, reason))) continue
    statements += changes.length
    after = page.statements.at(-1)?.position ?? after
    if (!page.more) break
  }
  return { statements, documents: await storage.documents.rekeyAgent(from, to) }
}

/** Waits until lists show everything that was stored before `time`. */
async function caughtUp({ statements }: Pick<TenantStorage, 'statements'>, time: number): Promise<void> {
  for (let tries = 0; tries < 100 && (await statements.watermark()) < time; tries++) await setTimeout(20)
}
