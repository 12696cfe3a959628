import { setTimeout as pause } from 'node:timers/promises'
import type { ChangeStream } from 'mongodb'
import type { Gate } from './gate.ts'
import type { Names } from './names.ts'
import type { MomentDocument, Schema } from './schema.ts'

/** After an outage it is begun again so late, ms. */
const PAUSE = 1_000

/**
 * Looks at the gate when another process has kept something, so that who waits for the feed is woken. The feed itself is
 * read from the statements: what this misses is only read later.
 */
export function watchMoments(
  schema: Schema,
  names: Names,
  gate: Gate,
): { start(): void; stop(): Promise<void> } {
  let stream: ChangeStream<MomentDocument> | null = null
  let watching: Promise<void> | null = null
  let stopped = true

  async function watch(): Promise<void> {
    while (!stopped) {
      try {
        stream = schema.moment.watch<MomentDocument>([
          { $match: { operationType: 'insert', 'fullDocument.tenant': names.tenant } },
        ])
        for await (const change of stream) {
          if (change.operationType === 'insert') await gate.reach(change.fullDocument.last)
        }
      } catch {
        if (!stopped) await pause(PAUSE)
      } finally {
        await stream?.close().catch(() => {})
        stream = null
      }
    }
  }

  return {
    start() {
      stopped = false
      watching ??= watch().finally(() => {
        watching = null
      })
    },
    async stop() {
      stopped = true
      await stream?.close().catch(() => {})
      await watching
    },
  }
}
