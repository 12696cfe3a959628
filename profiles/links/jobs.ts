import { setTimeout as pause } from 'node:timers/promises'
import {
  type Doc,
  type Found,
  type Operation,
  type StatementStore,
  StorageUnavailable,
  statementKey,
} from '../../lrs/index.ts'
import { type ChangesDeps, createChanges, MAX_CHANGES, MAX_OPERATIONS } from '../projection/changes.ts'
import { FACTS, type Known } from '../projection/documents.ts'
import { commitAnew, fitting, type Projector } from '../projection/projector.ts'
import { LINK_JOBS, LINKS, type LinkJob } from './documents.ts'

export interface JobDeps extends ChangesDeps {
  statements: Pick<StatementStore, 'get' | 'query'>
}

/** Bytes of statements held at once. */
const MAX_BYTES = 4_000_000
/** Where other processes may be at it: a job that nobody showed to be at for so long was left behind, ms. */
const ABANDONED_AFTER = 30_000
/** Pauses while the store cannot be asked, ms. */
const FIRST_PAUSE = 250
const LONGEST_PAUSE = 30_000

/**
 * Brings the records to what the links say, beside the requests that changed these: in steps of one batch each that
 * move the job's document with them, so that after a kill `resume` goes on behind the last one. Of several jobs each
 * gets its step in turn: a small one does not wait for a large one.
 */
export function createLinkJobs(deps: JobDeps, projector: Projector) {
  const { collections, statements, now } = deps
  const queue = new Map<string, () => Promise<boolean>>()
  const stopped = new AbortController()
  let working: Promise<void> | null = null
  let failed: unknown[] = []

  /** Goes to work on this identifier's job, if it has one. */
  function start(agent: string): void {
    run(linkJob(agent), () => step(agent))
  }

  /** Calls `next` in turn with the others until it says that nothing is left to do. */
  function run(name: string, next: () => Promise<boolean>): void {
    queue.set(name, next)
    working ??= work().finally(() => {
      working = null
    })
  }

  async function work(): Promise<void> {
    let outages = 0
    while (!stopped.signal.aborted) {
      const [first] = queue
      if (!first) return
      const [name, next] = first
      // Before the step: what changes during it calls for another one.
      queue.delete(name)
      try {
        const more = await next()
        outages = 0
        if (more) queue.set(name, next)
      } catch (error) {
        if (error instanceof StorageUnavailable) {
          queue.set(name, next)
          const wait = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** outages++)
          await pause(wait, null, { signal: stopped.signal, ref: false }).catch(() => {})
        } else failed.push(error)
      }
    }
  }

  /**
   * Goes to work on all that is left; `beside` leaves alone what another process is at. Returns how many were taken up.
   * Throws what went wrong since the last call.
   */
  async function resume(beside = false): Promise<number> {
    let taken = 0
    for (let after: string | null = ''; after !== null; ) {
      const page: Awaited<ReturnType<typeof scan>> = await scan(after)
      for (const { key, value } of page.docs) {
        if (queue.has(linkJob(key)) || (beside && now() - value.seen < ABANDONED_AFTER)) continue
        start(key)
        taken++
      }
      after = page.next
    }
    throwFailed()
    return taken
  }

  const scan = (after: string) =>
    collections.scan(LINK_JOBS, { limit: 500, ...(after === '' ? {} : { after }) })

  /** Resolves when nothing is left that was begun here. */
  async function settled(): Promise<void> {
    while (working) await working
    throwFailed()
  }

  function throwFailed(): void {
    const [first] = failed
    failed = []
    if (first !== undefined) throw first
  }

  async function stop(): Promise<void> {
    stopped.abort()
    await working
  }

  /** `false` when nothing is left to do. */
  async function step(agent: string): Promise<boolean> {
    let more = true
    await commitAnew(collections, async () => {
      const job = await collections.get(LINK_JOBS, agent)
      more = job !== null
      if (!job) return []
      return job.value.phase === 'facts' ? bringFacts(agent, job) : readStatements(agent, job)
    })
    return more
  }

  async function bringFacts(agent: string, job: Doc<LinkJob>): Promise<Operation[]> {
    const { page, operations } = await factsFitting(agent, job.value.fact, MAX_CHANGES)
    const done = job.value.done + page.docs.length
    const next: Partial<LinkJob> | null =
      page.next !== null
        ? { fact: page.next, done }
        : job.value.readLater && (await collections.get(LINKS, agent))?.value.agreed
          ? { phase: 'statements', done: 0 }
          : null
    return [...operations, moved(job, next)]
  }

  /** The next facts of an identifier, as many as fit into one batch, and what brings them to their links. */
  async function factsFitting(
    agent: string,
    after: string | null,
    limit: number,
  ): Promise<{ page: Found<Known>; operations: Operation[] }> {
    const page = await collections.find(FACTS, {
      index: 'agent',
      equals: { agent },
      limit,
      ...(after === null ? {} : { after }),
    })
    const changes = createChanges(deps)
    await changes.bring(page.docs)
    const operations = await changes.operations()
    return operations.length <= MAX_OPERATIONS || limit === 1
      ? { page, operations }
      : factsFitting(agent, after, limit >> 1)
  }

  async function readStatements(agent: string, job: Doc<LinkJob>): Promise<Operation[]> {
    const after = job.value.statement
    const page = await statements.query({
      keys: [statementKey.actor(agent)],
      ascending: true,
      limit: MAX_CHANGES,
      maxBytes: MAX_BYTES,
      // Who saw no link when it took a statement in leaves that one to this.
      fresh: true,
      ...(after === 0 ? {} : { after }),
    })
    const steps = page.statements.map((statement) => ({ take: statement }))
    const { operations, size } = await fitting(steps, projector.operationsOf)
    const last = page.statements.at(size - 1)
    const more = page.more || size < steps.length
    const done = job.value.done + size
    return [...operations, moved(job, more && last ? { statement: last.position, done } : null)]
  }

  /** The job a step further, or done; fails when the link has changed meanwhile. */
  function moved(job: Doc<LinkJob>, change: Partial<LinkJob> | null): Operation {
    const at = { collection: LINK_JOBS, key: job.key, revision: job.revision }
    return change === null
      ? { ...at, op: 'delete' }
      : { ...at, op: 'replace', value: { ...job.value, ...change, seen: now() } }
  }

  return { start, run, resume, settled, stop }
}

const linkJob = (agent: string) => `link ${agent}`

/**
 * The operation by which the records follow a change of a link, for the batch of that change. `statements`: facts may
 * be missing. What an earlier change has left to do is done from the start.
 */
export function followLink(
  agent: string,
  job: Doc<LinkJob> | null,
  { persons, statements, now }: { persons: readonly string[]; statements: boolean; now: number },
): Operation {
  const fresh = { fact: null, statement: 0, done: 0, seen: now }
  if (!job) {
    const value: LinkJob = {
      ...fresh,
      persons: [...new Set(persons)],
      phase: statements ? 'statements' : 'facts',
      readLater: false,
    }
    return { op: 'insert', collection: LINK_JOBS, key: agent, value }
  }
  const value: LinkJob = {
    ...fresh,
    persons: [...new Set([...job.value.persons, ...persons])],
    phase: 'facts',
    readLater: statements || job.value.readLater || job.value.phase === 'statements',
  }
  return { op: 'replace', collection: LINK_JOBS, key: agent, revision: job.revision, value }
}
