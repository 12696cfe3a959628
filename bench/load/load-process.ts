import { perform } from './perform.ts'
import type { Answer, Order } from './work.ts'

/** The process of the load generator: takes orders over IPC, several at once if asked, and ends with its parent. */
process.on('message', async ({ id, work }: Order) => {
  const answer: Answer = await perform(work).then(
    (measured) => ({ id, measured }),
    (error: unknown) => ({
      id,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    }),
  )
  process.send?.(answer)
})
process.on('disconnect', () => process.exit())
