import type { FeedConsumer } from '../feed/consumer.ts'
import type { Collections, Operation } from '../storage/collections.ts'
import type { FeedEntry, StatementStore, TenantId } from '../storage/port.ts'
import { AUDIT, type AuditNote, appendAudit } from './entry.ts'

/** The largest number of statement ids that an entry lists; the feed's own entry at `position` lists all. */
const MOST_LISTED = 100

/**
 * Writes down what the feed tells of voiding, re-keying and erasure, whoever asked for it and through whichever door.
 * An entry's key is its place in the feed, so going through the feed again adds nothing.
 */
export function createAuditConsumer({
  tenant,
  collections,
  statements,
}: {
  tenant: TenantId
  collections: Pick<Collections, 'get'>
  statements: Pick<StatementStore, 'get' | 'relations'>
}): FeedConsumer {
  return {
    name: 'audit',
    changesOnly: true,
    async apply(entries) {
      const operations: Operation[] = []
      for (const entry of entries) {
        if (entry.kind === 'stored') continue
        const key = `feed-${String(entry.position).padStart(16, '0')}`
        if (await collections.get(AUDIT, key)) continue
        operations.push(appendAudit(await noteOf(entry), key))
      }
      return operations
    },
  }

  async function noteOf(entry: Exclude<FeedEntry, { kind: 'stored' }>): Promise<AuditNote> {
    const { position } = entry
    if (entry.kind === 'voided') return voidNote(entry.id, position)
    return {
      tenant,
      actor: 'lrs',
      action: entry.kind === 'purged' ? 'purge' : 'rewrite',
      subjects: entry.ids.slice(0, MOST_LISTED),
      // The reason may name people: it stays in the feed.
      detail: { position, statements: entry.ids.length },
    }
  }

  async function voidNote(id: string, position: number): Promise<AuditNote> {
    const { voiders } = await statements.relations(id)
    const voider = voiders.find((each) => each.effective)
    const target = await statements.get(id)
    return {
      tenant,
      actor: voider?.source ?? 'lrs',
      action: 'void',
      source: voider?.source ?? null,
      subjects: voider ? [id, voider.id] : [id],
      of: target && target.source !== voider?.source ? [target.source] : [],
      detail: { position },
    }
  }
}
