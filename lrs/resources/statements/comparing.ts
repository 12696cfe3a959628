import { Worker } from 'node:worker_threads'
import type { Compared, Inspected } from './compare.ts'

export interface Comparing {
  /** One page after another, never two at once. */
  ask(page: readonly Inspected[]): Promise<Compared[]>
  stop(): void
}

/** Compares statements with their text on a thread of its own. */
export function startComparing(): Comparing {
  // Not the process's own flags: some of them end a thread at once.
  const thread = new Worker(new URL('./compare-thread.ts', import.meta.url), { execArgv: [] })
  let asking: PromiseWithResolvers<Compared[]> | null = null
  let lost: Error | null = null
  thread.on('message', (compared: Compared[]) => asking?.resolve(compared))
  const lose = (error: Error) => {
    lost ??= error
    asking?.reject(lost)
  }
  thread.on('error', (error) => lose(error as Error))
  thread.on('exit', () => lose(new Error('The thread that compares statements was lost')))
  return {
    async ask(page) {
      if (lost) throw lost
      asking = Promise.withResolvers()
      thread.postMessage(page)
      return asking.promise
    },
    stop() {
      void thread.terminate()
    },
  }
}
