import type { Collections, FeedStore } from '../../lrs/index.ts'
import { type ChangesDeps, createChanges, MAX_CHANGES } from './changes.ts'
import { FACTS, LINES } from './documents.ts'
import { commitAnew, type Projector, stepsOf } from './projector.ts'

/**
 * Takes every record apart and reads the feed from zero. Safe while the consumer goes on and after a kill (start it
 * again); until it is done, records are incomplete. Returns the number of entries read.
 */
export async function rebuild(
  deps: ChangesDeps & { feed: Pick<FeedStore, 'read' | 'end'> },
  projector: Projector,
  progress: (done: number, total: number) => void = () => {},
): Promise<number> {
  await clearFacts(deps)
  await clearOrphans(deps.collections)
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
      next = page.next
      const changes = createChanges(deps)
      for (const doc of page.docs) await changes.remove(doc)
      return changes.operations()
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
