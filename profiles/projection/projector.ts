import { setTimeout as pause } from 'node:timers/promises'
import {
  type Collections,
  type FeedEntry,
  inTurns,
  type Operation,
  type StoredStatement,
} from '../../lrs/index.ts'
import { type ChangesDeps, createChanges, MAX_CHANGES, MAX_OPERATIONS } from './changes.ts'

/** One statement to be taken in as read, or to be looked at again. */
export type Step = { take: StoredStatement } | { lookAgain: string }

/** What an entry of the feed asks for. Voided, re-keyed and erased are one thing: see what the statement is now. */
export function stepsOf(entry: FeedEntry): Step[] {
  switch (entry.kind) {
    case 'stored':
      return [{ take: entry.statement }]
    case 'voided':
      return [{ lookAgain: entry.id }]
    default:
      return entry.ids.map((id) => ({ lookAgain: id }))
  }
}

export type Projector = ReturnType<typeof createProjector>

export function createProjector(deps: ChangesDeps) {
  /** What these steps (at most MAX_CHANGES) change now. */
  async function operationsOf(steps: readonly Step[]): Promise<Operation[]> {
    const changes = createChanges(deps)
    await changes.load(
      steps.flatMap((step) => ('take' in step ? [step.take] : [])),
      steps.flatMap((step) => ('take' in step ? [] : [step.lookAgain])),
    )
    await inTurns(steps, (step) =>
      'take' in step ? changes.take(step.take) : changes.lookAgain(step.lookAgain),
    )
    return changes.operations()
  }

  /**
   * The operations of any number of steps for the caller's own batch. What passes one batch is committed here before:
   * each step brings a record to what its statement is now, so doing it again after a failure changes nothing.
   */
  async function operationsOfAll(steps: readonly Step[]): Promise<Operation[]> {
    const last = Math.max(0, Math.ceil(steps.length / MAX_CHANGES) - 1) * MAX_CHANGES
    await commit(steps.slice(0, last))
    let rest = steps.slice(last)
    for (;;) {
      const operations = await operationsOf(rest)
      if (fits(operations, rest.length)) return operations
      await commit(rest.slice(0, rest.length >> 1))
      rest = rest.slice(rest.length >> 1)
    }
  }

  /** Writes the changes of any number of steps. */
  async function commit(steps: readonly Step[]): Promise<void> {
    for (let from = 0; from < steps.length; ) {
      let size = MAX_CHANGES
      await commitAnew(deps.collections, async () => {
        const made = await fitting(steps.slice(from, from + size), operationsOf)
        size = made.size
        return made.operations
      })
      from += size
    }
  }

  return { operationsOf, operationsOfAll, commit }
}

const fits = (operations: readonly Operation[], of: number) => operations.length <= MAX_OPERATIONS || of === 1

/** The operations of the first of these, as many as fit into one batch, and how many those are. */
export async function fitting<T>(
  all: readonly T[],
  operationsOf: (some: readonly T[]) => Promise<Operation[]>,
): Promise<{ operations: Operation[]; size: number }> {
  for (let size = all.length; ; size = (size + 1) >> 1) {
    const operations = await operationsOf(all.slice(0, size))
    if (fits(operations, size)) return { operations, size }
  }
}

/** Attempts before it is called a bug: others win the race each time, yet somebody always wins it. */
const ATTEMPTS = 100

/** Computes and writes a batch until nothing it was computed from has changed meanwhile. */
export async function commitAnew(
  collections: Collections,
  compute: () => Promise<Operation[]>,
): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const operations = await compute()
    if (operations.length === 0 || (await collections.batch(operations)).ok) return
    await pause(Math.random() * Math.min(attempt * 2, 50))
  }
  throw new Error(`A change to the records was overtaken ${ATTEMPTS} times.`)
}
