import { type Operation, type StatementStore, statementKey } from '../../lrs/index.ts'
import { type ChangesDeps, createChanges, MAX_CHANGES } from '../projection/changes.ts'
import { FACTS } from '../projection/documents.ts'
import { commitAnew, type Projector } from '../projection/projector.ts'
import { LINK_JOBS, LINKS } from './documents.ts'

export interface JobDeps extends ChangesDeps {
  statements: Pick<StatementStore, 'get' | 'query'>
}

/** Bytes of statements held at once. */
const MAX_BYTES = 4_000_000

/**
 * Folding an account's history into a record and taking it out again, in steps of one batch each that move the job's
 * document with them: killed at any step, `resume` goes on behind the last one.
 */
export function createLinkJobs(deps: JobDeps, projector: Projector) {
  const { collections, statements } = deps

  /** Works until the job is done; at once when there is none. */
  async function run(agent: string): Promise<void> {
    while (await step(agent)) {
      // Each step is one batch.
    }
  }

  async function resume(): Promise<number> {
    let done = 0
    for (;;) {
      const page = await collections.scan(LINK_JOBS, { limit: 100 })
      if (page.docs.length === 0) return done
      for (const { key } of page.docs) await run(key)
      done += page.docs.length
    }
  }

  /** `false` when nothing is left to do. */
  async function step(agent: string): Promise<boolean> {
    let more = true
    await commitAnew(collections, async () => {
      const job = await collections.get(LINK_JOBS, agent)
      if (!job) {
        more = false
        return []
      }
      return job.value.kind === 'fold-in'
        ? foldIn(agent, job.value.after, job.revision)
        : takeOut(agent, job.revision)
    })
    return more
  }

  async function foldIn(agent: string, after: number, revision: number): Promise<Operation[]> {
    const page = await statements.query({
      keys: [statementKey.actor(agent)],
      ascending: true,
      limit: MAX_CHANGES,
      maxBytes: MAX_BYTES,
      // Who saw no link when it took a statement in leaves that one to this.
      fresh: true,
      ...(after === 0 ? {} : { after }),
    })
    const operations = await projector.operationsOf(page.statements.map((statement) => ({ take: statement })))
    const last = page.statements.at(-1)
    const job = { collection: LINK_JOBS, key: agent, revision }
    return page.more && last
      ? [...operations, { ...job, op: 'replace', value: { kind: 'fold-in', after: last.position } }]
      : [...operations, { ...job, op: 'delete' }]
  }

  async function takeOut(agent: string, revision: number): Promise<Operation[]> {
    const page = await collections.find(FACTS, { index: 'agent', equals: { agent }, limit: MAX_CHANGES })
    const job = { collection: LINK_JOBS, key: agent, revision }
    if (page.docs.length > 0) {
      const changes = createChanges(deps)
      for (const doc of page.docs) await changes.remove(doc)
      return [...(await changes.operations()), { ...job, op: 'check' }]
    }
    const link = await collections.get(LINKS, agent)
    const operations: Operation[] = [{ ...job, op: 'delete' }]
    if (link?.value.ending)
      operations.push({ op: 'delete', collection: LINKS, key: agent, revision: link.revision })
    return operations
  }

  return { run, resume }
}
