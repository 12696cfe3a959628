import type { FeedConsumer } from '../../lrs/index.ts'
import type { Confirmations } from './confirmations.ts'

/**
 * Follows the feed for statements that were voided or erased, whoever did it: what was confirmed of them falls. Where the
 * person changes their own entry it has fallen before; this is for all other ways, and does again what was cut short.
 */
export function createConfirmationConsumer({ fallVoided }: Pick<Confirmations, 'fallVoided'>): FeedConsumer {
  return {
    name: 'confirmations',
    changesOnly: true,
    async apply(entries) {
      const gone = entries.flatMap((entry) => {
        if (entry.kind === 'voided') return [entry.id]
        return entry.kind === 'purged' ? entry.ids : []
      })
      await fallVoided(gone)
      return []
    },
  }
}
