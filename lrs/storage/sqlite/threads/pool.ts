import { availableParallelism } from 'node:os'
import { createThread, type Thread } from './thread.ts'

/** Reader threads, made one by one while all there are have something to do. */
export interface Pool {
  least(): Thread
  close(): Promise<void>
}

export function createPool(module: URL): Pool {
  const most = Math.max(2, Math.min(4, availableParallelism() - 1))
  const threads: Thread[] = []
  return {
    least() {
      const idle = threads.find((thread) => thread.waiting === 0)
      if (idle) return idle
      if (threads.length < most) {
        const thread = createThread(module, {})
        threads.push(thread)
        return thread
      }
      return threads.reduce((a, b) => (b.waiting < a.waiting ? b : a))
    },
    async close() {
      await Promise.all(threads.map((thread) => thread.close()))
    },
  }
}
