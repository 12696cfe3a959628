import { availableParallelism } from 'node:os'
import type { ReadName } from '../operations/index.ts'
import type { Read } from './messages.ts'
import { createNear, NEAR } from './near.ts'
import { createThread, type Thread } from './thread.ts'

/** Who reads: threads, made one by one while all there are have something to do, and this one what is small. */
export interface Pool {
  read(read: Read): Promise<unknown>
  /** The thread for a read: the one with the least to do in its lane. */
  least(name: ReadName): Thread
  close(): Promise<void>
}

/**
 * What may go through very much, apart from the rest: who looks up a credential or one statement, which every request
 * does, must not wait behind the lists that others ask for.
 */
const LONG: ReadonlySet<ReadName> = new Set([
  'statements.query',
  'statements.queryTexts',
  'collections.count',
])
/** What nobody waits for at a page. */
const UPKEEP: ReadonlySet<ReadName> = new Set([
  'check.look',
  'check.extent',
  'check.inspect',
  'blobs.bytes',
  'log.move',
  'postings.next',
  'postings.compute',
])

export function createPool(module: URL): Pool {
  const long = createLane(module, Math.max(2, Math.min(4, availableParallelism() - 1)))
  const short = createLane(module, 1)
  const upkeep = createLane(module, 1)
  const least = (name: ReadName) => (UPKEEP.has(name) ? upkeep : LONG.has(name) ? long : short).least()
  const far = (read: Read) => least(read.name).call({ read })
  const near = createNear(far)
  return {
    least,
    read: (read) => (NEAR.has(read.name) ? near.call(read) : far(read)),
    async close() {
      near.close()
      await Promise.all([long.close(), short.close(), upkeep.close()])
    },
  }
}

function createLane(module: URL, most: number) {
  const threads: Thread[] = []
  return {
    least(): Thread {
      const idle = threads.find((thread) => thread.waiting === 0)
      if (idle) return idle
      if (threads.length < most) {
        const thread = createThread(module, {})
        threads.push(thread)
        return thread
      }
      return threads.reduce((a, b) => (b.waiting < a.waiting ? b : a))
    },
    async close(): Promise<void> {
      await Promise.all(threads.map((thread) => thread.close()))
    },
  }
}
