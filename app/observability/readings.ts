import { stat, statfs } from 'node:fs/promises'
import type { ConsumerRunner } from '../../lrs/index.ts'
import type { FeedStore, Storage } from '../../lrs/storage/port.ts'
import type { Health } from './health.ts'
import type { ConsumerLag, Readings } from './metrics.ts'

/** Looks up what the metrics tell beside what they count. */
export function readingsOf(from: {
  health: Health
  storage: Pick<Storage, 'figures'>
  feed: FeedStore
  consumers: Pick<ConsumerRunner, 'states'>
  secretMemory: { readonly runs: number }
  serverLog: { readonly dropped: number }
  /** By the name that the metrics give their disks. */
  folders: Readonly<Record<string, string>>
}): Readings {
  const { health, storage, feed, consumers, secretMemory, serverLog, folders } = from
  return {
    ready: async () => (await health.readiness()).ready,
    databases: () => storage.figures(),
    consumers: () => lags(feed, consumers),
    async disks() {
      const known = await Promise.all(
        Object.entries(folders).map(async ([folder, path]) => {
          if (!(await stat(path).catch(() => null))) return null
          const { bavail, blocks, bsize } = await statfs(path)
          return { folder, free: bavail * bsize, size: blocks * bsize }
        }),
      )
      return known.filter((one) => one !== null)
    },
    lostLogLines: () => serverLog.dropped,
    secretChecks: () => secretMemory.runs,
  }
}

/** A consumer that follows a stream without end is never at its end: what counts is how old its next entry is. */
async function lags(feed: FeedStore, consumers: Pick<ConsumerRunner, 'states'>): Promise<ConsumerLag[]> {
  const states = await consumers.states()
  return Promise.all(
    states.map(async ({ name, position, end, behindSince, failures }) => {
      const lag = { name, positions: Math.max(0, end - position), errors: failures }
      if (lag.positions === 0) return { ...lag, seconds: 0 }
      const [next] = await feed.read(position, 1)
      const since = next?.kind === 'stored' ? next.statement.stored : (behindSince ?? Date.now())
      return { ...lag, seconds: next ? Math.max(0, Date.now() - since) / 1_000 : 0 }
    }),
  )
}
