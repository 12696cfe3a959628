import { setTimeout } from 'node:timers/promises'
import { openMongo } from '../../lrs/storage/mongo/index.ts'
import { type Storage, StorageUnavailable } from '../../lrs/storage/port.ts'
import { Loss } from './loss.ts'
import { entryOf } from './place.ts'

const PAGE = 200
const EVERY_MS = 100
const PATIENCE_MS = 1_000
const LONGEST_MS = 60_000

/** A reader of its own that goes on from where it was, whatever is killed meanwhile. */
export interface Follower {
  /** All that it saw, when it has come to the end. */
  seen(): Promise<readonly string[]>
  stop(): Promise<void>
}

export function followFeed(url: string, tenant: string): Follower {
  const seen: string[] = []
  let position = 0
  let stopped = false
  let ends = 0
  let storage: Storage | null = null

  async function step(): Promise<boolean> {
    storage ??= await openMongo({ url, patience: PATIENCE_MS })
    const { feed } = storage.tenant(tenant)
    const entries = await feed.read(position, PAGE)
    for (const entry of entries) {
      seen.push(entryOf(entry))
      position = entry.position
    }
    return entries.length === 0 && (await feed.end()) === position
  }

  /** Whether it is at the end; false also when nobody answers. */
  const tryStep = () =>
    step().catch((error: unknown) => {
      if (error instanceof StorageUnavailable) return false
      throw error
    })

  async function run(): Promise<void> {
    while (!stopped) {
      if (await tryStep()) ends++
      await setTimeout(EVERY_MS)
    }
  }
  const running = run()
  running.catch(() => {})

  /** A step that began after this was called came to the end. */
  async function atEnd(): Promise<void> {
    const enough = ends + 2
    const until = Date.now() + LONGEST_MS
    while (ends < enough) {
      if (Date.now() > until) throw new Loss('a reader that follows the feed does not come to its end')
      await setTimeout(EVERY_MS)
    }
  }

  return {
    async seen() {
      await Promise.race([atEnd(), running])
      return seen
    },
    async stop() {
      stopped = true
      await running
      await storage?.close()
    },
  }
}
