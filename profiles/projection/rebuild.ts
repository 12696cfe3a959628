import { randomUUID } from 'node:crypto'
import { type Collections, type FeedStore, replay } from '../../lrs/index.ts'
import { mendHours } from '../hours/verify-hours.ts'
import { mendTies } from '../twins/mend.ts'
import { type ChangesDeps, createChanges, MAX_CHANGES } from './changes.ts'
import { TRANSCRIPT } from './consumer.ts'
import { FACTS, LINES, REBUILDS } from './documents.ts'
import { commitAnew, fitting, type Projector, stepsOf } from './projector.ts'

type Deps = ChangesDeps & { feed: Pick<FeedStore, 'read' | 'end'> }

/**
 * Takes every record apart and reads the feed from zero. Safe while the consumer goes on; until it is done, records are
 * incomplete. What is cut short is brought to its end by the consumer: at once, or after a kill by `finishRebuild`.
 * Returns the number of entries read.
 */
export async function rebuild(
  deps: Deps,
  projector: Projector,
  progress: (done: number, total: number) => void = () => {},
): Promise<number> {
  const { collections, now } = deps
  const run = randomUUID()
  const begun = now()
  const show = () => collections.put(REBUILDS, run, { begun, seen: now() })
  await show()
  let showing = Promise.resolve()
  const clock = setInterval(() => {
    showing = show().catch(() => {})
  }, SHOWN_EVERY).unref()
  const hide = async () => {
    clearInterval(clock)
    await showing
  }
  try {
    const read = await readAnew(deps, projector, progress)
    await hide()
    await collections.delete(REBUILDS, run)
    return read
  } catch (error) {
    await hide()
    // In an outage the mark stays, and is seen later.
    await readAgain(collections, [run]).catch(() => {})
    throw error
  }
}

/** ms */
const SHOWN_EVERY = 3_000
/** Where other processes may be at it: one that has not shown itself for so long was cut short, ms. */
export const ABANDONED_AFTER = 30_000

/** Brings rebuilds to their end that were cut short and have not shown themselves for so long, ms. */
export async function finishRebuild(
  { collections, now }: Pick<Deps, 'collections' | 'now'>,
  unseen: number,
): Promise<number> {
  const { docs } = await collections.scan(REBUILDS, { limit: 100 })
  const cut = docs.filter(({ value }) => now() - value.seen >= unseen)
  if (cut.length > 0)
    await readAgain(
      collections,
      cut.map(({ key }) => key),
    )
  return cut.length
}

/** Sends the consumer through the whole feed: what was taken out comes back. */
async function readAgain(collections: Collections, runs: readonly string[]): Promise<void> {
  await collections.batch([
    replay(TRANSCRIPT),
    ...runs.map((key) => ({ op: 'delete' as const, collection: REBUILDS, key })),
  ])
}

async function readAnew(
  deps: Deps,
  projector: Projector,
  progress: (done: number, total: number) => void,
): Promise<number> {
  await clearFacts(deps)
  await clearOrphans(deps.collections)
  await mendTies(deps.collections)
  await mendHours(deps)
  let read = 0
  for (let position = 0; ; ) {
    const entries = await deps.feed.read(position, MAX_CHANGES)
    const last = entries.at(-1)
    if (!last) return read
    await projector.commit(entries.flatMap(stepsOf))
    read += entries.length
    position = last.position
    progress(position, Math.max(position, await deps.feed.end()))
  }
}

/** Fact by fact out of its line, so that a line is the sum of its facts at every moment. */
async function clearFacts(deps: ChangesDeps): Promise<void> {
  const { collections } = deps
  for (let after: string | null = ''; after !== null; ) {
    const options: { after?: string; limit: number } = {
      limit: MAX_CHANGES,
      ...(after === '' ? {} : { after }),
    }
    let next: string | null = null
    await commitAnew(collections, async () => {
      const page = await collections.scan(FACTS, options)
      const { operations, size } = await fitting(page.docs, async (docs) => {
        const changes = createChanges(deps)
        for (const doc of docs) await changes.remove(doc)
        return changes.operations()
      })
      // Those that did not fit come first in the next page: what stood before them is gone.
      next = size < page.docs.length ? (after ?? '') : page.next
      return operations
    })
    after = next
  }
}

/** Lines without any fact: there are none, unless the store was damaged. */
async function clearOrphans(collections: Collections): Promise<void> {
  for (let after: string | null = ''; after !== null; ) {
    const options: { after?: string; limit: number } = { limit: 500, ...(after === '' ? {} : { after }) }
    const page = await collections.scan(LINES, options)
    for (const { key, revision } of page.docs) {
      const facts = await collections.find(FACTS, { index: 'line', equals: { line: key }, limit: 1 })
      if (facts.docs.length === 0)
        await collections.batch([{ op: 'delete', collection: LINES, key, revision }])
    }
    after = page.next
  }
}
