import type { FeedConsumer } from '../../lrs/index.ts'
import type { Classes } from '../classes/classes.ts'
import type { Confirmations } from './confirmations.ts'

/**
 * Follows the feed for statements that were voided or erased, whoever did it: what was confirmed of them falls, and what a
 * centre told by them stands no more. Where the person changes their own entry it has fallen before, and where staff
 * withdraw it is known; this is for all other ways, and does again what was cut short.
 */
export function createConfirmationConsumer(
  confirmations: Pick<Confirmations, 'followVoided'>,
  classes: Pick<Classes, 'followVoided'>,
): FeedConsumer {
  return {
    name: 'confirmations',
    changesOnly: true,
    async apply(entries) {
      const gone = entries.flatMap((entry) => {
        if (entry.kind === 'voided') return [entry.id]
        return entry.kind === 'purged' ? entry.ids : []
      })
      await confirmations.followVoided(gone)
      await classes.followVoided(gone)
      return []
    },
  }
}
