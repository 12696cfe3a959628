import type { Finding, TenantId, TenantStorage } from '../storage/port.ts'
import { feedCursors } from './advance.ts'
import type { FeedConsumer } from './consumer.ts'

/** So many entries behind are read; who is further behind is not compared at all. */
const MOST_BEHIND = 20_000

/** Lets every consumer compare what it made with what the feed says. Changes nothing. */
export async function* verifyConsumers(
  tenant: TenantId,
  { feed, collections }: Pick<TenantStorage, 'feed' | 'collections'>,
  consumers: readonly FeedConsumer[],
  { progress }: { progress?(name: string, done: number, total: number): void } = {},
): AsyncGenerator<Finding> {
  for (const consumer of consumers) {
    if (!consumer.verify) continue
    const { name } = consumer
    const position = async () => (await collections.get(feedCursors, name))?.value.position ?? 0
    const end = await feed.end()
    const behind = end - (await position())
    if (behind > MOST_BEHIND) {
      yield {
        kind: 'consumer-behind',
        tenant,
        what: `${name} has ${behind} entries of the feed still before it, so it was not compared.`,
        mend: 'Let the server run until the page “Bộ xử lý” shows that it has caught up, then verify again.',
      }
      continue
    }
    const found = consumer.verify({
      async waiting() {
        const ids = new Set<string>()
        for (let after = await position(); ; ) {
          const entries = await feed.read(after, 200)
          const last = entries.at(-1)
          if (!last) return ids
          for (const entry of entries) {
            if (entry.kind === 'stored') ids.add(entry.statement.id)
            else for (const id of entry.kind === 'voided' ? [entry.id] : entry.ids) ids.add(id)
          }
          after = last.position
        }
      },
      progress: (done, total) => progress?.(name, done, total),
    })
    for await (const { kind, what, mend } of found) yield { kind, tenant, what, mend }
  }
}
