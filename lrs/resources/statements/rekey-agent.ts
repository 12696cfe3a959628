import { setTimeout } from 'node:timers/promises'
import { agentKey, type Identifier, identifierOf } from '../../statement/agent-key.ts'
import { statementKey } from '../../statement/keys.ts'
import { rekeyStatement } from '../../statement/rekey.ts'
import type { Position, Rewrite, StoredStatement, TenantStorage } from '../../storage/port.ts'
import { heldAttachments } from './held-attachments.ts'

/** Statements of one step: what one transaction may hold of the writers' time. */
const STEP = 100
const STEP_BYTES = 4_000_000
/** Looks for what arrived meanwhile; a sender that never pauses must not hold a decision up for ever. */
const ROUNDS = 100

type Store = Pick<TenantStorage, 'statements' | 'documents' | 'blobs'>

/**
 * Lawful re-keying: the agent key `from` becomes `to` in every statement and document of the tenant, in bounded atomic
 * steps that the feed is told of. What is sent while it runs follows too: it looks again until it finds nothing, a
 * hundred times at most. A call that was cut off is made again and does the rest; a second call after a complete one finds
 * nothing.
 */
export async function rekeyAgent(
  storage: Store,
  from: string,
  to: string,
  reason: string,
): Promise<{ statements: number; documents: number }> {
  const identifier = identifierOf(to)
  if (from === to || agentKey(identifier) !== to) throw new Error('Re-keying needs two different agent keys.')
  const done = { statements: 0, documents: 0 }
  let after: Position | undefined
  for (let round = 0; round < ROUNDS; round++) {
    await caughtUp(storage, Date.now())
    const passed = await rekeyStatements(storage, from, identifier, reason, after)
    const documents = await storage.documents.rekeyAgent(from, to)
    if (passed.statements === 0 && documents === 0) break
    done.statements += passed.statements
    done.documents += documents
    after = passed.after
  }
  return done
}

/** One way through all statements behind `after` that lists show. */
async function rekeyStatements(
  storage: Store,
  from: string,
  to: Identifier,
  reason: string,
  start: Position | undefined,
): Promise<{ statements: number; after: Position | undefined }> {
  let statements = 0
  let after = start
  for (;;) {
    const page = await storage.statements.query({
      keys: [statementKey.relatedAgent(from)],
      ascending: true,
      limit: STEP,
      maxBytes: STEP_BYTES,
      includeVoided: true,
      ...(after === undefined ? {} : { after }),
    })
    const changes: Rewrite[] = []
    for (const statement of page.statements) {
      const change = await changeOf(storage, statement, from, to)
      if (change) changes.push(change)
    }
    if (changes.length > 0 && !(await storage.statements.rewrite(changes, reason))) continue
    statements += changes.length
    after = page.statements.at(-1)?.position ?? after
    if (!page.more) return { statements, after }
  }
}

/** Null for a statement that only refers to one of the agent's: it is listed too, and has nothing to change. */
async function changeOf(
  { blobs }: Store,
  statement: StoredStatement,
  from: string,
  to: Identifier,
): Promise<Rewrite | null> {
  const held = await heldAttachments(statement, blobs)
  return rekeyStatement(statement, from, to, new Map(held.map(({ sha2, blob }) => [sha2, blob])))
}

/** Waits until lists show everything that was stored before `time`. */
async function caughtUp({ statements }: Pick<TenantStorage, 'statements'>, time: number): Promise<void> {
  for (let tries = 0; tries < 100 && (await statements.watermark()) < time; tries++) await setTimeout(20)
}
