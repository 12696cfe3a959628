import type { Channel, Message, Messenger } from '../plugin.ts'

export interface Kept extends Message {
  channel: Channel
  at: number
}
/** Newest first. */
export type Outbox = readonly Kept[]

/** How many are kept: it is for looking at while developing. */
const MOST = 50

/** For development: messages are kept in memory, to be looked at, and nothing is sent. */
export function createOutbox(): { outbox: Outbox; messenger(channel: Channel): Messenger } {
  const kept: Kept[] = []
  return {
    outbox: kept,
    messenger: (channel) => ({
      channel,
      async send(message) {
        kept.unshift({ ...message, channel, at: Date.now() })
        kept.length = Math.min(kept.length, MOST)
        return { ok: true }
      },
      ready: async () => ({ ok: true }),
    }),
  }
}
